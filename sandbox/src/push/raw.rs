//! Pushes whose bytes or connection are not as they should be, written past the HTTP library.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::Uri;
use rustls::ClientConfig;
use tokio::net::TcpStream;

use super::log::Reply;
use crate::faults::script::{End, Parts, Script, read_rest};
use crate::faults::{Fault, FaultKind};
use crate::stream::Stream;
use crate::tls;

/// The most of an answer that is read.
const LONGEST_REPLY: u64 = 64 * 1024;
/// Headers of an answer that are looked at.
const MOST_HEADERS: usize = 64;

/// Sends the push as the fault wants it. `None`: the fault is not about bytes or connections.
pub(super) async fn post(
    fault: &Fault,
    url: &str,
    headers: &[(&'static str, String)],
    body: &Bytes,
    tls: &Arc<ClientConfig>,
) -> Option<Result<Reply, String>> {
    let uri: Uri = url.parse().ok()?;
    let message = Parts {
        head: head(&uri, headers),
        body: body.clone(),
    };
    let script = match fault.fault {
        FaultKind::ResetBeforeReading => return Some(broken_off(&uri, &Script::only(End::Reset)).await),
        FaultKind::TlsFailure => return Some(broken_off(&uri, &Script::bytes(&tls::REFUSAL, End::Close)).await),
        FaultKind::AnswerLost => whole(&message),
        kind => Script::of(kind, &fault.details, &message, End::Open)?,
    };
    Some(exchange(&uri, &script, tls).await.map_err(|error| error.to_string()))
}

/// The whole message, and a reset as soon as it was sent.
fn whole(message: &Parts) -> Script {
    let as_it_is = crate::faults::Details {
        bytes: Some(0),
        ..Default::default()
    };
    let script = Script::of(FaultKind::WrongContentLength, &as_it_is, message, End::Reset);
    script.unwrap_or_else(|| Script::only(End::Reset))
}

fn head(uri: &Uri, headers: &[(&'static str, String)]) -> String {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head
}

/// Plays the script to a receiver that has heard nothing yet, not even a greeting of TLS.
async fn broken_off(uri: &Uri, script: &Script) -> Result<Reply, String> {
    let played = async {
        let mut stream = Stream::Plain(connect(uri).await?);
        script.play(&mut stream).await
    };
    played.await.map_err(|error| error.to_string())?;
    Err("a fault broke the connection off".to_owned())
}

async fn exchange(uri: &Uri, script: &Script, tls: &Arc<ClientConfig>) -> std::io::Result<Reply> {
    let stream = connect(uri).await?;
    let mut stream = match uri.scheme_str() {
        Some("https") => {
            let stream = tls::connect(Arc::clone(tls), host(uri), stream).await?;
            Stream::Tls(Box::new(stream))
        }
        _ => Stream::Plain(stream),
    };
    script.play(&mut stream).await?;
    if script.end == End::Reset {
        return Err(std::io::Error::other("a fault reset the connection"));
    }
    reply(&read_rest(&mut stream, LONGEST_REPLY).await)
}

async fn connect(uri: &Uri) -> std::io::Result<TcpStream> {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let stream = TcpStream::connect((host(uri), uri.port_u16().unwrap_or(usual))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Without the brackets of an IPv6 address.
fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_matches(['[', ']'])
}

/// Status and body of an answer that ends with its connection.
fn reply(bytes: &[u8]) -> std::io::Result<Reply> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    match (response.parse(bytes), response.code) {
        (Ok(httparse::Status::Complete(length)), Some(status)) => Ok(Reply {
            status,
            body: bytes[length..].to_vec(),
        }),
        _ => Err(std::io::Error::other("there was no answer")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_status_and_what_follows_its_headers() {
        let answer = reply(b"HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno").unwrap();
        assert_eq!((answer.status, answer.body), (500, b"no".to_vec()));
        assert!(reply(b"").is_err());
    }
}
