//! The numbers of the PHP package, by the program in `bindings/php/bench`, with the library as it is shipped.

use super::turns::{self, Told};
use super::{Number, c};
use crate::{command, php, tools};

const CALLS: Told = Told {
    ours: "CPU of a call over loopback keep-alive",
    theirs: "  the same with the extension curl, signed by hand",
    ratio: "  ratio",
    at_most: 0.9,
};

/// Servers have the compiler's cache of PHP on, which the command line has off.
const PROGRAM: [&str; 3] = ["-d", "opcache.enable_cli=1", "bindings/php/bench/calls.php"];

pub(super) fn run() -> Result<Vec<Number>, String> {
    php::require()?;
    let has_curl = || command::output("php", &["-r", "exit(extension_loaded('curl') ? 0 : 1);"]).is_ok();
    tools::require_that(has_curl, "the extension curl of PHP", "php-curl")?;
    let library = c::build()?.join("libvoicecall.so.0");
    let environment = [("VOICECALL_LIBRARY", &*library.to_string_lossy())];
    turns::calls(&CALLS, |arguments| {
        command::run("php", &[&PROGRAM, arguments].concat(), &environment)
    })
}
