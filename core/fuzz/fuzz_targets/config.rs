//! See `src/config.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| voicecall_fuzz::config::check(input));
