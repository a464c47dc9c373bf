//! Calls as a table: a line each.

use voicecall_core::intake::Call;
use voicecall_core::mask;

use crate::output::{self, FAINT, styled};

/// How the table is laid out.
pub(crate) struct Rows;

impl Rows {
    pub(crate) fn heading() {
        output::line(&styled(
            FAINT,
            &columns("begun", "state", "phones", "talk", "minutes", "session id"),
        ));
    }

    pub(crate) fn row(call: &Call) {
        let begun = call
            .timeline()
            .first()
            .map_or_else(|| "?".to_owned(), |moment| moment.at.to_string());
        let phones: Vec<_> = call
            .legs
            .iter()
            .map(|leg| leg.number.as_deref().map_or_else(|| "?".to_owned(), phone))
            .collect();
        let talk = match (call.answered(), call.talk_seconds()) {
            (true, Some(seconds)) => format!("{seconds} s"),
            (true, None) => String::new(),
            // Before the end it may still be answered.
            (false, _) if call.ending.is_none() => String::new(),
            (false, _) => "not answered".to_owned(),
        };
        let minutes = call
            .billable()
            .map_or_else(String::new, |billable| billable.minutes.to_string());
        output::line(&columns(
            &begun,
            call.state.id(),
            &phones.join(" "),
            &talk,
            &minutes,
            &named(call),
        ));
    }
}

/// The call's id, or the mark of an attempt that has none.
pub(super) fn named(call: &Call) -> String {
    match (&call.session_id, &call.attempt_tag) {
        (Some(id), _) => output::one_line(id),
        (None, Some(tag)) => format!("attempt {}", tag.as_str()),
        (None, None) => "?".to_owned(),
    }
}

/// A number as people may see it: its last four digits. A hash tells nobody anything, and stays whole.
pub(super) fn phone(number: &str) -> String {
    match number.starts_with('#') {
        true => number.to_owned(),
        false => output::one_line(&mask::phone_number(number)),
    }
}

fn columns(begun: &str, state: &str, phones: &str, talk: &str, minutes: &str, id: &str) -> String {
    format!("  {begun:<20}  {state:<9} {phones:<29} {talk:>12} {minutes:>8}  {id}")
        .trim_end()
        .to_owned()
}
