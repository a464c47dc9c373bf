//! `voicecall rejected`: what came and could not be taken.

use clap::Args;
use serde_json::{Value, json};
use voicecall_core::intake::{RejectedFilter, RejectedText};

use crate::exit::Failure;
use crate::output::{self, FAINT, styled};
use crate::request::fault;
use crate::settings::Global;
use crate::store::{RejectedFlags, StoreOptions};

/// Options of `voicecall rejected`.
#[derive(Debug, Args)]
pub(crate) struct RejectedOptions {
    #[command(flatten)]
    store: StoreOptions,
    #[command(flatten)]
    filter: RejectedFlags,
    /// Read again what could not be read, and take in what this version can read.
    #[arg(long, conflicts_with = "admit")]
    retry: bool,
    /// Take in these texts though their signature was refused. The list names the ids.
    #[arg(long, value_name = "ID", num_args = 1..)]
    admit: Vec<i64>,
}

/// Lists it, the oldest first, or takes some of it in.
pub(crate) fn run(options: &RejectedOptions, global: &Global) -> Result<(), Failure> {
    if options.retry || !options.admit.is_empty() {
        return take_in(options, global);
    }
    let filter = options.filter.filter()?;
    let page = options.store.open(global)?.rejected(&filter);
    let page = page.map_err(|error| fault::of(RejectedFilter::RECORD, error))?;
    if global.json {
        let texts = page.texts.iter().map(|text| Value::Object(text.to_json()));
        texts.for_each(|text| output::json(&text));
    } else {
        list(&page.texts);
    }
    match (page.next, global.json) {
        (None, _) => {}
        (Some(next), true) => output::json(&json!({ "next": next })),
        (Some(next), false) => output::note(&format!("there are more, after these: --after {next}")),
    }
    Ok(())
}

fn take_in(options: &RejectedOptions, global: &Global) -> Result<(), Failure> {
    let intake = options.store.open(global)?;
    let retried = if options.retry {
        intake.retry_rejected()
    } else {
        intake.admit_rejected(&options.admit)
    };
    let retried = retried.map_err(Failure::from)?;
    if global.json {
        output::json(&Value::Object(retried.to_json()));
    } else {
        output::line(&format!(
            "{} texts taken in, {} left: {} records new, {} known, {} of them contradicting",
            retried.taken, retried.left, retried.accepted, retried.duplicates, retried.conflicts
        ));
    }
    Ok(())
}

/// A line each, without what they hold.
fn list(texts: &[RejectedText]) {
    if texts.is_empty() {
        return output::note("nothing");
    }
    output::line(&styled(
        FAINT,
        &columns("id", "received", "class", "bytes", "where and why"),
    ));
    for text in texts {
        let why = match &text.field {
            // The reason of a body begins with the place; that of a record does not.
            Some(field) if !text.reason.starts_with(field) => format!("{field}: {}", text.reason),
            _ => text.reason.clone(),
        };
        output::line(&columns(
            &text.id.to_string(),
            &text.received_at.to_string(),
            text.class.id(),
            &text.size.to_string(),
            &output::one_line(&why),
        ));
    }
}

fn columns(id: &str, received: &str, class: &str, bytes: &str, why: &str) -> String {
    format!("  {id:>6}  {received:<20}  {class:<9} {bytes:>8}  {why}")
}
