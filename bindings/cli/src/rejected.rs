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
}

/// Lists it, the oldest first.
pub(crate) fn run(options: &RejectedOptions, global: &Global) -> Result<(), Failure> {
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

/// A line each, without what they hold.
fn list(texts: &[RejectedText]) {
    if texts.is_empty() {
        return output::note("nothing");
    }
    output::line(&styled(FAINT, &columns("received", "class", "bytes", "where and why")));
    for text in texts {
        let why = match &text.field {
            // The reason of a body begins with the place; that of a record does not.
            Some(field) if !text.reason.starts_with(field) => format!("{field}: {}", text.reason),
            _ => text.reason.clone(),
        };
        output::line(&columns(
            &text.received_at.to_string(),
            text.class.id(),
            &text.size.to_string(),
            &output::one_line(&why),
        ));
    }
}

fn columns(received: &str, class: &str, bytes: &str, why: &str) -> String {
    format!("  {received:<20}  {class:<9} {bytes:>8}  {why}")
}
