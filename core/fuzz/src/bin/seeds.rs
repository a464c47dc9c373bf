//! Writes what a fuzzer begins with: `seeds FOLDER` makes `FOLDER/<target>/seeds/<name>` and `FOLDER/<target>/words`,
//! the latter as libFuzzer wants a dictionary.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a small tool of developers says so when it fails"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

fn main() {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: seeds FOLDER");
        std::process::exit(2);
    };
    for target in voicecall_fuzz::TARGETS {
        let seeds = folder.join(target.name).join("seeds");
        let _ = fs::remove_dir_all(&seeds);
        fs::create_dir_all(&seeds).expect("a folder for seeds");
        for (name, bytes) in (target.seeds)() {
            fs::write(seeds.join(name), bytes).expect("a seed");
        }
        let words: String = (target.words)().iter().map(|word| entry(word)).collect();
        fs::write(folder.join(target.name).join("words"), words).expect("a dictionary");
    }
}

/// A line of a dictionary: quoted, every byte that is not plain as `\xAB`.
fn entry(word: &str) -> String {
    let mut line = String::from("\"");
    for byte in word.bytes() {
        match byte {
            b'"' | b'\\' => line.extend(['\\', char::from(byte)]),
            0x20..0x7f => line.push(char::from(byte)),
            _ => write!(line, "\\x{byte:02X}").expect("memory"),
        }
    }
    line + "\"\n"
}
