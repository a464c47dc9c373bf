//! Hands each push to the store, and gives the reply that the store's word allows.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use hyper::{HeaderMap, StatusCode};
use voicecall_core::ErrorKind;
use voicecall_core::intake::{Intake, Receipt};
use voicecall_core::webhook::{Event, MAX_BYTES, Reply};

use super::health::Health;
use super::metrics::Metrics;
use crate::output;
use crate::server::{Manners, Room};

/// Memory for all bodies together: with what the program needs for itself it stays below 60 MB, whatever comes.
const ROOM: usize = 16 * MAX_BYTES;

pub(super) struct Desk {
    pub(super) intake: Intake,
    pub(super) metrics: Metrics,
    pub(super) health: Health,
    pub(super) room: Room,
    pub(super) client_time: Duration,
}

impl Desk {
    pub(super) fn new(intake: Intake, manners: &Manners) -> Desk {
        Desk {
            intake,
            metrics: Metrics::new(manners.connections),
            health: Health::default(),
            room: Room::new(ROOM),
            client_time: manners.client_time,
        }
    }

    /// Gives the reply when the store has the push.
    pub(super) async fn take(&self, peer: SocketAddr, headers: HeaderMap, body: Bytes) -> Reply {
        let (begun, intake) = (Instant::now(), self.intake.clone());
        let too_long = body.len() > MAX_BYTES;
        self.metrics.in_flight.inc();
        let received = tokio::task::spawn_blocking(move || {
            let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
            intake.receive(headers, &body)
        });
        let received = received.await;
        self.metrics.in_flight.dec();
        let took = begun.elapsed();
        let reply = match received {
            Ok(receipt) => {
                self.note(&receipt);
                log(peer, &receipt, took);
                match receipt.reply.status {
                    200 if too_long => cut_short(),
                    _ => receipt.reply,
                }
            }
            // The crash has been told; whether it was stored is not known.
            Err(_) => Reply::retry(),
        };
        self.metrics.answered(reply.status, Some(took));
        reply
    }

    fn note(&self, receipt: &Receipt) {
        self.metrics.note(receipt);
        match &receipt.event {
            // What was known before was not written again.
            Ok(_) if receipt.accepted > 0 => self.health.note(true),
            Err(error) if error.kind() == ErrorKind::Storage => self.health.note(false),
            _ => {}
        }
    }
}

/// Of a body that is too long the beginning is kept for people to look at. The rest is not, so the platform shall keep it.
fn cut_short() -> Reply {
    let mut reply = Reply::malformed();
    reply.status = StatusCode::PAYLOAD_TOO_LARGE.as_u16();
    reply
}

/// One line for each push.
fn log(peer: SocketAddr, receipt: &Receipt, took: Duration) {
    let (event, session_id) = named(receipt);
    let error = receipt
        .event
        .as_ref()
        .err()
        .map(|error| output::one_line(&error.to_string()));
    // Under one name, so that lines of all levels are found with one search.
    macro_rules! push {
        ($level:ident) => {
            tracing::$level!(
                status = receipt.reply.status,
                verdict = receipt.verdict.id(),
                event,
                session_id = session_id.as_deref(),
                new = receipt.accepted,
                known = receipt.duplicates - receipt.conflicts,
                contradicting = receipt.conflicts,
                unreadable = receipt.rejected,
                error,
                ms = (took.as_secs_f64() * 1e4).round() / 10.0,
                peer = %peer.ip(),
                "push"
            )
        };
    }
    match &receipt.event {
        Err(error) if error.kind() == ErrorKind::Storage => push!(error),
        Err(_) => push!(warn),
        Ok(_) if receipt.conflicts > 0 || receipt.rejected > 0 => push!(warn),
        Ok(_) => push!(info),
    }
}

/// Type and call of what came. Of a push of many CDRs the calls are in the store.
fn named(receipt: &Receipt) -> (Option<&str>, Option<Cow<'_, str>>) {
    match &receipt.event {
        Ok(Event::Status(event)) => (Some(event.event_type().as_str()), Some(event.session_id())),
        Ok(Event::Fee(event)) => match event.cdrs() {
            [cdr] => (Some("fee"), Some(cdr.session_id())),
            _ => (Some("fee"), None),
        },
        Ok(other) => (Some(other.event_type()), None),
        Err(_) => (None, None),
    }
}
