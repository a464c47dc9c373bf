//! The tables as the intake writes them: names and order of the columns, once. The schema files declare their types, the
//! rows of [`entry`](crate::intake::entry) give their values in this order.

use std::borrow::Cow;

/// A value in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::intake) enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text without NUL characters.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

/// The values of a row, in the order of the table's columns or of a query's results.
pub(in crate::intake) type Row<'a> = Vec<Value<'a>>;

/// A table that the intake writes.
#[derive(Debug)]
pub(in crate::intake) struct Table {
    pub(in crate::intake) name: &'static str,
    /// The columns: first those of the key, which nothing may have twice.
    pub(in crate::intake) columns: &'static [Column],
    /// How many columns the key has.
    pub(in crate::intake) key: usize,
}

/// A column's name and what is in it.
#[derive(Debug)]
pub(in crate::intake) struct Column {
    pub(in crate::intake) name: &'static str,
    /// Databases with types of their own need it.
    #[cfg_attr(
        not(feature = "intake-postgres"),
        allow(dead_code, reason = "SQLite tells types by the values")
    )]
    pub(in crate::intake) ty: Type,
}

/// What is in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Type {
    Integer,
    Text,
    Bytes,
}

macro_rules! table {
    ($name:literal, key [$($key:ident: $key_type:ident),+], $($column:ident: $column_type:ident),*) => {
        Table {
            name: $name,
            columns: &[
                $(Column { name: stringify!($key), ty: Type::$key_type },)+
                $(Column { name: stringify!($column), ty: Type::$column_type },)*
            ],
            key: [$(stringify!($key)),+].len(),
        }
    };
}

/// Calls. The store gives each an id, by which the other tables know it.
pub(in crate::intake) static CALL: Table = table!(
    "intake_call",
    key [session_id: Text],
    state: Integer, opened_at: Integer, last_at: Integer, user_data: Text, tag: Text
);

/// Status pushes, pushes of unknown kinds, and placings.
pub(in crate::intake) static EVENT: Table = table!(
    "intake_event",
    key [call_id: Integer, type: Text, at: Integer, party: Text],
    caller: Text, state_code: Integer, party_type: Text, digits: Text,
    received_at: Integer, verdict: Text, raw: Text
);

/// CDRs.
pub(in crate::intake) static CDR: Table = table!(
    "intake_cdr",
    key [call_id: Integer, icid: Text],
    app_key: Text, scene: Text, user_data: Text, end_at: Integer, fail_at: Integer,
    release_reason: Integer, sip_status: Integer, answered: Integer, talk_seconds: Integer, minutes: Integer,
    inferred: Integer, recording: Text,
    a_number: Text, a_display: Text, a_start: Integer, a_ringing: Integer, a_answer: Integer, a_reason: Integer,
    b_number: Text, b_display: Text, b_start: Integer, b_ringing: Integer, b_answer: Integer, b_reason: Integer,
    received_at: Integer, verdict: Text, beside: Text, raw: Text
);

/// Which numbers a call called; see [`segment`](super::segment).
pub(in crate::intake) static NUMBER: Table =
    table!("intake_number", key [segment: Integer, number: Text, call_id: Integer],);

/// Pushes that contradict another one about the same thing.
pub(in crate::intake) static CONFLICT: Table = table!(
    "intake_conflict",
    key [call_id: Integer, kind: Text, fingerprint: Text],
    party: Text, received_at: Integer, verdict: Text, raw: Text
);

/// What could not be read, or was refused.
pub(in crate::intake) static REJECTED: Table = table!(
    "intake_rejected",
    key [class: Text, fingerprint: Text],
    received_at: Integer, position: Integer, field: Text, reason: Text, verdict: Text, size: Integer, raw: Bytes
);

/// Nonces of pushes, and the bodies that they belong to.
pub(in crate::intake) static NONCE: Table = table!(
    "intake_nonce",
    key [app_key: Text, nonce: Text],
    body: Text, kept_until: Integer
);

/// Attempts to place a call.
pub(in crate::intake) static ATTEMPT: Table = table!("intake_attempt", key [tag: Text], at: Integer, raw: Text);

impl Table {
    /// The columns' names, joined by commas.
    pub(in crate::intake) fn column_list(&self) -> String {
        self.columns
            .iter()
            .map(|column| column.name)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The columns of the key.
    pub(in crate::intake) fn key_columns(&self) -> &'static [Column] {
        self.columns.get(..self.key).unwrap_or_default()
    }
}

impl<'a> Value<'a> {
    /// Text.
    pub(in crate::intake) fn text(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::Text(text.into())
    }

    /// Text or nothing.
    pub(in crate::intake) fn optional_text(text: Option<impl Into<Cow<'a, str>>>) -> Value<'a> {
        text.map_or(Value::Null, Value::text)
    }

    pub(in crate::intake) fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    #[cfg(feature = "intake-postgres")]
    pub(in crate::intake) fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(in crate::intake) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Value::Null, Value::Integer)
    }
}
