//! A fault of this program ends it in one line and with exit code 1, never with a backtrace.

use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use crate::output;

/// Replaces what Rust prints for a panic, on every thread.
pub(crate) fn install() {
    panic::set_hook(Box::new(|panic| output::complain(&line(panic))));
}

/// Runs the program; a panic in it has been told when this returns.
pub(crate) fn contain(run: impl FnOnce() -> ExitCode + panic::UnwindSafe) -> ExitCode {
    panic::catch_unwind(run).unwrap_or(ExitCode::FAILURE)
}

/// Where it happened, which is what a report needs. The panic's own text may quote personal data.
fn line(panic: &PanicHookInfo<'_>) -> String {
    let place = panic
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!("a fault of this program at {place}; please report it with the command that was typed")
}

#[cfg(test)]
mod tests {
    use std::process::ExitCode;
    use std::sync::{Arc, Mutex};

    use super::{contain, line};

    #[test]
    fn a_panic_becomes_one_line_and_an_exit_code() {
        let told = Arc::new(Mutex::new(String::new()));
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new({
            let told = Arc::clone(&told);
            move |panic| *told.lock().unwrap() = line(panic)
        }));
        let code = contain(|| panic!("+8613800000021"));
        std::panic::set_hook(usual);
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
        let told = told.lock().unwrap().clone();
        assert!(
            told.contains("crash.rs:") && !told.contains("0021") && !told.contains('\n'),
            "{told}"
        );
    }
}
