//! Certificates for peers under test, made anew in each run.

use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Who a TLS peer claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// 127.0.0.1, as [`authority_pem`] certifies.
    Right,
    /// Another host, as the same authority certifies.
    WrongName,
    /// 127.0.0.1, as an authority certifies that nobody knows.
    UnknownAuthority,
    /// 127.0.0.1, long ago.
    Expired,
}

/// The authority that clients under test may trust.
pub fn authority_pem() -> Vec<u8> {
    known().pem().into_bytes()
}

/// The TLS settings of a peer. Peers that are to remember sessions share one.
pub fn server(identity: Identity) -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let name = if identity == Identity::WrongName {
        "other.example"
    } else {
        "127.0.0.1"
    };
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    if identity == Identity::Expired {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    let unknown;
    let issuer = if identity == Identity::UnknownAuthority {
        unknown = authority();
        &unknown
    } else {
        known()
    };
    let certificate = params.signed_by(&key, issuer).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a key that fits");
    Arc::new(config)
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn known() -> &'static Authority {
    static KNOWN: OnceLock<Authority> = OnceLock::new();
    KNOWN.get_or_init(authority)
}

fn authority() -> Authority {
    let mut params = CertificateParams::new([]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}
