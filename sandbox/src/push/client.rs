//! Sends one push and reads what the receiver says. Whether that was enough is told by [`accepted`].

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;
use serde_json::Value;

use super::log::Reply;
use super::message::Content;

/// The most of an answer that is read.
const LONGEST_REPLY: usize = 64 * 1024;

/// An HTTP client for pushes. Redirects are not followed.
#[derive(Debug, Clone)]
pub(crate) struct PushClient {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
    keep_alive: bool,
}

impl PushClient {
    pub(crate) fn new(timeout: Duration, keep_alive: bool, tls: &ClientConfig) -> PushClient {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls.clone())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        // Pushes use short connections (contract pushes.md 2), so there is nothing to pool unless asked for.
        let idle = if keep_alive { 64 } else { 0 };
        let http = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(idle)
            .build(connector);
        PushClient {
            http,
            timeout,
            keep_alive,
        }
    }

    /// Posts the body; the error says why there was no answer.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Reply, String> {
        match tokio::time::timeout(self.timeout, self.exchange(url, headers, body)).await {
            Ok(reply) => reply,
            Err(_) => Err(format!("no answer within {:?}", self.timeout)),
        }
    }

    async fn exchange(&self, url: &str, headers: &[(&'static str, String)], body: Bytes) -> Result<Reply, String> {
        let uri: Uri = url.parse().map_err(|error| format!("not an address: {error}"))?;
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if !self.keep_alive {
            request = request.header(header::CONNECTION, "close");
        }
        let request = request.body(Full::new(body)).map_err(|error| error.to_string())?;
        let response = self.http.request(request).await.map_err(|error| with_causes(&error))?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LONGEST_REPLY).collect().await;
        let body = body.map_err(|error| format!("the answer broke off or is too long: {error}"))?;
        Ok(Reply {
            status,
            body: body.to_bytes().to_vec(),
        })
    }
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
