//! Which calls, or which records: what the questions to a store have in common.

use super::entry::column_text;
use super::numbers::Numbers;
use super::store::{Value, segment};
use super::story::State;
use crate::descriptor::Limit;
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::record;
use crate::validate::validate_record;
use crate::webhook::Timestamp;

record! {
    /// Which calls are meant: those that fit everything that is set.
    pub struct CallFilter: "pushes.md 7 and 8" {
        /// Begun, or for totals and exports ended, at this time or later: `2026-01-27T15:30:00Z`, or a day, in UTC.
        from: "from" => Text { limit: Limit::documented(10, 20) }
        /// Begun, or for totals and exports ended, before this time.
        until: "until" => Text { limit: Limit::documented(10, 20) }
        /// This number was called, as A, B or callee.
        number: "number" => Text { limit: Limit::documented(1, 256) }
        /// The number shown to the first called party. Known when the CDR is here.
        display_number: "displayNumber" => Text { limit: Limit::documented(1, 256) }
        /// Key of the application. Known when the CDR is here.
        app_key: "appKey" => Text { limit: Limit::documented(1, 256) }
        /// The request's user data, exactly, without the attempt tag.
        user_data: "userData" => Text { limit: Limit::documented(1, 256) }
        /// The state that the call is in: `placed`, `calling`, `ringing`, `answered`, `ended` or `billed`.
        state: "state" => Text { limit: Limit::documented(1, 32) }
        /// How many calls are given at most.
        limit: "limit" => Integer { default: Some("100"), limit: Limit::documented(1, 10_000), unit: Some("calls") }
        /// Go on behind the page that gave this mark as its `next`.
        after: "after" => Text { limit: Limit::documented(3, 64) }
    }
}

/// SQL conditions with their parameters.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    parts: Vec<String>,
    pub(super) parameters: Vec<Value<'static>>,
}

impl Conditions {
    /// Adds a condition; `{}` stands for each of the parameters.
    pub(super) fn add(&mut self, condition: &str, parameters: impl IntoIterator<Item = Value<'static>>) {
        let mut condition = condition.to_owned();
        for parameter in parameters {
            self.parameters.push(parameter);
            condition = condition.replacen("{}", &format!("?{}", self.parameters.len()), 1);
        }
        self.parts.push(condition);
    }

    /// ` WHERE …`, or nothing.
    pub(super) fn clause(&self) -> String {
        if self.parts.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.parts.join(" AND "))
        }
    }

    /// The place of one more parameter, such as a limit.
    pub(super) fn parameter(&mut self, value: Value<'static>) -> String {
        self.parameters.push(value);
        format!("?{}", self.parameters.len())
    }
}

impl CallFilter {
    /// Everything about calls, of the table of calls under the name `call`.
    pub(super) fn calls(&self, numbers: &Numbers) -> Result<Conditions, Error> {
        let mut conditions = self.common("call.opened_at", "call.id", numbers)?;
        if let Some(display) = &self.display_number {
            let display = Value::text(numbers.stored(display).into_owned());
            conditions.add(&with_cdr("a_display"), [display]);
        }
        if let Some(key) = &self.app_key {
            conditions.add(&with_cdr("app_key"), [Value::text(key.clone())]);
        }
        if let Some(state) = &self.state {
            conditions.add("call.state = {}", [Value::Integer(known_state(state)?.rank())]);
        }
        if let Some(after) = &self.after {
            let (opened_at, id) = Mark::parse(after)?;
            conditions.add(
                "(call.opened_at, call.id) < ({}, {})",
                [Value::Integer(opened_at), Value::Integer(id)],
            );
        }
        Ok(conditions)
    }

    /// Everything about records, of the table of CDRs under the name `cdr`.
    pub(super) fn cdrs(&self, numbers: &Numbers) -> Result<Conditions, Error> {
        let without = |name: &str, set: bool| match set {
            true => Err(misused(name, "has no meaning for records")),
            false => Ok(()),
        };
        without("state", self.state.is_some())?;
        without("limit", self.limit.is_some())?;
        without("after", self.after.is_some())?;
        let mut conditions = self.common("cdr.end_at", "cdr.call_id", numbers)?;
        if let Some(display) = &self.display_number {
            conditions.add(
                "cdr.a_display = {}",
                [Value::text(numbers.stored(display).into_owned())],
            );
        }
        if let Some(key) = &self.app_key {
            conditions.add("cdr.app_key = {}", [Value::text(key.clone())]);
        }
        Ok(conditions)
    }

    /// How many calls a page has at most.
    pub(super) fn page_size(&self) -> i64 {
        let default = || {
            Self::RECORD
                .field("limit")
                .and_then(|field| field.default)?
                .parse()
                .ok()
        };
        self.limit.or_else(default).unwrap_or(1)
    }

    fn common(&self, time: &str, call_id: &str, numbers: &Numbers) -> Result<Conditions, Error> {
        validate_record(self)?;
        if let Some(name) = self.extra.keys().next() {
            return Err(Error::invalid_argument(&at(name), Rule::UnknownField, "no such filter"));
        }
        let mut conditions = Conditions::default();
        if let Some(from) = &self.from {
            conditions.add(&format!("{time} >= {{}}"), [Value::Integer(instant("from", from)?)]);
        }
        if let Some(until) = &self.until {
            conditions.add(&format!("{time} < {{}}"), [Value::Integer(instant("until", until)?)]);
        }
        if let Some(number) = &self.number {
            let stored = numbers.stored(number);
            let number = Value::text(column_text(&stored).into_owned());
            let found = segment::search("intake_number", "entry.segment", "entry.call_id", "entry.number = {}");
            conditions.add(&format!("{call_id} IN ({found})"), [number]);
        }
        if let Some(own) = &self.user_data {
            let segment = segment::expression("entry.id");
            let found = segment::search("intake_call", &segment, "entry.id", "entry.user_data = {}");
            let own = Value::text(column_text(own).into_owned());
            conditions.add(&format!("{call_id} IN ({found})"), [own]);
        }
        Ok(conditions)
    }
}

/// Where a page of calls ended.
pub(super) struct Mark;

impl Mark {
    pub(super) fn write(opened_at: i64, id: i64) -> String {
        format!("{opened_at}.{id}")
    }

    fn parse(text: &str) -> Result<(i64, i64), Error> {
        let parts = text
            .split_once('.')
            .and_then(|(opened_at, id)| Some((opened_at.parse().ok()?, id.parse().ok()?)));
        parts.ok_or_else(|| misused("after", "is not the mark of a page"))
    }
}

fn with_cdr(column: &str) -> String {
    format!("EXISTS (SELECT 1 FROM intake_cdr AS cdr WHERE cdr.call_id = call.id AND cdr.{column} = {{}})")
}

fn known_state(id: &str) -> Result<State, Error> {
    let in_store = State::from_id(id).filter(|state| *state != State::Attempted);
    in_store.ok_or_else(|| {
        let states: Vec<_> = State::ALL.iter().skip(1).map(|state| state.id()).collect();
        let message = format!(
            "must be one of {}; attempts without a call are among `unsettled`",
            states.join(", ")
        );
        Error::invalid_argument(&at("state"), Rule::Enumeration, message)
    })
}

/// A time as people write it, in UTC.
fn instant(name: &str, text: &str) -> Result<i64, Error> {
    let plain = text.strip_suffix('Z').unwrap_or(text).replacen('T', " ", 1);
    let plain = if plain.len() == "2026-01-27".len() {
        plain + " 00:00:00"
    } else {
        plain
    };
    let time = Timestamp::parse(plain).map(|time| time.unix_seconds());
    time.ok_or_else(|| {
        let message = "must be a time such as 2026-01-27T15:30:00Z or a day such as 2026-01-27";
        Error::invalid_argument(&at(name), Rule::Characters, message)
    })
}

fn misused(name: &str, why: &str) -> Error {
    Error::invalid_argument(&at(name), Rule::DependsOn, why)
}

fn at(name: &str) -> Pointer {
    Pointer::root().member(name)
}

#[cfg(test)]
mod tests {
    use super::{CallFilter, instant};
    use crate::intake::numbers::Numbers;

    #[test]
    fn times_are_read_as_people_write_them() {
        for text in ["2019-01-24T03:04:24Z", "2019-01-24 03:04:24"] {
            assert_eq!(instant("from", text).unwrap(), 1_548_299_064);
        }
        assert_eq!(instant("from", "2019-01-24").unwrap() % 86_400, 0);
        assert_eq!(instant("from", "24.01.2019").unwrap_err().field(), Some("/from"));
    }

    #[test]
    fn conditions_and_parameters_have_one_order() {
        let filter = CallFilter::new()
            .from("2019-01-24")
            .number("+8613800000021")
            .state("ended")
            .after("7.9");
        let conditions = filter.calls(&Numbers::Plain).unwrap();
        assert_eq!(conditions.parameters.len(), 5);
        assert!(conditions.clause().ends_with("(call.opened_at, call.id) < (?4, ?5)"));
        assert_eq!(CallFilter::new().calls(&Numbers::Plain).unwrap().clause(), "");
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        let fault = |filter: CallFilter| filter.cdrs(&Numbers::Plain).unwrap_err().field().unwrap().to_owned();
        assert_eq!(fault(CallFilter::new().state("ended")), "/state");
        assert_eq!(fault(CallFilter::new().extra("until_", 1)), "/until_");
        let error = CallFilter::new().state("attempted").calls(&Numbers::Plain).unwrap_err();
        assert_eq!(error.field(), Some("/state"));
    }
}
