//! Sending of pushes: status events at once and once, CDRs until they are taken or given up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Job, Platform};
use crate::call::Call;
use crate::call::event::{Event, EventKind};
use crate::faults::{Fault, FaultKind};
use crate::journal::What;
use crate::lock::lock;
use crate::moment::Moment;
use crate::push::client::accepted;
use crate::push::log::Attempt;
use crate::push::message::{Content, Message};
use crate::push::sender::Signed;
use crate::push::status;

/// How long after a failed CDR push the next one is tried (contract pushes.md 5).
const REPUSH_INTERVAL: Duration = Duration::from_secs(3600);
/// How often a CDR is sent: once, and at most six times more (contract pushes.md 5).
const MOST_ATTEMPTS: u32 = 7;

impl Platform {
    pub(super) fn push_status(self: &Arc<Self>, call: &Call, event: &Event, now: Moment) {
        let Some(url) = &call.order.status_url else { return };
        if event.replays && self.options.choices.replay_hides_keys {
            return;
        }
        let Some(body) = status::json(call, event, now, &self.options.choices) else {
            return;
        };
        let mut message = Message::new(
            Content::Status(event.kind),
            Arc::clone(&call.order.app_key),
            Arc::clone(url),
            vec![(call.number, call.placed)],
            body,
            now,
        );
        if self.options.push.status_signed_for_fee_url {
            message.signed_url = call.order.fee_url.clone();
        }
        let message = Arc::new(message);
        let number = call.number;
        // What changes places with the next push needs one to come.
        let is_last = event.kind == EventKind::Disconnect && call.order.fee_url.is_none();
        if !is_last && self.faults.reorders(message.content) && self.queue.hold(number, &message) {
            return;
        }
        if self.queue.add_status(number, message) {
            self.spawn_chain(number);
        }
    }

    /// Works off what is to be sent for this call.
    fn spawn_chain(self: &Arc<Self>, number: u64) {
        let platform = Arc::clone(self);
        self.sender.spawn(async move {
            while let Some(message) = platform.queue.next(number) {
                let due = message.due;
                platform.send(message, due).await;
            }
        });
    }

    pub(super) fn send_fee(self: &Arc<Self>, message: Message) {
        let message = Arc::new(message);
        let turn = self.queue.add_fee(&message);
        for number in turn.chains {
            self.spawn_chain(number);
        }
        if turn.at_once {
            let due = message.due;
            self.spawn_fee(message, due);
        }
    }

    pub(super) fn spawn_fee(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let platform = Arc::clone(self);
        self.sender.spawn(async move { platform.send(message, due).await });
    }

    /// Sends once more what was given up.
    pub(crate) fn push_undelivered(self: &Arc<Self>) {
        let now = self.clock.now();
        let messages = lock(&self.log).take_undelivered();
        for message in messages {
            self.spawn_fee(message, now);
        }
    }

    /// Sends a message once, or twice where a fault wants it so, and keeps what came of it. A status push that failed is
    /// never sent again.
    async fn send(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let attempt = message.attempts.fetch_add(1, Ordering::Relaxed) + 1;
        let fault = self.faults.strike_push(message.content);
        let fault = fault.as_ref();
        if let Some(fault) = fault {
            self.tell_fault(fault, message.content.event_type(), message.calls.first().copied());
        }
        let signed = self.sign(&message, fault);
        let delivered = self.send_signed(&message, &signed, fault, (attempt, due)).await;
        match fault.map(|fault| fault.fault) {
            Some(FaultKind::Replay) => {
                self.send_signed(&message, &signed, fault, (attempt, due)).await;
            }
            Some(FaultKind::Duplicate) => {
                let again = self.sign(&message, fault);
                self.send_signed(&message, &again, fault, (attempt, due)).await;
            }
            _ => {}
        }
        if !delivered && message.content == Content::Fee && attempt < MOST_ATTEMPTS {
            let mut world = lock(&self.world);
            self.add_timer(&mut world.timers, due + REPUSH_INTERVAL, Job::Repush(message));
        }
        self.tell_news();
    }

    fn sign(&self, message: &Message, fault: Option<&Fault>) -> Signed {
        let account = self.account();
        let application = account.applications.get(&*message.app_key);
        let secret = application.map(|application| &application.secret);
        self.sender.sign(message, secret, self.wall_clock, fault)
    }

    async fn send_signed(
        &self,
        message: &Arc<Message>,
        signed: &Signed,
        fault: Option<&Fault>,
        (attempt, due): (u32, Moment),
    ) -> bool {
        let outcome = self.sender.send(&message.url, signed, fault).await;
        let delivered = outcome.as_ref().is_ok_and(|reply| accepted(message.content, reply));
        let is_last = message.content == Content::Fee && attempt >= MOST_ATTEMPTS;
        let attempt = Attempt {
            attempt,
            time: due.wire(),
            nonce: signed.nonce.clone(),
            created: signed.created.clone(),
            signature: signed.signature,
            fault: fault.map(|fault| fault.fault.name()),
            spoilt: (signed.body != message.body).then(|| signed.body.clone()),
            outcome,
            delivered,
        };
        let push = {
            let mut log = lock(&self.log);
            if !delivered && is_last {
                log.add_undelivered(message);
            }
            log.add(message, attempt)
        };
        let now = self.clock.now();
        let call = message.calls.first().copied();
        lock(&self.world)
            .journal
            .write(now, call, What::Pushed { push, delivered });
        delivered
    }
}
