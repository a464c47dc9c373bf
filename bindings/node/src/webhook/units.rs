//! Positions in a text as JavaScript counts them: in UTF-16 code units instead of bytes.

/// How many bytes there are between two noted positions.
const BLOCK: usize = 64;

/// Converts byte positions of one text.
pub(super) struct Units<'a> {
    text: &'a str,
    /// Code units before each block; empty when every character is one byte.
    before: Vec<usize>,
}

impl<'a> Units<'a> {
    pub(super) fn of(text: &'a str) -> Units<'a> {
        let mut units = Units {
            text,
            before: Vec::new(),
        };
        if !text.is_ascii() {
            let mut sum = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                units.before.push(sum);
                sum += count(block);
            }
        }
        units
    }

    /// Whether bytes and code units are the same.
    pub(super) fn is_ascii(&self) -> bool {
        self.before.is_empty()
    }

    /// The position of a part of the text; `None` when it is no part of it.
    #[inline]
    pub(super) fn span(&self, part: &str) -> Option<(i32, i32)> {
        let start = part.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let end = start.checked_add(part.len()).filter(|end| *end <= self.text.len())?;
        Some((self.at(start)?, self.at(end)?))
    }

    #[inline]
    fn at(&self, offset: usize) -> Option<i32> {
        if self.is_ascii() {
            return i32::try_from(offset).ok();
        }
        let block = (offset / BLOCK).min(self.before.len() - 1);
        let within = self.text.as_bytes().get(block * BLOCK..offset)?;
        i32::try_from(self.before.get(block)? + count(within)).ok()
    }
}

/// The code units that begin in these bytes: one for each character, two where UTF-8 needs four bytes.
fn count(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0xBF => 0,
            0xF0.. => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::Units;

    #[test]
    fn positions_are_those_of_utf_16() {
        let text = format!("{}语音😀abc{}é", "x".repeat(61), "😀".repeat(40));
        let units = Units::of(&text);
        let utf16 = |end: usize| i32::try_from(text[..end].encode_utf16().count()).unwrap();
        for (start, _) in text.char_indices() {
            for end in (start..=text.len()).filter(|end| text.is_char_boundary(*end)) {
                assert_eq!(units.span(&text[start..end]), Some((utf16(start), utf16(end))));
            }
        }
    }

    #[test]
    fn bytes_are_code_units_in_ascii() {
        let text = "abcdef";
        assert!(Units::of(text).is_ascii());
        assert_eq!(Units::of(text).span(&text[2..6]), Some((2, 6)));
    }

    #[test]
    fn what_is_elsewhere_has_no_position() {
        let text = String::from("abc");
        assert_eq!(Units::of(&text[..1]).span(&text[..2]), None);
        assert_eq!(Units::of(&text[1..]).span(&text[..2]), None);
    }
}
