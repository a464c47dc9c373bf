//! Builds the exact HTTP request of a call: pure; nonce and time are passed in.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::descriptor::Sensitivity;
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
    let (fields, extra) = (arguments.record().fields, arguments.extra());
    let parameter = |name: &str, value: &str| {
        let (name, value) = (utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY));
        format!("{name}={value}")
    };
    let set = fields.iter().enumerate();
    // As in a body: without validation an extra field may repeat a declared one, and then stands for it.
    let set = set.filter(|(_, field)| !extra.contains_key(field.name));
    let set = set.filter_map(|(index, field)| match arguments.get(index)? {
        FieldValue::Text(text) => Some(parameter(field.name, text)),
        FieldValue::Integer(number) => Some(parameter(field.name, &number.to_string())),
        _ => None,
    });
    let extra = extra.iter().map(|(name, value)| match value {
        Value::String(text) => parameter(name, text),
        other => parameter(name, &other.to_string()),
    });
    let parameters: Vec<_> = set.chain(extra).collect();
    if parameters.is_empty() {
        String::new()
    } else {
        format!("?{}", parameters.join("&"))
    }
}

impl HttpRequest {
    /// The platform's text without what this request may not show: a server may quote what it was sent.
    pub(crate) fn hide(&self, arguments: &dyn Fields, text: &str) -> String {
        let token = self.headers.iter().find(|(name, _)| *name == TOKEN);
        let digest = token.and_then(|(_, token)| digest(token)).unwrap_or_default();
        let mut hidden = vec![digest];
        collect_hidden(arguments, &mut hidden);
        // Longer ones first: one may be a part of another.
        hidden.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let hidden = hidden.into_iter().filter(|word| !word.is_empty());
        hidden.fold(text.to_owned(), |text, word| text.replace(word, mask::HIDDEN))
    }

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
    match digest(header) {
        Some(digest) => header.replace(digest, mask::HIDDEN),
        None => mask::HIDDEN.to_owned(),
    }
}

/// The digest in `X-AKSK`.
fn digest(header: &str) -> Option<&str> {
    let (_, after) = header.split_once("PasswordDigest=\"")?;
    after.split_once('"').map(|(digest, _)| digest)
}

/// The values of a request that nobody may see, those of its parts included.
fn collect_hidden<'a>(arguments: &'a dyn Fields, hidden: &mut Vec<&'a str>) {
    for (index, field) in arguments.record().fields.iter().enumerate() {
        match (field.sensitivity(), arguments.get(index)) {
            (Sensitivity::Hidden, Some(FieldValue::Text(text))) => hidden.push(text),
            (Sensitivity::Hidden, Some(FieldValue::Texts(texts))) => hidden.extend(texts.iter().map(String::as_str)),
            (_, Some(FieldValue::Records(records))) => {
                let parts = (0..records.count()).filter_map(|part| records.at(part));
                parts.for_each(|part| collect_hidden(part, hidden));
            }
            _ => {}
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{
        CREATE_VOICE_NOTIFICATION, CREATE_VOICE_VERIFICATION_CODE, PlayContentInfo, VoiceNotification,
        VoiceVerificationCode,
    };

    #[test]
    fn what_a_server_quotes_of_the_request_is_hidden() {
        let secret = Secret::from("example-secret-0001");
        let signer = Signer {
            app_key: "k",
            app_secret: &secret,
            zone: &CreatedZone::Utc,
        };
        let code = VoiceVerificationCode::new().verify_code("83726150");
        let request = build(&CREATE_VOICE_VERIFICATION_CODE, &code, "https://h", signer, "n", 0);
        let token = &request.headers.iter().find(|(name, _)| *name == TOKEN).unwrap().1;
        let quoting = format!("code 83726150 refused, {token}");
        let shown = request.hide(&code, &quoting);
        assert!(
            shown.starts_with("code *** refused") && !shown.contains(digest(token).unwrap()),
            "{shown}"
        );

        let item = PlayContentInfo::new().template_paras(["Mr Confidential", "Confidential"]);
        let notification = VoiceNotification::new().play_info_list(vec![item]);
        let request = build(&CREATE_VOICE_NOTIFICATION, &notification, "https://h", signer, "n", 0);
        assert_eq!(request.hide(&notification, "bad: Mr Confidential"), "bad: ***");
    }
}
