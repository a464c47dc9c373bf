//! A client of the platform that lets a test write every header itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_sandbox::Ready;

use super::{A, B, DISPLAY, DISPLAY_TO_B, PATIENCE};

pub const CALLBACK: &str = "/rest/httpsessions/click2Call/v2.0";
pub const NOTIFICATION: &str = "/rest/httpsessions/callnotify/v2.0";
pub const VERIFICATION: &str = "/rest/httpsessions/callVerify/v1.0";
pub const STOP: &str = "/rest/httpsessions/callStop/v2.0";
pub const RECORDING: &str = "/rest/provision/voice/record/v1.0";

pub struct Client {
    agent: ureq::Agent,
    pub ready: Ready,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// HTTP status and result code.
    pub fn code(&self) -> (u16, String) {
        (
            self.status,
            self.json()["resultcode"].as_str().unwrap_or_default().to_owned(),
        )
    }

    pub fn session_id(&self) -> String {
        let id = self.json()["sessionId"].as_str().map(str::to_owned);
        id.unwrap_or_else(|| panic!("a call was placed: {}", self.json()))
    }
}

/// The three headers of a request.
#[derive(Clone)]
pub struct Headers {
    pub authorization: Option<String>,
    pub x_aksk: Option<String>,
}

pub fn unix_seconds() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

impl Client {
    pub fn new(ready: Ready) -> Client {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Client {
            agent: config.into(),
            ready,
        }
    }

    /// Good headers, with `Created` this many seconds from now.
    pub fn headers(&self, off_seconds: i64, zone: &CreatedZone) -> Headers {
        let created = sign::created(unix_seconds() + off_seconds, zone);
        let nonce = sign::nonce().unwrap();
        let x_aksk = sign::x_aksk(&self.ready.app_key, self.ready.app_secret.expose(), &nonce, &created);
        Headers {
            authorization: Some(sign::AUTHORIZATION.to_owned()),
            x_aksk: Some(x_aksk),
        }
    }

    pub fn good_headers(&self) -> Headers {
        self.headers(0, &CreatedZone::Utc)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body.to_string().as_bytes(), &self.good_headers())
    }

    /// A signed POST with another content type.
    pub fn post_as(&self, content_type: &str, path: &str, body: &Value) -> Answer {
        self.post_of(content_type, path, body.to_string().as_bytes(), &self.good_headers())
    }

    pub fn post_with(&self, path: &str, body: &[u8], headers: &Headers) -> Answer {
        self.post_of("application/json;charset=UTF-8", path, body, headers)
    }

    fn post_of(&self, content_type: &str, path: &str, body: &[u8], headers: &Headers) -> Answer {
        let url = format!("{}{path}", self.ready.endpoint);
        let mut request = self.agent.post(&url).header("content-type", content_type);
        if let Some(value) = &headers.authorization {
            request = request.header("authorization", value);
        }
        if let Some(value) = &headers.x_aksk {
            request = request.header("x-aksk", value);
        }
        answer(request.send(body))
    }

    /// A signed POST whose answer is read byte by byte to the end of the connection; the error tells how that broke off.
    pub fn post_raw(&self, path: &str, body: &Value) -> (Vec<u8>, std::io::Result<()>) {
        let headers = self.good_headers();
        let body = body.to_string();
        let mut stream = TcpStream::connect(self.ready.endpoint.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nAuthorization: {}\r\nX-AKSK: {}\r\n\r\n{body}",
            body.len(),
            headers.authorization.unwrap(),
            headers.x_aksk.unwrap(),
        );
        let mut bytes = Vec::new();
        let broke_off = match stream.write_all(request.as_bytes()) {
            Ok(()) => stream.read_to_end(&mut bytes).map(drop),
            Err(error) => Err(error),
        };
        (bytes, broke_off)
    }

    /// A signed GET of the service.
    pub fn get(&self, path_and_query: &str) -> Answer {
        let headers = self.good_headers();
        let url = format!("{}{path_and_query}", self.ready.endpoint);
        let request = self
            .agent
            .get(&url)
            .header("content-type", "application/json;charset=UTF-8");
        let request = request.header("authorization", headers.authorization.unwrap());
        answer(request.header("x-aksk", headers.x_aksk.unwrap()).call())
    }

    /// A GET without any header but these.
    pub fn fetch(&self, url: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(self.agent.get(url), |request, (name, value)| {
            request.header(*name, *value)
        });
        answer(request.call())
    }

    pub fn admin(&self, path: &str) -> Value {
        self.fetch(&format!("{}{path}", self.ready.admin), &[]).json()
    }

    pub fn admin_put(&self, path: &str, body: &Value) -> u16 {
        let url = format!("{}{path}", self.ready.admin);
        answer(
            self.agent
                .put(&url)
                .content_type("application/json")
                .send(body.to_string()),
        )
        .status
    }

    pub fn admin_patch(&self, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", self.ready.admin);
        answer(
            self.agent
                .patch(&url)
                .content_type("application/json")
                .send(body.to_string()),
        )
    }

    pub fn admin_post(&self, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", self.ready.admin);
        answer(
            self.agent
                .post(&url)
                .content_type("application/json")
                .send(body.to_string()),
        )
    }

    /// Any request, with a JSON body or none; its status.
    pub fn send(&self, method: &str, url: &str, body: Option<&Value>) -> u16 {
        let request = ureq::http::Request::builder()
            .method(method.to_uppercase().as_str())
            .uri(url)
            .header("content-type", "application/json")
            .body(body.map(Value::to_string).unwrap_or_default());
        answer(self.agent.run(request.unwrap())).status
    }

    pub fn admin_delete(&self, path: &str) -> u16 {
        self.send("delete", &format!("{}{path}", self.ready.admin), None)
    }
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = result.expect("an answer");
    let bytes = response
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_vec()
        .expect("a whole body");
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        bytes,
    }
}

pub fn callback() -> Value {
    json!({ "displayNbr": DISPLAY, "callerNbr": A, "displayCalleeNbr": DISPLAY_TO_B, "calleeNbr": B })
}

pub fn notification() -> Value {
    json!({ "displayNbr": DISPLAY, "calleeNbr": A, "playInfoList": [{ "notifyVoice": "notifyvoice.wav" }] })
}

pub fn verification() -> Value {
    json!({
        "displayNbr": DISPLAY, "calleeNbr": A, "languageType": 2, "preTone": "pretone.wav", "verifyCode": "1234"
    })
}

/// This body with these members set, or removed where the value is null.
pub fn with(mut body: Value, members: Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        match value {
            Value::Null => {
                body.as_object_mut().unwrap().remove(name);
            }
            value => body[name] = value.clone(),
        }
    }
    body
}

pub fn base64(text: &str) -> String {
    // The core writes callback addresses; taking one request apart keeps this file free of a Base64 of its own.
    let request = voicecall_core::calls::VoiceNotification::new().status_url(text);
    let wire = voicecall_core::record::wire::to_wire(&request, &[]);
    wire["statusUrl"].as_str().unwrap().to_owned()
}
