//! `voicecall listen`: receives webhooks, checks them, and keeps them: in a store, see [`service`], or in a file, while
//! it shows them.
//!
//! In a file an event is acknowledged when its line is on disk, and only then: what the file holds the platform may
//! forget. Where it is forwarded to, and what comes back, changes nothing about that; `replay` sends again what a program
//! missed.

mod duplicates;
mod entry;
mod forward;
mod journal;
mod options;
mod printer;
mod screen;

use std::path::Path;

use serde_json::json;

use duplicates::Duplicates;
pub(crate) use entry::{Entry, Saved};
use forward::Forwarder;
use journal::Journal;
pub(crate) use options::ListenOptions;
use printer::Printer;

use crate::exit::Failure;
use crate::output::{self, STRONG, styled};
use crate::receiver::{Arrival, Receiver};
use crate::service::{self, Service};
use crate::settings::Global;
use crate::store::Found;

/// Listens until it is ended from outside.
pub(crate) fn run(options: &ListenOptions, global: &Global) -> Result<(), Failure> {
    match options.store(global)? {
        Some(store) => into_store(options, &store, global),
        None => into_file(options, global),
    }
}

fn into_store(options: &ListenOptions, store: &Found, global: &Global) -> Result<(), Failure> {
    let (webhook, lacking) = options.checks(global)?;
    let manners = options.manners()?;
    let mut warnings: Vec<_> = lacking.map(unchecked).into_iter().collect();
    if options.store.flags.names_the_store() && store.holds_a_password() {
        warnings
            .push("the password in --store can be read by every user of this machine; set VOICECALL_STORE".to_owned());
    }
    let service = Service {
        intake: store.open(webhook)?,
        store: store.shown(),
        store_time: store.time()?,
        listen: options.address(),
        manners,
        warnings,
    };
    service::run(service, &options.service, global)
}

fn into_file(options: &ListenOptions, global: &Global) -> Result<(), Failure> {
    let printer = Printer::start();
    let forwarder = options
        .forward
        .as_ref()
        .map(|url| Forwarder::start(url, global, printer.clone()))
        .transpose()?;
    let (webhook, lacking) = options.checks(global)?;
    let manners = options.manners()?;
    let scheme = if manners.tls.is_some() { "https" } else { "http" };
    let (journal, known) = Journal::open(options.file())?;
    let receiver = Receiver::start(options.address(), manners, |_| Ok(webhook))?;
    announce(
        &format!("{scheme}://{}", receiver.address()),
        options.file(),
        global.json,
    );
    if let Some(lacking) = lacking {
        output::complain(&unchecked(lacking));
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

fn unchecked(lacking: &str) -> String {
    format!("signatures are not checked: {lacking}")
}

fn announce(url: &str, file: &Path, json: bool) {
    let file = file.display().to_string();
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
