//! From what came to what is written: the rows of a push, and what they tell about their calls. Pure.

use std::borrow::Cow;

use super::call_facts::CallFacts;
use super::nonce::Claim;
use super::numbers::Numbers;
use super::placing::Placing;
use super::rejected::{RejectedRow, TakenUp};
use super::store::table::CDR;
use super::store::{Row, Value};
use super::story::State;
use super::variant::fingerprint;
use crate::attempt_tag::AttemptTag;
use crate::error::Error;
use crate::webhook::{Billable, Cdr, Event, FeeEvent, Leg, StatusEvent, Timestamp, UnknownEvent, parse_kept};

/// What one message adds to the store. Written together or not at all.
#[derive(Debug, Default, Clone)]
pub(super) struct Batch {
    /// The calls that it is about, each once.
    pub(super) calls: Vec<CallFacts>,
    /// Rows for the table of events.
    pub(super) events: Vec<Entry>,
    /// Rows for the table of CDRs.
    pub(super) cdrs: Vec<Entry>,
    /// Called numbers.
    pub(super) numbers: Vec<Entry>,
    /// Attempts to place a call.
    pub(super) attempts: Vec<Row<'static>>,
    /// What could not be read, or was refused.
    pub(super) rejected: Vec<RejectedRow>,
    /// The nonce that has to belong to this message's body.
    pub(super) claim: Option<Claim>,
    /// The text that could not be taken before, and that all of this was made of.
    pub(super) taken_up: Option<TakenUp>,
}

/// A row that belongs to a call, whose id only the store knows.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Position of the call in [`Batch::calls`]; `None` for a push that names no call.
    pub(super) call: Option<usize>,
    /// Its call is being made with it, so that nothing about it can be stored yet.
    pub(super) is_first: bool,
    /// The row, with [`CALL_ID`] in the place of the call's id.
    pub(super) row: Row<'static>,
}

impl Entry {
    fn of(call: Option<usize>, row: Row<'static>) -> Entry {
        Entry {
            call,
            is_first: false,
            row,
        }
    }
}

/// Stands for the call's id, or its segment, until it is known, and for good where there is no call.
pub(super) const CALL_ID: Value<'static> = Value::Integer(0);
/// Stands in a key for a time that did not come.
pub(super) const NO_TIME: i64 = 0;
/// The type under which a placing stands among the events.
pub(super) const PLACED: &str = "placed";

/// Begins the type of a push of an unknown kind among the events: it may call itself what it likes.
pub(super) const UNKNOWN: char = '?';

/// When, and on whose word, something came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Unix milliseconds.
    pub(super) received_at: i64,
    /// Id of the verdict on the signature.
    pub(super) verdict: &'static str,
}

impl Arrival {
    fn seconds(&self) -> i64 {
        self.received_at / 1000
    }

    fn columns(&self) -> [Value<'static>; 2] {
        [Value::Integer(self.received_at), Value::text(self.verdict)]
    }
}

impl Batch {
    /// The rows of a push, made of its text with numbers as the store keeps them, as if it had come so.
    pub(super) fn of_event(event: &Event, arrival: Arrival, numbers: &Numbers) -> Result<Batch, Error> {
        let mut batch = Batch::default();
        match (event, numbers) {
            (Event::Fee(event), _) => batch.add_fee(event, arrival, numbers)?,
            (Event::Status(event), Numbers::Plain) => batch.add_status(event, arrival),
            (Event::Unknown(event), Numbers::Plain) => batch.add_unknown(event, arrival),
            (event, hashed) => {
                let hidden = parse_kept(&hashed.in_json(event.raw()))?;
                return Batch::of_event(&hidden, arrival, &Numbers::Plain);
            }
        }
        Ok(batch)
    }

    /// The rows of a placing that the platform accepted.
    pub(super) fn of_placing(session_id: &str, placing: &Placing, tag: Option<&AttemptTag>, arrival: Arrival) -> Batch {
        let mut batch = Batch::default();
        let mut facts = CallFacts {
            user_data: placing.user_data.as_deref().map(|own| column_text(own).into_owned()),
            tag: tag.map(|tag| tag.as_str().to_owned()),
            ..CallFacts::at(session_id, State::Placed, placing.at, placing.at)
        };
        facts.user_data.take_if(|own| own.is_empty());
        let call = batch.call(facts);
        let mut row = vec![
            CALL_ID,
            Value::text(PLACED),
            Value::Integer(placing.at),
            Value::text(""),
        ];
        row.extend([Value::Null, Value::Null, Value::Null, Value::Null]);
        row.extend(arrival.columns());
        row.push(Value::text(placing.to_json(Some(session_id))));
        batch.events.push(Entry::of(Some(call), row));
        placing
            .called
            .iter()
            .for_each(|called| batch.add_number(call, &called.number));
        batch
    }

    /// The row of an attempt whose outcome is unknown.
    pub(super) fn of_attempt(tag: &AttemptTag, placing: &Placing) -> Batch {
        let row = vec![
            Value::text(tag.as_str().to_owned()),
            Value::Integer(placing.at),
            Value::text(placing.to_json(None)),
        ];
        Batch {
            attempts: vec![row],
            ..Batch::default()
        }
    }

    /// How many well-formed pushes are in it.
    pub(super) fn records(&self) -> usize {
        self.events.len() + self.cdrs.len()
    }

    /// About how many bytes writing it takes: its texts, once more for indexes, and a page in each of the tables.
    pub(super) fn bytes(&self) -> usize {
        const PAGES: usize = 64 * 1024;
        let records = self.events.iter().chain(&self.cdrs).map(|entry| &entry.row);
        let length = |value: &Value<'_>| value.as_text().map_or(8, str::len);
        PAGES + 2 * records.flatten().map(length).sum::<usize>()
    }

    fn add_status(&mut self, event: &StatusEvent, arrival: Arrival) {
        let time = event.timestamp().map(|time| time.unix_seconds());
        let at = time.unwrap_or(arrival.seconds());
        let facts = CallFacts::at(&event.session_id(), State::proved_by(event.event_type()), at, at);
        let call = self.call(facts.told_by(event.user_data(), event.attempt_tag()));
        let called = event.called();
        let party = called.as_deref().map(column_text).unwrap_or_default().into_owned();
        let mut row = vec![
            CALL_ID,
            Value::text(event.event_type().as_str().to_owned()),
            Value::Integer(time.unwrap_or(NO_TIME)),
            Value::text(party),
            text(event.caller()),
            event.state_code().into(),
            text(event.party_type()),
            text(event.digit_info()),
        ];
        row.extend(arrival.columns());
        row.push(Value::text(event.raw().to_owned()));
        self.events.push(Entry::of(Some(call), row));
        if let Some(number) = called {
            self.add_number(call, &number);
        }
    }

    /// Two pushes of an unknown kind are the same when their texts are: nothing else is known of them.
    fn add_unknown(&mut self, event: &UnknownEvent, arrival: Arrival) {
        let at = arrival.seconds();
        let call = event
            .session_id()
            .map(|session| self.call(CallFacts::at(&session, State::Placed, at, at)));
        let mut row = vec![
            CALL_ID,
            Value::text(format!("{UNKNOWN}{}", column_text(event.event_type()))),
            Value::Integer(NO_TIME),
            Value::text(fingerprint(event.raw().as_bytes())),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
        ];
        row.extend(arrival.columns());
        row.push(Value::text(event.raw().to_owned()));
        self.events.push(Entry::of(call, row));
    }

    fn add_fee(&mut self, event: &FeeEvent, arrival: Arrival, numbers: &Numbers) -> Result<(), Error> {
        let beside = event.extra();
        let beside = (!beside.is_empty()).then(|| serde_json::Value::Object(beside).to_string());
        let beside = beside.as_deref().map(|beside| numbers.in_json(beside));
        for cdr in event.cdrs() {
            self.add_cdr(&*numbers.in_cdr(cdr)?, beside.as_deref(), arrival);
        }
        let rejected = event.rejected().iter();
        self.rejected
            .extend(rejected.map(|record| RejectedRow::of_record(record, arrival, numbers)));
        Ok(())
    }

    fn add_cdr(&mut self, cdr: &Cdr, beside: Option<&str>, arrival: Arrival) {
        // Asked once: legs are put together from their times each time that they are asked for.
        let legs = cdr.legs();
        let fail = seconds(&cdr.fail_time());
        let end = legs.last().and_then(|leg| seconds(&leg.ended_at)).or(fail);
        let last = end.unwrap_or(arrival.seconds());
        let opened = legs.iter().find_map(|leg| seconds(&leg.calling_at)).unwrap_or(last);
        let facts = CallFacts::at(&cdr.session_id(), State::Billed, opened.min(last), last)
            .told_by(cdr.user_data(), cdr.attempt_tag());
        let mut row = Vec::with_capacity(CDR.columns.len());
        row.extend([
            CALL_ID,
            Value::text(cdr.icid().as_deref().map(column_text).unwrap_or_default().into_owned()),
            text(cdr.app_key()),
            Value::text(cdr.scene().id()),
            Value::optional_text(facts.user_data.clone()),
            Value::Integer(end.unwrap_or(NO_TIME)),
            fail.into(),
            cdr.ul_fail_reason().into(),
            cdr.sip_status_code().into(),
            Value::Integer(legs.last().is_some_and(Leg::answered).into()),
            count(legs.last().and_then(Leg::talk_seconds)),
        ]);
        let billable = Billable::of(&legs);
        row.extend([
            count(billable.map(|billable| billable.minutes)),
            billable.map(|billable| i64::from(billable.inferred)).into(),
            text(cdr.record_object_name()),
        ]);
        row.extend(leg_columns(legs.first()));
        row.extend(leg_columns(legs.get(1)));
        row.extend(arrival.columns());
        row.extend([
            Value::optional_text(beside.map(str::to_owned)),
            Value::text(cdr.raw().to_owned()),
        ]);
        let call = self.call(facts);
        self.cdrs.push(Entry::of(Some(call), row));
        for number in legs.iter().filter_map(|leg| leg.number.as_deref()) {
            self.add_number(call, number);
        }
    }

    /// The position of the call, to which these facts are added.
    fn call(&mut self, facts: CallFacts) -> usize {
        // A message is about one call, or about fifty different ones: looking from the end finds repeats soon enough.
        match self
            .calls
            .iter_mut()
            .enumerate()
            .rev()
            .find(|(_, known)| known.session_id == facts.session_id)
        {
            Some((position, known)) => {
                known.join(&facts);
                position
            }
            None => {
                self.calls.push(facts);
                self.calls.len() - 1
            }
        }
    }

    fn add_number(&mut self, call: usize, number: &str) {
        let row = vec![CALL_ID, Value::text(column_text(number).into_owned()), CALL_ID];
        self.numbers.push(Entry::of(Some(call), row));
    }
}

impl CallFacts {
    fn at(session_id: &str, state: State, opened_at: i64, last_at: i64) -> CallFacts {
        let session_id = column_text(session_id).into_owned();
        CallFacts {
            session_id,
            state,
            opened_at,
            last_at,
            user_data: None,
            tag: None,
        }
    }

    /// With the user data of a push and the mark that was in it.
    fn told_by(mut self, user_data: Option<Cow<'_, str>>, tag: Option<AttemptTag>) -> CallFacts {
        self.user_data = user_data.map(|own| column_text(&own).into_owned());
        self.tag = tag.map(|tag| tag.as_str().to_owned());
        self
    }
}

/// Longest text in a column that is searched, in bytes: four times 256 characters, the documented limit of the longest
/// such field. Databases bound what an index can hold; a push does not bound what it sends.
const LONGEST: usize = 1024;

/// A text as columns hold it: without NUL, which PostgreSQL cannot keep, and with a fingerprint in the place of what is
/// too long. The text as it came is in the column `raw`.
pub(super) fn column_text(text: &str) -> Cow<'_, str> {
    if text.len() > LONGEST {
        let kept = (0..=LONGEST / 2)
            .rev()
            .find_map(|length| text.get(..length))
            .unwrap_or_default();
        return Cow::Owned(format!(
            "{}…{}",
            kept.replace('\0', "\u{FFFD}"),
            fingerprint(text.as_bytes())
        ));
    }
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn text(text: Option<Cow<'_, str>>) -> Value<'static> {
    Value::optional_text(text.map(|text| column_text(&text).into_owned()))
}

fn count(number: Option<u64>) -> Value<'static> {
    number.and_then(|number| i64::try_from(number).ok()).into()
}

fn seconds(time: &Option<Timestamp<'_>>) -> Option<i64> {
    time.as_ref().map(Timestamp::unix_seconds)
}

fn leg_columns(leg: Option<&Leg<'_>>) -> [Value<'static>; 6] {
    let Some(leg) = leg else {
        return [const { Value::Null }; 6];
    };
    [
        text(leg.number.as_deref().map(Cow::Borrowed)),
        text(leg.display_number.as_deref().map(Cow::Borrowed)),
        seconds(&leg.calling_at).into(),
        seconds(&leg.ringing_at).into(),
        seconds(&leg.answered_at).into(),
        leg.unanswered_reason.into(),
    ]
}
