//! The quick start of the README, as a program that a test can run.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it talks to its reader")]

include!(concat!(env!("OUT_DIR"), "/quick_start.rs"));
