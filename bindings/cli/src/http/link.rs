//! The stages of a request: a connection, TLS on it where the URL says so, the exchange.

use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderValue};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Answer, Target, certificate};

/// The most of an answer that is read.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A TCP connection.
pub(crate) struct Link {
    stream: TcpStream,
    /// The other side.
    pub(crate) peer: SocketAddr,
}

/// A connection that requests can be sent on.
pub(crate) struct Secured {
    stream: Box<dyn Stream>,
    /// Where there is TLS.
    pub(crate) tls: Option<Tls>,
}

/// What was agreed on for a connection.
pub(crate) struct Tls {
    /// Of the protocol.
    pub(crate) version: String,
    /// Last moment of the other side's certificate, in seconds of Unix time.
    pub(crate) certificate_end: Option<i64>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Link {
    /// Connects to the first address that answers.
    pub(crate) async fn connect(addresses: &[SocketAddr]) -> Result<Link, String> {
        let mut last = "no address".to_owned();
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(Link { stream, peer: *address }),
                Err(error) => last = format!("no connection to {address}: {error}"),
            }
        }
        Err(last)
    }

    /// Makes TLS of it where the target wants TLS.
    pub(crate) async fn secure(self, target: &Target, trust: &Arc<ClientConfig>) -> Result<Secured, String> {
        if !target.https {
            return Ok(Secured {
                stream: Box::new(self.stream),
                tls: None,
            });
        }
        let refused = |why: String| format!("TLS with {}: {why}", target.host);
        let name = ServerName::try_from(target.host.clone()).map_err(|error| refused(error.to_string()))?;
        let connector = TlsConnector::from(Arc::clone(trust));
        let stream = connector
            .connect(name, self.stream)
            .await
            .map_err(|error| refused(error.to_string()))?;
        let agreed = stream.get_ref().1;
        let version = agreed.protocol_version().and_then(|version| version.as_str());
        let own = agreed.peer_certificates().and_then(<[_]>::first);
        let tls = Tls {
            version: version.unwrap_or("TLS").to_owned(),
            certificate_end: own.and_then(|own| certificate::end(own)),
        };
        Ok(Secured {
            stream: Box::new(stream),
            tls: Some(tls),
        })
    }
}

impl Secured {
    /// Sends the request and reads the answer.
    pub(crate) async fn send(self, target: &Target, mut request: Request<Bytes>) -> Result<Answer, String> {
        let host = HeaderValue::from_str(&target.authority).map_err(|error| error.to_string())?;
        request.headers_mut().insert(header::HOST, host);
        request
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        let lost = |error: hyper::Error| format!("no answer from {}: {}", target.authority, with_causes(&error));
        let (mut sender, connection) = http1::handshake(TokioIo::new(self.stream)).await.map_err(lost)?;
        let carried = tokio::spawn(connection);
        let answered = sender.send_request(request.map(Full::new)).await.map_err(lost)?;
        let (head, body) = answered.into_parts();
        let body = beginning(body).await.map_err(lost)?;
        carried.abort();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }
}

async fn beginning(mut body: Incoming) -> Result<Bytes, hyper::Error> {
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST_ANSWER {
        let Some(frame) = body.frame().await else { break };
        if let Ok(piece) = frame?.into_data() {
            bytes.extend_from_slice(&piece);
        }
    }
    bytes.truncate(LONGEST_ANSWER);
    Ok(bytes.into())
}

/// An error with what caused it: the HTTP client's own texts alone say little.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
