//! See `src/webhook_body.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| voicecall_fuzz::webhook_body::check(input));
