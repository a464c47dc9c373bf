//! The Node.js addon: translates types, errors, threads and life times between N-API and the core.
//!
//! Private: users see the TypeScript of `lib/`, which checks JavaScript types before anything gets here. Data crosses as
//! JSON text in natural form, because one string each way costs less than one N-API call per field. No rule of the service
//! is here.
//!
//! Memory comes from the system's allocator: with mimalloc a call took 2 to 4 % less time of the processors, for a second
//! heap beside Node's.

#![deny(unsafe_code)]
#![cfg_attr(
    test,
    allow(dead_code, reason = "exports are registered with Node in the addon only")
)]

pub mod client;
mod download;
mod failure;
pub mod intake;
mod natural;
mod outbox;
mod panics;
pub mod sans_io;
pub mod webhook;

use napi_derive::napi;

/// The version of the addon; its package has the same.
#[napi]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
