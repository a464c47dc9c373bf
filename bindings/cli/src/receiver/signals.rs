//! What the system tells a program that runs until it is told to stop: that, and to look at its certificate again.

use std::io;

use crate::server::Tls;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that are caught.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    hang_up: Signal,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn catch() -> io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the word to stop and gives its name; renews the certificate meanwhile.
    pub(crate) async fn told_to_stop(&mut self, tls: Option<&Tls>) -> &'static str {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.hang_up.recv() => renew(tls),
            }
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn catch() -> io::Result<Signals> {
        Ok(Signals {})
    }

    /// Waits for the word to stop and gives its name.
    pub(crate) async fn told_to_stop(&mut self, _: Option<&Tls>) -> &'static str {
        let _ = tokio::signal::ctrl_c().await;
        "Ctrl-C"
    }
}

#[cfg(unix)]
fn renew(tls: Option<&Tls>) {
    match tls.map(Tls::renew) {
        None => tracing::info!("SIGHUP: there is no certificate to read again"),
        Some(Ok(())) => tracing::info!("SIGHUP: new connections get the certificate that was read now"),
        Some(Err(error)) => tracing::error!(error, "SIGHUP: the certificate that was read before stays in use"),
    }
}
