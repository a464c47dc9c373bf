//! Reads a receiver's answer off a connection.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use super::log::Reply;

/// The most of an answer that is read, headers included.
const LONGEST: usize = 64 * 1024;
/// Headers of an answer that are looked at.
const MOST_HEADERS: usize = 64;

/// How the end of a body is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Known(usize),
    Chunked,
    ToTheEnd,
}

/// What the head says.
#[derive(Debug)]
struct Head {
    status: u16,
    length: Length,
    /// Whether the receiver keeps the connection.
    goes_on: bool,
}

/// Reads one answer; tells too whether the connection can carry another push.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(Reply, bool)> {
    let mut bytes = Vec::new();
    let mut ended = false;
    loop {
        if let Some((head, mut rest)) = head(&bytes)? {
            // An interim answer, such as 100 Continue; the answer proper follows.
            if (100..200).contains(&head.status) && head.status != 101 {
                bytes.drain(..bytes.len() - rest.len());
                continue;
            }
            if let Some((body, left)) = body(&mut rest, head.length, ended)? {
                let goes_on = head.goes_on && head.length != Length::ToTheEnd && left == 0;
                let status = head.status;
                return Ok((Reply { status, body }, goes_on));
            }
        }
        if ended {
            return Err(broken("the answer broke off"));
        }
        if bytes.len() >= LONGEST {
            return Err(broken("the answer is too long"));
        }
        // The end of TLS without a word is an end all the same.
        ended = !matches!(stream.read_buf(&mut bytes).await, Ok(1..));
        if ended && bytes.is_empty() {
            return Err(broken("there was no answer"));
        }
    }
}

/// The head and what follows it; `None`: it is not whole.
fn head(bytes: &[u8]) -> io::Result<Option<(Head, Vec<u8>)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let (length, status) = match (response.parse(bytes), response.code) {
        (Ok(httparse::Status::Complete(length)), Some(status)) => (length, status),
        (Ok(_), _) => return Ok(None),
        (Err(_), _) => return Err(broken("the answer is no HTTP")),
    };
    let all = |name: &'static str| {
        let named = response.headers.iter();
        let named = named.filter(move |header| header.name.eq_ignore_ascii_case(name));
        named.filter_map(|header| std::str::from_utf8(header.value).ok())
    };
    let says = |name, word: &str| all(name).any(|value| value.to_ascii_lowercase().contains(word));
    let body_length = if matches!(status, 204 | 304) {
        Length::Known(0)
    } else if says("transfer-encoding", "chunked") {
        Length::Chunked
    } else {
        let told = all("content-length").next();
        match told.map(|text| text.trim().parse()) {
            Some(Ok(length)) => Length::Known(length),
            Some(Err(_)) => return Err(broken("the answer's length is no number")),
            None => Length::ToTheEnd,
        }
    };
    let goes_on = match response.version {
        Some(1) => !says("connection", "close"),
        _ => says("connection", "keep-alive"),
    };
    let head = Head {
        status,
        length: body_length,
        goes_on,
    };
    Ok(Some((head, bytes[length..].to_vec())))
}

/// The body, and how many bytes follow it; `None`: it is not whole.
fn body(rest: &mut Vec<u8>, length: Length, ended: bool) -> io::Result<Option<(Vec<u8>, usize)>> {
    match length {
        Length::Known(length) if length <= rest.len() => {
            let left = rest.len() - length;
            rest.truncate(length);
            Ok(Some((std::mem::take(rest), left)))
        }
        Length::Chunked => chunks(rest),
        Length::ToTheEnd if ended => Ok(Some((std::mem::take(rest), 0))),
        _ => Ok(None),
    }
}

fn chunks(mut rest: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut body = Vec::new();
    loop {
        let (start, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete((start, size))) => (start, usize::try_from(size).unwrap_or(usize::MAX)),
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(broken("the answer's chunks cannot be read")),
        };
        let Some(chunk) = rest.get(start..start.saturating_add(size)) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        rest = &rest[start + size..];
        // The last chunk; trailers, if any, are not read.
        if size == 0 {
            return Ok(Some((body, rest.strip_prefix(b"\r\n").map_or(1, <[u8]>::len))));
        }
        rest = match rest {
            [b'\r', b'\n', rest @ ..] => rest,
            [] | [b'\r'] => return Ok(None),
            _ => return Err(broken("the answer's chunks cannot be read")),
        };
    }
}

fn broken(what: &'static str) -> io::Error {
    io::Error::other(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(mut bytes: &[u8]) -> Result<(u16, String, bool), String> {
        let (reply, goes_on) = read(&mut bytes).await.map_err(|error| error.to_string())?;
        Ok((reply.status, String::from_utf8(reply.body).unwrap(), goes_on))
    }

    #[tokio::test]
    async fn a_body_ends_where_its_headers_say() {
        for (text, status, body, goes_on) in [
            ("HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\nno", 500, "no", true),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: close\r\n\r\nno",
                200,
                "no",
                false,
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno more", 200, "no", false),
            ("HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", false),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                200,
                "",
                true,
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n",
                200,
                "abc",
                true,
            ),
        ] {
            assert_eq!(
                answer(text.as_bytes()).await,
                Ok((status, body.to_owned(), goes_on)),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn what_is_no_answer_is_told() {
        for (text, why) in [
            ("", "there was no answer"),
            ("HTTP/1.1 200 OK\r\n", "broke off"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno", "broke off"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab",
                "broke off",
            ),
            ("SSH-2.0-x\r\n\r\n", "no HTTP"),
        ] {
            let told = answer(text.as_bytes()).await.unwrap_err();
            assert!(told.contains(why), "{text}: {told}");
        }
    }

    #[tokio::test]
    async fn an_endless_answer_is_left() {
        let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2 * LONGEST]].concat();
        assert!(answer(&endless).await.unwrap_err().contains("too long"));
    }
}
