//! The texts of a message with a NUL behind each, without a copy of each.
//!
//! In the message every text without escapes is followed by its closing quote. One copy of the message in which all
//! quotes are NULs therefore ends every such text at once, and never changes: any number of threads may read it. The few
//! texts with escapes, and what is not text in the message, are kept one by one.

use std::collections::HashMap;
use std::ffi::c_char;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::text::Text;

/// Which text: record and field.
pub(super) type Key = (usize, usize);

/// As a field: the record's own JSON text.
pub(super) const WHOLE_RECORD: usize = usize::MAX;

#[derive(Default)]
pub(super) struct Texts {
    /// The message, with NULs for quotes. Made when the first text is read.
    terminated: OnceLock<Box<[u8]>>,
    copies: Mutex<HashMap<Key, Text>>,
}

impl Texts {
    /// Address and length of a text, which is a part of `message` or not.
    pub(super) fn of(&self, message: &str, key: Key, text: &str) -> (*const c_char, usize) {
        match self.in_place(message, text) {
            Some(address) => (address, text.len()),
            None => self.copy(key, text),
        }
    }

    /// Address and length of a copy that lives as long as the event. A key stands for the same text every time.
    pub(super) fn copy(&self, key: Key, text: &str) -> (*const c_char, usize) {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        // The map may move a `Text`; what it points to stays.
        let copy = copies.entry(key).or_insert_with(|| Text::new(text));
        (copy.as_ptr(), copy.as_str().len())
    }

    fn in_place(&self, message: &str, text: &str) -> Option<*const c_char> {
        let start = text.as_ptr().addr().checked_sub(message.as_ptr().addr())?;
        let end = start.checked_add(text.len()).filter(|end| *end < message.len())?;
        let terminated = self.terminated.get_or_init(|| without_quotes(message));
        let here = terminated.get(start..=end)?;
        (here.last() == Some(&0)).then(|| here.as_ptr().cast())
    }
}

fn without_quotes(message: &str) -> Box<[u8]> {
    message
        .bytes()
        .map(|byte| if byte == b'"' { 0 } else { byte })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::Texts;

    fn read((text, length): (*const std::ffi::c_char, usize)) -> String {
        // SAFETY: what `Texts` hands out ends with a NUL and lives as long as it.
        let text = unsafe { CStr::from_ptr(text) };
        assert_eq!(text.to_bytes().len(), length);
        text.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_text_of_the_message_ends_with_a_nul_in_place() {
        let message = r#"{"a":"语音","b":12}"#;
        let texts = Texts::default();
        let text = &message[6..12];
        let (address, _) = texts.of(message, (0, 0), text);
        assert_eq!(read(texts.of(message, (0, 0), text)), "语音");
        assert_eq!(address, texts.of(message, (0, 0), text).0);
        assert!(texts.copies.lock().unwrap().is_empty());
    }

    #[test]
    fn what_is_not_followed_by_a_quote_is_copied_once() {
        let message = r#"{"a":"语音","b":12}"#;
        let texts = Texts::default();
        for text in [&message[18..20], "elsewhere", message, ""] {
            assert_eq!(read(texts.of(message, (0, text.len()), text)), text);
            assert_eq!(read(texts.of(message, (0, text.len()), text)), text);
        }
        assert_eq!(texts.copies.lock().unwrap().len(), 4);
    }
}
