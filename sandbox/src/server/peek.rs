//! What a connection is about, seen without reading a byte of it.

use std::time::Duration;

use tokio::net::TcpStream;

use crate::faults::target::Asked;
use crate::tls;

/// How much of a request line is looked at.
const LONGEST_LINE: usize = 1024;
/// A request line that came in part is looked at again after this time.
const AGAIN: Duration = Duration::from_millis(1);
/// How often.
const LOOKS: usize = 1000;

/// What the request on this connection asks for; `None` when it is for the admin API, for nothing, or does not come.
pub(super) async fn asked(stream: &TcpStream) -> Option<Asked> {
    let mut buffer = [0; LONGEST_LINE];
    for _ in 0..LOOKS {
        let length = stream.peek(&mut buffer).await.ok().filter(|length| *length > 0)?;
        let seen = String::from_utf8_lossy(&buffer[..length]);
        // Method, target, and a blank behind it.
        let mut words = seen.split(' ');
        if let (Some(_), Some(target), Some(_)) = (words.next(), words.next(), words.next()) {
            let path = target.split_once('?').map_or(target, |(path, _)| path);
            return Asked::at(path);
        }
        tokio::time::sleep(AGAIN).await;
    }
    None
}

/// Whether the connection begins with a TLS handshake.
pub(super) async fn is_handshake(stream: &TcpStream) -> bool {
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == tls::HANDSHAKE
}
