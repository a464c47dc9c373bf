//! Completions and manual pages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use support::Cli;

#[test]
fn completions_know_every_flag_that_the_descriptors_make() {
    let cli = Cli::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = cli.run(&["completions", shell]).ended(0).out;
        assert!(script.contains("party-type-required-in-disconnect"), "{shell}");
        assert!(script.contains("collect-content-trigger-replaying"), "{shell}");
    }
    cli.run(&["completions", "cmd"]).ended(2).complaint();
}

#[test]
fn a_bash_completes_with_the_script() {
    let cli = Cli::new();
    let script = "source <(voicecall completions bash); COMP_WORDS=(voicecall call --callee-m); COMP_CWORD=2; \
                  _voicecall voicecall --callee-m call; echo \"${COMPREPLY[@]}\"";
    let output = cli.command("bash").args(["-c", script]).output().expect("a bash");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "--callee-media",
        "{output:?}"
    );
}

#[test]
fn every_command_has_a_manual_page() {
    let cli = Cli::new();
    assert!(cli.run(&["man"]).ended(0).out.contains(".TH voicecall 1"));
    cli.run(&["man", "--out", "pages"]).ended(0);
    let page = |name: &str| std::fs::read_to_string(cli.folder().join("pages").join(name)).expect(name);
    assert!(page("voicecall-notify.1").contains("notify\\-voice"));
    assert!(page("voicecall-recording-get.1").contains("record\\-domain"));
    cli.file("taken", "");
    cli.run(&["man", "--out", "taken"]).ended(1).complaint();
}
