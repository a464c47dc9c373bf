//! What must hold whatever comes in: one module per door through which bytes from outside enter. Each has `check`, which
//! panics when a property does not hold, and `seeds`, the inputs to begin with.
//!
//! A property is more than "it does not panic": where it can, a module reads the same input in a second, plain way, with
//! serde_json or by hand, and compares. The second way is written from the contract's rules and shares no code with the
//! core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a property that does not hold ends the run; that is how a fuzzer is told"
)]

mod calendar;
pub mod config;
mod privacy;
mod reference;
pub mod response;
pub mod value_pointer;
mod vectors;
pub mod webhook_body;
pub mod webhook_headers;

/// An input to begin with: its name and its bytes.
pub type Seed = (String, Vec<u8>);

/// A door that is fuzzed.
pub struct Target {
    /// Name of the target, of its module and of its corpus.
    pub name: &'static str,
    /// Panics when a property does not hold for these bytes.
    pub check: fn(&[u8]),
    /// Inputs to begin with, made from the test vectors.
    pub seeds: fn() -> Vec<Seed>,
    /// Words that inputs are made of.
    pub words: fn() -> Vec<String>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "config",
        check: config::check,
        seeds: config::seeds,
        words: config::words,
    },
    Target {
        name: "response",
        check: response::check,
        seeds: response::seeds,
        words: response::words,
    },
    Target {
        name: "value_pointer",
        check: value_pointer::check,
        seeds: value_pointer::seeds,
        words: value_pointer::words,
    },
    Target {
        name: "webhook_body",
        check: webhook_body::check,
        seeds: webhook_body::seeds,
        words: webhook_body::words,
    },
    Target {
        name: "webhook_headers",
        check: webhook_headers::check,
        seeds: webhook_headers::seeds,
        words: webhook_headers::words,
    },
];
