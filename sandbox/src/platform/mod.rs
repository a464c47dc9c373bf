//! The platform: calls live here, on simulated time, and pushes leave from here.
//!
//! One lock guards what changes with every call; it is held for moments and never while something is sent. Routes, the
//! admin API and the scheduler's task all come in through the methods of [`Platform`]: this file has its state and its
//! settings, its children what it does with them.

pub(crate) mod hands;
mod living;
mod pushing;
mod seeing;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

pub(crate) use living::Ports;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::auth::lock_out::LockOut;
use crate::call::machine::Input;
use crate::call::phone::PhoneRule;
use crate::calls::Calls;
use crate::clock::{self, Clock, WallClock};
use crate::faults::book::FaultBook;
use crate::faults::{Fault, FaultKind};
use crate::journal::Journal;
use crate::lock::{lock, read, write};
use crate::options::Options;
use crate::provisioning::{Account, Application};
use crate::push::batch::{Batches, Key};
use crate::push::log::PushLog;
use crate::push::message::Message;
use crate::push::queue::PushQueue;
use crate::push::sender::Sender;
use crate::rates::Rates;
use crate::recording::link::Links;
use crate::server::door::Shut;
use crate::tls::Authority;

/// For how many seconds a door is shut when the fault does not say.
const SHUT_SECONDS: u64 = 1;

/// A running platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) wall_clock: WallClock,
    pub(crate) lock_out: LockOut,
    pub(crate) links: Links,
    pub(crate) faults: FaultBook,
    pub(crate) rates: Rates,
    /// What is left to chance; the same seed gives the same.
    random: Mutex<fastrand::Rng>,
    /// Orders to stop listening for a while.
    doors: mpsc::UnboundedSender<Shut>,
    pub(crate) authority: Authority,
    account: RwLock<Arc<Account>>,
    phones: RwLock<Phones>,
    world: Mutex<World>,
    queue: PushQueue,
    sender: Sender,
    log: Mutex<PushLog>,
    /// Wakes the scheduler when something is due sooner than it thinks.
    sooner: Notify,
    /// Changes whenever there is something new to see.
    news: watch::Sender<u64>,
}

/// What changes with every call.
#[derive(Debug)]
struct World {
    calls: Calls,
    timers: Timers,
    batches: Batches,
    journal: Journal,
}

type Timers = crate::timers::Timers<Job>;

/// Something that has to be done at a simulated moment.
#[derive(Debug)]
enum Job {
    Input {
        number: u64,
        phase_number: Option<u32>,
        input: Input,
    },
    SendBatch(Key),
    Repush(Arc<Message>),
}

/// How phones behave.
#[derive(Debug, Clone)]
pub(crate) struct Phones {
    pub(crate) all: PhoneRule,
    pub(crate) own: BTreeMap<String, PhoneRule>,
}

impl Platform {
    /// A platform that begins now. `link_key` signs the addresses of recordings.
    pub(crate) fn new(
        options: Options,
        link_key: String,
        doors: mpsc::UnboundedSender<Shut>,
        authority: Authority,
    ) -> io::Result<Platform> {
        let tls = authority.client(options.push.trusted_ca_file.as_deref())?;
        let platform = Platform {
            clock: Clock::start(clock::machine_time(), options.speed, options.paused),
            wall_clock: WallClock {
                offset_seconds: options.clock_offset_seconds,
            },
            lock_out: LockOut::default(),
            links: Links::new(link_key),
            faults: FaultBook::new(options.seed),
            rates: Rates::default(),
            random: Mutex::new(fastrand::Rng::with_seed(options.seed)),
            doors,
            authority,
            account: RwLock::new(Arc::new(options.account.clone())),
            phones: RwLock::new(Phones {
                all: options.all_phones.clone().over(&PhoneRule::built_in()),
                own: options.phones.clone(),
            }),
            world: Mutex::new(World {
                calls: Calls::new(options.finished_calls),
                timers: Timers::new(),
                batches: Batches::default(),
                journal: Journal::default(),
            }),
            queue: PushQueue::default(),
            sender: Sender::new(&options, tls),
            log: Mutex::new(PushLog::new(options.kept_pushes)),
            sooner: Notify::new(),
            news: watch::Sender::new(0),
            options,
        };
        for fault in &platform.options.faults {
            let _ = platform.arm(fault.clone());
        }
        Ok(platform)
    }

    /// Arms a fault and gives its id. A door is shut at once, and has no id; what is received tells when it is shut.
    pub(crate) fn arm(&self, fault: Fault) -> Result<u64, oneshot::Receiver<()>> {
        if fault.fault != FaultKind::Refuse {
            return Ok(self.faults.arm(fault));
        }
        let (done, shut) = oneshot::channel();
        let seconds = fault.details.seconds.and_then(|seconds| u64::try_from(seconds).ok());
        // A platform that does not listen any more needs no door.
        let _ = self.doors.send(Shut {
            length: Duration::from_secs(seconds.unwrap_or(SHUT_SECONDS)),
            done,
        });
        Err(shut)
    }

    /// The account as it is now; later changes do not reach it.
    pub(crate) fn account(&self) -> Arc<Account> {
        Arc::clone(&read(&self.account))
    }

    /// Changes the account for everything that comes after.
    pub(crate) fn change_account<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        change(Arc::make_mut(&mut write(&self.account)))
    }

    /// A usable display number of the application, chosen at random: what is shown for a suspended one (contract
    /// requests.md 3).
    pub(crate) fn another_display(&self, application: &Application) -> Option<Box<str>> {
        let usable: Vec<_> = application.usable_numbers().collect();
        let chosen = lock(&self.random).choice(usable)?;
        Some(chosen.as_str().into())
    }

    pub(crate) fn phones(&self) -> Phones {
        read(&self.phones).clone()
    }

    pub(crate) fn change_phones<T>(&self, change: impl FnOnce(&mut Phones) -> T) -> T {
        change(&mut write(&self.phones))
    }

    /// Notices of change: wait on it, then look again.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    fn tell_news(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// Changes how simulated time goes on, and lets the scheduler see it.
    pub(crate) fn set_clock(&self, speed: Option<f64>, paused: Option<bool>) {
        self.clock.set(speed, paused);
        self.sooner.notify_one();
        self.tell_news();
    }

    /// Leaps ahead in simulated time, and does what becomes due on the way before it returns. What is sent meanwhile may
    /// still be on its way.
    pub(crate) fn step_clock(self: &Arc<Self>, length: Duration) {
        self.clock.step(length);
        let now = self.clock.now();
        while self.do_due_by(now) {}
        self.sooner.notify_one();
        self.tell_news();
    }

    /// Waits until the scheduler has to look again.
    pub(crate) async fn something_sooner(&self) {
        self.sooner.notified().await;
    }
}
