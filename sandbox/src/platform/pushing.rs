//! Sending of pushes: status events at once and once, CDRs until they are taken or given up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Job, Platform};
use crate::call::Call;
use crate::call::event::Event;
use crate::journal::What;
use crate::lock::lock;
use crate::moment::Moment;
use crate::push::log::Attempt;
use crate::push::message::{Content, Message};
use crate::push::status;

/// How long after a failed CDR push the next one is tried (contract pushes.md 5).
const REPUSH_INTERVAL: Duration = Duration::from_secs(3600);
/// How often a CDR is sent: once, and at most six times more (contract pushes.md 5).
const MOST_ATTEMPTS: u32 = 7;

impl Platform {
    pub(super) fn push_status(self: &Arc<Self>, call: &Call, event: &Event, now: Moment) {
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

    pub(super) fn send_fee(self: &Arc<Self>, message: Message) {
        let message = Arc::new(message);
        if self.queue.add_fee(&message) {
            let due = message.due;
            self.spawn_fee(message, due);
        }
    }

    pub(super) fn spawn_fee(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let platform = Arc::clone(self);
        self.sender.spawn(async move { platform.send(message, due).await });
    }

    /// Sends a message once and keeps what came of it. A status push that failed is never sent again.
    async fn send(self: &Arc<Self>, message: Arc<Message>, due: Moment) {
        let attempts = message.attempts.fetch_add(1, Ordering::Relaxed) + 1;
        let account = self.account();
        let application = account.applications.get(&*message.app_key);
        let secret = application.map(|application| &application.secret);
        let sent = self.sender.send(&message, secret, self.wall_clock).await;
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
