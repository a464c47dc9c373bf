//! A short random mark in `userData`, by which a call whose outcome is unknown is recognised when its webhooks arrive.
//!
//! The platform's answer names the session; without an answer nothing does. `userData` is the one field that comes back
//! in every push (contract requests.md 10), so the mark travels at its end and is taken off again on reading. It tells
//! itself apart from a user's own text by its form and two check digits, so reading needs no setting.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::pointer::Pointer;

/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 60 random bits: among a million open attempts two are alike once in a million times.
const RANDOM: usize = 12;
const CHECK: usize = 2;
const LENGTH: usize = RANDOM + CHECK;
/// Stands between a user's text and the tag; no URL encoding changes it.
const SEPARATOR: char = '-';

/// The mark of one attempt to place a call.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttemptTag(String);

impl AttemptTag {
    /// A new tag from the operating system's random source.
    ///
    /// # Errors
    /// `internal` when there are no random numbers to be had.
    pub fn random() -> Result<AttemptTag, Error> {
        let mut bytes = [0; RANDOM];
        getrandom::fill(&mut bytes).map_err(|error| {
            Error::new(ErrorKind::Internal, Delivery::NotSent, "no random numbers to be had")
                .with_source(error.to_string())
        })?;
        let random: String = bytes.iter().map(|byte| letter(*byte)).collect();
        let check = check_letters(&random);
        Ok(AttemptTag(random + &check))
    }

    /// The tag with this text: 14 digits and capital letters, of which the last two fit the others.
    ///
    /// # Errors
    /// `invalid_argument` for any other text.
    pub fn parse(text: &str) -> Result<AttemptTag, Error> {
        if is_tag(text) {
            return Ok(AttemptTag(text.to_owned()));
        }
        let message = "not an attempt tag: 14 digits and capital letters, the last two of which check the others";
        Err(Error::invalid_argument(
            &Pointer::root().member("attemptTag"),
            Rule::Characters,
            message,
        ))
    }

    /// The tag as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that goes out as `userData`: the user's own, and the tag behind it.
    pub fn append_to(&self, user_data: Option<&str>) -> String {
        match user_data {
            Some(text) if !text.is_empty() => format!("{text}{SEPARATOR}{}", self.0),
            _ => self.0.clone(),
        }
    }
}

impl fmt::Display for AttemptTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AttemptTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Splits the `userData` of a push into the user's own text and the tag that the library added. A text without a tag
/// comes back whole.
pub fn split_user_data(user_data: &str) -> (Option<&str>, Option<AttemptTag>) {
    let boundary = user_data
        .len()
        .checked_sub(LENGTH)
        .and_then(|position| user_data.split_at_checked(position));
    match boundary {
        Some(("", tag)) if is_tag(tag) => (None, Some(AttemptTag(tag.to_owned()))),
        Some((before, tag)) if is_tag(tag) => match before.strip_suffix(SEPARATOR) {
            Some(own) if !own.is_empty() => (Some(own), Some(AttemptTag(tag.to_owned()))),
            _ => (Some(user_data), None),
        },
        _ => (Some(user_data).filter(|text| !text.is_empty()), None),
    }
}

fn is_tag(text: &str) -> bool {
    let Some((random, check)) = text.split_at_checked(RANDOM) else {
        return false;
    };
    text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte)) && check_letters(random) == check
}

/// Make a user's own text of the same form pass for a tag once in 1024 times only.
fn check_letters(random: &str) -> String {
    Sha256::digest(random.as_bytes())
        .iter()
        .take(CHECK)
        .map(|byte| letter(*byte))
        .collect()
}

fn letter(byte: u8) -> char {
    ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AttemptTag, LENGTH, split_user_data};

    #[test]
    fn a_tag_goes_on_and_comes_off_again() {
        let tag = AttemptTag::random().unwrap();
        assert_eq!(tag.as_str().len(), LENGTH);
        for own in [None, Some("customerId123"), Some("a-"), Some("-"), Some("语音")] {
            assert_eq!(
                split_user_data(&tag.append_to(own)),
                (own, Some(tag.clone())),
                "{own:?}"
            );
        }
        let other = AttemptTag::random().unwrap();
        let twice = other.append_to(Some(&tag.append_to(Some("x"))));
        assert_eq!(split_user_data(&twice).1, Some(other));
    }

    #[test]
    fn a_text_without_a_tag_stays_whole() {
        let tag = AttemptTag::random().unwrap();
        let wrong_check = format!(
            "{}{}",
            &tag.as_str()[..12],
            if tag.as_str().ends_with("00") { "01" } else { "00" }
        );
        let glued = format!("order{tag}");
        for text in [
            "order-7",
            "-",
            "语音语音语音",
            wrong_check.as_str(),
            glued.as_str(),
            &tag.as_str()[1..],
        ] {
            assert_eq!(split_user_data(text), (Some(text), None), "{text}");
        }
        assert_eq!(split_user_data(""), (None, None));
    }

    #[test]
    fn parse_takes_tags_only() {
        let tag = AttemptTag::random().unwrap();
        assert_eq!(AttemptTag::parse(tag.as_str()).unwrap(), tag);
        assert!(AttemptTag::parse("order-7").is_err());
    }

    proptest! {
        #[test]
        fn any_text_splits_without_loss(text in ".{0,40}") {
            let (own, tag) = split_user_data(&text);
            match tag {
                Some(tag) => prop_assert_eq!(tag.append_to(own).len(), text.len()),
                None => prop_assert_eq!(own.unwrap_or_default(), text.as_str()),
            }
        }
    }
}
