//! See `src/value_pointer.rs`.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| voicecall_fuzz::value_pointer::check(input));
