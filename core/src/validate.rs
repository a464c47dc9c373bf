//! Checks a record against its descriptor before anything is sent: pure, exact, the first violation wins.
//!
//! Fields are taken in the order of the contract's table; for each: is it there, does its value have the right form, the
//! right characters, length or range. What only the platform can know (is the number ordered, is the template approved)
//! is left to the platform. A field without effect is valid; [`warnings`](crate::warnings) names it.

use crate::descriptor::{Field, FieldType, Limit, Presence};
use crate::enumeration;
use crate::error::{Error, Measured, Rule};
use crate::mask;
use crate::operation::Operation;
use crate::pointer::Pointer;
use crate::record::{EXTRA, FieldValue, Fields};
use crate::url::HttpUrl;
use crate::warning;

enumeration! {
    /// Whether requests are checked before they are sent.
    pub enum Validation {
        /// All documented rules are checked offline.
        Strict = "strict",
        /// Nothing is checked; the platform decides.
        Off = "off",
    }
}

/// Longest value of one template variable, in UTF-8 bytes (contract requests.md 11, D16).
const TEMPLATE_VALUE_BYTES: i64 = 32;
/// Digits of a telephone number behind its `+` (contract requests.md 8, D8).
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 3..=30;

/// Checks a request: every field, those of nested records, and that extra fields repeat nothing that is sent anyway.
pub fn validate(operation: &Operation, request: &dyn Fields) -> Result<(), Error> {
    validate_record(request)?;
    match operation
        .fixed
        .iter()
        .find(|(name, _)| request.extra().contains_key(*name))
    {
        Some((name, _)) => Err(conflict(&Pointer::root(), name)),
        None => Ok(()),
    }
}

/// Checks every field of a record and of the records nested in it.
pub(crate) fn validate_record(record: &dyn Fields) -> Result<(), Error> {
    validate_at(record, &Pointer::root())
}

fn validate_at(record: &dyn Fields, at: &Pointer) -> Result<(), Error> {
    for (index, field) in record.record().fields.iter().enumerate() {
        let check = Check {
            record,
            field,
            around: at,
        };
        match record.get(index) {
            Some(value) => check.value(value)?,
            None => check.absence()?,
        }
    }
    match record.extra().keys().find(|name| record.record().field(name).is_some()) {
        Some(name) => Err(conflict(at, name)),
        None => Ok(()),
    }
}

fn conflict(at: &Pointer, name: &str) -> Error {
    let message = "an extra field repeats one that the library sends; set that one";
    Error::invalid_argument(&at.member(EXTRA).member(name), Rule::Conflict, message)
}

/// One field under inspection, with the record around it for its dependencies, and where that record is.
struct Check<'a> {
    record: &'a dyn Fields,
    field: &'static Field,
    around: &'a Pointer,
}

impl Check<'_> {
    /// Where the field is. Asked for when it is at fault, or holds records.
    fn at(&self) -> Pointer {
        self.around.member(self.field.name)
    }

    fn absence(&self) -> Result<(), Error> {
        match self.field.presence {
            Presence::Mandatory => Err(self.broken(Rule::Required, "is mandatory and not set")),
            // Told once, at the first of the two.
            Presence::OneOfTwo(other) if self.sibling(other).is_none() && self.comes_before(other) => Err(self.broken(
                Rule::Required,
                format!("exactly one of {} and {other} is needed", self.field.name),
            )),
            _ => Ok(()),
        }
    }

    fn value(&self, value: FieldValue<'_>) -> Result<(), Error> {
        self.exclusive()?;
        match value {
            FieldValue::Text(text) => self.text(text),
            FieldValue::Integer(number) => self.integer(number),
            FieldValue::Flag(_) => Ok(()),
            FieldValue::Texts(texts) => self.texts(texts),
            FieldValue::Records(records) => {
                self.length(records.count(), "items")?;
                (0..records.count())
                    .filter_map(|index| Some((index, records.at(index)?)))
                    .try_for_each(|(index, nested)| validate_at(nested, &self.at().index(index)))
            }
        }
    }

    fn exclusive(&self) -> Result<(), Error> {
        match self.field.presence {
            Presence::OneOfTwo(other) if self.sibling(other).is_some() && !self.comes_before(other) => Err(self
                .broken(
                    Rule::Exclusive,
                    format!("only one of {other} and {} may be set", self.field.name),
                )),
            _ => Ok(()),
        }
    }

    fn text(&self, text: &str) -> Result<(), Error> {
        match self.field.ty {
            FieldType::PhoneNumber => self.phone_number(text),
            FieldType::CallbackUrl => self.callback_url(text),
            FieldType::Enumeration(enumeration) => {
                let known: Vec<_> = enumeration.values.iter().map(|value| value.wire).collect();
                if known.contains(&text) {
                    return Ok(());
                }
                let got = shown(text);
                let rule = format!("must be one of {}, not {got}", known.join(", "));
                Err(self.broken(Rule::Enumeration, rule).with_measured(Measured::Text(got)))
            }
            FieldType::VoiceFile => {
                self.length(text.chars().count(), "characters")?;
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
                self.characters(
                    text,
                    allowed,
                    "only digits, letters and - _ . @ (the name of a voice file)",
                )
            }
            FieldType::UserData => {
                self.length(text.chars().count(), "characters")?;
                let allowed = |c: char| c != '{' && c != '}' && !is_chinese(c);
                self.characters(
                    text,
                    allowed,
                    "no { or } and no Chinese characters; Base64-encode such text",
                )
            }
            FieldType::VerifyCode => {
                self.length(text.chars().count(), "digits")?;
                self.characters(text, |c| c.is_ascii_digit(), "only digits 0-9")
            }
            FieldType::Secret if text.trim() != text => Err(self.broken(
                Rule::Characters,
                "must not begin or end with a blank or a line end; the last line of a file often has one",
            )),
            _ => self
                .length(text.chars().count(), "characters")
                .and_then(|()| self.fitting_length(text)),
        }
    }

    fn phone_number(&self, number: &str) -> Result<(), Error> {
        let digits = number.strip_prefix('+').unwrap_or_default();
        if NUMBER_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(());
        }
        let length = number.chars().count();
        let rule = "must be + and 3 to 30 digits: country code first, area code without its leading 0";
        let got = match number.strip_prefix('+') {
            None => "no leading +",
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => "the wrong number of digits",
            Some(_) => "a character that is no digit",
        };
        let error = self.broken(
            Rule::NumberFormat,
            format!("{rule}; got {length} characters with {got}"),
        );
        Err(error.with_measured(measured(length)))
    }

    fn callback_url(&self, url: &str) -> Result<(), Error> {
        if let Some(c) = url.chars().find(|c| !c.is_ascii_graphic()) {
            let found = format!("U+{:04X}", u32::from(c));
            let rule = format!("blanks, control characters and non-ASCII characters are not allowed; found {found}");
            return Err(self.broken(Rule::Characters, rule).with_measured(Measured::Text(found)));
        }
        if !url.is_empty() && HttpUrl::parse(url).is_none() {
            return Err(self.broken(Rule::Url, "must be an http or https address with a host"));
        }
        // The platform's limit counts what travels, which is the Base64 text (D10).
        let encoded = base64::encoded_len(url.len(), true).unwrap_or(usize::MAX);
        self.length(encoded, "characters of Base64 (96 bytes of URL)")
    }

    fn integer(&self, number: i64) -> Result<(), Error> {
        match self.enforced_limit() {
            Some(limit) if !limit.allows(number) => {
                let unit = self.field.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
                let rule = format!("must be {}{unit}, not {number}", range(limit));
                // A range of one value is a list of one.
                let broken = if limit.min == limit.max {
                    Rule::Enumeration
                } else {
                    Rule::Range
                };
                Err(self.broken(broken, rule).with_measured(Measured::Number(number)))
            }
            _ => Ok(()),
        }
    }

    fn texts(&self, texts: &[String]) -> Result<(), Error> {
        self.length(texts.len(), "items")?;
        if !matches!(self.field.ty, FieldType::TemplateValues) {
            return Ok(());
        }
        match texts.iter().position(|text| text.len() as i64 > TEMPLATE_VALUE_BYTES) {
            Some(index) => {
                let bytes = texts.get(index).map_or(0, String::len);
                let rule = format!("a template value has at most {TEMPLATE_VALUE_BYTES} bytes of UTF-8, not {bytes}");
                Err(self
                    .broken_at(&self.at().index(index), Rule::Length, rule)
                    .with_measured(measured(bytes)))
            }
            None => Ok(()),
        }
    }

    fn length(&self, length: usize, unit: &str) -> Result<(), Error> {
        match self.enforced_limit() {
            Some(limit) if !limit.allows(length as i64) => {
                let rule = format!("must have {} {unit}, not {length}", range(limit));
                Err(self.broken(Rule::Length, rule).with_measured(measured(length)))
            }
            _ => Ok(()),
        }
    }

    fn fitting_length(&self, text: &str) -> Result<(), Error> {
        let Some(other) = self.field.fits else { return Ok(()) };
        // A text without effect fits nothing, and harms nothing (D21).
        if warning::unmet(self.record, self.field).is_some() {
            return Ok(());
        }
        let length = text.chars().count();
        match self.sibling(other) {
            Some(FieldValue::Integer(wanted)) if wanted != length as i64 => {
                let rule = format!("must have as many characters as {other} says, {wanted}, not {length}");
                Err(self.broken(Rule::Length, rule).with_measured(measured(length)))
            }
            _ => Ok(()),
        }
    }

    fn characters(&self, text: &str, allowed: impl Fn(char) -> bool, rule: &str) -> Result<(), Error> {
        match text.chars().position(|c| !allowed(c)) {
            // The position tells enough; the character may be part of a secret.
            Some(index) => Err(self.broken(Rule::Characters, format!("{rule}; see character {}", index + 1))),
            None => Ok(()),
        }
    }

    fn enforced_limit(&self) -> Option<Limit> {
        self.field.limit.filter(|limit| limit.enforced)
    }

    fn sibling(&self, name: &str) -> Option<FieldValue<'_>> {
        self.record.get(self.record.record().index_of(name)?)
    }

    fn comes_before(&self, other: &str) -> bool {
        let record = self.record.record();
        record.index_of(self.field.name) < record.index_of(other)
    }

    fn broken(&self, rule: Rule, message: impl std::fmt::Display) -> Error {
        self.broken_at(&self.at(), rule, message)
    }

    fn broken_at(&self, at: &Pointer, rule: Rule, message: impl std::fmt::Display) -> Error {
        Error::invalid_argument(at, rule, message).with_result_code(self.field.refusal)
    }
}

fn range(limit: Limit) -> String {
    if limit.min == limit.max {
        limit.min.to_string()
    } else {
        format!("{} to {}", limit.min, limit.max)
    }
}

/// A value that belongs into a list of words, if it looks like a word: anything else may be personal.
fn shown(text: &str) -> String {
    let word = text.len() <= 32 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if word {
        mask::numbers_in(text)
    } else {
        format!("{} other characters", text.chars().count())
    }
}

fn measured(length: usize) -> Measured {
    Measured::Number(i64::try_from(length).unwrap_or(i64::MAX))
}

/// Chinese characters and Chinese punctuation: the ideograph blocks of Unicode, CJK symbols and full-width forms.
fn is_chinese(c: char) -> bool {
    matches!(
        u32::from(c),
        0x2E80..=0x2FDF | 0x3000..=0x303F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x20000..=0x323AF
    )
}
