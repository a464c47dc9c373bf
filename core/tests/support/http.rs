//! Just enough HTTP to push to a receiver in another process, over connections that may break at any byte.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several tests, none of which uses all of it"
)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

/// A receiver that does not answer within this time is dead or as good as dead.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    /// The receiver answered with this status.
    Answered(u16),
    /// There was no receiver.
    NobodyThere,
    /// The connection broke before a complete answer: what was pushed may have arrived.
    BrokenOff,
}

/// Pushes a body.
pub fn push(port: u16, body: &str) -> Pushed {
    match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
        Ok(stream) => exchange(stream, body).map_or(Pushed::BrokenOff, Pushed::Answered),
        Err(_) => Pushed::NobodyThere,
    }
}

fn exchange(mut stream: TcpStream, body: &str) -> Option<u16> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let head = format!(
        "POST /fee HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    // A status line that was cut off is no answer.
    if !answer.contains("\r\n\r\n") {
        return None;
    }
    answer.split(' ').nth(1)?.parse().ok()
}

/// Serves each connection on a thread of its own, for ever; `answer` gives the status for a body.
pub fn serve(listener: &TcpListener, answer: impl Fn(&[u8]) -> u16 + Sync) {
    std::thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            let answer = &answer;
            scope.spawn(move || drop(serve_one(stream, answer)));
        }
    });
}

fn serve_one(mut stream: TcpStream, answer: &impl Fn(&[u8]) -> u16) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    write!(
        stream,
        "HTTP/1.1 {} x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        answer(&body)
    )
}
