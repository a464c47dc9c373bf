//! Signs and sends pushes, so many at a time and no more.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use voicecall_core::Secret;
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, PushSigner};

use super::client::{PushClient, accepted};
use super::log::Reply;
use super::message::Message;
use crate::clock::WallClock;
use crate::options::Options;

/// How many pushes may be on their way at once: enough for slow receivers, few enough for any machine's sockets.
const AT_ONCE: usize = 256;

/// Sends pushes on the runtime on which it was made.
#[derive(Debug)]
pub(crate) struct Sender {
    client: PushClient,
    zone: CreatedZone,
    permits: Semaphore,
    runtime: Handle,
}

/// What came of one sending.
pub(crate) struct Sent {
    pub(crate) nonce: String,
    pub(crate) created: String,
    pub(crate) outcome: Result<Reply, String>,
    pub(crate) delivered: bool,
}

impl Sender {
    /// A sender on the current runtime.
    pub(crate) fn new(options: &Options) -> Sender {
        Sender {
            client: PushClient::new(options.push.timeout, options.keep_alive),
            zone: options.push.created_zone.clone(),
            permits: Semaphore::new(AT_ONCE),
            runtime: Handle::current(),
        }
    }

    /// Runs a task in the background.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Sends a message once. `Created` is wall-clock time: the receiver compares it with its own clock.
    pub(crate) async fn send(&self, message: &Message, secret: Option<&Secret>, clock: WallClock) -> Sent {
        let permit = self.permits.acquire().await;
        let nonce = sign::nonce().unwrap_or_default();
        let created = sign::created(clock.unix_seconds(), &self.zone);
        // An application that is gone by now signs with an empty secret, which no receiver accepts.
        let nobody = Secret::default();
        let signer = PushSigner {
            app_key: &message.app_key,
            app_secret: secret.unwrap_or(&nobody),
            url: &message.url,
            form: DigestForm::Newest,
        };
        let headers = signer.headers(&nonce, &created);
        let outcome = self.client.post(&message.url, &headers, message.body.clone()).await;
        drop(permit);
        let delivered = outcome.as_ref().is_ok_and(|reply| accepted(message.content, reply));
        Sent {
            nonce,
            created,
            outcome,
            delivered,
        }
    }
}
