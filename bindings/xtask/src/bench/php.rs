//! The numbers of the PHP package, by the program in `bindings/php/bench`, with the library as it is shipped.

use super::known::{self, Known};
use super::{Number, c, peer};
use crate::{command, php, tools};

const NUMBERS: &[Known] = &[
    ("call", "CPU of a call over loopback keep-alive", None),
    ("call_curl", "  the same with the extension curl, signed by hand", None),
    ("call_ratio", "  ratio", Some(0.9)),
];

pub(super) fn run() -> Result<Vec<Number>, String> {
    php::require()?;
    let has_curl = || command::output("php", &["-r", "exit(extension_loaded('curl') ? 0 : 1);"]).is_ok();
    tools::require_that(has_curl, "the extension curl of PHP", "php-curl")?;
    let library = c::build()?.join("libvoicecall.so.0");
    let environment = [("VOICECALL_LIBRARY", &*library.to_string_lossy())];
    // Servers have the compiler's cache of PHP on, which the command line has off.
    let arguments = [
        "-d",
        "opcache.enable_cli=1",
        "bindings/php/bench/calls.php",
        &peer::start()?,
    ];
    known::all(NUMBERS, &command::run("php", &arguments, &environment)?)
}
