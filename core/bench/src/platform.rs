//! A platform that answers every request alike: over TLS that closes after each answer, or in the clear after a while.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, ServerConfig, ServerConnection};

const ANSWER: &str =
    r#"{"resultcode":"0","resultdesc":"Success","sessionId":"1200_366_0_20161228102743@a.example.com"}"#;

/// A certificate of 127.0.0.1, signed as public authorities do it: by an intermediate, which the root has signed.
pub struct Identity {
    /// The root, for `caFile`.
    pub authority_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

impl Identity {
    /// A new one.
    pub fn new() -> Identity {
        let root = CertifiedIssuer::self_signed(authority(), key()).expect("a root");
        let intermediate = CertifiedIssuer::signed_by(authority(), key(), &root).expect("an intermediate");
        let key = key();
        let names = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let certificate = names.signed_by(&key, &intermediate).expect("a certificate");
        Identity {
            authority_pem: root.pem(),
            chain: vec![certificate.der().clone(), intermediate.der().clone()],
            key,
        }
    }

    fn server(&self, resumes: bool) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth();
        let mut config = config.with_single_cert(self.chain.clone(), key).expect("a certificate");
        if !resumes {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Arc::new(config)
    }
}

impl Default for Identity {
    fn default() -> Identity {
        Identity::new()
    }
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).expect("an authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(
        DnType::CommonName,
        format!("authority {}", SERIAL.fetch_add(1, Ordering::Relaxed)),
    );
    params
}

/// A chain is built by names, so each authority has its own.
static SERIAL: AtomicUsize = AtomicUsize::new(1);

/// Serves one call a connection over TLS and closes first, as the platform may.
pub fn over_tls(identity: &Identity, resumes: bool) -> SocketAddr {
    let config = identity.server(resumes);
    serve(move |mut socket| {
        let mut session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        let mut stream = rustls::Stream::new(&mut session, &mut socket);
        if read_request(&mut stream) {
            let _ = stream.write_all(answer("close").as_bytes());
            session.send_close_notify();
            let _ = session.complete_io(&mut socket);
        }
    })
}

/// Serves calls on kept connections, each answered after this time.
pub fn after(latency: Duration) -> SocketAddr {
    let answer = answer("keep-alive");
    serve(move |mut socket| {
        while read_request(&mut socket) {
            thread::sleep(latency);
            if socket.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    })
}

/// One thread a connection, small enough for hundreds.
fn serve(connection: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    let connection = Arc::new(connection);
    thread::spawn(move || {
        for socket in listener.incoming().filter_map(Result::ok) {
            let connection = Arc::clone(&connection);
            let _ = socket.set_nodelay(true);
            thread::Builder::new()
                .stack_size(128 * 1024)
                .spawn(move || connection(socket))
                .expect("a thread");
        }
    });
    address
}

fn answer(connection: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: {connection}\r\n\r\n{ANSWER}",
        ANSWER.len()
    )
}

/// Reads a request with its body; `false` when the connection ends.
fn read_request(stream: &mut impl Read) -> bool {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return false,
            Ok(length) => request.extend(part.iter().take(length)),
        }
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .split_once("content-length: ")
                .and_then(|(_, rest)| rest.lines().next());
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                return true;
            }
        }
    }
}
