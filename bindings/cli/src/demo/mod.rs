//! `voicecall demo`: the main job, for real, on an embedded platform.
//!
//! One process, three parties: a local platform, a webhook receiver on loopback, and the public API between them.

mod cast;
mod placing;
mod screen;
mod stage;
mod tally;
mod wav;

use std::time::{Duration, Instant};

use clap::Args;
use voicecall_core::webhook::{Cdr, Event, EventType, StatusEvent};
use voicecall_core::{DownloadOptions, RecordingSource};

use crate::demo::cast::{Calls, Role};
use crate::demo::screen::Screen;
use crate::demo::stage::Stage;
use crate::demo::tally::Tally;
use crate::exit::Failure;

/// Options of `voicecall demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// How many times faster than real time the platform's clock runs.
    #[arg(long, value_name = "X", default_value_t = 30.0, value_parser = crate::sandbox::speed)]
    pub(crate) speed: f64,
}

/// A demonstration that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Seconds of the platform's clock that B is left to talk before the program ends the call.
const TALK_BEFORE_END: i64 = 5;

/// Plays the demonstration.
pub(crate) fn run(options: &DemoOptions, json: bool) -> Result<(), Failure> {
    let stage = Stage::set(options.speed)?;
    let mut screen = Screen::new(json);
    screen.opening(stage.sandbox.endpoint(), options.speed);
    let calls = placing::place(&stage, &mut screen)?;
    let tally = follow(&stage, &calls, &mut screen)?;
    let recording_seconds = fetch_recording(&stage, &tally, &mut screen)?;
    screen.table(&calls, &tally, &stage.tariff);
    screen.summary(&tally.summary(&calls, recording_seconds));
    Ok(())
}

/// Shows what the receiver is told until every call has its CDR.
fn follow(stage: &Stage, calls: &Calls, screen: &mut Screen) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let mut answered = None;
    let end = Instant::now() + PATIENCE;
    screen.timeline();
    while tally.cdrs.len() < calls.placed.len() {
        let left = end.saturating_duration_since(Instant::now());
        let arrival = stage.receiver.next_within(left).ok_or_else(|| {
            Failure::Local(format!(
                "after {PATIENCE:?} only {} of {} CDRs came",
                tally.cdrs.len(),
                calls.placed.len()
            ))
        })?;
        tally.count(arrival.verdict());
        match arrival.event() {
            Ok(Event::Status(event)) => {
                screen.event(calls, event);
                end_some_time_after_the_answer(stage, calls, &mut answered, event, screen)?;
                tally.status_events += 1;
            }
            Ok(Event::Fee(event)) => {
                screen.fee(calls, event, arrival.verdict());
                tally.cdrs.extend_from_slice(event.cdrs());
            }
            Ok(_) => {}
            Err(error) => return Err(Failure::local(format!("a webhook could not be taken: {error}"))),
        }
        arrival.answer(&[]);
    }
    Ok(tally)
}

/// One of the callbacks is ended by the program, some seconds after B has answered: when other events tell that the
/// platform's clock has come so far.
fn end_some_time_after_the_answer(
    stage: &Stage,
    calls: &Calls,
    answered: &mut Option<i64>,
    event: &StatusEvent,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let Some(call) = calls.placed.iter().find(|call| call.role == Role::Terminated) else {
        return Ok(());
    };
    let now = event.timestamp().map(|time| time.unix_seconds());
    let b_answers = *event.event_type() == EventType::Answer && event.called().as_deref() == Some(call.callee.as_str());
    if b_answers && event.session_id() == call.session_id.as_str() {
        *answered = now;
    } else if answered.is_some_and(|answered| now >= Some(answered + TALK_BEFORE_END)) {
        *answered = None;
        stage.client.terminate_call(&call.session_id)?;
        screen.terminated(call);
    }
    Ok(())
}

/// Downloads the recording that one of the CDRs names, and measures it: the seconds of sound.
fn fetch_recording(stage: &Stage, tally: &Tally, screen: &mut Screen) -> Result<f64, Failure> {
    let source: Option<RecordingSource> = tally.cdrs.iter().find_map(Cdr::recording);
    let source = source.ok_or_else(|| Failure::Local("no CDR names a recording".to_owned()))?;
    let folder = stage::TemporaryFolder::create()?;
    let file = stage
        .client
        .download_recording(source, folder.path().join("recording.wav"), DownloadOptions::new())?;
    let sound = std::fs::read(&file.path).map_err(|error| Failure::Local(format!("the recording is gone: {error}")))?;
    let seconds = wav::seconds(&sound).ok_or_else(|| Failure::Local("the recording is no A-law WAV".to_owned()))?;
    screen.recording(file.bytes, seconds);
    Ok(seconds)
}
