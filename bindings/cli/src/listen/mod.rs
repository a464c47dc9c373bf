//! `voicecall listen`: receives webhooks, checks them, and keeps them: in a store, or in a file while it shows them.
//!
//! A webhook is acknowledged when the store has it, or its line is on disk, and only then. Where it is forwarded to, and
//! what comes back, changes nothing about that; `replay` sends again what a program missed.

mod duplicates;
mod entry;
mod forward;
mod journal;
mod lines;
mod options;
mod printer;
mod screen;

use std::sync::mpsc;

use serde_json::json;
use voicecall_core::intake::Intake;
use voicecall_core::webhook::Webhook;

pub(crate) use entry::Saved;
use lines::Lines;
pub(crate) use options::ListenOptions;
use options::MARGIN;

use crate::exit::Failure;
use crate::output::{self, STRONG, styled};
use crate::receiver::{Ended, Keeper, Opened, start_log};
use crate::settings::Global;
use crate::store::Found;

/// How webhooks are checked, and why they are not where something is missing for it.
type Checks = (Webhook, Option<&'static str>);

/// Listens until a signal ends it.
pub(crate) fn run(options: &ListenOptions, global: &Global) -> Result<(), Failure> {
    let store = options.store(global)?;
    let (webhook, lacking) = options.checks(global)?;
    let _log = start_log(options.detail(store.is_some()), global.json);
    match store {
        Some(store) => into_store(options, &store, (webhook, lacking), global),
        None => into_file(options, (webhook, lacking), global),
    }
}

fn into_store(options: &ListenOptions, store: &Found, checks: Checks, global: &Global) -> Result<(), Failure> {
    if options.store.flags.names_the_store() && store.holds_a_password() {
        tracing::warn!("the password in --store can be read by every user of this machine; set VOICECALL_STORE");
    }
    let (webhook, lacking) = checks;
    let intake = store.open(webhook)?;
    let opened = Opened::new(options.plan(Some(store.time()?))?)?;
    warn_unchecked(lacking);
    let ended = serve(
        opened,
        Keeper::Store(intake.clone()),
        ("store", "keeping calls in", &store.shown()),
        global,
    )?;
    match ended.idle {
        true => close(intake),
        false => tracing::warn!("the store does not answer; what is under way there is left"),
    }
    conclude(&ended)
}

fn into_file(options: &ListenOptions, checks: Checks, global: &Global) -> Result<(), Failure> {
    let (webhook, lacking) = checks;
    let mut lines = Lines::open(options, global)?;
    let (arrived, arrivals) = mpsc::channel();
    let opened = Opened::new(options.plan(None)?)?;
    warn_unchecked(lacking);
    let writer = std::thread::spawn(move || {
        while let Ok(first) = arrivals.recv() {
            lines.take([first].into_iter().chain(arrivals.try_iter()).collect());
        }
    });
    let file = options.file().display().to_string();
    let ended = serve(
        opened,
        Keeper::Hand(Box::new(webhook), arrived),
        ("append", "appending to", &file),
        global,
    )?;
    if ended.idle {
        let _ = writer.join();
    }
    conclude(&ended)
}

/// Receives until told to stop. `kept`: where webhooks go, as a key, for a sentence, and its name.
fn serve(opened: Opened, keeper: Keeper, kept: (&str, &str, &str), global: &Global) -> Result<Ended, Failure> {
    let (stop, hurry) = opened.catch_signals()?;
    let (url, health, (key, keeping, place)) = (opened.url()?, opened.health_url()?, kept);
    if global.json {
        let told = json!({ "url": url, key: place, "health": format!("{health}/healthz") });
        output::json(&json!({ "listening": told }));
    } else {
        output::line(&styled(STRONG, &format!("listening on {url}, {keeping} {place}")));
    }
    tracing::info!(url, store = place, "listening");
    Ok(opened.serve(keeper, stop, hurry))
}

fn warn_unchecked(lacking: Option<&str>) {
    if let Some(lacking) = lacking {
        tracing::warn!("signatures are not checked: {lacking}");
    }
}

/// A store that does not answer is not waited for.
fn close(intake: Intake) {
    let (done, closed) = mpsc::channel();
    std::thread::spawn(move || {
        intake.close();
        let _ = done.send(());
    });
    let _ = closed.recv_timeout(MARGIN);
}

fn conclude(ended: &Ended) -> Result<(), Failure> {
    if !ended.all_answered {
        return Err(Failure::local(
            "stopped before everything was answered; the platform sends CDRs again that it got no answer for",
        ));
    }
    tracing::info!("stopped");
    Ok(())
}
