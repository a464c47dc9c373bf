//! The C ABI of voicecall: entry points over `voicecall-core`, and nothing that the core should know.
//!
//! The reference is `include/voicecall.h`, which `cargo xtask gen` writes from the comments here; they are therefore
//! written for C readers. The rules that every entry point keeps stand at the top of that header. Where they are kept:
//!
//! | rule | file |
//! |---|---|
//! | no panic gets out; every error reaches `voicecall_error **` | [`boundary`] |
//! | every pointer is checked, text is UTF-8 | [`arguments`] |
//! | texts handed out end with a NUL and live as long as their handle | [`text`] |
//! | numbers never change their meaning | [`numbers`] |
//!
//! Entry points are plainly written functions: the header's generator does not see what macros make.

#![deny(
    unsafe_op_in_unsafe_fn,
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc
)]
#![allow(non_camel_case_types, reason = "types have the name that C knows them by")]
#![allow(unreachable_pub, reason = "entry points are reached by the linker")]

mod arguments;
mod boundary;
pub mod numbers;
mod text;

// Entry points, in the order of the header.
mod library;

mod error;

mod value;

mod client;

mod download;

mod sans_io;

mod event;

mod webhook;

mod intake;

mod queue;

mod codes;

#[cfg(feature = "panic-on-purpose")]
mod panic_on_purpose;
