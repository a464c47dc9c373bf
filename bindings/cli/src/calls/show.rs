//! `voicecall calls show`: the story of one call.

use std::time::Duration;

use clap::Args;
use serde_json::Value;
use voicecall_core::intake::{Call, Condition, MomentKind, State};
use voicecall_core::webhook::{LegName, Tariff};

use super::axis::Axis;
use super::row::{named, phone};
use crate::exit::Failure;
use crate::output::{self, BAD, FAINT, GOOD, ODD, STRONG, styled};
use crate::settings::Global;
use crate::store::{StoreOptions, TariffOptions};
use crate::wait::time;

/// Options of `voicecall calls show`.
#[derive(Debug, Args)]
pub(crate) struct ShowOptions {
    /// The call: its session id.
    #[arg(value_name = "ID")]
    session_id: String,
    /// Wait this long for the call's CDR, which is the last that there is to know.
    #[arg(long, value_name = "TIME", value_parser = time)]
    wait: Option<Duration>,
    #[command(flatten)]
    tariff: TariffOptions,
    #[command(flatten)]
    store: StoreOptions,
}

/// Shows what is known about the call.
pub(crate) fn run(options: &ShowOptions, global: &Global) -> Result<(), Failure> {
    let tariff = options.tariff.tariff()?;
    let intake = options.store.open(global)?;
    if let Some(time) = options.wait {
        let _ = intake.wait_for(&options.session_id, Condition::Reached(State::Billed), time)?;
    }
    let Some(call) = intake.call(&options.session_id)? else {
        let id = output::one_line(&options.session_id);
        return Err(Failure::local(format!("the store knows no call {id}")));
    };
    if global.json {
        output::json(&Value::Object(call.to_json()));
    } else {
        story(&call, tariff.as_ref());
    }
    Ok(())
}

fn story(call: &Call, tariff: Option<&Tariff>) {
    output::line(&format!("{}  {}", styled(STRONG, &named(call)), state(call)));
    head(call);
    legs(call);
    timeline(call);
    end(call, tariff);
}

fn state(call: &Call) -> String {
    let style = match call.state {
        State::Billed if call.answered() => GOOD,
        State::Billed => BAD,
        _ => ODD,
    };
    styled(style, call.state.id())
}

/// What the request said.
fn head(call: &Call) {
    let facts = [
        ("placed by", call.operation.clone()),
        ("application", call.app_key.clone()),
        ("user data", call.user_data.clone()),
        ("attempt", call.attempt_tag.as_ref().map(|tag| tag.as_str().to_owned())),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            output::line(&format!(
                "  {}  {}",
                styled(FAINT, &format!("{name:<11}")),
                output::one_line(&value)
            ));
        }
    }
}

/// The legs, each on its line of time.
fn legs(call: &Call) {
    let moments = call.timeline();
    let axis = Axis::new(moments.iter().map(|moment| moment.at.unix_seconds()));
    output::line("");
    if let (Some(axis), Some(first)) = (axis, moments.first()) {
        let begin = first.at.to_string();
        output::line(&format!("  {:<17} {}", "", styled(FAINT, &axis.ruler(&begin))));
    }
    for leg in &call.legs {
        let number = leg.number.as_deref().map_or_else(|| "?".to_owned(), phone);
        let line = axis.map_or_else(String::new, |axis| axis.line(leg));
        let talk = match leg.talk_seconds {
            Some(0) | None => String::new(),
            Some(seconds) => format!("  {seconds} s"),
        };
        output::line(format!("  {} {number:<15} {line}{talk}", leg_name(call, leg.leg)).trim_end());
    }
    if axis.is_some() {
        output::line(&format!(
            "  {:<15} {}",
            "",
            styled(FAINT, "· calling  ~ ringing  ━ answered")
        ));
    }
}

/// What happened when.
fn timeline(call: &Call) {
    let moments = call.timeline();
    let Some(begun) = moments.first().map(|moment| moment.at.unix_seconds()) else {
        return;
    };
    output::line("");
    let mut digits = call.digits.iter().filter(|digits| digits.at.is_some());
    for moment in &moments {
        let clock = format!("{:>5} s", moment.at.unix_seconds() - begun);
        let who = moment
            .leg
            .map_or_else(String::new, |leg| format!("{} ", leg_name(call, leg).trim()));
        let what = match moment.what {
            MomentKind::Digits => format!(
                "keys pressed: {}",
                digits.next().map_or("", |digits| digits.keys.as_str())
            ),
            MomentKind::Calling => format!("{}is being called", subject(&who)),
            MomentKind::Ringing => format!("{}rings", subject(&who)),
            MomentKind::Answered => format!("{}answers", subject(&who)),
            other => other.id().to_owned(),
        };
        output::line(&format!("  {}  {}", styled(FAINT, &clock), output::one_line(&what)));
    }
}

/// How it ended and what it cost.
fn end(call: &Call, tariff: Option<&Tariff>) {
    output::line("");
    let fact = |name: &str, value: String| {
        output::line(&format!(
            "  {}  {}",
            styled(FAINT, &format!("{name:<11}")),
            output::one_line(&value)
        ));
    };
    if let Some(ending) = &call.ending {
        if let Some(why) = &ending.explanation {
            fact("ended", why.to_string());
        }
        let by = [
            ending.party_type.clone(),
            ending.hung_up.map(|leg| format!("leg {}", leg.id().to_uppercase())),
        ];
        let by: Vec<_> = by.into_iter().flatten().collect();
        if !by.is_empty() {
            fact("hung up by", by.join(", "));
        }
        if let Some(advice) = ending.explanation.as_ref().and_then(|why| why.cause.advice) {
            fact("advice", advice.to_owned());
        }
    }
    match call.billable() {
        Some(billable) => {
            let price = tariff
                .and_then(|tariff| call.price(tariff))
                .map(|price| format!(", {price}"));
            let inferred = if billable.inferred && billable.minutes > 0 {
                " (inferred from the price list)"
            } else {
                ""
            };
            fact(
                "minutes",
                format!("{}{}{inferred}", billable.minutes, price.unwrap_or_default()),
            );
        }
        None if call.cdrs.is_empty() => fact("CDR", "not here yet".to_owned()),
        None => fact("minutes", "the CDR does not tell".to_owned()),
    }
    if call.cdrs.len() > 1 {
        fact("CDRs", format!("{}; minutes are those of the first", call.cdrs.len()));
    }
    if call.conflicts > 0 {
        fact(
            "conflicts",
            format!(
                "{} pushes contradict others; see the store's view `conflicts`",
                call.conflicts
            ),
        );
    }
    if !call.unknown_events.is_empty() {
        fact(
            "also",
            format!("events of kinds that are not known: {}", call.unknown_events.join(", ")),
        );
    }
}

/// `A` and `B` of a callback. Where there is one leg it needs no name.
fn leg_name(call: &Call, leg: LegName) -> &'static str {
    match (call.legs.len(), leg) {
        (1, _) => " ",
        (_, LegName::A) => "A",
        _ => "B",
    }
}

fn subject(who: &str) -> &str {
    match who.trim() {
        "" => "the phone ",
        _ => who,
    }
}
