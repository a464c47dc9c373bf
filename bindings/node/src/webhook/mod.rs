//! Pushes: read and judged in one call, handed over so that JavaScript reads each field without another.
//!
//! How an event gets to JavaScript was measured first, on a message of 50 CDRs (40 kB; `JSON.parse` of the buffer: 79 µs):
//! - **columns** (kept): the addon writes one array of positions and numbers, JavaScript cuts texts out of its own string of
//!   the body when they are read. 65 µs, and 73 µs with every field of every record read.
//! - a native handle with one N-API call per field: 63 µs, but 780 µs with everything read, and a finalizer per event.
//! - verified bytes, then `JSON.parse`: 113 µs, and JavaScript would have to know the service's tolerance rules.
//! - objects built field by field over N-API: 400 µs.
//! - natural JSON from the core, then `JSON.parse`: 530 µs.
//!
//! A status event by columns takes 1.0 µs to read and 2.6 µs with its signature judged.

mod cells;
mod reading;
pub mod receiver;
mod units;
pub mod views;
