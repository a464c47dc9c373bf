//! TLS with a private authority that is made at start: for the five calls, and for pushes to `https://` receivers.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CipherSuite, ClientConfig, RootCertStore, ServerConfig};
use serde::Serialize;
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// First byte of a TLS handshake; no HTTP request begins so.
pub(crate) const HANDSHAKE: u8 = 0x16;
/// What a peer sends that cannot agree: a fatal alert, handshake_failure.
pub(crate) const REFUSAL: [u8; 7] = [0x15, 3, 3, 0, 2, 2, 40];

/// The suites that the service offers to receivers, all of TLS 1.2 (contract pushes.md 2). Its two CBC suites are not
/// among them, as no suite of that kind is in rustls.
const SUITES: [CipherSuite; 4] = [
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
];

/// A certificate authority that nobody else knows.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key, as PEM texts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Certificate {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
    /// The authority's certificate, which its clients have to trust.
    pub ca: String,
}

impl Authority {
    pub(crate) fn new() -> io::Result<Authority> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "voicecall sandbox authority");
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let issuer = CertifiedIssuer::self_signed(params, key).map_err(io::Error::other)?;
        Ok(Authority { issuer })
    }

    /// The authority's certificate.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for this machine and these addresses.
    pub(crate) fn issue(&self, addresses: &[IpAddr]) -> io::Result<Certificate> {
        let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let names: Vec<_> = loopback
            .into_iter()
            .chain(addresses.iter().map(IpAddr::to_string))
            .collect();
        let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
        params.distinguished_name.push(DnType::CommonName, "voicecall sandbox");
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(io::Error::other)?;
        Ok(Certificate {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            ca: self.pem(),
        })
    }

    /// What the platform accepts connections with.
    pub(crate) fn acceptor(&self, address: IpAddr) -> io::Result<TlsAcceptor> {
        let issued = self.issue(&[address])?;
        let chain = certificates(issued.certificate.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(io::Error::other)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// What pushes are sent with. It trusts this authority, public ones, and those in this file.
    pub(crate) fn client(&self, trusted: Option<&Path>) -> io::Result<Arc<ClientConfig>> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        roots.add(self.issuer.der().clone()).map_err(io::Error::other)?;
        if let Some(path) = trusted {
            let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            let pem = std::fs::read(path).map_err(named)?;
            roots.add_parsable_certificates(certificates(&pem).map_err(named)?);
        }
        let mut provider = ring::default_provider();
        provider.cipher_suites.retain(|suite| SUITES.contains(&suite.suite()));
        let config = ClientConfig::builder_with_provider(Arc::<CryptoProvider>::new(provider))
            .with_protocol_versions(&[&rustls::version::TLS12])
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Arc::new(config))
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

fn certificates(pem: &[u8]) -> io::Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Speaks TLS to a receiver.
pub(crate) async fn connect(
    config: Arc<ClientConfig>,
    host: &str,
    stream: TcpStream,
) -> io::Result<tokio_rustls::TlsStream<TcpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    Ok(TlsConnector::from(config).connect(name, stream).await?.into())
}
