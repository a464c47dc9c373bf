//! `voicecall listen` with a store: a receiver that runs for years.
//!
//! The reply goes out when the store has what came, and not before; what came is written together with what came
//! meanwhile. It ends when it is told to, after everything that it accepted was answered.

mod desk;
mod health;
mod log;
mod metrics;
mod options;
mod routes;
mod signals;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use voicecall_core::intake::Intake;

pub(crate) use options::ServiceOptions;
pub(crate) use signals::Signals;

use crate::exit::Failure;
use crate::output::{self, STRONG, styled};
use crate::server::{self, Manners};
use crate::settings::Global;
use desk::Desk;
use routes::Routes;

/// What the store and the server are made of.
pub(crate) struct Service {
    pub(crate) intake: Intake,
    /// The store's address, without a password.
    pub(crate) store: String,
    /// Longest time that a push can take in the store.
    pub(crate) store_time: Duration,
    pub(crate) listen: std::net::SocketAddr,
    pub(crate) manners: Manners,
    /// What whoever runs it should know about the checks.
    pub(crate) warnings: Vec<String>,
}

/// A margin for what is neither the client's time nor the store's.
const MARGIN: Duration = Duration::from_secs(5);

/// Receives until told to stop.
pub(crate) fn run(mut service: Service, options: &ServiceOptions, global: &Global) -> Result<(), Failure> {
    // Whatever was accepted is done by then, or never.
    service.manners.linger = service.manners.client_time + service.store_time + MARGIN;
    let _log = log::start(options.log, global.json);
    // The pool of this runtime's threads that may block is the store's alone: so many pushes are in it at once, and those
    // that wait for the disk together are written together.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .max_blocking_threads(options.writers as usize)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(|error| Failure::local(format!("no threads: {error}")))?;
    // Kept here: a store may not be closed on a thread of the runtime.
    let intake = service.intake.clone();
    let ended = runtime.block_on(serve(service, options, global.json));
    intake.close();
    ended
}

/// Threads for connections: they verify nothing and write nothing.
const WORKERS: usize = 2;
/// Enough for the deepest JSON that the library reads.
const STACK: usize = 1024 * 1024;

async fn serve(service: Service, options: &ServiceOptions, json: bool) -> Result<(), Failure> {
    let mut signals = Signals::catch().map_err(|error| Failure::local(format!("signals: {error}")))?;
    let door = bind(service.listen).await?;
    let side_door = match options.health {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    announce(&service, &door, side_door.as_ref(), json)?;
    service.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let desk = Arc::new(Desk::new(service.intake, &service.manners));
    let routes = Routes::of_pushes(&desk, side_door.is_none());
    let side_door = side_door.map(|listener| tokio::spawn(beside(listener, Routes::of_health(&desk))));
    let (stop, stopped) = oneshot::channel();
    let (hurry, hurried) = oneshot::channel();
    let tls = service.manners.tls.clone();
    tokio::spawn(async move {
        let signal = signals.told_to_stop(tls.as_deref()).await;
        tracing::info!(
            signal,
            "stopping; what was accepted is finished first, a second signal ends it at once"
        );
        let _ = stop.send(());
        signals.told_to_stop(None).await;
        let _ = hurry.send(());
    });
    let all_answered = tokio::select! {
        all_answered = server::run(door, service.manners, routes, stopped) => all_answered,
        _ = hurried => false,
    };
    // Health is told to the end.
    side_door.inspect(|task| task.abort());
    if !all_answered {
        return Err(Failure::local(
            "stopped before everything was answered; the platform sends CDRs again that it got no answer for",
        ));
    }
    tracing::info!("stopped");
    Ok(())
}

/// Serves health and figures until the program ends.
async fn beside(listener: TcpListener, routes: Routes) {
    let manners = Manners {
        connections: SIDE_CONNECTIONS,
        ..Manners::default()
    };
    server::run(listener, manners, routes, std::future::pending::<()>()).await;
}

/// Who asks for health and figures.
const SIDE_CONNECTIONS: u32 = 16;

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| Failure::local(format!("webhooks cannot be received on {address}: {error}")))
}

fn announce(service: &Service, door: &TcpListener, side_door: Option<&TcpListener>, json: bool) -> Result<(), Failure> {
    let scheme = if service.manners.tls.is_some() { "https" } else { "http" };
    let url = |scheme: &str, listener: &TcpListener| {
        let address = listener.local_addr();
        let address = address.map_err(|error| Failure::local(format!("no address: {error}")))?;
        Ok::<_, Failure>(format!("{scheme}://{address}"))
    };
    let listening = url(scheme, door)?;
    let health = match side_door {
        Some(listener) => url("http", listener)?,
        None => listening.clone(),
    };
    if json {
        let told = json!({ "url": listening, "store": service.store, "health": format!("{health}/healthz") });
        output::json(&json!({ "listening": told }));
    } else {
        let told = format!("listening on {listening}, keeping calls in {}", service.store);
        output::line(&styled(STRONG, &told));
    }
    tracing::info!(url = listening, store = service.store, "listening");
    Ok(())
}
