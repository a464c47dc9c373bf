//! Which part of a file a `Range` header asks for (RFC 9110, 14): one range of bytes; everything else is the whole file.

use std::ops::Range;

/// What to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// 200: the whole file.
    Whole,
    /// 206: these bytes.
    Bytes(Range<u64>),
    /// 416: the file has no such bytes.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of this length.
pub(crate) fn part(header: Option<&str>, length: u64) -> Part {
    let Some((first, last)) = header.and_then(one_range) else {
        return Part::Whole;
    };
    let range = match (first, last) {
        // The last n bytes.
        (None, Some(count)) => length.saturating_sub(count)..length,
        (Some(first), last) => first..last.map_or(length, |last| last.saturating_add(1).min(length)),
        (None, None) => return Part::Whole,
    };
    if range.is_empty() {
        Part::Unsatisfiable
    } else {
        Part::Bytes(range)
    }
}

/// Both ends of `bytes=first-last`; `None` for other units, several ranges, and nonsense.
fn one_range(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let end = |text: &str| match text {
        "" => Some(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    };
    let (first, last) = (end(first)?, end(last)?);
    let backwards = matches!((first, last), (Some(first), Some(last)) if last < first);
    (!backwards).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served() {
        for (header, bytes) in [
            ("bytes=0-0", 0..1),
            ("bytes=5-", 5..10),
            ("bytes=5-99", 5..10),
            ("bytes=-3", 7..10),
            ("bytes=-99", 0..10),
        ] {
            assert_eq!(part(Some(header), 10), Part::Bytes(bytes), "{header}");
        }
    }

    #[test]
    fn what_is_beyond_the_end_cannot_be_served() {
        for header in ["bytes=10-", "bytes=10-12", "bytes=-0"] {
            assert_eq!(part(Some(header), 10), Part::Unsatisfiable, "{header}");
        }
    }

    #[test]
    fn anything_else_is_the_whole_file() {
        for header in [
            "bytes=1-2,4-5",
            "bytes=3-1",
            "items=1-2",
            "bytes=-",
            "bytes=x-",
            "bytes=+1-2",
            "",
        ] {
            assert_eq!(part(Some(header), 10), Part::Whole, "{header}");
        }
        assert_eq!(part(None, 10), Part::Whole);
    }
}
