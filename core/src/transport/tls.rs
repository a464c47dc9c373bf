//! TLS by rustls: which certificates are trusted, the handshake, and the stream that comes out of it.
//!
//! ureq's own TLS is not used: it can trust either the built-in authorities or one's own, but not both.

use std::sync::Arc;
use std::{fmt, io};

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, InvalidMessage, ProtocolVersion, RootCertStore,
    StreamOwned,
};

use super::attempt;
use super::link::Stream;

/// One for the life of a transport: it remembers the sessions, so that later connections are resumed.
///
/// `extra_ca_pem` holds authorities that are trusted beside the built-in ones. The error says what is wrong with them.
pub(crate) fn config(extra_ca_pem: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
    let mut provider = rustls::crypto::ring::default_provider();
    // Most of a resumed handshake is hashing, and processors have instructions for SHA-256.
    provider
        .cipher_suites
        .sort_by_key(|suite| *suite != TLS13_AES_128_GCM_SHA256);
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
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
    // Windows editors begin a file with a byte order mark.
    let pem = pem.strip_prefix(b"\xef\xbb\xbf").unwrap_or(pem);
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
    Ok(Box::new(TlsStream {
        tls: StreamOwned::new(session, stream),
        heard: false,
    }))
}

struct TlsStream {
    tls: StreamOwned<ClientConnection, Box<dyn Stream>>,
    /// Whether a byte of an answer has come.
    heard: bool,
}

impl TlsStream {
    /// In TLS 1.3 the client is done before the server has judged its certificate, so a refusal comes after the request. It
    /// proves that the request was not taken: the server judges before it reads data, and cannot ask for a certificate
    /// later, since this client does not offer that.
    fn judge(&self, error: io::Error) -> io::Error {
        let alert = match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(rustls::Error::AlertReceived(alert)) => *alert,
            _ => return error,
        };
        let tls13 = self.tls.conn.protocol_version() == Some(ProtocolVersion::TLSv1_3);
        if tls13 && !self.heard && is_about_certificates(alert) {
            attempt::taken_back();
        }
        error
    }

    /// The alert that explains why the other side takes nothing more, if it has arrived.
    fn alert(&mut self) -> Option<io::Error> {
        if self.tls.sock.is_quiet() {
            return None;
        }
        self.tls.conn.read_tls(&mut self.tls.sock).ok()?;
        self.tls.conn.process_new_packets().err().map(io::Error::other)
    }
}

/// The reason for people, where rustls has only a word for it.
pub(super) fn reason(error: &rustls::Error) -> String {
    let told = error.to_string();
    let sentence = match error {
        rustls::Error::AlertReceived(alert) if is_about_certificates(*alert) => {
            "the server wants a client certificate, which this library does not send"
        }
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the other side does not speak TLS; if this is an http port, the address must begin with http"
        }
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the server's certificate is signed by an authority that is not trusted; a private authority is set as ca_file"
        }
        rustls::Error::InvalidCertificate(_) if told.contains("CaUsedAsEndEntity") => {
            "the server shows the certificate of an authority (CA:TRUE) as its own; it needs one that the authority signed for it"
        }
        rustls::Error::InvalidCertificate(_) if told.contains("UnsupportedCertVersion") => {
            "the server's certificate has an old version (1 or 2); it has to be issued again as version 3, with a subjectAltName"
        }
        _ => return told,
    };
    format!("{sentence} ({told})")
}

fn is_about_certificates(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

impl io::Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.tls.read(buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                attempt::cut_off();
            }
            self.judge(error)
        })?;
        self.heard |= read > 0;
        Ok(read)
    }
}

impl io::Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tls.write(bytes).map_err(|error| match self.alert() {
            Some(alert) => self.judge(alert),
            None => error,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tls.flush()
    }
}

impl Stream for TlsStream {
    /// Also nothing may be left inside of the session: it would be taken for the next answer.
    fn is_quiet(&mut self) -> bool {
        let session = self.tls.conn.process_new_packets();
        session.is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed())
            && self.tls.sock.is_quiet()
    }
}

impl fmt::Debug for TlsStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TlsStream").field(&self.tls.sock).finish()
    }
}
