//! Taking up a broken download where it broke (RFC 9110, range requests).

use super::file::Partial;
use crate::error::{Delivery, Error, ErrorKind};

/// What the first answer told about the file, to recognise it again.
#[derive(Debug, Default)]
pub(crate) struct Resumption {
    /// A strong validator: without one a resumed download might join two files.
    validator: Option<String>,
    total: Option<u64>,
}

impl Resumption {
    /// The headers of the next request, when `have` bytes are in the file.
    pub(crate) fn headers(&self, have: u64) -> Vec<(&'static str, String)> {
        match &self.validator {
            Some(validator) if have > 0 => {
                vec![("range", format!("bytes={have}-")), ("if-range", validator.clone())]
            }
            _ => Vec::new(),
        }
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
            200 => {
                partial.restart()?;
                self.validator = header("etag").filter(|tag| !tag.starts_with("W/")).map(str::to_owned);
                self.total = header("content-length").and_then(|length| length.parse().ok());
                Ok(self.total)
            }
            206 if header("content-range").and_then(first_byte) == Some(partial.len()) => Ok(self.total),
            206 => Err(protocol(status, "the server resumed at another place than asked for")),
            // Told by the storage behind the link, which is not the platform: there is no result code.
            400..=499 => Err(Error::new(
                ErrorKind::Rejected,
                Delivery::Answered,
                format!("the recording's address answered HTTP {status}: expired, or the recording is gone"),
            )
            .with_http_status(status)),
            _ => Err(protocol(
                status,
                "the recording's address did not answer with the recording",
            )),
        }
    }
}

/// The first position of `bytes 100-199/200`.
fn first_byte(content_range: &str) -> Option<u64> {
    content_range.strip_prefix("bytes ")?.split_once('-')?.0.parse().ok()
}

fn protocol(status: u16, what: &str) -> Error {
    Error::new(
        ErrorKind::Protocol,
        Delivery::Answered,
        format!("HTTP {status}: {what}"),
    )
    .with_http_status(status)
}
