//! A complete receiver of webhooks on axum: judges the signature, stores what came in a SQLite file, and only then says yes,
//! because the platform sends a CDR again only until it hears a yes. What comes twice is stored once.
//!
//! `webhook_receiver PORT FILE` ends when standard input ends. `VOICECALL_PUSH_URL` is the address as you registered it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use voicecall_core::intake::{Intake, Receipt, TotalsQuery};
use voicecall_core::webhook::{Policy, Reply, Webhook};
use voicecall_examples::{Failure, Settings, answer};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, file] = arguments.as_slice() else {
        return Err("usage: webhook_receiver PORT FILE".into());
    };
    let intake = Arc::new(open(file)?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", port.parse()?)))?;
    println!("listening on port {}", listener.local_addr()?.port());
    let service = Router::new().fallback(receive).with_state(Arc::clone(&intake));
    let ended = end_of_input();
    let serving = async {
        axum::serve(listener, service)
            .with_graceful_shutdown(async { drop(ended.await) })
            .await
    };
    runtime.block_on(serving)?;
    let calls: u64 = intake
        .totals(&TotalsQuery::new())?
        .iter()
        .map(|total| total.calls)
        .sum();
    println!("calls with a CDR: {calls}");
    Ok(())
}

fn open(file: &str) -> Result<Intake, Failure> {
    let settings = Settings::from_env()?;
    let webhook = Webhook::builder()
        .url(std::env::var("VOICECALL_PUSH_URL")?)
        .application(&settings.app_key, settings.app_secret)
        .policy(Policy::Require)
        .build()?;
    Ok(Intake::builder().store(format!("sqlite:{file}")).build(webhook)?)
}

/// The intake waits for the disk, so it does that on a thread that may block.
async fn receive(State(intake): State<Arc<Intake>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let stored = tokio::task::spawn_blocking(move || {
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        intake.receive(headers, &body)
    });
    match stored.await {
        Ok(receipt) => {
            report(&receipt);
            answer(receipt.reply)
        }
        Err(_) => answer(Reply::retry()),
    }
}

fn report(receipt: &Receipt) {
    let what = if receipt.accepted > 0 { "stored" } else { "known" };
    match &receipt.event {
        Ok(event) => println!("{}: {what}", event.event_type()),
        Err(error) => eprintln!("not stored: {error}"),
    }
}

fn end_of_input() -> oneshot::Receiver<()> {
    let (ending, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = ending.send(());
    });
    ended
}
