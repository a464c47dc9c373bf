//! `--wait`: receives the webhooks of one call until it is over, and tells its story.

mod options;
mod outcome;

use std::time::{Duration, Instant};

use serde_json::json;
use voicecall_core::Config;
use voicecall_core::webhook::{Event, FeeEvent, StatusEvent, Webhook};

pub(crate) use options::{WaitOptions, time};
use outcome::Outcome;

use crate::exit::Failure;
use crate::output::{self, FAINT, styled};
use crate::receiver::{Arrival, Receiver, fee_url, status_url};
use crate::timeline::Timeline;

/// A receiver that is ready before the call is placed: the first webhooks come while its answer is still on its way.
pub(crate) struct Lookout {
    receiver: Receiver,
    base: String,
    patience: Duration,
}

impl Lookout {
    /// Listens, with the application's secret to check what comes.
    pub(crate) fn open(options: &WaitOptions, config: &Config) -> Result<Lookout, Failure> {
        let receiver = Receiver::start(options.listen, |address| {
            let base = options.base(address)?;
            let mut webhook = Webhook::builder().url(status_url(&base)).url(fee_url(&base));
            if let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) {
                webhook = webhook.application(app_key, app_secret.clone());
            }
            Ok(webhook.build()?)
        })?;
        let base = options.base(receiver.address())?;
        Ok(Lookout {
            receiver,
            base,
            patience: options.wait_timeout,
        })
    }

    pub(crate) fn status_url(&self) -> String {
        status_url(&self.base)
    }

    pub(crate) fn fee_url(&self) -> String {
        fee_url(&self.base)
    }

    /// Shows what the webhooks tell until the call's CDR has come. `caller` is A of a callback. The error says how the
    /// call ended where it did not succeed.
    pub(crate) fn follow(self, session_id: &str, caller: Option<&str>, json: bool) -> Result<(), Failure> {
        let mut watch = Watch {
            session_id,
            caller,
            timeline: Timeline::new(json, 0),
            outcome: Outcome::default(),
        };
        let end = Instant::now() + self.patience;
        while !watch.outcome.is_complete() {
            let Some(arrival) = self.receiver.next_within(end.saturating_duration_since(Instant::now())) else {
                break;
            };
            watch.look_at(arrival);
        }
        let outcome = watch.outcome;
        if json {
            output::json(&json!({ "outcome": outcome.to_json(session_id) }));
        } else {
            outcome.show();
        }
        outcome.verdict(session_id, self.patience)
    }
}

/// The call that is waited for, and what is known of it.
struct Watch<'a> {
    session_id: &'a str,
    caller: Option<&'a str>,
    timeline: Timeline,
    outcome: Outcome,
}

impl Watch<'_> {
    /// Shows a push and has it acknowledged. One that is about other calls only is left unacknowledged: nobody here would
    /// keep it, so the platform has to.
    fn look_at(&mut self, arrival: Arrival) {
        let ours = match arrival.event() {
            Ok(Event::Status(event)) => self.status(event),
            Ok(Event::Fee(event)) => self.fee(event, &arrival),
            Ok(_) => true,
            Err(error) => {
                let told = format!("a webhook was not accepted: {}", error.message());
                output::complain(&output::one_line(&told));
                true
            }
        };
        if ours {
            arrival.answer(&[]);
        }
    }

    fn status(&mut self, event: &StatusEvent) -> bool {
        if event.session_id() != self.session_id {
            return false;
        }
        self.timeline.status("", self.caller, event);
        self.outcome.ended(event);
        true
    }

    /// A message may hold the CDRs of several calls. It is acknowledged as a whole, so all of them are shown.
    fn fee(&mut self, event: &FeeEvent, arrival: &Arrival) -> bool {
        if event.cdrs().iter().all(|cdr| cdr.session_id() != self.session_id) {
            return false;
        }
        for cdr in event.cdrs() {
            self.timeline.cdr("", cdr, arrival.verdict());
            if cdr.session_id() == self.session_id {
                self.outcome.recorded(cdr);
            }
        }
        true
    }
}

/// Says how the receiver is reached, so that a person sees why nothing comes.
pub(crate) fn announce(lookout: &Lookout, json: bool) {
    if !json {
        output::line(&styled(FAINT, &format!("waiting for its webhooks at {}", lookout.base)));
    }
}
