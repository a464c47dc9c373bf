//! Where settings come from, which of them wins, and where secrets never show up.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

mod support;

use support::peer::Peer;
use support::{A, Cli, DISPLAY, PATIENCE, TALKATIVE, sandbox};

const SECRET: &str = "example-secret-0001";

/// A command that shows the endpoint and the key that it would use, and sends nothing.
const SHOW: [&str; 8] = [
    "notify",
    "--display-nbr",
    DISPLAY,
    "--callee-nbr",
    A,
    "--notify-voice",
    "a.wav",
    "--dry-run",
];

fn shown(cli: &Cli, more: &[&str]) -> (String, String) {
    let shown = cli.run(&[&SHOW[..], more].concat()).ended(0).out;
    let between = |before: &str, after: &str| {
        let (_, rest) = shown.split_once(before).expect("there");
        rest.split_once(after).expect("there").0.to_owned()
    };
    (between("POST ", "/rest"), between("Username=\"", "\""))
}

const FILE: &str = r#"
profile = "alerts"
endpoint = "http://127.0.0.1:1"
app_key = "top-key"
app_secret = "example-secret-0001"
[profiles.alerts]
app_key = "alerts-key"
[profiles.codes]
app_key = "codes-key"
endpoint = "http://127.0.0.1:2"
"#;

#[test]
fn flags_win_over_the_environment_over_the_profile_over_the_file() {
    let cli = Cli::new().configured(FILE);
    let pair = |endpoint: &str, key: &str| (format!("http://127.0.0.1:{endpoint}"), key.to_owned());
    assert_eq!(shown(&cli, &[]), pair("1", "alerts-key"));
    assert_eq!(shown(&cli, &["--profile", "codes"]), pair("2", "codes-key"));
    let cli = cli.with("VOICECALL_PROFILE", "codes");
    assert_eq!(shown(&cli, &[]), pair("2", "codes-key"));
    assert_eq!(shown(&cli, &["--profile", "alerts"]), pair("1", "alerts-key"));
    let cli = cli.with("VOICECALL_APP_KEY", "environment-key");
    assert_eq!(shown(&cli, &[]), pair("2", "environment-key"));
    let flags = ["--app-key", "flag-key", "--endpoint", "http://127.0.0.1:3"];
    assert_eq!(shown(&cli, &flags), pair("3", "flag-key"));
    let cli = cli.with("VOICECALL_APP_KEY", "");
    assert_eq!(shown(&cli, &[]), pair("2", "codes-key"), "an empty variable is none");
}

#[test]
fn the_xdg_folder_is_looked_into_instead_of_dot_config() {
    let cli = Cli::new().configured(FILE);
    cli.file(
        "elsewhere/voicecall/config.toml",
        "app_key = 'other-key'\napp_secret = 's'\nendpoint = 'http://127.0.0.1:4'",
    );
    let folder = cli.folder().join("elsewhere").display().to_string();
    let cli = cli.with("XDG_CONFIG_HOME", &folder);
    assert_eq!(
        shown(&cli, &[]),
        ("http://127.0.0.1:4".to_owned(), "other-key".to_owned())
    );
}

#[test]
fn secrets_come_from_commands_and_files_and_only_where_they_are_needed() {
    let platform = sandbox();
    let ready = platform.ready();
    let secret = ready.app_secret.expose().to_owned();
    let place = [
        "notify",
        "--display-nbr",
        DISPLAY,
        "--callee-nbr",
        A,
        "--notify-voice",
        "notifyvoice.wav",
    ];
    let settings = format!("endpoint = {:?}\napp_key = {:?}\n", ready.endpoint, ready.app_key);

    let cli = Cli::new().configured(&format!("{settings}app_secret_command = \"touch ran; echo {secret}\""));
    cli.run(&place).ended(0);
    let ran = cli.folder().join("ran");
    assert!(ran.exists());
    std::fs::remove_file(&ran).expect("there");
    cli.with("VOICECALL_APP_SECRET", &secret).run(&place).ended(0);
    assert!(!ran.exists(), "a stronger layer gives the secret");

    let cli = Cli::new().configured(&settings);
    let path = cli.file("secret", &format!("{secret}\n")).display().to_string();
    cli.with("VOICECALL_APP_SECRET_FILE", &path).run(&place).ended(0);
    Cli::new()
        .configured(&settings)
        .with("VOICECALL_APP_SECRET_COMMAND", &format!("echo {secret}"))
        .run(&place)
        .ended(0);
    assert_eq!(platform.calls().len(), 4);
}

#[test]
fn what_is_wrong_with_settings_is_said_with_the_place_to_mend_it() {
    for (file, environment, wanted) in [
        (
            "",
            ("VOICECALL_RETRIES", "many"),
            "VOICECALL_RETRIES: must be a whole number",
        ),
        (
            "",
            ("VOICECALL_TIMEOUT", "0"),
            "timeout (from VOICECALL_TIMEOUT): must be 1 to 3600000 milliseconds, not 0",
        ),
        ("timeout = 'x'", ("X", ""), "config.toml: timeout: must be a time"),
        (
            "endpoint = 'ftp://x'",
            ("X", ""),
            "config.toml): must be an https address",
        ),
        ("no = 1", ("X", ""), "config.toml: no: no such setting"),
        ("a b", ("X", ""), "config.toml, near line 1"),
        ("", ("VOICECALL_PROFILE", "x"), "no profile \"x\""),
        (
            "",
            ("VOICECALL_PROXY", "nonsense://x:example-secret-0001@h"),
            "proxy (from VOICECALL_PROXY)",
        ),
    ] {
        let cli = Cli::new().configured(file).with(environment.0, environment.1);
        let cli = cli
            .with("VOICECALL_APP_KEY", "example-key-0001")
            .with("VOICECALL_APP_SECRET", SECRET);
        let failed = cli.run(&SHOW).ended(2);
        assert!(failed.complaint().contains(wanted), "{wanted}: {failed:?}");
        assert!(!failed.err.contains(SECRET), "{failed:?}");
    }
    let missing = Cli::new().run(&SHOW).ended(2);
    assert!(
        missing
            .complaint()
            .contains("app_key: is mandatory and not set. Set VOICECALL_APP_KEY"),
        "{missing:?}"
    );
    let missing = Cli::new().with("VOICECALL_APP_KEY", "k").run(&SHOW).ended(2);
    assert!(
        missing.complaint().contains("app_secret_file, app_secret_command in"),
        "{missing:?}"
    );
}

#[test]
fn secrets_are_no_flags() {
    for flag in ["--app-secret", "--proxy"] {
        let refused = Cli::new().run(&[&SHOW[..], &[flag, SECRET]].concat()).ended(2);
        assert!(!refused.err.contains(SECRET), "{refused:?}");
    }
}

/// A user of the same machine sees command lines; a log keeps what was printed.
#[test]
fn secrets_are_neither_in_the_process_list_nor_in_what_is_printed() {
    let platform = sandbox();
    let secret = platform.ready().app_secret.expose().to_owned();
    let cli = Cli::for_platform(&platform.ready());
    let call = [
        "call",
        "--display-nbr",
        DISPLAY,
        "--caller-nbr",
        A,
        "--display-callee-nbr",
        DISPLAY,
        "--callee-nbr",
        TALKATIVE,
        "--wait",
    ];
    let mut waiting = cli.start(&call);
    let placed = waiting.line();
    let line = std::fs::read_to_string(format!("/proc/{}/cmdline", waiting.child.id())).expect("this is Linux");
    assert!(line.contains("--wait") && !line.contains(&secret), "{line}");
    let session_id = placed.split_whitespace().nth(1).expect("placed ID");
    cli.run(&["stop", "--session-id", session_id]).ended(0);
    let mut printed = placed.clone();
    loop {
        let line = waiting.line();
        if line.is_empty() && waiting.child.try_wait().expect("asked").is_some() {
            break;
        }
        printed.push_str(&line);
    }
    for command in [&SHOW[..], &["doctor"], &["stop", "--session-id", "x"]] {
        let ran = cli.run(command);
        printed.push_str(&ran.out);
        printed.push_str(&ran.err);
    }
    assert!(!printed.contains(&secret), "{printed}");
}

/// The request itself carries a digest, never the secret.
#[test]
fn secrets_do_not_travel() {
    let peer = Peer::start("");
    let cli = Cli::new()
        .with("VOICECALL_ENDPOINT", &peer.endpoint())
        .with("VOICECALL_APP_KEY", "example-key-0001")
        .with("VOICECALL_APP_SECRET", SECRET);
    cli.run(&SHOW[..7]).ended(6);
    let request = peer.requests.recv_timeout(PATIENCE).expect("a request");
    assert!(request.contains("example-key-0001") && !request.contains(SECRET));
}
