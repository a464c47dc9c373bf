//! The story as JSON, with the names that every language uses; absent attributes are left out.

use serde_json::{Map, Value, json};

use super::{Call, CallLeg, Digits, Ending, Moment};
use crate::webhook::{Cdr, Timestamp};

impl Call {
    /// Everything that is known, attribute by attribute. The CDRs are in their natural form under wire names.
    pub fn to_json(&self) -> Map<String, Value> {
        object([
            ("session_id", self.session_id.as_ref().map(|id| json!(id))),
            ("attempt_tag", self.attempt_tag.as_ref().map(|tag| json!(tag.as_str()))),
            ("state", Some(json!(self.state.id()))),
            ("scene", Some(json!(self.scene.id()))),
            ("operation", self.operation.as_ref().map(|operation| json!(operation))),
            ("app_key", self.app_key.as_ref().map(|key| json!(key))),
            ("user_data", self.user_data.as_ref().map(|own| json!(own))),
            ("placed_at", time(&self.placed_at)),
            ("answered", Some(json!(self.answered()))),
            ("talk_seconds", self.talk_seconds().map(|seconds| json!(seconds))),
            (
                "billable_minutes",
                self.billable().map(|billable| json!(billable.minutes)),
            ),
            ("inferred", self.billable().map(|billable| json!(billable.inferred))),
            ("legs", Some(list(&self.legs, CallLeg::to_json))),
            (
                "digits",
                Some(list(&self.digits, Digits::to_json)).filter(|_| !self.digits.is_empty()),
            ),
            (
                "ending",
                self.ending.as_ref().map(|ending| Value::Object(ending.to_json())),
            ),
            ("timeline", Some(list(&self.timeline(), Moment::to_json))),
            (
                "cdrs",
                Some(list(&self.cdrs, Cdr::to_json)).filter(|_| !self.cdrs.is_empty()),
            ),
            (
                "unknown_events",
                Some(json!(self.unknown_events)).filter(|_| !self.unknown_events.is_empty()),
            ),
            ("conflicts", Some(json!(self.conflicts)).filter(|_| self.conflicts > 0)),
        ])
    }
}

impl CallLeg {
    /// With the names that every language uses; absent attributes are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        object([
            ("leg", Some(json!(self.name.id()))),
            ("number", self.number.as_ref().map(|number| json!(number))),
            (
                "display_number",
                self.display_number.as_ref().map(|number| json!(number)),
            ),
            ("state", Some(json!(self.state.id()))),
            ("calling_at", time(&self.calling_at)),
            ("ringing_at", time(&self.ringing_at)),
            ("answered_at", time(&self.answered_at)),
            ("talk_seconds", self.talk_seconds.map(|seconds| json!(seconds))),
            ("billable_minutes", self.billable_minutes.map(|minutes| json!(minutes))),
        ])
    }
}

impl Digits {
    /// With the names that every language uses; absent attributes are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        object([("at", time(&self.at)), ("keys", Some(json!(self.keys)))])
    }
}

impl Ending {
    /// With the names that every language uses; absent attributes are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        object([
            ("at", time(&self.at)),
            ("party_type", self.party_type.as_ref().map(|party| json!(party))),
            ("hung_up", self.hung_up.map(|leg| json!(leg.id()))),
            (
                "explanation",
                self.explanation
                    .as_ref()
                    .map(|explanation| Value::Object(explanation.to_json())),
            ),
        ])
    }
}

impl Moment {
    /// With the names that every language uses; absent attributes are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        object([
            ("at", Some(json!(self.at.to_string()))),
            ("what", Some(json!(self.what))),
            ("leg", self.leg.map(|leg| json!(leg.id()))),
        ])
    }
}

fn object<const N: usize>(attributes: [(&str, Option<Value>); N]) -> Map<String, Value> {
    attributes
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn list<T>(items: &[T], to_json: fn(&T) -> Map<String, Value>) -> Value {
    items.iter().map(|item| Value::Object(to_json(item))).collect()
}

fn time(time: &Option<Timestamp<'static>>) -> Option<Value> {
    time.as_ref().map(|time| json!(time.to_string()))
}
