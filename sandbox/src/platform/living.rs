//! Placing, living and ending of calls.

use std::sync::Arc;
use std::time::Instant;

use super::{Job, Platform, Timers, World};
use crate::billing;
use crate::call::event::{Event, EventKind};
use crate::call::machine::{Effect, Input, Machine};
use crate::call::phone::Phone;
use crate::call::{Call, Leg, Order, Scene, SceneKind};
use crate::cdr;
use crate::journal::What;
use crate::lock::{lock, read};
use crate::moment::Moment;
use crate::provisioning::{Account, Application};
use crate::push::batch::{Added, Key};
use crate::refusal::{self, Refusal};

/// How many things that are due are done before the lock is given to others.
const DUE_AT_ONCE: usize = 256;
/// Largest `idlePort` (contract requests.md 3).
const PORTS: usize = 65_535;

/// How many calls may live at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    platform: Option<usize>,
    application: Option<usize>,
}

impl Ports {
    pub(crate) fn of(account: &Account, application: &Application) -> Ports {
        Ports {
            platform: account.platform_ports,
            application: application.ports,
        }
    }

    /// Whether another call finds a port while so many are in use.
    fn check(self, calls: usize, calls_of_application: usize) -> Result<(), Refusal> {
        if self.application.is_some_and(|ports| calls_of_application >= ports) {
            return Err(Refusal::new(refusal::APPLICATION_PORTS));
        }
        if self.platform.is_some_and(|ports| calls >= ports) {
            return Err(Refusal::new(refusal::PLATFORM_PORTS));
        }
        Ok(())
    }

    fn idle(self, calls: usize, calls_of_application: usize) -> usize {
        let platform = self.platform.unwrap_or(PORTS).saturating_sub(calls);
        let application = self.application.map(|ports| ports.saturating_sub(calls_of_application));
        platform.min(application.unwrap_or(PORTS)).min(PORTS)
    }
}

/// A call that was accepted.
pub(crate) struct Placed {
    pub(crate) session_id: String,
    pub(crate) idle_ports: usize,
}

impl Platform {
    /// Accepts a call if there is a port for it, and sets to work on it.
    pub(crate) fn place(self: &Arc<Self>, order: Order, scene: Scene, ports: &Ports) -> Result<Placed, Refusal> {
        let app_key = Arc::clone(&order.app_key);
        let machine = Machine::new(scene, self.phones_of(&order));
        let now = self.clock.now();
        let mut world = lock(&self.world);
        ports.check(world.calls.live_count(), world.calls.live_count_of(&app_key))?;
        let number = world.calls.next_number();
        let call = Call::new(number, now, order, machine);
        let session_id = call.session_id();
        world.calls.add(call);
        world.journal.write(now, (number, now), What::Placed);
        self.step(&mut world, number, None, Input::Start, now);
        let idle_ports = ports.idle(world.calls.live_count(), world.calls.live_count_of(&app_key));
        drop(world);
        self.tell_news();
        Ok(Placed { session_id, idle_ports })
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
        let stoppable = call.order.scene == SceneKind::Callback || self.options.choices.stop_ends_every_scene;
        live && stoppable && *call.order.app_key == *app_key
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

    /// Does something of what is due by then; `false` when nothing is.
    pub(super) fn do_due_by(self: &Arc<Self>, now: Moment) -> bool {
        self.do_next_due(&mut lock(&self.world), now)
    }

    pub(super) fn do_next_due(self: &Arc<Self>, world: &mut World, now: Moment) -> bool {
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

    pub(super) fn step(
        self: &Arc<Self>,
        world: &mut World,
        number: u64,
        phase_number: Option<u32>,
        input: Input,
        now: Moment,
    ) {
        let Some(call) = world.calls.get_mut(number) else {
            return;
        };
        let state = |call: &Call| call.machine().map(|machine| (machine.phase(), machine.keys_awaited()));
        let before = state(call);
        let effects = call.step(phase_number, input, now);
        let is_told = effects.iter().any(|effect| matches!(effect, Effect::Tell(_)));
        if !is_told && state(call) != before {
            world.journal.write(now, (number, call.placed), What::Phase);
        }
        for effect in effects {
            match effect {
                Effect::Tell(event) => {
                    call.happened(event.kind, event.leg, now);
                    world
                        .journal
                        .write(now, (number, call.placed), What::Status(event.kind));
                    self.push_status(call, &event, now);
                    if let Some(event) = self.second_disconnect(call, &event) {
                        call.happened(event.kind, event.leg, now);
                        self.push_status(call, &event, now);
                    }
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

    /// The `disconnect` of the other party, where each party that was called gets one.
    fn second_disconnect(&self, call: &Call, event: &Event) -> Option<Event> {
        let other = match event.leg {
            Leg::A => Leg::B,
            Leg::B => Leg::A,
        };
        let is_meant = self.options.choices.two_disconnects
            && event.kind == EventKind::Disconnect
            && call.record().leg(other).start.is_some();
        is_meant.then(|| Event {
            leg: other,
            ..event.clone()
        })
    }

    pub(super) fn add_timer(&self, timers: &mut Timers, due: Moment, job: Job) {
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
        self.charge(call);
        world.journal.write(now, (number, call.placed), What::Cdr);
        let address = call.order.fee_url.clone();
        let cdr = address.and_then(|url| Some((url, cdr::json(call, &self.account().sp_id, &self.options.choices)?)));
        if let Some((url, cdr)) = cdr {
            let key = Key {
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

    /// Takes the price of a call from the account, where that keeps one.
    fn charge(&self, call: &Call) {
        if self.account().balance_fen.is_none() {
            return;
        }
        let price = billing::price(call, self.options.choices.lone_leg_costs);
        self.change_account(|account| account.balance_fen = account.balance_fen.map(|balance| balance - price));
    }
}
