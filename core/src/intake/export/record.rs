//! The columns of an export, each declared once: its name and where its value comes from.

use serde_json::{Map, Value, json};

use super::Stored;
use crate::webhook::{Cdr, Leg, LegName, Price, Tariff, Timestamp, time};

/// What the columns are made of.
pub(super) struct Source<'a> {
    cdr: &'a Cdr,
    stored: &'a Stored,
    a: Option<Leg<'a>>,
    b: Option<Leg<'a>>,
    price: Option<Price>,
}

/// A column: its name, and its value, `null` where there is none.
type Column = (&'static str, fn(&Source<'_>) -> Value);

/// The columns, in their order.
pub(super) const COLUMNS: &[Column] = &[
    ("session_id", |source| json!(source.cdr.session_id())),
    ("icid", |source| json!(source.cdr.icid())),
    ("app_key", |source| json!(source.cdr.app_key())),
    ("scene", |source| json!(source.cdr.scene().id())),
    ("answered", |source| json!(source.cdr.answered())),
    ("started_at", |source| at(&source.cdr.call_out_start_time())),
    ("ended_at", |source| at(&source.cdr.call_end_time())),
    ("talk_seconds", |source| json!(source.cdr.talk_seconds())),
    ("billable_minutes", |source| {
        json!(source.cdr.billable().map(|billable| billable.minutes))
    }),
    ("inferred", |source| {
        json!(source.cdr.billable().map(|billable| billable.inferred))
    }),
    ("price", |source| json!(source.price.as_ref().map(Price::amount))),
    ("currency", |source| {
        json!(source.price.as_ref().map(|price| &price.currency))
    }),
    ("a_number", |source| {
        json!(source.a.as_ref().and_then(|leg| leg.number.as_deref()))
    }),
    ("a_display_number", |source| {
        json!(source.a.as_ref().and_then(|leg| leg.display_number.as_deref()))
    }),
    ("a_ringing_at", |source| leg_time(&source.a, |leg| &leg.ringing_at)),
    ("a_answered_at", |source| leg_time(&source.a, |leg| &leg.answered_at)),
    ("b_number", |source| {
        json!(source.b.as_ref().and_then(|leg| leg.number.as_deref()))
    }),
    ("b_display_number", |source| {
        json!(source.b.as_ref().and_then(|leg| leg.display_number.as_deref()))
    }),
    ("b_calling_at", |source| leg_time(&source.b, |leg| &leg.calling_at)),
    ("b_ringing_at", |source| leg_time(&source.b, |leg| &leg.ringing_at)),
    ("b_answered_at", |source| leg_time(&source.b, |leg| &leg.answered_at)),
    ("release_reason", |source| json!(source.cdr.ul_fail_reason())),
    ("cause", |source| {
        json!(source.cdr.explain().and_then(|explanation| explanation.cause.meaning))
    }),
    ("advice", |source| {
        json!(source.cdr.explain().and_then(|explanation| explanation.cause.advice))
    }),
    ("user_data", |source| json!(source.cdr.user_data())),
    ("recording", |source| json!(source.cdr.record_object_name())),
    ("verdict", |source| json!(source.stored.verdict)),
    ("received_at", |source| {
        at(&Timestamp::parse(time::pushed(source.stored.received_at)))
    }),
];

/// One record, ready to be written.
pub(super) struct Exported {
    /// In the order of [`COLUMNS`].
    pub(super) values: Vec<Value>,
    record: Map<String, Value>,
}

impl Exported {
    pub(super) fn new(cdr: &Cdr, stored: &Stored, tariff: Option<&Tariff>) -> Exported {
        let mut legs = cdr.legs();
        let b = legs.pop_if(|leg| leg.leg == LegName::B);
        let price = tariff.and_then(|tariff| cdr.price(tariff));
        let source = Source {
            cdr,
            stored,
            a: legs.pop(),
            b,
            price,
        };
        Exported {
            values: COLUMNS.iter().map(|(_, value)| value(&source)).collect(),
            record: cdr.to_json(),
        }
    }

    /// The columns that have a value, and the whole record.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let columns = COLUMNS.iter().zip(&self.values).filter(|(_, value)| !value.is_null());
        let mut object: Map<_, _> = columns
            .map(|((name, _), value)| ((*name).to_owned(), value.clone()))
            .collect();
        object.insert("record".to_owned(), Value::Object(self.record.clone()));
        object
    }
}

fn at(time: &Option<Timestamp<'_>>) -> Value {
    json!(time.as_ref().map(Timestamp::to_string))
}

fn leg_time<'a>(leg: &'a Option<Leg<'a>>, time: fn(&'a Leg<'a>) -> &'a Option<Timestamp<'a>>) -> Value {
    leg.as_ref().map_or(Value::Null, |leg| at(time(leg)))
}
