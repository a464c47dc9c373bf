//! From the bytes of a body to text: unpacked, without a byte order mark, and UTF-8.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::GzDecoder;

use super::parse::MAX_BYTES;

/// A body as text.
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where in the text a byte is written as `\\xE5` that is not UTF-8: JSON has no such escape, so whatever reads the text
    /// finds the damage again.
    escaped: Vec<usize>,
    bytes: Cow<'a, [u8]>,
}

const GZIP: &[u8] = &[0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Characters that stand for a byte.
const ESCAPE: usize = r"\xE5".len();

impl<'a> Text<'a> {
    pub(super) fn of(body: &'a [u8]) -> Text<'a> {
        let bytes = if body.starts_with(GZIP) {
            Cow::Owned(unpacked(body))
        } else {
            Cow::Borrowed(body)
        };
        match bytes {
            Cow::Borrowed(bytes) => {
                let bytes = without_mark(bytes);
                let (text, escaped) = match std::str::from_utf8(bytes) {
                    Ok(text) => (Cow::Borrowed(text), Vec::new()),
                    Err(_) => escaped(bytes),
                };
                Text {
                    text,
                    escaped,
                    bytes: Cow::Borrowed(bytes),
                }
            }
            Cow::Owned(bytes) => {
                let bytes = without_mark(&bytes).to_vec();
                let (text, escaped) = escaped(&bytes);
                Text {
                    text,
                    escaped,
                    bytes: Cow::Owned(bytes),
                }
            }
        }
    }

    /// Bytes that came, unpacked.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes that came for a part of the text; `None` where they are the same.
    pub(super) fn original(&self, start: usize, end: usize) -> Option<&[u8]> {
        let before = |at: usize| self.escaped.partition_point(|escaped| *escaped < at);
        if before(start) == before(end) {
            return None;
        }
        let came = |at: usize| at - before(at) * (ESCAPE - 1);
        self.bytes.get(came(start)..came(end))
    }
}

/// As much as can be unpacked, and of that as much as is read: a byte more tells that there is more.
fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES + 1).unwrap_or(u64::MAX);
    // What is damaged or cut ends too early; what came before is read.
    drop(GzDecoder::new(body).take(most).read_to_end(&mut bytes));
    bytes
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Text with the bytes escaped that are none. A character that the end cuts in two is left out: what comes before it ends
/// too early.
fn escaped(bytes: &[u8]) -> (Cow<'static, str>, Vec<usize>) {
    let (mut text, mut places) = (String::with_capacity(bytes.len()), Vec::new());
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        if chunks.peek().is_none() && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none()) {
            break;
        }
        for byte in chunk.invalid() {
            places.push(text.len());
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    (Cow::Owned(text), places)
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn what_is_no_text_is_found_again() {
        let body = b"\xef\xbb\xbfa\xe5\x91b\xff\xe8\xaf\xadc\xe8\xaf";
        let text = Text::of(body);
        assert_eq!(text.text, "a\\xE5\\x91b\\xFF\u{8bed}c");
        assert_eq!(text.original(0, 9).unwrap(), b"a\xe5\x91");
        assert_eq!(text.original(9, 10), None);
        assert_eq!(text.original(9, text.text.len()).unwrap(), b"b\xff\xe8\xaf\xadc");
    }
}
