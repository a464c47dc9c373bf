//! `cargo xtask test c`: the headers, the library as a file, programs in C and C++ that use it, and what users install.

mod cpp;
mod elf;
mod examples;
mod header;
mod install;
pub(crate) mod library;
mod programs;
pub(crate) mod readme;
mod refused;

use crate::generate;
use crate::tally::Tally;
use crate::tools;

/// Everything about C, in the order in which a fault is best understood.
pub(crate) fn test() -> Result<Tally, String> {
    tools::require("gcc", "gcc")?;
    tools::require("g++", "g++")?;
    tools::require("clang", "clang")?;
    tools::require("valgrind", "valgrind")?;
    tools::require("readelf", "binutils")?;
    tools::require("make", "make")?;
    tools::require("cmake", "cmake")?;
    tools::require("pkg-config", "pkg-config")?;
    tools::require_library("libmicrohttpd", "libmicrohttpd-dev")?;
    let mut tally = Tally::default();
    let agrees = generate::run(&["--check".to_owned()])?;
    tally.check(
        "generated files are what is committed",
        if agrees { Ok(()) } else { Err("see above".to_owned()) },
    );
    header::test(&mut tally);
    refused::test(&mut tally)?;
    let library = library::build("plain", &[])?;
    readme::test(&library, &mut tally)?;
    elf::test(&library, &mut tally)?;
    programs::test(&library, &mut tally)?;
    cpp::test(&library, &mut tally)?;
    if let Some(examples) = install::test(&library, &mut tally)? {
        examples::test(&examples, &mut tally)?;
    }
    let panicking = library::build("panic", &["--features", "panic-on-purpose"])?;
    programs::test_panic(&panicking, &mut tally)?;
    Ok(tally)
}
