//! `voicecall listen`: receives webhooks, checks them, keeps them in a file, and shows them.
//!
//! An event is acknowledged when its line is on disk, and only then: what the file holds the platform may forget. Where
//! it is forwarded to, and what comes back, changes nothing about that; `replay` sends again what a program missed.

mod duplicates;
mod entry;
mod forward;
mod journal;
mod options;
mod printer;
mod screen;

use serde_json::json;
use voicecall_core::webhook::Webhook;

use duplicates::Duplicates;
pub(crate) use entry::{Entry, Saved};
use forward::Forwarder;
use journal::Journal;
pub(crate) use options::ListenOptions;
use printer::Printer;

use crate::arguments::Global;
use crate::exit::Failure;
use crate::output::{self, STRONG, styled};
use crate::receiver::{Arrival, Receiver};

/// Listens until it is ended from outside.
pub(crate) fn run(options: &ListenOptions, global: &Global) -> Result<(), Failure> {
    let (config, lacking) = options.webhook(global)?;
    let printer = Printer::start();
    let forwarder = options
        .forward
        .as_ref()
        .map(|url| Forwarder::start(url, global, printer.clone()))
        .transpose()?;
    let (journal, known) = Journal::open(&options.append)?;
    let webhook: Webhook = config.build().map_err(|error| options.fault(error))?;
    let receiver = Receiver::start(options.address(), |_| Ok(webhook))?;
    announce(&receiver, options, global.json);
    if let Some(lacking) = lacking {
        output::complain(&format!("signatures are not checked: {lacking}"));
    }
    let mut desk = Desk {
        journal,
        known,
        printer,
        json: global.json,
        forwarder,
    };
    loop {
        let batch = receiver.next_batch();
        if batch.is_empty() {
            return Err(Failure::local("the webhook receiver has ended"));
        }
        desk.take(batch);
    }
}

fn announce(receiver: &Receiver, options: &ListenOptions, json: bool) {
    let (url, file) = (
        format!("http://{}", receiver.address()),
        options.append.display().to_string(),
    );
    if json {
        output::json(&json!({ "listening": { "url": url, "append": file } }));
    } else {
        output::line(&styled(STRONG, &format!("listening on {url}, appending to {file}")));
    }
}

/// Everything that an event passes on its way.
struct Desk {
    journal: Journal,
    known: Duplicates,
    printer: Printer,
    json: bool,
    forwarder: Option<Forwarder>,
}

impl Desk {
    /// Writes the events that came together with one flush, then acknowledges, shows and forwards them.
    fn take(&mut self, batch: Vec<Arrival>) {
        let entries: Vec<_> = batch
            .iter()
            .map(|arrival| Entry::new(arrival, &mut self.known))
            .collect();
        if let Err(error) = self.journal.append(&entries) {
            // Dropped without an answer, which asks for them again; then they must not be taken for duplicates.
            entries.iter().for_each(|entry| self.known.forget(entry));
            let told = format!("{} events not stored, asked for again: {error}", entries.len());
            return output::complain(&output::one_line(&told));
        }
        for (arrival, entry) in batch.into_iter().zip(&entries) {
            let accepted = arrival.verdict.is_accepted();
            let (headers, body) = (arrival.headers.clone(), arrival.body.clone());
            let told = if self.json {
                entry.line().to_string()
            } else {
                screen::lines(&arrival, entry)
            };
            arrival.answer();
            self.printer.print(told);
            if let Some(forwarder) = self.forwarder.as_ref().filter(|_| accepted) {
                forwarder.pass_on(headers, body);
            }
        }
    }
}
