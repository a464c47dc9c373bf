//! The line of the log for each push.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

use voicecall_core::webhook::Event;

use super::keeper::Kept;
use crate::output;

/// One line for each push.
pub(super) fn log(peer: SocketAddr, kept: &Kept, took: Duration) {
    let (event, session_id) = named(kept);
    let error = kept.event.as_ref().err();
    let error = error.map(|error| output::one_line(&error.to_string()));
    // Under one name, so that lines of all levels are found with one search.
    macro_rules! push {
        ($level:ident) => {
            tracing::$level!(
                status = kept.reply.status,
                verdict = kept.verdict.id(),
                event,
                session_id = session_id.as_deref(),
                new = kept.new,
                known = kept.known,
                contradicting = kept.contradicting,
                unreadable = kept.unreadable,
                error,
                ms = (took.as_secs_f64() * 1e4).round() / 10.0,
                peer = %peer.ip(),
                "push"
            )
        };
    }
    match &kept.event {
        _ if kept.failed.is_some() => push!(error),
        Err(_) => push!(warn),
        Ok(_) if kept.contradicting > 0 || kept.unreadable > 0 => push!(warn),
        Ok(_) => push!(info),
    }
}

/// Type and call of what came. Of a push of many CDRs the calls are in the store.
fn named(kept: &Kept) -> (Option<&str>, Option<Cow<'_, str>>) {
    match &kept.event {
        Ok(Event::Status(event)) => (Some(event.event_type().as_str()), Some(event.session_id())),
        Ok(Event::Fee(event)) => match event.cdrs() {
            [cdr] => (Some("fee"), Some(cdr.session_id())),
            _ => (Some("fee"), None),
        },
        Ok(other) => (Some(other.event_type()), None),
        Err(_) => (None, None),
    }
}
