//! Taking up a broken download where it broke (RFC 9110, range requests).

use super::partial::{Partial, protocol};
use crate::error::{Delivery, Error, ErrorKind};

/// What the first answer told about the file, to recognise it again.
#[derive(Debug, Default)]
pub(crate) struct Resumption {
    /// A strong validator: without one a resumed download might join two files.
    validator: Option<String>,
    total: Option<u64>,
    /// Whether the last request asked for a part.
    asked: bool,
}

impl Resumption {
    /// The headers of the next request, when `have` bytes are in the file.
    pub(crate) fn headers(&mut self, have: u64) -> Vec<(&'static str, String)> {
        // The bytes as they are: a compressed part cannot be joined, and a length could not be checked.
        let mut headers = vec![("accept-encoding", "identity".to_owned())];
        self.asked = false;
        if let Some(validator) = self.validator.as_ref().filter(|_| have > 0) {
            self.asked = true;
            headers.push(("range", format!("bytes={have}-")));
            headers.push(("if-range", validator.clone()));
        }
        headers
    }

    /// Reads the head of an answer; gives the length of the whole file where it is told. A server that begins anew
    /// empties the file.
    pub(crate) fn begin<'a>(
        &mut self,
        status: u16,
        header: impl Fn(&str) -> Option<&'a str>,
        partial: &mut Partial,
    ) -> Result<Option<u64>, Error> {
        match status {
            200 | 206 => check_content(status, &header)?,
            // Told by the storage behind the link, which is not the platform: there is no result code.
            400..=499 if status != 416 => {
                let message =
                    format!("the recording's address answered HTTP {status}: expired, or the recording is gone");
                return Err(Error::new(ErrorKind::Rejected, Delivery::Answered, message).with_http_status(status));
            }
            _ => {
                return Err(refused(
                    status,
                    "the recording's address did not answer with the recording",
                ));
            }
        }
        if status == 206 {
            self.check_part(&header, partial.len())
                .map_err(|what| refused(status, what))?;
        } else {
            partial.restart()?;
            self.validator = header("etag").filter(|tag| !tag.starts_with("W/")).map(str::to_owned);
            self.total = header("content-length").and_then(|length| length.parse().ok());
        }
        self.total.map_or(Ok(()), |total| partial.expect(total))?;
        Ok(self.total)
    }

    /// Whether a part is the one that was asked for, of the same file.
    fn check_part<'a>(&mut self, header: impl Fn(&str) -> Option<&'a str>, have: u64) -> Result<(), &'static str> {
        if !self.asked {
            return Err("a part came that nobody asked for");
        }
        if header("etag").is_some_and(|tag| Some(tag) != self.validator.as_deref()) {
            return Err("the part is of another file: its ETag differs");
        }
        let part = header("content-range")
            .and_then(Part::read)
            .ok_or("the part does not say which it is")?;
        if part.first != have {
            return Err("the server resumed at another place than asked for");
        }
        match (part.total, self.total) {
            (Some(now), Some(before)) if now != before => {
                return Err("the part is of another file: its length differs");
            }
            (now, before) => self.total = before.or(now),
        }
        if part.last < part.first || self.total.is_some_and(|total| part.last >= total) {
            return Err("the part lies outside of the file");
        }
        let length = header("content-length").and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length != part.last - part.first + 1) {
            return Err("the part has another length than it says");
        }
        Ok(())
    }
}

/// `bytes 100-199/200`, or `*` for the last number.
struct Part {
    first: u64,
    last: u64,
    total: Option<u64>,
}

impl Part {
    fn read(content_range: &str) -> Option<Part> {
        let (range, total) = content_range.trim().strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let total = match total {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        Some(Part {
            first: first.parse().ok()?,
            last: last.parse().ok()?,
            total,
        })
    }
}

/// A compressed body has another length, and a page is what a login or an error looks like.
fn check_content<'a>(status: u16, header: impl Fn(&str) -> Option<&'a str>) -> Result<(), Error> {
    let encoding = header("content-encoding").unwrap_or("identity");
    if !encoding.eq_ignore_ascii_case("identity") {
        return Err(refused(
            status,
            "the recording came compressed, which was not asked for",
        ));
    }
    let kind = header("content-type").unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/html") || kind.starts_with("multipart/") {
        return Err(refused(status, "a page or several parts came instead of the recording"));
    }
    Ok(())
}

fn refused(status: u16, what: &str) -> Error {
    protocol(format!("HTTP {status}: {what}")).with_http_status(status)
}
