//! See `src/response.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| voicecall_fuzz::response::check(input));
