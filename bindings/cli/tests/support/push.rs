//! Pushes to a receiver as a client that reads the whole answer and then closes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::PATIENCE;

/// The `host:port` of an address.
pub fn address(url: &str) -> &str {
    url.trim_start_matches("http://").split('/').next().expect("an address")
}

/// Posts the body and gives status and body of the answer.
pub fn post(url: &str, headers: &[(&str, String)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address(url)).expect("somebody listens");
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    stream.write_all(head(&headers, body.len()).as_bytes()).expect("sent");
    // A body that is too long is refused before all of it was read.
    let _ = stream.write_all(body);
    answer(stream)
}

/// Posts the body to who may be gone at any moment. `None`: there was no whole answer.
pub fn try_post(url: &str, body: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address(url)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all((head("", body.len()) + body).as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(())?;
    answer.split(' ').nth(1)?.parse().ok()
}

/// Gets what is at this path: status, headers, body.
pub fn get(url: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address(url)).expect("somebody listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), answer)
}

/// Head of a push on a connection that ends with its answer.
pub fn head(headers: &str, length: usize) -> String {
    format!("POST /push HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n")
}

/// Status and body of the answer on this connection.
pub fn answer(stream: TcpStream) -> (u16, String) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a status line");
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("{line:?}"));
    let mut rest = String::new();
    let _ = reader.read_to_string(&mut rest);
    (
        status,
        rest.split_once("\r\n\r\n")
            .map_or(String::new(), |(_, body)| body.to_owned()),
    )
}

/// Whether nothing comes on this connection for a while.
pub fn is_silent(stream: &mut TcpStream) -> bool {
    stream
        .set_read_timeout(Some(Duration::from_millis(300)))
        .expect("a time-out");
    let read = stream.read(&mut [0]);
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    matches!(read, Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut))
}
