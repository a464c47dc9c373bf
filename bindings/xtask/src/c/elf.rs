//! The library as a file: what it exports, what it is called, what it needs.
//!
//! Prevents that a function is declared and not there, or there and not declared; that a program built against one ABI
//! version starts with another; and that the library drags in a TLS or C++ library that a target does not have.

use std::collections::BTreeSet;

use super::header;
use super::library::Library;
use crate::command;
use crate::tally::Tally;

const SONAME: &str = "libvoicecall.so.0";

/// Libraries that every glibc system has.
const MAY_NEED: &[&str] = &[
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

pub(super) fn test(library: &Library, tally: &mut Tally) -> Result<(), String> {
    let (exported, declared) = (exported(library)?, header::declared_functions()?);
    let undeclared: Vec<_> = exported.difference(&declared).collect();
    tally.check("every exported symbol is declared in the header", none_of(&undeclared));
    let missing: Vec<_> = declared.difference(&exported).collect();
    tally.check("every declared function is exported", none_of(&missing));
    let dynamic = dynamic(library)?;
    let soname: Vec<_> = dynamic.iter().filter_map(|line| bracketed(line, "(SONAME)")).collect();
    tally.check(
        "the library is called after its ABI version",
        if soname == [SONAME] {
            Ok(())
        } else {
            Err(format!("SONAME is {soname:?}, not {SONAME}"))
        },
    );
    let needed = dynamic.iter().filter_map(|line| bracketed(line, "(NEEDED)"));
    let foreign: Vec<_> = needed.filter(|name| !MAY_NEED.contains(name)).collect();
    tally.check("the library needs nothing but libc and libgcc_s", none_of(&foreign));
    Ok(())
}

fn none_of<T: std::fmt::Debug>(names: &[T]) -> Result<(), String> {
    if names.is_empty() {
        Ok(())
    } else {
        Err(format!("{names:?}"))
    }
}

fn exported(library: &Library) -> Result<BTreeSet<String>, String> {
    let listed = command::output("nm", &["-D", "--defined-only", &library.shared().to_string_lossy()])?;
    let symbols = listed.lines().filter_map(|line| line.split_whitespace().nth(2));
    Ok(symbols.map(str::to_owned).collect())
}

fn dynamic(library: &Library) -> Result<Vec<String>, String> {
    let listed = command::output("readelf", &["-d", &library.shared().to_string_lossy()])?;
    Ok(listed.lines().map(str::to_owned).collect())
}

/// `libc.so.6` in `0x01 (NEEDED) Shared library: [libc.so.6]`.
fn bracketed<'a>(line: &'a str, tag: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(tag)?;
    Some(after.split_once('[')?.1.split_once(']')?.0)
}
