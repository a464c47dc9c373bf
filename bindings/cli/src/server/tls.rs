//! The certificate that a server shows. It can be renewed while the server runs: new connections get the new one.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Where certificate and key are.
#[derive(Debug, Clone)]
pub(crate) struct TlsFiles {
    /// PEM: the certificate, then those that it is signed with.
    pub(crate) certificate: PathBuf,
    /// PEM.
    pub(crate) key: PathBuf,
}

/// What connections are encrypted with.
#[derive(Debug)]
pub(crate) struct Tls {
    files: TlsFiles,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads the files. The error says which of them is at fault.
    pub(crate) fn read(files: TlsFiles) -> Result<Tls, String> {
        let config = RwLock::new(read(&files)?);
        Ok(Tls { files, config })
    }

    /// Reads the files again. If they cannot be used, what was read before stays in use.
    pub(crate) fn renew(&self) -> Result<(), String> {
        let config = read(&self.files)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, String> {
    let chain = CertificateDer::pem_reader_iter(open(&files.certificate)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| told(&files.certificate, error))?;
    if chain.is_empty() {
        return Err(told(&files.certificate, "no certificate in PEM form is in it"));
    }
    let key = PrivateKeyDer::from_pem_reader(open(&files.key)?)
        .map_err(|_| told(&files.key, "no private key in PEM form is in it"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| format!("{} and {}: {error}", files.certificate.display(), files.key.display()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn open(path: &Path) -> Result<BufReader<File>, String> {
    File::open(path).map(BufReader::new).map_err(|error| told(path, error))
}

fn told(path: &Path, why: impl std::fmt::Display) -> String {
    format!("{}: {why}", path.display())
}
