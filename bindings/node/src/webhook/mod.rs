//! Pushes: read and judged in one call, handed over so that JavaScript reads each field without another.
//!
//! How an event gets to JavaScript was measured first, on a message of 50 CDRs (40 kB), each way against `JSON.parse` of
//! the same buffer:
//! - **columns** (kept): the addon writes one array of positions and numbers, JavaScript cuts texts out of its own string of
//!   the body when they are read. 0.9 of `JSON.parse`, and 1.3 when every field of every record is then read from both.
//! - a native handle with one N-API call per field: 0.8, but 10 with everything read, and a finalizer per event.
//! - verified bytes, then `JSON.parse`: 1.4, and JavaScript would have to know the service's tolerance rules.
//! - objects built field by field over N-API: 5.
//! - natural JSON from the core, then `JSON.parse`: 7.
//!
//! `cargo xtask bench node` measures the first against `JSON.parse` anew.

mod cells;
mod reading;
pub mod receiver;
mod units;
pub mod views;
