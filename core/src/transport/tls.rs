//! TLS by rustls: which certificates are trusted, the handshake, and the stream that comes out of it.
//!
//! ureq's own TLS is not used: it can trust either the built-in authorities or one's own, but not both.

use std::sync::Arc;
use std::{fmt, io};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::link::Stream;

/// One for the life of a transport: it remembers the sessions, so that later connections are resumed.
///
/// `extra_ca_pem` holds authorities that are trusted beside the built-in ones. The error says what is wrong with them.
pub(crate) fn config(extra_ca_pem: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots(extra_ca_pem)?)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The built-in authorities and those in the PEM text.
pub(super) fn roots(extra_ca_pem: Option<&[u8]>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let Some(pem) = extra_ca_pem else { return Ok(roots) };
    let built_in = roots.len();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| format!("not PEM: {error}"))?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.len() == built_in {
        return Err("no certificate in it".to_owned());
    }
    Ok(roots)
}

/// Makes TLS of a stream; `host` is the name that the certificate has to be for.
pub(super) fn handshake(
    config: &Arc<ClientConfig>,
    host: &str,
    mut stream: Box<dyn Stream>,
) -> io::Result<Box<dyn Stream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let mut session = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
    session.complete_io(&mut stream)?;
    Ok(Box::new(TlsStream(StreamOwned::new(session, stream))))
}

struct TlsStream(StreamOwned<ClientConnection, Box<dyn Stream>>);

impl io::Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl io::Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Stream for TlsStream {
    /// Also nothing may be left inside of the session: it would be taken for the next answer.
    fn is_quiet(&mut self) -> bool {
        let session = self.0.conn.process_new_packets();
        session.is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed())
            && self.0.sock.is_quiet()
    }
}

impl fmt::Debug for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TlsStream").field(&self.0.sock).finish()
    }
}
