//! A platform that says yes to everything, on connections that it keeps: for programs that measure what a call costs them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

const BODY: &str = r#"{"resultcode":"0","resultdesc":"Success","sessionId":"session-0001"}"#;
/// A request of these programs is not larger, and comes in one piece or two.
const LARGEST: usize = 8192;

/// Starts it; gives its address. It ends with this process.
pub(super) fn start() -> Result<String, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || serve(connection));
        }
    });
    Ok(format!("http://{address}"))
}

/// Answers until the connection ends or breaks.
fn serve(mut connection: TcpStream) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nConnection: keep-alive\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut bytes = [0; LARGEST];
    let mut length = 0;
    let _ = connection.set_nodelay(true);
    while let Some(piece @ 1..) = bytes.get_mut(length..).and_then(|rest| connection.read(rest).ok()) {
        length += piece;
        if bytes.get(..length).is_some_and(is_whole) {
            length = 0;
            if connection.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn a_request_is_whole_with_its_body() {
        assert!(!is_whole(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n"));
        assert!(!is_whole(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{"));
        assert!(is_whole(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"));
        assert!(is_whole(b"GET / HTTP/1.1\r\n\r\n"));
    }
}
