//! The platform: calls live here, on simulated time, and pushes leave from here.
//!
//! One lock guards what changes with every call; it is held for moments and never while something is sent. Routes, the
//! admin API and the scheduler's task all come in through the methods of [`Platform`].

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::auth::lock_out::LockOut;
use crate::call::event::Event;
use crate::call::machine::{Effect, Input, Machine};
use crate::call::phone::{Phone, PhoneRule};
use crate::call::view::CallView;
use crate::call::{Call, Order, Scene, SceneKind};
use crate::calls::Calls;
use crate::cdr;
use crate::clock::{self, Clock, WallClock};
use crate::journal::{Journal, JournalEntry, What};
use crate::lock::{lock, read, write};
use crate::moment::Moment;
use crate::options::Options;
use crate::provisioning::Account;
use crate::push::batch::{Added, Batches, Key};
use crate::push::log::{Attempt, PushLog, PushView, UndeliveredCdrs};
use crate::push::message::{Content, Message};
use crate::push::queue::PushQueue;
use crate::push::sender::Sender;
use crate::push::{batch, status};
use crate::recording::link::Links;
use crate::recording::{self, Recording};

/// How long after a failed CDR push the next one is tried (contract pushes.md 5).
const REPUSH_INTERVAL: Duration = Duration::from_secs(3600);
/// How often a CDR is sent: once, and at most six times more (contract pushes.md 5).
const MOST_ATTEMPTS: u32 = 7;
/// How many things that are due are done before the lock is given to others.
const DUE_AT_ONCE: usize = 256;
/// Largest `idlePort` (contract requests.md 3).
const PORTS: usize = 65_535;

/// A running platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) wall_clock: WallClock,
    pub(crate) lock_out: LockOut,
    pub(crate) links: Links,
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

/// A call that was accepted.
pub(crate) struct Placed {
    pub(crate) session_id: String,
    pub(crate) idle_ports: usize,
}

impl Platform {
    /// A platform that begins now. `link_key` signs the addresses of recordings.
    pub(crate) fn new(options: Options, link_key: String) -> Platform {
        Platform {
            clock: Clock::start(clock::machine_time(), options.speed),
            wall_clock: WallClock {
                offset_seconds: options.clock_offset_seconds,
            },
            lock_out: LockOut::default(),
            links: Links::new(link_key),
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
            sender: Sender::new(&options),
            log: Mutex::new(PushLog::new(options.kept_pushes)),
            sooner: Notify::new(),
            news: watch::Sender::new(0),
            options,
        }
    }

    /// The account as it is now; later changes do not reach it.
    pub(crate) fn account(&self) -> Arc<Account> {
        Arc::clone(&read(&self.account))
    }

    /// Changes the account for everything that comes after.
    pub(crate) fn change_account<T>(&self, change: impl FnOnce(&mut Account) -> T) -> T {
        change(Arc::make_mut(&mut write(&self.account)))
    }

    pub(crate) fn phones(&self) -> Phones {
        read(&self.phones).clone()
    }

    pub(crate) fn change_phones<T>(&self, change: impl FnOnce(&mut Phones) -> T) -> T {
        change(&mut write(&self.phones))
    }

    /// Accepts a call and sets to work on it.
    pub(crate) fn place(self: &Arc<Self>, order: Order, scene: Scene) -> Placed {
        let machine = Machine::new(scene, self.phones_of(&order));
        let now = self.clock.now();
        let mut world = lock(&self.world);
        let number = world.calls.next_number();
        let call = Call::new(number, now, order, machine);
        let session_id = call.session_id();
        world.calls.add(call);
        world.journal.write(now, (number, now), What::Placed);
        self.step(&mut world, number, None, Input::Start, now);
        let idle_ports = PORTS.saturating_sub(world.calls.live_count());
        drop(world);
        self.tell_news();
        Placed { session_id, idle_ports }
    }

    fn phones_of(&self, order: &Order) -> [Phone; 2] {
        let rules = read(&self.phones);
        let phone = |number: &str| Phone::new(number, rules.own.get(number), &rules.all);
        let second = order.second.as_ref().unwrap_or(&order.first);
        [phone(&order.first.called), phone(&second.called)]
    }

    /// Ends a live call of this application; `false` when there is none that may be ended.
    pub(crate) fn stop_call(self: &Arc<Self>, app_key: &str, session_id: &str) -> bool {
        let now = self.clock.now();
        let mut world = lock(&self.world);
        // What was due before the order came happened before it.
        while self.do_next_due(&mut world, now) {}
        let found = world.calls.find(session_id).filter(|call| self.may_stop(call, app_key));
        let number = found.map(|call| call.number);
        if let Some(number) = number {
            self.step(&mut world, number, None, Input::Stop, now);
        }
        drop(world);
        self.tell_news();
        number.is_some()
    }

    fn may_stop(&self, call: &Call, app_key: &str) -> bool {
        let live = call.record().end.is_none();
        let stoppable = call.order.scene == SceneKind::Callback || self.options.stop_ends_every_scene;
        live && stoppable && *call.order.app_key == *app_key
    }

    /// The recording with this name, while it is kept, and the application it belongs to.
    pub(crate) fn recording(&self, file_name: &str) -> Option<(Recording, Arc<str>)> {
        let now = self.clock.now();
        let world = lock(&self.world);
        let call = world.calls.get(recording::number_in(file_name)?)?;
        let recording = recording::of(call)?;
        let found = recording.file_name == file_name && recording.is_kept_at(now);
        found.then(|| (recording, Arc::clone(&call.order.app_key)))
    }

    /// The call with this session id.
    pub(crate) fn call(&self, session_id: &str) -> Option<CallView> {
        lock(&self.world).calls.find(session_id).map(CallView::new)
    }

    /// The calls that were placed after this one, or all, at most `limit`.
    pub(crate) fn calls(&self, after: Option<&str>, limit: usize) -> Vec<CallView> {
        let world = lock(&self.world);
        let number = after.and_then(|id| world.calls.find(id)).map_or(0, |call| call.number);
        world.calls.after(number, limit).map(CallView::new).collect()
    }

    pub(crate) fn journal(&self, after: u64, limit: usize) -> Vec<JournalEntry> {
        lock(&self.world).journal.after(after, limit)
    }

    pub(crate) fn pushes(&self, after: u64, session_id: Option<&str>, limit: usize) -> Vec<PushView> {
        lock(&self.log).after(after, session_id, limit)
    }

    pub(crate) fn undelivered(&self) -> Vec<UndeliveredCdrs> {
        lock(&self.log).undelivered()
    }

    /// Notices of change: wait on it, then look again.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    fn tell_news(&self) {
        self.news.send_modify(|count| *count += 1);
    }

    /// Waits until the scheduler has to look again.
    pub(crate) async fn something_sooner(&self) {
        self.sooner.notified().await;
    }

    /// Does what is due and tells when to come again; `None`: when [`something_sooner`](Platform::something_sooner) says.
    pub(crate) fn do_what_is_due(self: &Arc<Self>) -> Option<Instant> {
        let now = self.clock.now();
        let mut world = lock(&self.world);
        let mut done = 0;
        while done < DUE_AT_ONCE && self.do_next_due(&mut world, now) {
            done += 1;
        }
        let next = world.timers.next_due();
        drop(world);
        if done > 0 {
            self.tell_news();
        }
        next.map(|moment| self.clock.instant_of(moment))
    }

    fn do_next_due(self: &Arc<Self>, world: &mut World, now: Moment) -> bool {
        let Some((due, job)) = world.timers.take_due(now) else {
            return false;
        };
        match job {
            // The simulated time is when it was due, however late this machine is.
            Job::Input {
                number,
                phase_number,
                input,
            } => self.step(world, number, phase_number, input, due),
            Job::SendBatch(key) => {
                if let Some(message) = world.batches.take(&key, due) {
                    self.send_fee(message);
                }
            }
            Job::Repush(message) => self.spawn_fee(message, due),
        }
        true
    }

    fn step(self: &Arc<Self>, world: &mut World, number: u64, phase_number: Option<u32>, input: Input, now: Moment) {
        let Some(call) = world.calls.get_mut(number) else {
            return;
        };
        for effect in call.step(phase_number, input, now) {
            match effect {
                Effect::Tell(event) => {
                    call.happened(event.kind, event.leg, now);
                    world
                        .journal
                        .write(now, (number, call.placed), What::Status(event.kind));
                    self.push_status(call, &event, now);
                }
                Effect::After {
                    delay,
                    phase_number,
                    input,
                } => {
                    let job = Job::Input {
                        number,
                        phase_number,
                        input,
                    };
                    self.add_timer(&mut world.timers, now + delay, job);
                }
            }
        }
        if call.has_just_ended() {
            self.finish(world, number, now);
        }
    }

    fn add_timer(&self, timers: &mut Timers, due: Moment, job: Job) {
        let is_first = timers.next_due().is_none_or(|first| due < first);
        timers.add(due, job);
        if is_first {
            self.sooner.notify_one();
        }
    }

    fn finish(self: &Arc<Self>, world: &mut World, number: u64, now: Moment) {
        let Some(call) = world.calls.get_mut(number) else {
            return;
        };
        call.settle();
        world.journal.write(now, (number, call.placed), What::Cdr);
        let address = call.order.fee_url.clone();
        let cdr = address.and_then(|url| Some((url, cdr::json(call, &self.account().sp_id)?)));
        if let Some((url, cdr)) = cdr {
            let key = batch::Key {
                app_key: Arc::clone(&call.order.app_key),
                url,
                end_seconds: now.unix_seconds(),
            };
            match world.batches.add(&key, (number, call.placed), cdr, now) {
                Added::First => self.add_timer(&mut world.timers, now.next_second(), Job::SendBatch(key)),
                Added::Joined => {}
                Added::Full(message) => self.send_fee(message),
            }
        }
        world.calls.finished(number);
    }

    fn push_status(self: &Arc<Self>, call: &Call, event: &Event, now: Moment) {
        let Some(url) = &call.order.status_url else { return };
        let Some(body) = status::json(call, event, now) else {
            return;
        };
        let message = Arc::new(Message::new(
            Content::Status(event.kind),
            Arc::clone(&call.order.app_key),
            Arc::clone(url),
            vec![(call.number, call.placed)],
            body,
            now,
        ));
        let number = call.number;
        if self.queue.add_status(number, message) {
            let platform = Arc::clone(self);
            self.sender.spawn(async move {
                while let Some(message) = platform.queue.next(number) {
                    let due = message.due;
                    platform.send(message, due).await;
                }
            });
        }
    }

    fn send_fee(self: &Arc<Self>, message: Message) {
        let message = Arc::new(message);
        if self.queue.add_fee(&message) {
            let due = message.due;
            self.spawn_fee(message, due);
        }
    }

    fn spawn_fee(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let platform = Arc::clone(self);
        self.sender.spawn(async move { platform.send(message, due).await });
    }

    /// Sends a message once and keeps what came of it. A status push that failed is never sent again.
    async fn send(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let attempts = message.attempts.fetch_add(1, Ordering::Relaxed) + 1;
        let account = self.account();
        let application = account.applications.get(&*message.app_key);
        let secret = application.map(|application| &application.secret);
        let sent = self.sender.send(&message, secret, self.wall_clock.unix_seconds()).await;
        let delivered = sent.delivered;
        let attempt = Attempt {
            attempt: attempts,
            time: due.wire(),
            nonce: sent.nonce,
            created: sent.created,
            outcome: sent.outcome,
            delivered,
        };
        let given_up = !delivered && message.content == Content::Fee && attempts >= MOST_ATTEMPTS;
        let push = {
            let mut log = lock(&self.log);
            if given_up {
                log.add_undelivered(&message);
            }
            log.add(&message, attempt)
        };
        self.sent(&message, push, delivered, given_up, due);
    }

    fn sent(&self, message: &Arc<Message>, push: u64, delivered: bool, given_up: bool, due: Moment) {
        let mut world = lock(&self.world);
        if let Some(call) = message.calls.first() {
            let at = self.clock.now();
            world.journal.write(at, *call, What::Pushed { push, delivered });
        }
        if !delivered && !given_up && message.content == Content::Fee {
            let again = due + REPUSH_INTERVAL;
            self.add_timer(&mut world.timers, again, Job::Repush(Arc::clone(message)));
        }
        drop(world);
        self.tell_news();
    }
}
