//! Simulated time: `GET /clock` shows it, `PUT /clock` changes its speed, pauses it and lets it go on, `POST /clock/step`
//! leaps ahead.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::input::Input;
use super::senseless;
use crate::options;
use crate::platform::Platform;

/// Longest leap: ten years.
const LONGEST_STEP: f64 = 10.0 * 365.0 * 24.0 * 3600.0;

/// Simulated time and how it goes on.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    time: String,
    unix_millis: i64,
    speed: f64,
    paused: bool,
    /// Number of the journal's newest line: what comes after it is new.
    last_event: u64,
}

fn shown(platform: &Platform) -> Json<Shown> {
    let now = platform.clock.now();
    Json(Shown {
        time: now.wire(),
        unix_millis: now.unix_millis(),
        speed: platform.clock.speed(),
        paused: platform.clock.is_paused(),
        last_event: platform.last_sequence(),
    })
}

pub(super) async fn show(State(platform): State<Arc<Platform>>) -> Json<Shown> {
    shown(&platform)
}

/// What changes; what is left out stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Change {
    speed: Option<f64>,
    paused: Option<bool>,
}

pub(super) async fn change(State(platform): State<Arc<Platform>>, Input(change): Input<Change>) -> Response {
    if let Some(Err(reason)) = change.speed.map(options::check_speed) {
        return senseless(&reason);
    }
    platform.set_clock(change.speed, change.paused);
    shown(&platform).into_response()
}

/// How far to leap.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    seconds: f64,
}

/// Answers when everything that became due was done.
pub(super) async fn step(State(platform): State<Arc<Platform>>, Input(step): Input<Step>) -> Response {
    if !(0.0..=LONGEST_STEP).contains(&step.seconds) {
        return senseless("a step has 0 seconds or more, and at most ten years");
    }
    platform.step_clock(Duration::from_secs_f64(step.seconds));
    shown(&platform).into_response()
}
