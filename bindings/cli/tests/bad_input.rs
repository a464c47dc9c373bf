//! Bad input gets one line on standard error that says what, where and how to mend it; never a backtrace.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use support::{A, Cli, DISPLAY};

#[test]
fn bad_input_gets_one_line_and_its_exit_code() {
    let cli = Cli::new()
        .with("VOICECALL_ENDPOINT", "http://127.0.0.1:9")
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", "example-secret-0001")
        .with("RUST_BACKTRACE", "full");
    cli.file("not-json", "hello\n");
    let parties = ["notify", "--display-nbr", DISPLAY, "--callee-nbr", A];
    let notify = |more: &[&'static str]| [&parties[..], more].concat();
    for (arguments, code, wanted) in [
        (
            vec!["cal"],
            2,
            "unrecognized subcommand 'cal'; some similar subcommands exist: 'calls', 'call'. See voicecall --help",
        ),
        (vec!["call"], 2, "--display-nbr <NUMBER>"),
        (
            vec!["recording", "get", "--file-name", "x"],
            2,
            "--record-domain <TEXT>. See voicecall recording get --help",
        ),
        (notify(&[]), 2, "<--notify-voice <NAME>|--template-id <TEXT>>"),
        (
            notify(&["--notify-voice"]),
            2,
            "a value is required for '--notify-voice <NAME>'",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--collect-ind", "one"]),
            2,
            "--collect-ind: must be a whole number",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--return-idle-port=yes"]),
            2,
            "--return-idle-port: must be true or false",
        ),
        (
            notify(&["--collect-ind", "1", "--notify-voice", "a.wav"]),
            2,
            "put --collect-ind behind --notify-voice",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--extra", "x=y"]),
            2,
            "the value of x is not JSON; a text needs quotes",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--user-data", "{"]),
            3,
            "--user-data: no { or }",
        ),
        (
            notify(&["--notify-voice", "a b"]),
            3,
            "--notify-voice of item 1: only digits, letters",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--collect-ind", "33"]),
            3,
            "--collect-ind of item 1: must be 0 to 32 digits, not 33",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--status-url", "ftp://x"]),
            3,
            "--status-url: must be an http or https address",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--extra", "calleeNbr=1"]),
            3,
            "an extra field repeats",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--wait", "--listen", "here"]),
            2,
            "'--listen <ADDRESS>'",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--wait", "--wait-timeout", "soon"]),
            2,
            "must be a time such as",
        ),
        (
            notify(&["--notify-voice", "a.wav", "--wait", "--public-url", "x"]),
            2,
            "--public-url: must begin with http:// or https://",
        ),
        (vec!["listen", "--port", "70000"], 2, "'--port <PORT>'"),
        (
            vec!["listen", "--url", "x"],
            2,
            "--url: must be an http or https address",
        ),
        (vec!["listen", "--append", "no/such/folder/x"], 1, "no/such/folder/x"),
        (vec!["listen", "--application", "none"], 2, "no profile \"none\""),
        (
            vec!["listen", "--forward", "ftp://x"],
            2,
            "--forward: must begin with http:// or https://",
        ),
        (
            vec!["listen", "--bind", "192.0.2.1"],
            1,
            "webhooks cannot be received on 192.0.2.1:0",
        ),
        (
            vec!["listen", "--tolerance", "2h", "--url", "http://h/"],
            2,
            "--tolerance: must be 0 to 3600000 milliseconds",
        ),
        (
            vec!["listen", "--append", "x", "--store", "sqlite:x.db"],
            2,
            "'--append <FILE>' cannot be used with '--store <ADDRESS>'",
        ),
        (
            vec!["listen", "--store", "sqlite:no/such/folder/x.db"],
            1,
            "no/such/folder/x.db",
        ),
        (
            vec!["listen", "--store", "x.db"],
            2,
            "store (from --store): must be sqlite:FILE or",
        ),
        (
            vec![
                "listen",
                "--store",
                "sqlite:x.db",
                "--tls-cert",
                "no-such-file",
                "--tls-key",
                "not-json",
            ],
            2,
            "no-such-file: ",
        ),
        (
            vec![
                "listen",
                "--store",
                "sqlite:x.db",
                "--tls-cert",
                "not-json",
                "--tls-key",
                "not-json",
            ],
            2,
            "no certificate in PEM form",
        ),
        (vec!["listen", "--tls-cert", "not-json"], 2, "--tls-key <FILE>"),
        (
            vec!["listen", "--store", "sqlite:x.db", "--bind", "192.0.2.1"],
            1,
            "webhooks cannot be received on 192.0.2.1:0",
        ),
        (
            vec!["listen", "--store", "sqlite:x.db", "--writers", "0"],
            2,
            "'--writers <N>'",
        ),
        (
            vec!["calls"],
            2,
            "store: is mandatory and not set. Set --store, VOICECALL_STORE",
        ),
        (
            vec!["calls", "--store", "sqlite:typo.db"],
            2,
            "there is no store at typo.db",
        ),
        (vec!["calls", "--store", "sqlite:not-json"], 1, "storage (not_sent)"),
        (
            vec![
                "calls",
                "--store",
                "postgres://voice:0000021@127.0.0.1:9/x",
                "--store-timeout",
                "50ms",
            ],
            1,
            "storage (not_sent)",
        ),
        (vec!["call", "shwo"], 2, "unrecognized subcommand 'shwo'"),
        (vec!["call", "show"], 2, "<ID>"),
        (
            vec!["cdr", "export", "--bom", "--store", "sqlite:x.db"],
            2,
            "--bom is for --format csv",
        ),
        (vec!["cdr", "totals", "--by", "week"], 2, "'--by <WORD>'"),
        (
            vec!["cdr", "totals", "--per-minute", "cheap", "--store", "sqlite:x.db"],
            2,
            "--per-minute",
        ),
        (vec!["unsettled", "--older-than", "long"], 2, "must be a time such as"),
        (vec!["purge"], 2, "--older-than <TIME>"),
        (
            vec!["purge", "--before", "27.01.2026"],
            2,
            "must be a day such as 2026-01-27",
        ),
        (
            vec!["replay", "no-such-file", "--to", "http://127.0.0.1:9/"],
            1,
            "no-such-file",
        ),
        (vec!["replay", "not-json", "--to", "here"], 2, "--to: "),
        (vec!["explain", "busy"], 2, "a code is a whole number"),
        (
            vec!["sandbox", "--speed", "0"],
            2,
            "a number from 0.01 to 10000 is needed",
        ),
        (vec!["doctor", "--ca-file", "no-such-file"], 2, "ca_file no-such-file"),
        (vec!["man", "--out", "not-json"], 1, "not-json"),
        (vec!["--profile"], 2, "'--profile <NAME>'"),
    ] {
        let ran = cli.run(&arguments).ended(code);
        let complaint = ran.complaint();
        assert!(complaint.contains(wanted), "{arguments:?}: {complaint}");
        assert!(
            complaint.starts_with("voicecall: ") && complaint.len() < 1200,
            "{arguments:?}: {complaint}"
        );
        assert!(
            !complaint.contains("panicked") && !complaint.contains("0000021"),
            "{arguments:?}: {complaint}"
        );
        let json = cli.run(&[&arguments[..], &["--json"]].concat()).ended(code).error();
        assert_eq!(json["exit_code"], code, "{json}");
    }
}

#[test]
fn a_line_that_is_no_text_is_told_too() {
    use std::os::unix::ffi::OsStrExt;
    let cli = Cli::new();
    let mut command = cli.command(env!("CARGO_BIN_EXE_voicecall"));
    let argument = std::ffi::OsStr::from_bytes(b"--user-data=\xff");
    let output = command
        .args(["call".as_ref(), argument])
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1, "{output:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let cli = Cli::new();
    let output = cli
        .command("sh")
        .args(["-c", "voicecall explain $(seq 1 2000) | head -n 1"])
        .output()
        .expect("a shell");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
