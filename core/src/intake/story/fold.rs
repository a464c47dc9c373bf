//! From facts to a story.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::legs::Parties;
use super::{Call, Digits, Ending, State};
use crate::attempt_tag::AttemptTag;
use crate::intake::placing::Placing;
use crate::intake::trust::Trust;
use crate::intake::variant::Canonical;
use crate::webhook::{Cdr, EventType, Scene, StatusEvent, Timestamp, UnknownEvent};

/// Something that is known about a call.
#[derive(Clone)]
pub(in crate::intake) enum Fact {
    /// The platform accepted it, and named it so.
    Placed(String, Placing),
    /// It was tried with this mark, and the outcome is unknown.
    Attempted(AttemptTag, Placing),
    /// A status push, and how much its word counts.
    Status(StatusEvent, Trust),
    /// A push of a kind that this version does not know.
    Unknown(UnknownEvent),
    /// A CDR, and how much its word counts.
    Cdr(Cdr, Trust),
}

/// Folds facts about one call. `None` when there are none.
pub(in crate::intake) fn fold(facts: impl IntoIterator<Item = Fact>) -> Option<Call> {
    let mut known = Known::default();
    facts.into_iter().for_each(|fact| known.add(fact));
    known.settle();
    known.story()
}

/// The facts by kind.
#[derive(Default)]
struct Known {
    placed: Vec<(String, Placing)>,
    attempts: Vec<(AttemptTag, Placing)>,
    pushed_statuses: Vec<(StatusEvent, Trust)>,
    unknown: Vec<UnknownEvent>,
    pushed_cdrs: Vec<(Cdr, Trust)>,
    /// What is left of them once it is settled which ones count.
    statuses: Vec<StatusEvent>,
    cdrs: Vec<Cdr>,
    conflicts: usize,
}

impl Known {
    fn add(&mut self, fact: Fact) {
        match fact {
            Fact::Placed(session_id, placing) => self.placed.push((session_id, placing)),
            Fact::Attempted(tag, placing) => self.attempts.push((tag, placing)),
            Fact::Status(event, trust) => self.pushed_statuses.push((event, trust)),
            Fact::Unknown(event) => self.unknown.push(event),
            Fact::Cdr(cdr, trust) => self.pushed_cdrs.push((cdr, trust)),
        }
    }

    /// Takes order and repetition out of the facts: what is left is a set, in an order of its own.
    fn settle(&mut self) {
        // Registered twice: the earlier one is nearer to the truth.
        self.placed
            .sort_by_cached_key(|(_, placing)| (placing.at, placing.to_json(None)));
        self.attempts
            .sort_by_cached_key(|(tag, placing)| (placing.at, tag.clone(), placing.to_json(None)));
        self.unknown.sort_by(|one, other| one.raw().cmp(other.raw()));
        self.unknown.dedup_by(|one, other| one.raw() == other.raw());
        let mut statuses = std::mem::take(&mut self.pushed_statuses);
        distinct(
            &mut statuses,
            same_event,
            StatusEvent::raw,
            Canonical::of_status,
            &mut self.conflicts,
        );
        self.statuses = trusted(statuses, same_step, &mut self.conflicts);
        self.statuses.sort_by(in_time);
        let mut cdrs = std::mem::take(&mut self.pushed_cdrs);
        distinct(&mut cdrs, same_record, Cdr::raw, Canonical::of_cdr, &mut self.conflicts);
        self.cdrs = trusted(cdrs, |_, _| Ordering::Equal, &mut self.conflicts);
        if self.cdrs.len() > 1 {
            self.cdrs
                .sort_by_cached_key(|cdr| std::cmp::Reverse(Canonical::of_cdr(cdr.raw())));
        }
    }

    fn story(self) -> Option<Call> {
        let state = self.state()?;
        let attempted = self.attempts.first().map(|(_, placing)| placing);
        let placing = self.placed.first().map(|(_, placing)| placing).or(attempted);
        let cdr = self.cdrs.first();
        let parties = Parties::new(cdr, placing, &self.statuses);
        let own = self
            .user_data()
            .or_else(|| placing.and_then(|placing| placing.user_data.clone()));
        Some(Call {
            session_id: self.session_id(),
            attempt_tag: self.attempt_tag(),
            state,
            scene: parties.scene,
            operation: placing.map(|placing| placing.operation.clone()),
            app_key: cdr.and_then(|cdr| cdr.app_key().map(|key| key.into_owned())),
            user_data: own,
            placed_at: placing.and_then(Placing::timestamp),
            legs: parties.legs(cdr, placing, &self.statuses),
            digits: self.digits(),
            ending: self.ending(&parties),
            unknown_events: self.unknown.iter().map(|event| event.event_type().to_owned()).collect(),
            conflicts: self.conflicts,
            cdrs: self.cdrs,
        })
    }

    /// The furthest state that any fact proves.
    fn state(&self) -> Option<State> {
        let attempted = self.attempts.iter().map(|_| State::Attempted);
        let placed = self.placed.iter().map(|_| State::Placed);
        let unknown = self.unknown.iter().map(|_| State::Placed);
        let statuses = self.statuses.iter().map(|event| State::proved_by(event.event_type()));
        let cdrs = self.cdrs.iter().map(|_| State::Billed);
        attempted.chain(placed).chain(unknown).chain(statuses).chain(cdrs).max()
    }

    fn session_id(&self) -> Option<String> {
        let statuses = self.statuses.iter().map(StatusEvent::session_id);
        let unknown = self.unknown.iter().filter_map(UnknownEvent::session_id);
        let mut pushed = statuses.chain(self.cdrs.iter().map(Cdr::session_id)).chain(unknown);
        let placed = || self.placed.first().map(|(session_id, _)| session_id.clone());
        pushed.next().map(Cow::into_owned).or_else(placed)
    }

    /// As pushed; if pushes disagree, the smallest: any choice will do, as long as it is always the same.
    fn user_data(&self) -> Option<String> {
        let statuses = self.statuses.iter().filter_map(StatusEvent::user_data);
        statuses
            .chain(self.cdrs.iter().filter_map(Cdr::user_data))
            .min()
            .map(Cow::into_owned)
    }

    fn attempt_tag(&self) -> Option<AttemptTag> {
        let statuses = self.statuses.iter().filter_map(StatusEvent::attempt_tag);
        let pushed = statuses.chain(self.cdrs.iter().filter_map(Cdr::attempt_tag)).min();
        pushed.or_else(|| self.attempts.first().map(|(tag, _)| tag.clone()))
    }

    fn digits(&self) -> Vec<Digits> {
        let collected = self
            .statuses
            .iter()
            .filter(|event| *event.event_type() == EventType::CollectInfo);
        let digits = collected.map(|event| Digits {
            at: event.timestamp().map(Timestamp::into_owned),
            keys: event.digit_info().unwrap_or_default().into_owned(),
        });
        digits.collect()
    }

    /// The first to hang up ends the call, so of several `disconnect` pushes the earliest counts.
    fn ending(&self, parties: &Parties) -> Option<Ending> {
        let push = self
            .statuses
            .iter()
            .find(|event| *event.event_type() == EventType::Disconnect);
        let cdr = self.cdrs.first();
        if push.is_none() && cdr.is_none() {
            return None;
        }
        let at = cdr.and_then(|cdr| cdr.call_end_time().or_else(|| cdr.fail_time()));
        let normal = push.is_some_and(|event| event.state_code() == Some(0));
        Some(Ending {
            at: at
                .or_else(|| push.and_then(StatusEvent::timestamp))
                .map(Timestamp::into_owned),
            party_type: push.and_then(|event| event.party_type().map(|party| party.into_owned())),
            hung_up: push
                .filter(|_| normal && parties.scene == Scene::Callback)
                .and_then(|event| parties.leg_of(event)),
            explanation: cdr
                .and_then(Cdr::explain)
                .or_else(|| push.and_then(StatusEvent::explain)),
        })
    }
}

/// The key of a status event (contract pushes.md 5, duplicates).
fn same_event(one: &StatusEvent, other: &StatusEvent) -> Ordering {
    let key = |event: &StatusEvent| {
        (
            State::proved_by(event.event_type()),
            event.timestamp().map(|time| time.unix_seconds()),
        )
    };
    let kind = one.event_type().as_str().cmp(other.event_type().as_str());
    kind.then_with(|| key(one).cmp(&key(other)))
        .then_with(|| one.called().cmp(&other.called()))
}

/// What can happen to a party once, as a rule: of two such events with different times one may be made up.
fn same_step(one: &StatusEvent, other: &StatusEvent) -> Ordering {
    let kind = one.event_type().as_str().cmp(other.event_type().as_str());
    kind.then_with(|| one.called().cmp(&other.called()))
}

/// The key of a CDR; all of these are about one session.
fn same_record(one: &Cdr, other: &Cdr) -> Ordering {
    one.icid().cmp(&other.icid())
}

/// By time; in one second, by how far the call is; events without a time come last.
fn in_time(one: &StatusEvent, other: &StatusEvent) -> Ordering {
    let time = |event: &StatusEvent| event.timestamp().map_or(i64::MAX, |time| time.unix_seconds());
    let stage = |event: &StatusEvent| State::proved_by(event.event_type());
    time(one)
        .cmp(&time(other))
        .then_with(|| stage(one).cmp(&stage(other)))
        .then_with(|| same_event(one, other))
}

/// Keeps of what belongs together only that whose word counts most. Adds up the others.
fn trusted<T>(mut facts: Vec<(T, Trust)>, together: fn(&T, &T) -> Ordering, conflicts: &mut usize) -> Vec<T> {
    let count = facts.len();
    facts.sort_by(|(one, trust), (other, others)| together(one, other).then_with(|| others.cmp(trust)));
    let mut kept: Vec<(T, Trust)> = Vec::with_capacity(count);
    for (fact, trust) in facts {
        let outranked = kept
            .last()
            .is_some_and(|(other, best)| together(other, &fact).is_eq() && trust < *best);
        if !outranked {
            kept.push((fact, trust));
        }
    }
    *conflicts += count - kept.len();
    kept.into_iter().map(|(fact, _)| fact).collect()
}

/// Keeps one of the facts that are about the same thing: the variant that counts. Adds up the others that differ.
fn distinct<T: Clone>(
    facts: &mut Vec<(T, Trust)>,
    same: fn(&T, &T) -> Ordering,
    raw: fn(&T) -> &str,
    canonical: fn(&str) -> Canonical,
    conflicts: &mut usize,
) {
    // Of the same text the word counts that counts most.
    facts.sort_by(|(one, trust), (other, others)| {
        let text = same(one, other).then_with(|| raw(one).cmp(raw(other)));
        text.then_with(|| others.cmp(trust))
    });
    facts.dedup_by(|(one, _), (other, _)| raw(one) == raw(other));
    let alike = |one: &(T, Trust), other: &(T, Trust)| same(&one.0, &other.0).is_eq();
    // Nearly always nothing came in two variants, and nothing has to be put into its one form.
    if facts
        .windows(2)
        .all(|pair| !matches!(pair, [one, other] if alike(one, other)))
    {
        return;
    }
    let chosen = facts.chunk_by(alike).filter_map(|group| {
        let variants = group.iter().map(|fact| (canonical(raw(&fact.0)), fact));
        let mut variants: Vec<_> = variants.collect();
        variants.sort_by(|(one, (_, trust)), (other, (_, others))| other.cmp(one).then_with(|| others.cmp(trust)));
        variants.dedup_by(|(one, _), (other, _)| one == other);
        variants.sort_by(|(one, (_, trust)), (other, (_, others))| others.cmp(trust).then_with(|| other.cmp(one)));
        *conflicts += variants.len().saturating_sub(1);
        variants.first().map(|(_, fact)| (*fact).clone())
    });
    *facts = chosen.collect();
}
