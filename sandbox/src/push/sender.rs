//! Signs and sends pushes, so many at a time and no more.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use rustls::ClientConfig;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use voicecall_core::Secret;
use voicecall_core::sign;
use voicecall_core::webhook::{DigestForm, PushSigner};

use super::client::PushClient;
use super::log::Reply;
use super::message::Message;
use super::{PushOptions, PushSignature, spoil};
use crate::clock::WallClock;
use crate::faults::{Fault, FaultKind};
use crate::options::Options;

/// How many pushes may be on their way at once: enough for slow receivers, few enough for any machine's sockets.
const AT_ONCE: usize = 256;
/// Usual delay of a push that comes late.
const DELAY_MILLIS: u64 = 1000;
/// Usual error of a sender's clock, in seconds.
const SKEW_SECONDS: i64 = -3600;

/// Sends pushes on the runtime on which it was made.
#[derive(Debug)]
pub(crate) struct Sender {
    client: PushClient,
    settings: PushOptions,
    permits: Semaphore,
    runtime: Handle,
}

/// A push with everything that goes on the wire.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) nonce: String,
    pub(crate) created: String,
    /// Whether a receiver that knows the secret should accept it, and in which form.
    pub(crate) signature: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

impl Sender {
    /// A sender on the current runtime.
    pub(crate) fn new(options: &Options, tls: Arc<ClientConfig>) -> Sender {
        Sender {
            client: PushClient::new(options.keep_alive, tls),
            settings: options.push.clone(),
            permits: Semaphore::new(AT_ONCE),
            runtime: Handle::current(),
        }
    }

    /// Runs a task in the background.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(task);
    }

    /// Signs a message. `Created` is wall-clock time: the receiver compares it with its own clock.
    pub(crate) fn sign(
        &self,
        message: &Message,
        secret: Option<&Secret>,
        clock: WallClock,
        fault: Option<&Fault>,
    ) -> Signed {
        let kind = fault.map(|fault| fault.fault);
        let skew = match fault {
            Some(fault) if fault.fault == FaultKind::SkewedClock => fault.details.seconds.unwrap_or(SKEW_SECONDS),
            _ => 0,
        };
        let fresh = || {
            let created = sign::created(clock.unix_seconds().saturating_add(skew), &self.settings.created_zone);
            (sign::nonce().unwrap_or_default(), created)
        };
        let (nonce, created) = match self.settings.repush_keeps_signature {
            true => message.first_signature.get_or_init(fresh).clone(),
            false => fresh(),
        };
        // An application that is gone by now signs with an empty secret, which no receiver accepts.
        let nobody = Secret::default();
        let form = self.settings.signature.form();
        let signer = PushSigner {
            app_key: &message.app_key,
            app_secret: secret
                .filter(|_| kind != Some(FaultKind::WrongDigest))
                .unwrap_or(&nobody),
            url: message.signed_url.as_ref().unwrap_or(&message.url),
            form: form.clone().unwrap_or(DigestForm::Newest),
        };
        let mut headers = signer.headers(&nonce, &created).to_vec();
        let unsigned = kind == Some(FaultKind::NoSignature) || form.is_none();
        if unsigned {
            headers.retain(|(name, _)| *name == CONTENT_TYPE);
        }
        if self.settings.compact_header {
            for (_, value) in &mut headers {
                *value = value.replace("\", ", "\",");
            }
        }
        let signature = match kind {
            _ if unsigned => PushSignature::None.name(),
            Some(FaultKind::WrongDigest) => "wrong",
            _ => self.settings.signature.name(),
        };
        Signed {
            nonce,
            created,
            signature,
            headers,
            body: kind
                .and_then(|kind| spoil::body(kind, &message.body))
                .unwrap_or_else(|| message.body.clone()),
        }
    }

    /// Sends what was signed, once.
    pub(crate) async fn send(&self, url: &str, signed: &Signed, fault: Option<&Fault>) -> Result<Reply, String> {
        if let Some(fault) = fault.filter(|fault| fault.fault == FaultKind::Delay) {
            tokio::time::sleep(Duration::from_millis(fault.details.millis.unwrap_or(DELAY_MILLIS))).await;
        }
        let _permit = self.permits.acquire().await;
        if fault.is_some_and(|fault| fault.fault == FaultKind::Dropped) {
            return Err("a fault dropped it".to_owned());
        }
        let post = self.client.post(url, &signed.headers, &signed.body, fault);
        match tokio::time::timeout(self.settings.timeout, post).await {
            Ok(outcome) => outcome,
            Err(_) => Err(format!("no answer within {:?}", self.settings.timeout)),
        }
    }
}

/// As the signer spells it.
const CONTENT_TYPE: &str = "Content-Type";
