//! The intake through its public API, on real files and, with the feature `intake-postgres`, a real PostgreSQL server.

#![cfg(feature = "intake")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[cfg(feature = "intake-postgres")]
#[path = "../support/pgbouncer.rs"]
mod pgbouncer;
#[cfg(feature = "intake-postgres")]
#[path = "../support/postgres_server.rs"]
mod postgres_server;
#[path = "../support/pushes.rs"]
mod pushes;
#[cfg(feature = "intake-postgres")]
#[path = "../support/relay.rs"]
mod relay;
#[path = "../support/scratch.rs"]
mod scratch;

mod attempts;
mod calls;
mod exports;
mod faults;
mod files;
mod hostile;
mod nonces;
mod opening;
#[cfg(feature = "intake-postgres")]
mod postgres;
mod privacy;
mod purge;
mod receive;
mod rejected;
mod schema;
mod shared;
mod stores;
mod take_up;
mod totals;
mod trust;
mod variants;
mod waiting;
