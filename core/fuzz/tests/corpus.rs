//! Every property over the committed corpus, once: a finding that was mended stays mended, without a fuzzer.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it ran when it fails"
)]

use std::fs;
use std::path::Path;

use voicecall_fuzz::{TARGETS, Target};

fn run(name: &str) {
    let target: &Target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut ran = 0;
    for entry in fs::read_dir(folder).expect("a corpus") {
        let path = entry.expect("an entry").path();
        // Shown when the check panics.
        println!("{}", path.display());
        (target.check)(&fs::read(&path).expect("an input"));
        ran += 1;
    }
    assert!(ran >= 10, "{ran} inputs");
    // The inputs that the corpus was chosen from hold as well.
    (target.seeds)().iter().for_each(|(_, bytes)| (target.check)(bytes));
}

#[test]
fn config() {
    run("config");
}

#[test]
fn response() {
    run("response");
}

#[test]
fn value_pointer() {
    run("value_pointer");
}

#[test]
fn webhook_body() {
    run("webhook_body");
}

#[test]
fn webhook_headers() {
    run("webhook_headers");
}

#[test]
fn every_target_has_its_program_and_its_corpus() {
    let names = |folder: &str, ending: &str| {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder");
        let mut names: Vec<_> = entries
            .filter_map(|entry| {
                entry
                    .ok()?
                    .file_name()
                    .into_string()
                    .ok()?
                    .strip_suffix(ending)
                    .map(str::to_owned)
            })
            .collect();
        names.sort();
        names
    };
    let targets: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(names("fuzz_targets", ".rs"), targets);
    assert_eq!(names("corpus", ""), targets);
}
