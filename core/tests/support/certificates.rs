//! Certificates for peers under test, made anew in each run.

use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig};

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
    /// The authority itself.
    Authority,
    /// A certificate of version 1, as old tools make them.
    OldVersion,
}

/// The authority that clients under test may trust.
pub fn authority_pem() -> Vec<u8> {
    known().pem().into_bytes()
}

/// The TLS settings of a peer. Peers that are to remember sessions share one.
pub fn server(identity: Identity) -> Arc<ServerConfig> {
    let (chain, key) = certificate(identity);
    let key = rustls::crypto::ring::sign::any_supported_type(&key).expect("a usable key");
    // Not checked here: that is the client's part.
    let certified = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    Arc::new(builder().with_no_client_auth().with_cert_resolver(Arc::new(certified)))
}

/// The TLS settings of a peer that takes only clients with a certificate.
pub fn server_that_wants_a_certificate() -> Arc<ServerConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(known().der().clone()).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = builder().with_client_cert_verifier(verifier.build().expect("a verifier"));
    let (chain, key) = certificate(Identity::Right);
    Arc::new(builder.with_single_cert(chain, key).expect("a key that fits"))
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    builder
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
}

fn certificate(identity: Identity) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let private = |der: Vec<u8>| PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der));
    match identity {
        Identity::Authority => return (vec![known().der().clone()], private(known().key().serialize_der())),
        Identity::OldVersion => return (vec![OLD_CERTIFICATE_DER.to_vec().into()], private(OLD_KEY_DER.to_vec())),
        _ => {}
    }
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
    (vec![certificate.der().clone()], private(key.serialize_der()))
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

/// `openssl x509 -req` without extensions; no other tool here makes such certificates.
const OLD_CERTIFICATE_DER: &[u8] = include_bytes!("old_certificate.der");
const OLD_KEY_DER: &[u8] = include_bytes!("old_certificate_key.der");
