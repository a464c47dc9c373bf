//! The numbers of the Java package, by the program in `bindings/java/bench`, with the library as it is shipped.

use super::Number;
use super::turns::{self, Told};
use crate::{command, java};

const CALLS: Told = Told {
    ours: "CPU of a call over loopback keep-alive",
    theirs: "  the same with java.net.http.HttpClient, signed by hand",
    ratio: "  ratio",
    at_most: 0.2,
};

pub(super) fn run() -> Result<Vec<Number>, String> {
    let archive = java::ship()?;
    let classes = archive.compile("bench", &["bindings/java/bench/Calls.java".to_owned()])?;
    let class_path = archive.class_path(&[&classes]);
    let program = ["-cp", &class_path, "Calls"];
    turns::calls(&CALLS, |arguments| {
        command::run("java", &[&program, arguments].concat(), &[])
    })
}
