//! Takes in after all what could not be taken: because this version reads it, or because somebody says so.

use super::Intake;
use super::entry::{Arrival, Batch};
use super::rejected::{RejectedClass, TakenUp};
use super::rejected_text::{self, RejectedFilter, RejectedText};
use super::trust::ADMITTED;
use super::write::{Outcome, Written};
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::result;
use crate::webhook::{BodyState, Event, Reading, read_kept};

result! {
    /// What became of texts that could not be stored before.
    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub struct Retried: "pushes.md 5" {
        /// Texts that are completely stored now; they are no longer among the rejected.
        taken: usize,
        /// Texts that stay where they are.
        left: usize,
        /// Events and CDRs that were new.
        accepted: usize,
        /// Those that were known; conflicts are among them.
        duplicates: usize,
        /// Those that contradict what is known. They are kept beside it.
        conflicts: usize,
    }
}

impl Retried {
    fn add(&mut self, written: Option<Written>, is_taken: bool) {
        let records = written.map(|written| written.records).unwrap_or_default();
        let count = |outcome| records.iter().filter(|other| **other == outcome).count();
        self.taken += usize::from(is_taken);
        self.left += usize::from(!is_taken);
        self.accepted += count(Outcome::New);
        self.conflicts += count(Outcome::Conflict);
        self.duplicates += count(Outcome::Known) + count(Outcome::Conflict);
    }
}

impl Intake {
    /// Reads again what could not be read, and takes in what this version can read. What is taken is no longer among the
    /// [`rejected`](Intake::rejected); the rest stays. What was refused for its signature is left alone.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot be read or written; what was taken until then stays taken.
    pub fn retry_rejected(&self) -> Result<Retried, Error> {
        let mut retried = Retried::default();
        for class in [RejectedClass::Record, RejectedClass::Malformed] {
            let mut filter = RejectedFilter::new().class(class.id());
            loop {
                let page = self.rejected(&filter)?;
                page.texts
                    .iter()
                    .try_for_each(|text| self.take_up(text, &mut retried))?;
                let Some(next) = page.next else { break };
                filter = filter.after(next);
            }
        }
        Ok(retried)
    }

    /// Takes in these texts, by their ids, though their signature was refused. Their records then have the verdict
    /// `admitted`: they count more than unsigned ones and less than those with a valid signature.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for an id that no text has, before anything is taken; `storage` when the store cannot be read or
    /// written.
    pub fn admit_rejected(&self, ids: &[i64]) -> Result<Retried, Error> {
        let mut texts = Vec::with_capacity(ids.len());
        for (index, id) in ids.iter().enumerate() {
            let text = self.store()?.reading(|reader| rejected_text::one(reader, *id))?;
            texts.push(text.ok_or_else(|| {
                let at = Pointer::root().member("ids").index(index);
                Error::invalid_argument(&at, Rule::DependsOn, "no rejected text has this id")
            })?);
        }
        let mut retried = Retried::default();
        texts.iter().try_for_each(|text| self.take_up(text, &mut retried))?;
        Ok(retried)
    }

    fn take_up(&self, text: &RejectedText, retried: &mut Retried) -> Result<(), Error> {
        let Reading { event, state } = reading(text);
        let usable = event.as_ref().is_ok_and(|event| match event {
            Event::Fee(event) => !event.cdrs().is_empty(),
            _ => true,
        });
        let Some(event) = event.ok().filter(|_| usable) else {
            retried.add(None, false);
            return Ok(());
        };
        let arrival = Arrival {
            received_at: text.received_at.unix_seconds().saturating_mul(1000),
            verdict: verdict(text),
        };
        let mut batch = Batch::of_event(&event, arrival, &self.shared.numbers)?;
        // What ends too early has more to tell than could be taken.
        let is_taken = state == BodyState::Whole;
        if is_taken {
            batch.taken_up = Some(TakenUp {
                id: text.id,
                class: text.class,
            });
        } else {
            batch.rejected.clear();
        }
        retried.add(Some(self.write(batch)?), is_taken);
        Ok(())
    }
}

/// A record stands in its list again; it may also be a message that followed another one.
fn reading(text: &RejectedText) -> Reading {
    if text.class != RejectedClass::Record {
        return read_kept(&text.raw);
    }
    let (before, after) = (br#"{"eventType":"fee","feeLst":["#, b"]}");
    let listed = read_kept(&[before, text.raw.as_slice(), after].concat());
    match &listed.event {
        Ok(Event::Fee(event)) if !event.cdrs().is_empty() => listed,
        _ => read_kept(&text.raw),
    }
}

/// What the records of a text are stored under.
fn verdict(text: &RejectedText) -> &'static str {
    let known = ["valid", "unsigned", "not_checked"];
    let known = known.into_iter().find(|known| *known == text.verdict);
    known.unwrap_or(ADMITTED)
}
