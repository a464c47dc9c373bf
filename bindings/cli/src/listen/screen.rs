//! What `voicecall listen` shows to people: masked lines. Programs get the line of the file.

use std::time::UNIX_EPOCH;

use voicecall_core::mask;
use voicecall_core::webhook::{Cdr, Event, Verdict};

use super::entry::Entry;
use crate::output::{self, BAD, FAINT, GOOD, ODD, styled};
use crate::receiver::Arrival;
use crate::timeline;

/// The lines for one push.
pub(super) fn lines(arrival: &Arrival, entry: &Entry) -> String {
    let clock = styled(FAINT, &clock());
    let event = match arrival.event() {
        Ok(event) => event,
        Err(error) => return format!("{clock}  {}", styled(BAD, &output::one_line(&error.to_string()))),
    };
    let repeated = if entry.is_duplicate() {
        styled(ODD, " [duplicate]")
    } else {
        String::new()
    };
    let told = happenings(event);
    let told = told
        .iter()
        .map(|what| format!("{clock}  {}{repeated}\n", output::one_line(what)));
    format!("{}          {}", told.collect::<String>(), signature(arrival.verdict()))
}

fn happenings(event: &Event) -> Vec<String> {
    match event {
        Event::Status(event) => {
            let phone = event
                .called()
                .map_or_else(|| "the phone".to_owned(), |number| mask::phone_number(&number));
            vec![format!(
                "{}  {}",
                event.session_id(),
                timeline::happening(event, &phone)
            )]
        }
        Event::Fee(event) => {
            let cdrs = event
                .cdrs()
                .iter()
                .map(|cdr| format!("{}  CDR: {}", cdr.session_id(), sum(cdr)));
            let unreadable = event.rejected().iter().map(|record| {
                format!(
                    "a record that cannot be read, kept as it came: {} {}",
                    record.field(),
                    record.reason()
                )
            });
            cdrs.chain(unreadable).collect()
        }
        other => vec![format!("an event of a kind that is not known: {}", other.event_type())],
    }
}

/// What a CDR comes down to.
fn sum(cdr: &Cdr) -> String {
    let talk = cdr.talk_seconds().map(|seconds| format!("talk {seconds} s"));
    let minutes = cdr
        .billable()
        .map(|billable| format!("billable minutes: {}", billable.minutes));
    let why = cdr.explain().map(|why| why.to_string());
    [talk, minutes, why]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

fn signature(verdict: &Verdict) -> String {
    let style = if matches!(verdict, Verdict::Valid(_)) {
        GOOD
    } else {
        ODD
    };
    styled(style, &timeline::signature(verdict))
}

/// Time of arrival, UTC.
fn clock() -> String {
    let seconds = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60
    )
}
