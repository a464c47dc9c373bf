//! What an event says when its fields are taken together, in one object: for languages that ask once instead of calling a
//! method for each conclusion.

use serde_json::{Map, Value, json};

use super::{Cdr, Leg, StatusEvent, Tariff};

impl StatusEvent {
    /// `explanation`, where there is one, as [`Explanation::to_json`](super::Explanation::to_json) tells it.
    pub fn summary(&self) -> Map<String, Value> {
        let explanation = self.explain();
        present([(
            "explanation",
            explanation.map(|explanation| Value::Object(explanation.to_json())),
        )])
    }
}

impl Cdr {
    /// `scene`, `answered`, `talk_seconds`, `legs`, `billable_minutes`, `price` (with a tariff), `recording` and
    /// `explanation`; what the record does not tell is left out. Holds phone numbers.
    pub fn summary(&self, tariff: Option<&Tariff>) -> Map<String, Value> {
        let legs: Vec<_> = self.legs().iter().map(|leg| Value::Object(leg.to_json())).collect();
        let price = tariff.and_then(|tariff| self.price(tariff));
        let explanation = self.explain();
        present([
            ("scene", Some(json!(self.scene().id()))),
            ("answered", Some(json!(self.answered()))),
            ("talk_seconds", self.talk_seconds().map(Value::from)),
            ("legs", Some(Value::Array(legs))),
            (
                "billable_minutes",
                self.billable().map(|billable| json!(billable.minutes)),
            ),
            ("price", price.map(|price| json!(price.amount()))),
            ("recording", self.recording().map(|source| json!(source.to_json()))),
            (
                "explanation",
                explanation.map(|explanation| Value::Object(explanation.to_json())),
            ),
        ])
    }
}

impl Leg<'_> {
    /// With the names that every language uses; what the record does not tell is left out. Holds phone numbers.
    pub fn to_json(&self) -> Map<String, Value> {
        present([
            ("leg", Some(json!(self.name.id()))),
            ("number", self.number.as_deref().map(Value::from)),
            ("display_number", self.display_number.as_deref().map(Value::from)),
            ("answered", Some(json!(self.answered()))),
            ("talk_seconds", self.talk_seconds().map(Value::from)),
            (
                "billable_minutes",
                self.billable().map(|billable| json!(billable.minutes)),
            ),
            ("inferred", Some(json!(self.inferred))),
        ])
    }
}

fn present<const N: usize>(members: [(&str, Option<Value>); N]) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}
