//! What the tests over real sockets share: a platform, a client that signs by hand, and a receiver of pushes.

// Each test program uses a part of this, and none has an outside.
#![allow(dead_code, unreachable_pub)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail the test"
)]

pub mod client;
pub mod receiver;

use std::time::Duration;

use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Options, PhoneRule};

/// Longest wait for anything, in real time. Nothing waits that long unless a test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub const DISPLAY: &str = "+867550000088";
pub const DISPLAY_TO_B: &str = "+867550000089";
pub const A: &str = "+8613800000021";
pub const B: &str = "+8613800000022";

/// Default settings on a clock so fast that a call is over at once.
pub fn fast() -> Options {
    let mut options = Options::default();
    options.speed = 1000.0;
    options
}

pub fn start(options: Options) -> Sandbox {
    Sandbox::start(options).expect("the platform starts")
}

pub fn talks_for(seconds: u32) -> PhoneRule {
    let mut rule = PhoneRule::default();
    rule.talk_seconds = Some(seconds);
    rule
}
