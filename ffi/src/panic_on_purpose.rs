//! A fault for the tests: proves that no panic leaves the library, and that a client goes on working.

use std::mem::MaybeUninit;

use crate::boundary::{answer, run, run_call};
use crate::client::voicecall_client;
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;

/// Panics inside the library, while `client` is in use. Not in the header: the test declares it itself.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_test_panic(
    client: Option<&voicecall_client>,
    in_call: bool,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    let body = || {
        let _in_use = client;
        #[expect(clippy::panic, reason = "that is its purpose")]
        {
            panic!("on purpose")
        }
    };
    if in_call {
        run_call(error, body)
    } else {
        run(error, body)
    }
}

/// Panics in a function that returns no status; gives 7, the stand-in.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_test_panic_in_answer() -> i32 {
    #[expect(clippy::panic, reason = "that is its purpose")]
    answer(7, || panic!("on purpose"))
}
