//! A customer's server: takes pushes, keeps them, and answers as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::Value;

use super::PATIENCE;

/// A push as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub request_line: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Value,
    /// The body's bytes.
    pub raw: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map_or_else(|| panic!("no {name} in {:?}", self.headers), |(_, value)| value)
    }

    pub fn event(&self) -> &str {
        self.body["eventType"].as_str().unwrap()
    }

    /// The event's data.
    pub fn info(&self) -> &Value {
        &self.body["statusInfo"]
    }
}

type Answering = dyn Fn(usize, &Received) -> (u16, &'static str) + Send + Sync;

#[derive(Default)]
struct Kept {
    pushes: Mutex<Vec<Received>>,
    more: Condvar,
}

/// A receiver on an address of its own. Its thread ends with the test program.
pub struct Receiver {
    url: String,
    kept: Arc<Kept>,
}

impl Receiver {
    /// Takes everything.
    pub fn start() -> Receiver {
        Receiver::answering(|_, _| (200, ""))
    }

    /// Answers with a status and a body, by the number of the push (from 0) and the push itself.
    pub fn answering(answer: impl Fn(usize, &Received) -> (u16, &'static str) + Send + Sync + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::new(Kept::default());
        let (answer, keeping): (Arc<Answering>, _) = (Arc::new(answer), Arc::clone(&kept));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&keeping));
                std::thread::spawn(move || serve(stream, &*answer, &kept));
            }
        });
        Receiver { url, kept }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub fn pushes(&self) -> Vec<Received> {
        self.kept.pushes.lock().unwrap().clone()
    }

    /// All pushes, once there are so many that satisfy this.
    pub fn wait_for(&self, count: usize, like: impl Fn(&Received) -> bool) -> Vec<Received> {
        let pushes = self.kept.pushes.lock().unwrap();
        let enough = |pushes: &mut Vec<Received>| pushes.iter().filter(|push| like(push)).count() >= count;
        let (pushes, timeout) = self
            .kept
            .more
            .wait_timeout_while(pushes, PATIENCE, |pushes| !enough(pushes))
            .unwrap();
        let events: Vec<_> = pushes.iter().map(Received::event).collect();
        assert!(!timeout.timed_out(), "waited in vain for {count}; there are {events:?}");
        pushes.clone()
    }

    /// All pushes, once there is a CDR message.
    pub fn wait_for_fee(&self) -> Vec<Received> {
        self.wait_for(1, |push| push.event() == "fee")
    }
}

fn serve(stream: TcpStream, answer: &Answering, kept: &Kept) {
    let mut reader = BufReader::new(stream);
    let mut request_line = String::new();
    if reader.read_line(&mut request_line).unwrap_or(0) == 0 {
        return;
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.unwrap().1.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let push = Received {
        request_line: request_line.trim_end().to_owned(),
        headers,
        body: serde_json::from_slice(&body).unwrap(),
        raw: body,
    };
    let mut pushes = kept.pushes.lock().unwrap();
    let number = pushes.len();
    pushes.push(push.clone());
    drop(pushes);
    kept.more.notify_all();
    let (status, text) = answer(number, &push);
    let length = text.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}");
    // A platform that has been stopped meanwhile does not listen.
    let _ = reader.get_mut().write_all(head.as_bytes());
}
