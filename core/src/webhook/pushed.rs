//! One record of a push, read in place: positions into the message that came, decoded field by field when asked.
//!
//! Tolerance rules (contract pushes.md 6, D7): absent, `null` and `""` are alike, an integer may be a numeric string or be
//! written as `0.0`, unknown fields are kept, and a value that cannot be read costs its field alone. Of a field that came twice the last one counts, as with every common JSON reader: what else
//! a program reads from the same bytes must agree with what this library says.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::scan::Span;
use super::time::{self, Timestamp};
use super::{EventType, json};
use crate::attempt_tag::{AttemptTag, split_user_data};
use crate::descriptor::{Field, FieldType, Record, Sensitivity};
use crate::mask::{self, HIDDEN};

/// A message and where everything stands in it. Shared by all records of the message; the text is copied once.
pub(super) struct Message {
    pub(super) text: Box<str>,
    pub(super) event_type: EventType,
    /// Fields of the outermost object that the event's kind does not have: name without quotes, value.
    pub(super) beside: Vec<(Span, Span)>,
    /// The declared fields of each record, in the order of its descriptor.
    pub(super) fields: Vec<Span>,
    /// The other fields of each record: name without quotes, value.
    pub(super) extra: Vec<(Span, Span)>,
}

/// Where one record stands in its [`Message`].
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) whole: Span,
    /// Index of the record's first field in [`Message::fields`].
    pub(super) fields: usize,
    /// Bounds of the record's part of [`Message::extra`].
    pub(super) extra: (usize, usize),
}

/// One record of a push. Cheap to clone: all records of a message share its text.
#[derive(Clone)]
pub struct Pushed {
    message: Arc<Message>,
    record: &'static Record,
    place: Place,
}

/// The decoded value of a field.
#[derive(Clone)]
#[non_exhaustive]
pub enum PushedValue<'a> {
    /// Text of any kind; borrowed from the message unless it had escapes.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A point in time.
    Time(Timestamp<'a>),
}

impl Pushed {
    pub(super) fn new(message: Arc<Message>, record: &'static Record, place: Place) -> Pushed {
        Pushed { message, record, place }
    }

    pub(super) fn message(&self) -> &Message {
        &self.message
    }

    /// The fields' descriptors.
    pub fn record(&self) -> &'static Record {
        self.record
    }

    /// The value of the field at this position of [`Record::fields`]; `None` when it is absent, `null` or `""`.
    pub fn value(&self, index: usize) -> Option<PushedValue<'_>> {
        match self.record.fields.get(index)?.ty {
            FieldType::Integer => self.integer(index).map(PushedValue::Integer),
            FieldType::Time => self.time(index).map(PushedValue::Time),
            FieldType::UserData => self.user_data(index).map(PushedValue::Text),
            _ => self.text(index).map(PushedValue::Text),
        }
    }

    pub(super) fn text(&self, index: usize) -> Option<Cow<'_, str>> {
        text(self.token(index)?)
    }

    /// A text without the mark that the library added to it.
    pub(super) fn user_data(&self, index: usize) -> Option<Cow<'_, str>> {
        let whole = self.text(index)?;
        match split_user_data(&whole) {
            (_, None) => Some(whole),
            (own, Some(_)) => own.map(|own| Cow::Owned(own.to_owned())),
        }
    }

    /// The mark that the library added to the request's user data.
    pub(super) fn attempt_tag(&self) -> Option<AttemptTag> {
        let index = self
            .record
            .fields
            .iter()
            .position(|field| matches!(field.ty, FieldType::UserData))?;
        split_user_data(&self.text(index)?).1
    }

    pub(super) fn integer(&self, index: usize) -> Option<i64> {
        integer(self.token(index)?)
    }

    pub(super) fn time(&self, index: usize) -> Option<Timestamp<'_>> {
        Timestamp::parse(text(self.token(index)?)?)
    }

    /// The JSON text of the whole record, as it came.
    pub fn raw(&self) -> &str {
        self.place.whole.of(&self.message.text)
    }

    /// The JSON text of one field's value, declared or not, as it came; `None` when the field did not come.
    pub fn raw_field(&self, name: &str) -> Option<&str> {
        match self.record.index_of(name) {
            Some(index) => self.token(index),
            None => {
                let mut extra = self.extra_spans().iter().rev();
                let (_, value) = extra.find(|(key, _)| json::name(key.of(&self.message.text)) == name)?;
                Some(value.of(&self.message.text))
            }
        }
    }

    /// The fields that the contract does not describe. Numbers keep the precision of 64 bits; see
    /// [`raw_field`](Pushed::raw_field) for the exact text. Described fields whose value cannot be read are in the member
    /// `unreadable`, as they came.
    pub fn extra(&self) -> Map<String, Value> {
        let mut extra = json::extra(&self.message.text, self.extra_spans());
        let unreadable: Map<String, Value> = self.unreadable().collect();
        if !unreadable.is_empty() {
            extra.insert(UNREADABLE.to_owned(), Value::Object(unreadable));
        }
        extra
    }

    /// Described fields whose value cannot be read, as they came. For a program they are absent.
    pub fn unreadable(&self) -> impl Iterator<Item = (String, Value)> {
        let tokens = self.record.fields.iter().enumerate();
        let tokens = tokens.filter_map(|(index, field)| Some((field, self.token(index)?)));
        tokens
            .filter(|(field, token)| !is_readable(&field.ty, token))
            .map(|(field, token)| (field.name.to_owned(), json::value(token)))
    }

    /// The natural JSON form under wire names: whole numbers are numbers, times RFC 3339, undocumented fields as they
    /// came; absent fields are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        let fields = self.record.fields.iter().enumerate();
        let mut object: Map<String, Value> = fields
            .filter_map(|(index, field)| Some((field.name.to_owned(), self.value(index)?.to_json())))
            .collect();
        object.extend(self.extra());
        object
    }

    /// Writes the fields that are there as far as their sensitivity allows. Of undocumented fields only the names: what
    /// they hold is unknown, and may be personal.
    pub(super) fn debug(&self, printed: &mut fmt::DebugStruct<'_, '_>) {
        for (index, field) in self.record.fields.iter().enumerate() {
            if let Some(value) = self.value(index) {
                printed.field(field.ident, &Shown { field, value });
            }
        }
        let extra = self.extra_spans();
        if !extra.is_empty() {
            let names: Vec<_> = extra
                .iter()
                .map(|(name, _)| json::name(name.of(&self.message.text)))
                .collect();
            printed.field("extra", &names);
        }
    }

    /// The JSON text of a declared field's value.
    #[inline]
    fn token(&self, index: usize) -> Option<&str> {
        if index >= self.record.fields.len() {
            return None;
        }
        let span = self.message.fields.get(self.place.fields + index)?;
        (!span.is_empty()).then(|| span.of(&self.message.text))
    }

    fn extra_spans(&self) -> &[(Span, Span)] {
        let (start, end) = self.place.extra;
        self.message.extra.get(start..end).unwrap_or_default()
    }
}

impl PushedValue<'_> {
    fn to_json(&self) -> Value {
        match self {
            PushedValue::Text(text) => Value::from(text.as_ref()),
            PushedValue::Integer(number) => Value::from(*number),
            PushedValue::Time(time) => Value::from(time.to_string()),
        }
    }
}

/// One value as far as its field's sensitivity allows.
struct Shown<'a> {
    field: &'a Field,
    value: PushedValue<'a>,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.field.sensitivity(), &self.value) {
            (Sensitivity::Hidden, _) => f.write_str(HIDDEN),
            (Sensitivity::LastFour, PushedValue::Text(text)) => mask::phone_number(text).fmt(f),
            (_, PushedValue::Text(text)) => text.fmt(f),
            (_, PushedValue::Integer(number)) => number.fmt(f),
            (_, PushedValue::Time(time)) => fmt::Display::fmt(time, f),
        }
    }
}

/// The member of the natural form that holds the fields whose value cannot be read.
pub(crate) const UNREADABLE: &str = "unreadable";

/// Whether a field's JSON value can be read as the field's type.
fn is_readable(ty: &FieldType, token: &str) -> bool {
    if is_absent(token) {
        return true;
    }
    match ty {
        FieldType::Integer => integer(token).is_some(),
        FieldType::Time => json::string(token).is_some_and(|text| time::seconds(&text).is_some()),
        _ => json::string(token).is_some(),
    }
}

/// `null` and `""` are the same as no field at all (D7).
#[inline]
pub(super) fn is_absent(token: &str) -> bool {
    matches!(token, "" | "null" | r#""""#)
}

/// The text of a field; `None` when it is absent.
#[inline]
pub(super) fn text(token: &str) -> Option<Cow<'_, str>> {
    json::string(token).filter(|text| !text.is_empty())
}

/// The number of an integer field; `None` when it is absent or no whole number.
#[inline]
fn integer(token: &str) -> Option<i64> {
    let number = if token.starts_with('"') {
        json::string(token)?
    } else {
        Cow::Borrowed(token)
    };
    // `parse` alone would also take a plus sign.
    let magnitude = number.strip_prefix('-').unwrap_or(&number);
    if magnitude.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.parse().ok();
    }
    let whole = whole_number(magnitude)?;
    if number.starts_with('-') {
        format!("-{whole}").parse().ok()
    } else {
        whole.parse().ok()
    }
}

/// The digits of a number with a fraction or an exponent, such as `0.0` and `1e2`, if it is whole.
#[cold]
fn whole_number(text: &str) -> Option<String> {
    /// No exponent of a number of 64 bits is longer.
    const LONGEST_EXPONENT: usize = 3;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits_only = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if !digits_only(before) || !digits_only(after) || !digits_only(exponent_digits) {
        return None;
    }
    let digits = format!("{before}{after}");
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('0').is_empty() {
        return Some("0".to_owned());
    }
    if exponent_digits.len() > LONGEST_EXPONENT {
        return None;
    }
    let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let point = i64::try_from(before.len()).ok()?.saturating_add(exponent);
    let zeros = point.checked_sub(i64::try_from(significant.len()).ok()?)?;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros < 20)?;
    Some(format!("{significant}{}", "0".repeat(zeros)))
}
