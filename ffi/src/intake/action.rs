//! What a store is asked and told, by name. The core does all of it; here arguments become its types, and its answers
//! values.

use std::time::Duration;

use serde_json::{Map, Value, json};
use voicecall_core::calls::{self, OPERATIONS, PlacedCall};
use voicecall_core::intake::{
    Call, CallFilter, Condition, Intake, Lane, Placing, RejectedFilter, SETTLED_AFTER, State, Total, TotalBy,
    TotalsQuery,
};
use voicecall_core::operation::Operation;
use voicecall_core::record::FromNatural;
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::Tariff;
use voicecall_core::{AttemptTag, Cancellation, Job, Rule};

use super::arguments::{Arguments, about, unknown_word};
use super::instant;
use crate::arguments::invalid;
use crate::boundary::Failure;
use crate::queue::{self, Post};

type Answer = Result<Map<String, Value>, Failure>;

/// One thing that a store can be asked or told.
pub(super) struct Action {
    name: &'static str,
    arguments: &'static [&'static str],
    run: Run,
}

/// How it is done.
#[derive(Clone, Copy)]
enum Run {
    /// On a thread, in this lane when it is submitted.
    Now(Lane, fn(&Intake, Arguments) -> Answer),
    /// Later: something is waited for.
    Wait,
}

const fn ask(name: &'static str, arguments: &'static [&'static str], run: fn(&Intake, Arguments) -> Answer) -> Action {
    let run = Run::Now(Lane::Ask, run);
    Action { name, arguments, run }
}

const fn tell(name: &'static str, arguments: &'static [&'static str], run: fn(&Intake, Arguments) -> Answer) -> Action {
    let run = Run::Now(Lane::Receive, run);
    Action { name, arguments, run }
}

/// Every action, in the order of the documentation.
const ACTIONS: &[Action] = &[
    ask("call", &["sessionId"], call),
    Action {
        name: "wait_for",
        arguments: &["sessionId", "condition", "timeoutMs"],
        run: Run::Wait,
    },
    ask("calls", &["filter"], calls),
    ask("unsettled", &["olderThanMs"], unsettled),
    ask("rejected", &["filter"], rejected),
    ask("retry_rejected", &[], retry_rejected),
    ask("admit_rejected", &["ids"], admit_rejected),
    ask(
        "totals",
        &["filter", "by", "zone", "pricePerMinute", "currency"],
        totals,
    ),
    tell("attempt", &["operation", "request", "attemptTag"], attempt),
    tell("placed", &["operation", "request", "sessionId", "attemptTag"], placed),
    tell("withdraw", &["attemptTag"], withdraw),
    ask("purge", &["before"], purge),
    ask("check", &[], check),
    ask("probe", &[], probe),
    ask("stored_number", &["number"], stored_number),
];

/// The action of this name.
pub(super) fn named(name: &str) -> Result<&'static Action, Failure> {
    ACTIONS.iter().find(|action| action.name == name).ok_or_else(|| {
        let names: Vec<_> = ACTIONS.iter().map(|action| action.name).collect();
        invalid(format!("`action` is none of {}", names.join(", ")))
    })
}

impl Action {
    /// Does it, and waits for it.
    pub(super) fn perform(&self, intake: &Intake, arguments: Map<String, Value>) -> Answer {
        let arguments = Arguments::new(arguments, self.arguments)?;
        match self.run {
            Run::Now(_, run) => run(intake, arguments),
            Run::Wait => {
                let wait = Wait::read(arguments)?;
                let call = intake.wait_for(&wait.session_id, wait.condition, wait.timeout)?;
                Ok(call.ok_or(Failure::Absent)?.to_json())
            }
        }
    }

    /// Does it later. What is wrong with the arguments is its outcome.
    pub(super) fn submit(&'static self, intake: &Intake, arguments: Map<String, Value>, post: Post) -> Job {
        match self.run {
            Run::Now(lane, _) => intake.submit(
                lane,
                move |intake, _| self.perform(intake, arguments),
                |answer| post.send(answer.map(queue::Answer::Object)),
            ),
            Run::Wait => match Arguments::new(arguments, self.arguments).and_then(Wait::read) {
                Ok(wait) => intake.submit_wait(&wait.session_id, wait.condition, wait.timeout, |outcome| {
                    post.send(queue::object(outcome, |call| call.map(|call| call.to_json())));
                }),
                Err(failure) => {
                    let refuse = move |_: &Intake, _: &Cancellation| Err(failure);
                    intake.submit(Lane::Ask, refuse, |outcome| post.send(outcome))
                }
            },
        }
    }
}

/// What to wait for.
struct Wait {
    session_id: String,
    condition: Condition,
    timeout: Duration,
}

impl Wait {
    fn read(mut arguments: Arguments) -> Result<Wait, Failure> {
        let session_id = arguments.text("sessionId")?;
        let condition = arguments.text("condition")?;
        let condition = Condition::from_id(&condition).ok_or_else(|| {
            let states = State::ALL.iter().map(|state| state.id());
            unknown_word("condition", states.chain(["a_answered", "b_answered", "digits"]))
        })?;
        let timeout = milliseconds("timeoutMs", arguments.integer("timeoutMs")?)?;
        Ok(Wait {
            session_id,
            condition,
            timeout,
        })
    }
}

fn call(intake: &Intake, mut arguments: Arguments) -> Answer {
    let session_id = arguments.text("sessionId")?;
    let call = intake.call(&session_id)?.ok_or(Failure::Absent)?;
    Ok(call.to_json())
}

fn calls(intake: &Intake, mut arguments: Arguments) -> Answer {
    Ok(intake.calls(&filter(&mut arguments)?)?.to_json())
}

fn unsettled(intake: &Intake, mut arguments: Arguments) -> Answer {
    let older_than = match arguments.optional_integer("olderThanMs")? {
        Some(age) => milliseconds("olderThanMs", age)?,
        None => SETTLED_AFTER,
    };
    let calls = intake.unsettled(older_than)?;
    Ok(member("calls", calls.iter().map(Call::to_json).collect()))
}

fn rejected(intake: &Intake, mut arguments: Arguments) -> Answer {
    let filter = arguments.optional_object("filter")?.unwrap_or_default();
    Ok(intake.rejected(&RejectedFilter::from_natural(filter)?)?.to_json())
}

fn retry_rejected(intake: &Intake, _: Arguments) -> Answer {
    Ok(intake.retry_rejected()?.to_json())
}

fn admit_rejected(intake: &Intake, mut arguments: Arguments) -> Answer {
    let ids = arguments.texts("ids")?;
    let ids: Result<Vec<i64>, _> = ids.iter().map(|id| id.parse()).collect();
    let ids = ids.map_err(|_| about("ids", "must be whole numbers, as texts", Rule::Type))?;
    Ok(intake.admit_rejected(&ids)?.to_json())
}

fn totals(intake: &Intake, mut arguments: Arguments) -> Answer {
    let mut query = TotalsQuery::new().filter(filter(&mut arguments)?);
    for by in arguments.texts("by")? {
        let known = || unknown_word("by", TotalBy::ALL.iter().map(|by| by.id()));
        query = query.by(TotalBy::from_id(&by).ok_or_else(known)?);
    }
    if let Some(zone) = arguments.optional_text("zone")? {
        query = query.zone(match CreatedZone::from(zone.as_str()) {
            CreatedZone::Unknown(_) => {
                return Err(unknown_word("zone", ["utc", "beijing"]));
            }
            known => known,
        });
    }
    query.tariff = tariff(&mut arguments)?;
    let totals = intake.totals(&query)?;
    let totals = totals.iter().map(Total::to_json);
    Ok(member("totals", totals.collect()))
}

fn attempt(intake: &Intake, mut arguments: Arguments) -> Answer {
    let (placing, mut request) = placing(&mut arguments)?;
    let tag = match arguments.optional_text("attemptTag")? {
        Some(tag) => AttemptTag::parse(&tag)?,
        None => AttemptTag::random()?,
    };
    intake.attempt(&placing, &tag)?;
    // From the placing: a tag that an earlier attempt left there is not in it.
    request.insert(
        "userData".to_owned(),
        json!(tag.append_to(placing.user_data.as_deref())),
    );
    let mut answer = member("attemptTag", json!(tag.as_str()));
    answer.insert("request".to_owned(), Value::Object(request));
    Ok(answer)
}

fn placed(intake: &Intake, mut arguments: Arguments) -> Answer {
    let (placing, _) = placing(&mut arguments)?;
    let call = PlacedCall::new().session_id(arguments.text("sessionId")?);
    let tag = arguments.optional_text("attemptTag")?;
    let tag = tag.as_deref().map(AttemptTag::parse).transpose()?;
    intake.placed(&placing, &call, tag.as_ref())?;
    Ok(Map::new())
}

fn withdraw(intake: &Intake, mut arguments: Arguments) -> Answer {
    let tag = AttemptTag::parse(&arguments.text("attemptTag")?)?;
    intake.withdraw(&tag)?;
    Ok(Map::new())
}

fn purge(intake: &Intake, mut arguments: Arguments) -> Answer {
    Ok(intake.purge(instant(arguments.integer("before")?))?.to_json())
}

fn check(intake: &Intake, _: Arguments) -> Answer {
    intake.check()?;
    Ok(Map::new())
}

fn probe(intake: &Intake, _: Arguments) -> Answer {
    intake.probe()?;
    Ok(Map::new())
}

fn stored_number(intake: &Intake, mut arguments: Arguments) -> Answer {
    let number = arguments.text("number")?;
    Ok(member("number", json!(intake.stored_number(&number))))
}

/// What a program places, and the request as it was given.
fn placing(arguments: &mut Arguments) -> Result<(Placing, Map<String, Value>), Failure> {
    let operation = operation(&arguments.text("operation")?)?;
    let request = arguments.object("request")?;
    let fields = (operation.read)(request.clone())?;
    Ok((Placing::new(operation, &*fields), request))
}

fn operation(name: &str) -> Result<&'static Operation, Failure> {
    let rings = calls::operation(name).filter(|operation| operation.rings);
    rings.ok_or_else(|| {
        let known = OPERATIONS.iter().filter(|operation| operation.rings);
        unknown_word("operation", known.map(|operation| operation.name))
    })
}

pub(super) fn filter(arguments: &mut Arguments) -> Result<CallFilter, Failure> {
    let filter = arguments.optional_object("filter")?.unwrap_or_default();
    Ok(CallFilter::from_natural(filter)?)
}

pub(super) fn tariff(arguments: &mut Arguments) -> Result<Option<Tariff>, Failure> {
    let currency = arguments.optional_text("currency")?;
    match (arguments.optional_text("pricePerMinute")?, currency) {
        (Some(price), currency) => Ok(Some(Tariff::new(
            &price,
            currency.as_deref().unwrap_or(Tariff::CURRENCY),
        )?)),
        (None, Some(_)) => Err(about(
            "currency",
            "has no meaning without pricePerMinute",
            Rule::DependsOn,
        )),
        (None, None) => Ok(None),
    }
}

fn milliseconds(name: &str, number: i64) -> Result<Duration, Failure> {
    let number = u64::try_from(number).map_err(|_| about(name, "must not be negative", Rule::Range))?;
    Ok(Duration::from_millis(number))
}

fn member(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}
