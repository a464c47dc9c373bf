//! `cargo xtask package TARGET …`: lays out what a user of a language installs.

pub(crate) mod archive;
pub(crate) mod c;
pub(crate) mod notices;
mod pages;

/// Packages for the named target.
pub(crate) fn run(arguments: &[String]) -> Result<bool, String> {
    match arguments {
        [target, flag, prefix] if target == "c" && flag == "--prefix" => c::run(prefix.as_ref()).map(|()| true),
        [target, package, file] if target == "notices" => notices::write(package, file.as_ref()).map(|()| true),
        _ => Err("usage: cargo xtask package c --prefix DIR\n       cargo xtask package notices CRATE FILE".to_owned()),
    }
}
