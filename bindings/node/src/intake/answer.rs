//! What a store is asked and told, by name. The core does all of it; here arguments become its types, and its answers JSON.
//!
//! The TypeScript side has checked the JavaScript types of the arguments: what has another one here counts as left out.

use std::time::Duration;

use serde_json::{Map, Value, json};
use voicecall_core::AttemptTag;
use voicecall_core::calls::{OPERATIONS, PlacedCall};
use voicecall_core::intake::{Call, CallFilter, Intake, Placing, RejectedFilter, SETTLED_AFTER, TotalBy, TotalsQuery};
use voicecall_core::operation::Operation;
use voicecall_core::record::FromNatural;
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::Tariff;

use super::instant;
use crate::failure::Failure;

type Arguments = Map<String, Value>;
type Answer = Result<Value, Failure>;
type Question = fn(&Intake, Arguments) -> Answer;

/// What can be asked or told.
const QUESTIONS: &[(&str, Question)] = &[
    ("placed", placed),
    ("attempt", attempt),
    ("withdraw", withdraw),
    ("call", call),
    ("page", page),
    ("unsettled", unsettled),
    ("totals", totals),
    ("rejected", rejected),
    ("retryRejected", |intake, _| {
        Ok(Value::Object(intake.retry_rejected()?.to_json()))
    }),
    ("admitRejected", admit_rejected),
    ("purge", purge),
    ("check", |intake, _| done(intake.check())),
    ("probe", |intake, _| done(intake.probe())),
    ("storedNumber", stored_number),
];

/// Asks or tells.
pub(super) fn answer(intake: &Intake, what: &str, arguments: Arguments) -> Answer {
    let question = QUESTIONS.iter().find(|(name, _)| *name == what);
    let (_, answer) =
        question.ok_or_else(|| Failure::internal("no such question: package and addon differ in version"))?;
    answer(intake, arguments)
}

/// The story of a call. Its records stand there as they came: JavaScript reads them like those of a push.
pub(super) fn story(call: &Call) -> Value {
    let mut told = call.to_json();
    told.insert("cdrs".to_owned(), call.cdrs.iter().map(|cdr| cdr.raw()).collect());
    Value::Object(told)
}

/// A word that is none of those that there are.
pub(super) fn unknown_word<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
    let known: Vec<_> = known.into_iter().collect();
    Failure::invalid_argument(&format!("{name} must be one of {}", known.join(", ")))
}

/// Which records, or calls.
pub(super) fn filter(arguments: &mut Arguments) -> Result<CallFilter, Failure> {
    match arguments.remove("filter") {
        Some(Value::Object(filter)) => Ok(CallFilter::from_natural(filter)?),
        _ => Ok(CallFilter::new()),
    }
}

/// What a minute costs, if that is told.
pub(super) fn tariff(arguments: &Arguments) -> Result<Option<Tariff>, Failure> {
    let Some(tariff) = arguments.get("tariff") else {
        return Ok(None);
    };
    let text = |name: &str| tariff.get(name).and_then(Value::as_str).unwrap_or_default();
    Ok(Some(Tariff::new(text("perMinute"), text("currency"))?))
}

fn placed(intake: &Intake, mut arguments: Arguments) -> Answer {
    let (placing, tag) = (placing(&mut arguments)?, tag(&arguments)?);
    let call = PlacedCall::new().session_id(text(&arguments, "sessionId"));
    done(intake.placed(&placing, &call, tag.as_ref()))
}

/// Gives the mark, and the user data that carries it.
fn attempt(intake: &Intake, mut arguments: Arguments) -> Answer {
    let placing = placing(&mut arguments)?;
    let tag = tag(&arguments)?.map_or_else(AttemptTag::random, Ok)?;
    intake.attempt(&placing, &tag)?;
    let user_data = tag.append_to(placing.user_data.as_deref());
    Ok(json!({ "attempt_tag": tag.as_str(), "user_data": user_data }))
}

fn withdraw(intake: &Intake, arguments: Arguments) -> Answer {
    let tag = AttemptTag::parse(text(&arguments, "attemptTag"))?;
    done(intake.withdraw(&tag))
}

fn call(intake: &Intake, arguments: Arguments) -> Answer {
    let call = intake.call(text(&arguments, "sessionId"))?;
    Ok(call.as_ref().map_or(Value::Null, story))
}

fn page(intake: &Intake, mut arguments: Arguments) -> Answer {
    let page = intake.calls(&filter(&mut arguments)?)?;
    let calls: Vec<_> = page.calls.iter().map(story).collect();
    Ok(json!({ "calls": calls, "next": page.next }))
}

fn unsettled(intake: &Intake, arguments: Arguments) -> Answer {
    let older_than = arguments.get("olderThanMs").and_then(Value::as_u64);
    let calls = intake.unsettled(older_than.map_or(SETTLED_AFTER, Duration::from_millis))?;
    Ok(calls.iter().map(story).collect())
}

fn totals(intake: &Intake, mut arguments: Arguments) -> Answer {
    let mut query = TotalsQuery::new().filter(filter(&mut arguments)?);
    for by in arguments.get("by").and_then(Value::as_array).into_iter().flatten() {
        // The names of attributes are those of JavaScript.
        let known = TotalBy::ALL
            .iter()
            .find(|known| by.as_str() == Some(&camel(known.id())));
        let names = || TotalBy::ALL.iter().map(|by| camel(by.id())).collect::<Vec<_>>();
        let by = known.ok_or_else(|| unknown_word("by", names().iter().map(String::as_str)))?;
        query = query.by(*by);
    }
    if let Some(zone) = arguments.get("zone").and_then(Value::as_str) {
        query = query.zone(match CreatedZone::from(zone) {
            CreatedZone::Unknown(_) => return Err(unknown_word("zone", ["utc", "utc+8"])),
            known => known,
        });
    }
    query.tariff = tariff(&arguments)?;
    let totals = intake.totals(&query)?;
    Ok(totals.iter().map(|total| Value::Object(total.to_json())).collect())
}

fn rejected(intake: &Intake, arguments: Arguments) -> Answer {
    let filter = RejectedFilter::from_natural(arguments)?;
    Ok(Value::Object(intake.rejected(&filter)?.to_json()))
}

fn admit_rejected(intake: &Intake, arguments: Arguments) -> Answer {
    let ids = arguments.get("ids").and_then(Value::as_array);
    let ids: Vec<i64> = ids.into_iter().flatten().filter_map(Value::as_i64).collect();
    Ok(Value::Object(intake.admit_rejected(&ids)?.to_json()))
}

fn purge(intake: &Intake, arguments: Arguments) -> Answer {
    let before = arguments.get("before").and_then(Value::as_i64).unwrap_or(i64::MIN);
    Ok(Value::Object(intake.purge(instant(before))?.to_json()))
}

fn stored_number(intake: &Intake, arguments: Arguments) -> Answer {
    Ok(json!(intake.stored_number(text(&arguments, "number"))))
}

fn placing(arguments: &mut Arguments) -> Result<Placing, Failure> {
    let (operation, request) = (operation(text(arguments, "operation"))?, arguments.remove("request"));
    let request = match request {
        Some(Value::Object(request)) => request,
        _ => Map::new(),
    };
    Ok(Placing::new(operation, &*(operation.read)(request)?))
}

fn operation(name: &str) -> Result<&'static Operation, Failure> {
    let rings = || OPERATIONS.iter().copied().filter(|operation| operation.rings);
    let found = rings().find(|operation| camel(operation.name) == name);
    let names = || rings().map(|operation| camel(operation.name)).collect::<Vec<_>>();
    found.ok_or_else(|| unknown_word("operation", names().iter().map(String::as_str)))
}

fn tag(arguments: &Arguments) -> Result<Option<AttemptTag>, Failure> {
    let text = arguments.get("attemptTag").and_then(Value::as_str);
    Ok(text.map(AttemptTag::parse).transpose()?)
}

fn text<'a>(arguments: &'a Arguments, name: &str) -> &'a str {
    arguments.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// `display_number` as JavaScript has it: `displayNumber`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut camel, word| {
        camel.extend(word.chars().take(1).map(|letter| letter.to_ascii_uppercase()));
        camel.extend(word.chars().skip(1));
        camel
    })
}

fn done(outcome: Result<(), voicecall_core::Error>) -> Answer {
    Ok(outcome.map(|()| Value::Null)?)
}
