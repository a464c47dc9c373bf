//! The way of a webhook into the file: written, then acknowledged, shown and forwarded.

use super::ListenOptions;
use super::duplicates::Duplicates;
use super::entry::Entry;
use super::forward::Forwarder;
use super::journal::Journal;
use super::printer::Printer;
use super::screen;
use crate::exit::Failure;
use crate::receiver::Arrival;
use crate::settings::Global;

/// The file, and who else learns what is in it.
pub(super) struct Lines {
    journal: Journal,
    known: Duplicates,
    printer: Printer,
    json: bool,
    forwarder: Option<Forwarder>,
}

impl Lines {
    pub(super) fn open(options: &ListenOptions, global: &Global) -> Result<Lines, Failure> {
        let printer = Printer::start();
        let forward = options.forward.as_ref();
        let forwarder = forward.map(|url| Forwarder::start(url, global, printer.clone()));
        let (journal, known) = Journal::open(options.file())?;
        Ok(Lines {
            journal,
            known,
            printer,
            json: global.json,
            forwarder: forwarder.transpose()?,
        })
    }

    /// Writes webhooks that arrived together with one flush, then acknowledges, shows and forwards them.
    pub(super) fn take(&mut self, batch: Vec<Arrival>) {
        let entries = batch.iter().map(|arrival| Entry::new(arrival, &mut self.known));
        let entries: Vec<_> = entries.collect();
        if let Err(error) = self.journal.append(&entries) {
            // Dropped without an answer, which asks for them again; then they must not be taken for duplicates.
            entries.iter().for_each(|entry| self.known.forget(entry));
            return tracing::error!(%error, "{} events not stored, asked for again", entries.len());
        }
        for (arrival, entry) in batch.into_iter().zip(&entries) {
            let forwarder = self.forwarder.as_ref().filter(|_| arrival.verdict().is_accepted());
            let forward = forwarder.map(|to| (to, arrival.push.headers.clone(), arrival.push.body.bytes.clone()));
            let told = if self.json {
                entry.line().to_string()
            } else {
                screen::lines(&arrival, entry)
            };
            arrival.answer(entry.known());
            self.printer.print(told);
            if let Some((forwarder, headers, body)) = forward {
                forwarder.pass_on(headers, body);
            }
        }
    }
}
