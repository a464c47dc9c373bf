//! Keeps what the platform pushes, so that no CDR is ever lost, and tells the story of each call.
//!
//! The platform sends a CDR again at most six times, an hour apart, and a status push never (contract pushes.md 5). So a
//! receiver must not say 200 before what came is safe, must not let one bad record bring 49 good ones back every hour, and
//! must recognise what comes twice. [`Intake::receive`] does that; the reply that it gives back is the last thing that
//! happens.
//!
//! ```no_run
//! use voicecall_core::intake::Intake;
//! use voicecall_core::webhook::Webhook;
//!
//! # fn main() -> Result<(), voicecall_core::Error> {
//! let webhook = Webhook::builder()
//!     .url("https://push.example.com/fee")
//!     .application("app-key-0001", "example-secret-0001")
//!     .build()?;
//! let intake = Intake::builder().store("sqlite:calls.db").build(webhook)?;
//!
//! // In the HTTP server, on any number of threads at once:
//! # let (headers, body) = ([("content-type", "application/json")], b"");
//! let receipt = intake.receive(headers, body);
//! for cdr in receipt.new_cdrs() {
//!     println!("{}: {:?} s", cdr.session_id(), cdr.talk_seconds());
//! }
//! let answer = receipt.reply.status; // send status, headers and body of the reply
//! # Ok(())
//! # }
//! ```
//!
//! | question | function | in a store of a million calls |
//! |---|---|---|
//! | what became of this call? | [`call`](Intake::call) | some 0.05 ms |
//! | has it come so far yet? | [`wait_for`](Intake::wait_for) | woken by a push that this process receives, else within 0.5 s |
//! | which calls were there? | [`calls`](Intake::calls) | by time at once, by number or user data some ten ms |
//! | what is still owed to us? | [`unsettled`](Intake::unsettled) | at once |
//! | what could not be taken? | [`rejected`](Intake::rejected) | at once |
//! | what did it all cost? | [`totals`](Intake::totals), [`export`](Intake::export) | reads all that it adds up |
//!
//! What pushes tell is enough for a story. It begins earlier, and a call that no push ever tells of is noticed, when the
//! program registers what it places: [`attempt`](Intake::attempt) before, with the [`AttemptTag`] that goes along in the
//! user data; then [`placed`](Intake::placed), or [`withdraw`](Intake::withdraw) when it is certain that nothing rang.
//!
//! The tables behind it, and the views that people read, are described in `SCHEMA.md` beside this file.

mod call_facts;
mod config;
mod entry;
mod export;
mod filter;
mod group;
mod isolate;
mod nonce;
mod numbers;
mod outcome;
mod placing;
mod purge;
mod query;
mod receipt;
mod receive;
mod rejected;
mod rejected_text;
mod store;
mod story;
mod submission;
mod take_up;
mod totals;
mod trust;
mod variant;
mod wait;
mod watcher;
mod write;

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

pub use config::IntakeConfig;
pub use export::ExportFormat;
pub use filter::CallFilter;
pub use placing::{Called, Placing};
pub use purge::Purged;
pub use receipt::Receipt;
pub use rejected::RejectedClass;
pub use rejected_text::{RejectedFilter, RejectedPage, RejectedText};
pub use story::{Call, CallLeg, Digits, Ending, LegState, Moment, MomentKind, State};
pub use submission::Lane;
pub use take_up::Retried;
pub use totals::{Total, TotalBy, TotalsQuery};
pub use wait::Condition;

use self::entry::{Arrival, Batch, column_text};
use self::group::Group;
use self::numbers::Numbers;
use self::query::By;
use self::rejected::Bounds;
use self::store::{Address, SqliteStore, Store, Value};
use self::submission::Pools;
use self::watcher::Watcher;
use self::write::Written;
use crate::attempt_tag::AttemptTag;
use crate::calls::PlacedCall;
use crate::clock::unix_seconds;
use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::pointer::Pointer;
use crate::result;
use crate::webhook::{Tariff, Webhook};

/// Receives pushes into a store, and answers what is in it.
///
/// Cheap to clone; clones share everything. Any number of threads may use it at once, and any number of processes one
/// store. Every function does its work, and waits for the disk or the server, on the thread that calls it; while somebody
/// waits for calls, one thread more looks at the store. An asynchronous program submits its work instead: see
/// [`submit`](Intake::submit) and [`submit_wait`](Intake::submit_wait). On PostgreSQL nothing else is possible, because its
/// client refuses to run on a thread of an asynchronous runtime.
///
/// The store is closed with the last clone. [`close`](Intake::close) only ends waits and refuses what is new.
#[derive(Clone)]
pub struct Intake {
    shared: Arc<Shared>,
}

struct Shared {
    webhook: Webhook,
    store: Box<dyn Store>,
    group: Group<Batch, (Batch, Result<Written, Error>)>,
    numbers: Numbers,
    bounds: Bounds,
    watcher: Arc<Watcher>,
    pools: Pools,
    /// How many bytes the last write needed, if it failed; 0 if not.
    failed: AtomicUsize,
    closed: AtomicBool,
}

result! {
    /// A page of calls.
    #[derive(Clone)]
    pub struct CallPage: "pushes.md 5 to 8" {
        /// The calls, the latest first.
        calls: Vec<Call>,
        /// `after` of the query for the next page. Absent on the last page.
        next: Option<String>,
    }
}

/// After this time a call has its CDR, or will not get it by itself: the platform has sent it six times, an hour apart
/// (contract pushes.md 5).
pub const SETTLED_AFTER: Duration = Duration::from_secs(7 * 3600);
/// Unsettled calls that are told at most.
const MOST_UNSETTLED: i64 = 10_000;
/// Stands in the place of a verdict where the program itself registered something.
const REGISTERED: &str = "registered";

impl Intake {
    /// Opens a store without checking signatures. See [`builder`](Intake::builder) for everything else.
    ///
    /// # Errors
    ///
    /// As [`IntakeConfig::build`].
    pub fn open(store: &str) -> Result<Intake, Error> {
        Intake::builder().store(store).build(Webhook::builder().build()?)
    }

    /// Settings to be filled in; [`build`](IntakeConfig::build) makes the intake.
    pub fn builder() -> IntakeConfig {
        IntakeConfig::new()
    }

    fn with(config: IntakeConfig, address: &Address, webhook: Webhook) -> Result<Intake, Error> {
        let store = open_store(&config, address)?;
        let shared = Shared {
            webhook,
            group: Group::new(store.lanes()),
            store,
            numbers: config.numbers(),
            bounds: config.bounds(),
            watcher: Arc::default(),
            pools: Pools::new(),
            failed: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        };
        let intake = Intake {
            shared: Arc::new(shared),
        };
        intake.agree_on_numbers()?;
        Ok(intake)
    }

    /// Registers a call that the platform accepted: its story then begins with the request, and it is among the
    /// [`unsettled`](Intake::unsettled) until its CDR is here. Registering twice is harmless.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot write.
    pub fn placed(&self, placing: &Placing, call: &PlacedCall, tag: Option<&AttemptTag>) -> Result<(), Error> {
        let Some(session_id) = &call.session_id else {
            return Ok(());
        };
        let placing = self.hidden(placing);
        let arrival = Arrival {
            received_at: milliseconds(SystemTime::now()),
            verdict: REGISTERED,
        };
        self.write(Batch::of_placing(session_id, &placing, tag, arrival))
            .map(drop)
    }

    /// Registers an attempt to place a call under this mark: before placing it, to be safe from a crash too, or when its
    /// outcome is unknown. It is settled by the first webhook that brings the mark back in its user data, whether that
    /// came before or comes later. Registering twice is harmless.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot write.
    pub fn attempt(&self, placing: &Placing, tag: &AttemptTag) -> Result<(), Error> {
        self.write(Batch::of_attempt(tag, &self.hidden(placing))).map(drop)
    }

    /// Forgets an attempt that is known to have rung nobody: its error's delivery was `not_sent` or `answered`.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot write.
    pub fn withdraw(&self, tag: &AttemptTag) -> Result<(), Error> {
        let tag = [Value::text(tag.as_str())];
        self.store()?
            .transact(|tx| tx.execute("DELETE FROM intake_attempt WHERE tag = ?1", &tag).map(drop))
    }

    /// Everything that is known about a call; `None` when nothing is.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot be read.
    pub fn call(&self, session_id: &str) -> Result<Option<Call>, Error> {
        let session_id = column_text(session_id);
        self.store()?
            .reading(|reader| query::call(reader, By::Session(&session_id)))
    }

    /// Waits until something has happened in a call. `None` when it has not within this time, or cannot any more.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot be read, `closed` when the intake is closed meanwhile.
    pub fn wait_for(&self, session_id: &str, condition: Condition, timeout: Duration) -> Result<Option<Call>, Error> {
        if let Some(call) = condition.verdict(self.call(session_id)?) {
            return Ok(call);
        }
        if timeout.is_zero() {
            return Ok(None);
        }
        let (giver, taker) = outcome::place();
        let _job = self.submit_wait(session_id, condition, timeout, move |outcome| giver.give(outcome));
        taker.take()
    }

    /// Calls that fit the filter, the latest first.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for a filter that cannot be read, `storage` when the store cannot.
    pub fn calls(&self, filter: &CallFilter) -> Result<CallPage, Error> {
        self.store()?
            .reading(|reader| query::page(reader, filter, &self.shared.numbers))
    }

    /// Calls that began longer ago than this and have no CDR yet, and attempts whose outcome is unknown and that no
    /// webhook was recognised by: money that somebody should look after. Usually asked with [`SETTLED_AFTER`]. The oldest
    /// first, at most 10,000 of each.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot be read.
    pub fn unsettled(&self, older_than: Duration) -> Result<Vec<Call>, Error> {
        let now = unix_seconds(SystemTime::now()).unwrap_or_default();
        let before = now.saturating_sub(i64::try_from(older_than.as_secs()).unwrap_or(i64::MAX));
        self.store()?
            .reading(|reader| query::unsettled(reader, before, MOST_UNSETTLED))
    }

    /// What came and could not be taken, the oldest first: records that cannot be read, bodies that are no push, and what
    /// the signature's policy refused. Kept raw within bounds; what went when they were full is counted, not listed.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for a filter that cannot be read, `storage` when the store cannot.
    pub fn rejected(&self, filter: &RejectedFilter) -> Result<RejectedPage, Error> {
        self.store()?.reading(|reader| rejected_text::page(reader, filter))
    }

    /// Adds up the CDRs.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for a filter that cannot be read, `storage` when the store cannot.
    pub fn totals(&self, query: &TotalsQuery) -> Result<Vec<Total>, Error> {
        self.store()?
            .reading(|reader| totals::totals(reader, query, &self.shared.numbers))
    }

    /// Writes the CDRs that fit the filter, oldest end first, with prices if there is a tariff; tells how many.
    ///
    /// # Errors
    ///
    /// `invalid_argument` for a filter that cannot be read, `storage` when the store cannot be, or the output not written.
    pub fn export(
        &self,
        filter: &CallFilter,
        format: ExportFormat,
        tariff: Option<&Tariff>,
        output: &mut dyn Write,
    ) -> Result<u64, Error> {
        export::export(self.store()?, filter, &self.shared.numbers, format, tariff, output)
    }

    /// Deletes, for good, what ended or was received before this time. A CDR that the platform sends again after it was
    /// deleted is taken for a new one; it may do so for six hours after the call.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot write.
    pub fn purge(&self, before: SystemTime) -> Result<Purged, Error> {
        purge::purge(self.store()?, unix_seconds(before).unwrap_or(i64::MIN))
    }

    /// Looks the whole store over for damage; takes as long as reading all of it.
    ///
    /// # Errors
    ///
    /// `storage`, naming the first damage that is found.
    pub fn check(&self) -> Result<(), Error> {
        self.store()?.check()
    }

    /// Finds out whether the store can write, by writing the time into it: for health checks, when no push has proved it
    /// lately. After a push could not be stored it writes as much as that needed, so that a disk on which only small things
    /// have space is not taken for healthy.
    ///
    /// # Errors
    ///
    /// `storage` when the store cannot write.
    pub fn probe(&self) -> Result<(), Error> {
        let store = self.store()?;
        let write = |value: &str| {
            let sql = "INSERT INTO intake_meta (name, value) VALUES ('probed', ?1) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            store.transact(|tx| tx.execute(sql, &[Value::text(value)]).map(drop))
        };
        let failed = self.shared.failed.load(Ordering::Relaxed);
        if failed > 0 {
            write(&" ".repeat(failed))?;
        }
        write(&milliseconds(SystemTime::now()).to_string())?;
        self.shared.failed.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// A number as this store keeps it: as it is, or hashed under the intake's key.
    pub fn stored_number(&self, number: &str) -> String {
        self.shared.numbers.stored(number).into_owned()
    }

    /// Ends waits on other threads and refuses everything new; what is being written is finished. Closing twice is
    /// harmless.
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        self.end_waits();
    }

    /// The placing as the store keeps its numbers.
    fn hidden(&self, placing: &Placing) -> Placing {
        let mut placing = placing.clone();
        for called in &mut placing.called {
            called.number = self.stored_number(&called.number);
            called.display_number = called
                .display_number
                .as_deref()
                .map(|number| self.stored_number(number));
        }
        placing
    }

    fn store(&self) -> Result<&dyn Store, Error> {
        if self.shared.closed.load(Ordering::SeqCst) {
            return Err(intake_closed());
        }
        Ok(&*self.shared.store)
    }

    /// A store that held numbers in two ways would not find in one what it keeps in the other.
    fn agree_on_numbers(&self) -> Result<(), Error> {
        let mine = self.shared.numbers.mark();
        let theirs = self.store()?.transact(|tx| {
            let sql = "INSERT INTO intake_meta (name, value) VALUES ('numbers', ?1) ON CONFLICT (name) DO NOTHING";
            tx.execute(sql, &[Value::text(mine.as_str())])?;
            tx.query("SELECT value FROM intake_meta WHERE name = 'numbers'", &[])
        })?;
        if theirs.first().is_some_and(|row| query::text(row, 0) == mine) {
            return Ok(());
        }
        let message = "the store keeps numbers in another way, or under another key; set the key that it was made with";
        Err(Error::configuration(
            &Pointer::root().member("numbersKey"),
            Rule::Conflict,
            message,
        ))
    }
}

fn open_store(config: &IntakeConfig, address: &Address) -> Result<Box<dyn Store>, Error> {
    match address {
        Address::Sqlite(path) => Ok(Box::new(SqliteStore::open(path, config.longest_wait())?)),
        #[cfg(feature = "intake-postgres")]
        Address::Postgres(url) => Ok(Box::new(store::PostgresStore::open(url, config)?)),
        #[cfg(not(feature = "intake-postgres"))]
        Address::Postgres(_) => {
            let message = "this build has no PostgreSQL: use sqlite:FILE, or build with the feature intake-postgres";
            Err(Error::configuration(
                &Pointer::root().member("store"),
                Rule::Url,
                message,
            ))
        }
    }
}

fn intake_closed() -> Error {
    Error::new(ErrorKind::Closed, Delivery::NotSent, "the intake is closed")
}

fn milliseconds(time: SystemTime) -> i64 {
    let since_epoch = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake")
            .field("store", &self.shared.store)
            .finish_non_exhaustive()
    }
}
