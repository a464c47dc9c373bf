//! See `src/webhook_headers.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| voicecall_fuzz::webhook_headers::check(input));
