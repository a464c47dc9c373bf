//! Sends one push and reads what the receiver says. Whether that was enough is told by [`accepted`].
//!
//! Pushes are written byte by byte: HTTP libraries change the case of header names, and the documented one has to arrive
//! (contract requests.md 18, D22). A fault spoils the same bytes.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::Uri;
use rustls::ClientConfig;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::log::Reply;
use super::message::Content;
use super::reply;
use crate::faults::script::{End, Parts, Reset, Script};
use crate::faults::{Fault, FaultKind};
use crate::lock::lock;
use crate::stream::Stream;
use crate::tls;

/// Connections that are kept for one receiver.
const KEPT: usize = 64;

/// An HTTP client for pushes. Redirects are not followed.
#[derive(Debug)]
pub(crate) struct PushClient {
    tls: Arc<ClientConfig>,
    keep_alive: bool,
    /// Connections whose answers were read to the end, by scheme and authority.
    idle: Mutex<HashMap<String, Vec<Stream>>>,
}

impl PushClient {
    pub(crate) fn new(keep_alive: bool, tls: Arc<ClientConfig>) -> PushClient {
        PushClient {
            tls,
            keep_alive,
            idle: Mutex::default(),
        }
    }

    /// Posts the body, as the fault wants it if there is one; the error says why there was no answer.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: &Bytes,
        fault: Option<&Fault>,
    ) -> Result<Reply, String> {
        let uri: Uri = url.parse().map_err(|error| format!("not an address: {error}"))?;
        let message = Parts {
            head: self.head(&uri, headers),
            body: body.clone(),
        };
        let outcome = match fault.map(|fault| fault.fault) {
            Some(FaultKind::ResetBeforeReading) => broken_off(&uri, &Script::only(End::Reset)).await,
            Some(FaultKind::TlsFailure) => broken_off(&uri, &Script::bytes(&tls::REFUSAL, End::Close)).await,
            Some(FaultKind::AnswerLost) => self.answer_lost(&uri, &Script::whole(&message, End::Open)).await,
            kind => {
                let script = kind
                    .zip(fault)
                    .and_then(|(kind, fault)| Script::of(kind, &fault.details, &message, End::Open));
                self.exchange(&uri, &script.unwrap_or_else(|| Script::whole(&message, End::Open)))
                    .await
            }
        };
        outcome.map_err(|error| error.to_string())
    }

    /// Start line and headers. Pushes use short connections (contract pushes.md 2) unless told otherwise.
    fn head(&self, uri: &Uri, headers: &[(&'static str, String)]) -> String {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let connection = if self.keep_alive { "keep-alive" } else { "close" };
        let mut head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: {connection}\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    async fn exchange(&self, uri: &Uri, script: &Script) -> io::Result<Reply> {
        let mut stream = match self.kept(uri) {
            Some(stream) => stream,
            None => self.connect(uri).await?,
        };
        let written = script.play(&mut stream).await;
        // A receiver may answer before it has read everything, and close.
        let (answer, goes_on) = match (reply::read(&mut stream).await, written) {
            (Ok(answer), _) => answer,
            (Err(_), Err(error)) | (Err(error), Ok(())) => return Err(error),
        };
        if self.keep_alive && goes_on && script.end == End::Open {
            self.keep(uri, stream);
        }
        Ok(answer)
    }

    /// The connection is reset when the receiver has begun to answer: it has taken the push, and learns that nobody heard.
    async fn answer_lost(&self, uri: &Uri, script: &Script) -> io::Result<Reply> {
        let mut stream = self.connect(uri).await?;
        script.play(&mut stream).await?;
        stream.read_u8().await?;
        stream.reset()?;
        Err(io::Error::other("a fault reset the connection"))
    }

    async fn connect(&self, uri: &Uri) -> io::Result<Stream> {
        let stream = connect(uri).await?;
        Ok(match uri.scheme_str() {
            Some("https") => {
                let stream = tls::connect(Arc::clone(&self.tls), host(uri), stream).await?;
                Stream::Tls(Box::new(stream))
            }
            _ => Stream::Plain(stream),
        })
    }

    /// A connection that was kept and that the receiver has not closed since.
    fn kept(&self, uri: &Uri) -> Option<Stream> {
        let mut idle = lock(&self.idle);
        let streams = idle.get_mut(&place(uri))?;
        std::iter::from_fn(|| streams.pop()).find(Stream::is_quiet)
    }

    fn keep(&self, uri: &Uri, stream: Stream) {
        let mut idle = lock(&self.idle);
        let streams = idle.entry(place(uri)).or_default();
        if streams.len() < KEPT {
            streams.push(stream);
        }
    }
}

/// Scheme and authority: what a connection is for.
fn place(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{} {authority}", uri.scheme_str().unwrap_or_default())
}

/// Plays the script to a receiver that has heard nothing yet, not even a greeting of TLS.
async fn broken_off(uri: &Uri, script: &Script) -> io::Result<Reply> {
    let mut stream = Stream::Plain(connect(uri).await?);
    script.play(&mut stream).await?;
    Err(io::Error::other("a fault broke the connection off"))
}

async fn connect(uri: &Uri) -> io::Result<TcpStream> {
    let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let stream = TcpStream::connect((host(uri), uri.port_u16().unwrap_or(usual))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Without the brackets of an IPv6 address.
fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_matches(['[', ']'])
}

/// Whether a receiver took the push: HTTP 200, and for CDRs no `resultcode` other than `0` in the body. A body that has
/// none is no failure (contract pushes.md 4).
pub(crate) fn accepted(content: Content, reply: &Reply) -> bool {
    if reply.status != 200 || content != Content::Fee {
        return reply.status == 200;
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    match body.get("resultcode") {
        None | Some(Value::Null) => true,
        Some(Value::String(code)) => code == "0",
        Some(code) => code == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::event::EventKind;

    fn takes(content: Content, status: u16, body: &str) -> bool {
        let body = body.as_bytes().to_vec();
        accepted(content, &Reply { status, body })
    }

    #[test]
    fn a_status_push_needs_200_and_nothing_else() {
        let status = Content::Status(EventKind::Answer);
        assert!(takes(status, 200, "") && takes(status, 200, r#"{"resultcode":"1"}"#));
        assert!(!takes(status, 201, "") && !takes(status, 500, ""));
    }

    #[test]
    fn a_cdr_push_also_needs_no_resultcode_but_0() {
        for (body, taken) in [
            ("", true),
            ("ok", true),
            (r#"{"resultcode":"0","resultdesc":"Success"}"#, true),
            (r#"{"resultcode":0}"#, true),
            (r#"{"code":7}"#, true),
            (r#"{"resultcode":"1"}"#, false),
            (r#"{"resultcode":1}"#, false),
        ] {
            assert_eq!(takes(Content::Fee, 200, body), taken, "{body}");
        }
        assert!(!takes(Content::Fee, 204, ""));
    }
}
