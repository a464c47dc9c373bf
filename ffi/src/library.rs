//! The library about itself: its version, and the words behind the numbers.

use std::ffi::c_char;
use std::sync::LazyLock;

use crate::boundary::answer;
use crate::numbers::{self, Member};
use crate::text::Text;

/// Grows when a program has to be compiled anew, or changed, to go on working; it is the number in the name of the
/// shared library. New functions do not make it grow.
pub const VOICECALL_ABI_VERSION: i32 = 0;

/// The version of the library that is running, e.g. "0.1.0"; VOICECALL_VERSION is the one that the program was
/// compiled with.
///
/// Returns a text that lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// The ABI version of the library that is running. A program may compare it with VOICECALL_ABI_VERSION at its start;
/// the dynamic linker has done so by the library's name.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_abi_version() -> i32 {
    VOICECALL_ABI_VERSION
}

/// The text id of a status: "ok", "absent", or the kind of error, e.g. "invalid_argument". The same in every language.
///
/// Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_status_name(status: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| Names::of(&numbers::statuses()));
    name(&NAMES, status)
}

/// The text id of a delivery: "not_sent", "answered" or "unknown".
///
/// Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_delivery_name(delivery: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| Names::of(&numbers::deliveries()));
    name(&NAMES, delivery)
}

/// The text id of a retry advice: "never", "later" or "after_fix".
///
/// Returns a text that lives for ever; "unexpected" for a number that this version does not know. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_retry_name(retry: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| Names::of(&numbers::retries()));
    name(&NAMES, retry)
}

/// The ids of a list of numbers, ready for C.
struct Names(Vec<(i32, Text)>);

impl Names {
    fn of(members: &[Member]) -> Names {
        Names(
            members
                .iter()
                .map(|member| (member.number, Text::new(member.id)))
                .collect(),
        )
    }
}

fn name(names: &LazyLock<Names>, number: i32) -> *const c_char {
    const UNEXPECTED: *const c_char = c"unexpected".as_ptr();
    answer(UNEXPECTED, || {
        let found = names.0.iter().find(|(known, _)| *known == number);
        found.map_or(UNEXPECTED, |(_, name)| name.as_ptr())
    })
}
