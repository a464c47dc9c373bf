//! Text as C reads it: UTF-8 with a NUL behind it.
//!
//! Wiped when dropped: handles hold secrets and phone numbers, and freed memory is read by the next bug.

use std::borrow::Borrow;
use std::ffi::c_char;
use std::hash::{Hash, Hasher};
use std::mem::MaybeUninit;

use zeroize::{Zeroize, Zeroizing};

/// Text with a NUL behind it. May have NULs inside, which its length tells.
#[derive(Clone)]
pub(crate) struct Text(Zeroizing<String>);

impl Text {
    pub(crate) fn new(text: &str) -> Text {
        let mut terminated = String::with_capacity(text.len() + 1);
        terminated.push_str(text);
        terminated.push('\0');
        Text(Zeroizing::new(terminated))
    }

    /// Without the NUL behind it.
    pub(crate) fn as_str(&self) -> &str {
        self.0.strip_suffix('\0').unwrap_or_default()
    }

    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }

    /// Writes address and length to out-parameters. The text is borrowed from the handle that `self` belongs to.
    pub(crate) fn hand_out(&self, text: &mut MaybeUninit<*const c_char>, length: Option<&mut MaybeUninit<usize>>) {
        text.write(self.as_ptr());
        if let Some(length) = length {
            length.write(self.as_str().len());
        }
    }
}

/// Leaves no second copy behind.
impl From<String> for Text {
    fn from(mut text: String) -> Text {
        let terminated = Text::new(&text);
        text.zeroize();
        terminated
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

/// As its `str`, so that a map with `Text` keys can be asked for a `str`.
impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_nul_follows_and_is_not_counted() {
        for content in ["", "abc", "语音", "a\0b", "\0"] {
            let text = Text::from(content.to_owned());
            assert_eq!(text.as_str(), content);
            assert_eq!(text.0.as_bytes().last(), Some(&0));
        }
    }
}
