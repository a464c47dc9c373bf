//! Builds the exact HTTP request of a call: pure; nonce and time are passed in.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::mask;
use crate::operation::{Method, Operation};
use crate::record::wire::Wire;
use crate::record::{FieldValue, Fields};
use crate::secret::Secret;
use crate::sign::{self, CreatedZone};

/// RFC 3986: everything but the unreserved characters is written as `%XX`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Content type of every request, the GET included (contract requests.md 2.1).
const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// Room for most bodies.
const USUAL_BODY_BYTES: usize = 512;

/// The header with the signature.
const TOKEN: &str = "x-aksk";

/// A request as it goes out. Holds the signature: do not print it, print [`redacted`](HttpRequest::redacted).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRequest {
    /// HTTP method.
    pub method: Method,
    /// Complete address, query included.
    pub url: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text; `None` for GET.
    pub body: Option<Vec<u8>>,
}

/// What signs a request.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The application's key.
    pub app_key: &'a str,
    /// The application's secret.
    pub app_secret: &'a Secret,
    /// Zone of `Created`.
    pub zone: &'a CreatedZone,
}

/// Builds the request of `operation` with these arguments. `endpoint` and path are joined as text.
pub fn build(
    operation: &Operation,
    arguments: &dyn Fields,
    endpoint: &str,
    signer: Signer<'_>,
    nonce: &str,
    unix_seconds: i64,
) -> HttpRequest {
    let created = sign::created(unix_seconds, signer.zone);
    let x_aksk = sign::x_aksk(signer.app_key, signer.app_secret.expose(), nonce, &created);
    let (query, body) = match operation.method {
        Method::Get => (query(arguments), None),
        Method::Post => (String::new(), Some(body(operation, arguments))),
    };
    HttpRequest {
        method: operation.method,
        url: [endpoint, operation.path, &query].concat(),
        headers: vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            ("authorization", sign::AUTHORIZATION.to_owned()),
            (TOKEN, x_aksk),
        ],
        body,
    }
}

fn body(operation: &Operation, arguments: &dyn Fields) -> Vec<u8> {
    let mut body = Vec::with_capacity(USUAL_BODY_BYTES);
    // Writing texts and numbers into memory cannot fail.
    let _ = serde_json::to_writer(&mut body, &Wire::for_the_platform(arguments, operation.fixed));
    body
}

fn query(arguments: &dyn Fields) -> String {
    let set = arguments
        .record()
        .fields
        .iter()
        .enumerate()
        .filter_map(|(index, field)| match arguments.get(index)? {
            FieldValue::Text(text) => Some(format!("{}={}", field.name, utf8_percent_encode(text, QUERY))),
            FieldValue::Integer(number) => Some(format!("{}={number}", field.name)),
            _ => None,
        });
    let parameters: Vec<_> = set.collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("?{}", parameters.join("&"))
    }
}

impl HttpRequest {
    /// The request as text for people: digest, verification code and template values hidden, phone numbers masked.
    pub fn redacted(&self, operation: &Operation, arguments: &dyn Fields) -> String {
        let mut parts = vec![self.method.as_str(), " ", &self.url, "\n"];
        let token = self.headers.iter().find(|(name, _)| *name == TOKEN);
        let token = token.map(|(_, token)| without_digest(token)).unwrap_or_default();
        for (name, value) in &self.headers {
            let shown = if *name == TOKEN { &token } else { value };
            parts.extend([name, ": ", shown, "\n"]);
        }
        let body = Wire::for_people(arguments, operation.fixed);
        let body = self
            .body
            .is_some()
            .then(|| serde_json::to_string(&body).unwrap_or_default());
        if let Some(body) = &body {
            parts.extend(["\n", body, "\n"]);
        }
        parts.concat()
    }
}

/// `X-AKSK` with the digest replaced.
fn without_digest(header: &str) -> String {
    const START: &str = "PasswordDigest=\"";
    let Some((before, after)) = header.split_once(START) else {
        return mask::HIDDEN.to_owned();
    };
    let after = after.split_once('"').map_or("", |(_, after)| after);
    format!("{before}{START}{}\"{after}", mask::HIDDEN)
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // URL queries name recordings, bodies hold numbers and codes.
        let path = self.url.split('?').next().unwrap_or_default();
        write!(
            f,
            "HttpRequest({} {path}, {} body bytes)",
            self.method.as_str(),
            self.body.as_ref().map_or(0, Vec::len)
        )
    }
}
