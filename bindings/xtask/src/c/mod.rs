//! `cargo xtask test c`: the header, the library as a file, and programs in C that use it.

mod elf;
mod header;
mod library;
mod programs;

use crate::generate;
use crate::tally::Tally;
use crate::tools;

/// Everything about C, in the order in which a fault is best understood.
pub(crate) fn test() -> Result<Tally, String> {
    tools::require("gcc", "gcc")?;
    tools::require("clang", "clang")?;
    tools::require("valgrind", "valgrind")?;
    tools::require("readelf", "binutils")?;
    let mut tally = Tally::default();
    let agrees = generate::run(&["--check".to_owned()])?;
    tally.check(
        "generated files are what is committed",
        if agrees { Ok(()) } else { Err("see above".to_owned()) },
    );
    header::test(&mut tally);
    let library = library::build("plain", &[])?;
    elf::test(&library, &mut tally)?;
    programs::test(&library, &mut tally)?;
    let panicking = library::build("panic", &["--features", "panic-on-purpose"])?;
    programs::test_panic(&panicking, &mut tally)?;
    Ok(tally)
}
