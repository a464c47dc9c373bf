//! Telephone numbers as the store keeps them: plain, or as hashes under the user's key.
//!
//! A hash lets the calls of one person be found and counted without telling who it is. Ten digits are soon tried out, so
//! only the key protects them: keep it apart from the store. Hashing happens to the text of a push before anything reads
//! it, so no other part of the intake can let a number through.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::descriptor::{Field, FieldType};
use crate::error::Error;
use crate::mask;
use crate::secret::Secret;
use crate::webhook::{Cdr, StatusEvent, decoded_string};

/// How numbers are kept.
#[derive(Debug)]
pub(super) enum Numbers {
    /// As they came.
    Plain,
    /// As hashes, but for the user's own lines.
    Hashed { key: Secret, plain: Vec<String> },
}

/// Marks a hash, and cannot begin a number.
const MARK: char = '#';
/// Bytes of a hash that are kept: 96 bits, so that among a billion numbers no two are alike.
const KEPT: usize = 12;
/// Numbers of undocumented fields are recognised by this many digits: fewer are codes, more are identifiers.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl Numbers {
    /// The number as the store keeps it.
    pub(super) fn stored<'a>(&self, number: &'a str) -> Cow<'a, str> {
        match self {
            Numbers::Hashed { key, plain } if !plain.iter().any(|own| own == number) && !number.starts_with(MARK) => {
                Cow::Owned(hash(key, number))
            }
            _ => Cow::Borrowed(number),
        }
    }

    /// What tells two ways of keeping numbers apart: a store must not mix them.
    pub(super) fn mark(&self) -> String {
        match self {
            Numbers::Plain => "plain".to_owned(),
            Numbers::Hashed { key, .. } => format!("hashed {}", hash(key, "")),
        }
    }

    /// The JSON text of a push, or of a record of one, with every number as the store keeps it.
    pub(super) fn in_json<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self {
            Numbers::Plain => Cow::Borrowed(text),
            Numbers::Hashed { .. } => Cow::Owned(rewrite(text, |key, token| self.token(key, token))),
        }
    }

    /// A record with every number as the store keeps it. What it grows by makes no record too long.
    pub(super) fn in_cdr<'a>(&self, cdr: &'a Cdr) -> Result<Cow<'a, Cdr>, Error> {
        match self {
            Numbers::Plain => Ok(Cow::Borrowed(cdr)),
            Numbers::Hashed { .. } => Cdr::from_raw(&self.in_json(cdr.raw())).map(Cow::Owned),
        }
    }

    /// What could not be taken. Where it is no JSON, nothing is known of it, and its long runs of digits are made
    /// unreadable.
    pub(super) fn in_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        if matches!(self, Numbers::Plain) {
            return Cow::Borrowed(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
        let kept = if is_json {
            self.in_json(&text).into_owned()
        } else {
            mask::numbers_in(&text)
        };
        Cow::Owned(kept.into_bytes())
    }

    /// What stands in the place of a value; `None` when it stays.
    fn token(&self, key: &str, token: &str) -> Option<String> {
        let field = declared(key);
        if field.is_some_and(|field| !matches!(field.ty, FieldType::PhoneNumber)) || matches!(token, r#""""# | "null") {
            return None;
        }
        match decoded_string(token) {
            Some(text) if field.is_some() || looks_like_a_number(&text) => Some(quoted(&self.stored(&text))),
            Some(_) => None,
            // A bare number in a field for text cannot be read; it stays so, without telling the number.
            None if field.is_some() => Some(format!("[{}]", quoted(&self.stored(token)))),
            None => looks_like_a_number(token).then(|| quoted(&self.stored(token))),
        }
    }
}

fn hash(key: &Secret, number: &str) -> String {
    let key = key.expose().as_bytes();
    // HMAC takes keys of any length; the other arm is never reached, and would tell nothing.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(number.as_bytes());
    let digest = mac.finalize().into_bytes();
    let hexadecimal: String = digest.iter().take(KEPT).map(|byte| format!("{byte:02x}")).collect();
    format!("{MARK}{hexadecimal}")
}

/// The declaration of a field that pushes have.
fn declared(key: &str) -> Option<&'static Field> {
    StatusEvent::RECORD.field(key).or_else(|| Cdr::RECORD.field(key))
}

fn looks_like_a_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*')
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Replaces values of a JSON text, given by the name of their field. The text has been scanned: strings end where they
/// should, and what is no JSON in it are bare words.
fn rewrite(text: &str, replacement: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut written = String::with_capacity(text.len() + 64);
    let mut key = Cow::Borrowed("");
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c == '"' || is_word(c)) {
        let (before, from) = rest.split_at(start);
        let (token, after) = from.split_at(token_length(from));
        written.push_str(before);
        if token.starts_with('"') && after.trim_start().starts_with(':') {
            key = decoded_string(token).unwrap_or_default();
            written.push_str(token);
        } else {
            match replacement(&key, token) {
                Some(other) => written.push_str(&other),
                None => written.push_str(token),
            }
        }
        rest = after;
    }
    written.push_str(rest);
    written
}

/// The length of the string or the word with which the text begins.
fn token_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    }
    let mut escaped = false;
    let closing = bytes.iter().skip(1).position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    closing.map_or(text.len(), |position| position + 2)
}

fn is_word(c: char) -> bool {
    c > ' ' && !matches!(c, ',' | ':' | '"' | '\\' | '{' | '}' | '[' | ']')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Numbers, rewrite};

    fn hashed() -> Numbers {
        Numbers::Hashed {
            key: "a-key-of-the-user-0001".into(),
            plain: vec!["+867550000001".to_owned()],
        }
    }

    #[test]
    fn numbers_go_and_everything_else_stays() {
        let text = r#"{"eventType":"fee","feeLst":[{"sessionId":"20190124030424","calleeNum":"+8613800000021",
            "callerNum":"+867550000001","fwdDstNum":"","icid":"13800000022","origCalleeNum":"\u002b8613800000023",
            "other":13800000024,"userData":"13800000025","ttsTransDuration":12345678,"x":[1.5e3,-2,true]}]}"#;
        let kept = hashed().in_json(text).into_owned();
        for gone in ["0021", "0023", "0024"] {
            assert!(!kept.contains(gone), "{kept}");
        }
        for stays in [
            "20190124030424",
            "\"+867550000001\"",
            "13800000022",
            "13800000025",
            "12345678",
            "[1.5e3,-2,true]",
        ] {
            assert!(kept.contains(stays), "{stays}: {kept}");
        }
        assert!(kept.contains(&format!("\"calleeNum\":\"{}\"", hashed().stored("+8613800000021"))));
    }

    #[test]
    fn a_hash_is_stable_and_its_own_hash() {
        let once = hashed().stored("+8613800000021").into_owned();
        assert_eq!(once.len(), 25);
        assert_eq!(hashed().stored(&once), once);
        assert_ne!(hashed().stored("+8613800000022"), once);
    }

    #[test]
    fn a_record_that_cannot_be_read_stays_unreadable_without_its_number() {
        let kept = hashed().in_json(r#"{"calleeNum":8613800000021}"#).into_owned();
        assert!(kept.starts_with(r##"{"calleeNum":["#"##), "{kept}");
    }

    #[test]
    fn a_bare_word_is_no_way_around() {
        let kept = hashed()
            .in_json(r#"{"calleeNum":+8613800000021,"x":[+8613800000022,true]}"#)
            .into_owned();
        assert!(!kept.contains("138000") && kept.ends_with(",true]}"), "{kept}");
    }

    #[test]
    fn plain_stays_plain() {
        assert_eq!(
            Numbers::Plain.in_json("{\"called\":\"+8613800000021\"}"),
            "{\"called\":\"+8613800000021\"}"
        );
        assert_ne!(Numbers::Plain.mark(), hashed().mark());
    }

    proptest! {
        #[test]
        fn what_is_not_replaced_is_not_changed(text in "\\PC{0,60}") {
            prop_assert_eq!(rewrite(&text, |_, _| None), text);
        }

        #[test]
        fn rewritten_json_is_json(values in proptest::collection::vec("\\PC{0,12}", 0..6)) {
            let text = serde_json::json!({"called": values, "a\"b": values}).to_string();
            let kept = hashed().in_json(&text).into_owned();
            prop_assert!(serde_json::from_str::<serde_json::Value>(&kept).is_ok(), "{}", kept);
        }
    }
}
