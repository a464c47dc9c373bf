//! The examples in `--help`. Each works as typed against `voicecall sandbox`, once the lines that it prints for the
//! environment are in the shell; a test runs them all.

/// One or more commands; a command may go on behind a backslash, as in a shell.
macro_rules! examples {
    ($($line:literal),+ $(,)?) => {
        concat!("Examples (against voicecall sandbox, with the lines that it prints for the environment):\n", $("  ", $line, "\n"),+)
    };
}

/// The same for commands that need no platform.
macro_rules! examples_alone {
    ($($line:literal),+ $(,)?) => {
        concat!("Examples:\n", $("  ", $line, "\n"),+)
    };
}

pub(crate) const ALL: &str = examples!(
    "voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 \\",
    "  --notify-voice notifyvoice.wav --wait",
);

pub(crate) const CALL: &str = examples!(
    "voicecall call --display-nbr +867550000088 --caller-nbr +8613800000021 \\",
    "  --display-callee-nbr +867550000089 --callee-nbr +8613800000022",
    "voicecall call --display-nbr +867550000088 --caller-nbr +8613800000021 \\",
    "  --display-callee-nbr +867550000089 --callee-nbr +8613800000022 \\",
    "  --max-duration 30 --record-flag --wait",
);

pub(crate) const NOTIFY: &str = examples!(
    "voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 \\",
    "  --notify-voice notifyvoice.wav --wait",
    "voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 \\",
    "  --template-id sandbox_pickup --template-paras 李先生 2026/11/22 14:30 \\",
    "  --collect-ind 1 --notify-voice welcome.wav --dry-run",
);

pub(crate) const VERIFY: &str = examples!(
    "echo 83726150 | voicecall verify --display-nbr +867550000088 \\",
    "  --callee-nbr +8613800000021 --language-type 2 --pre-tone pretone.wav \\",
    "  --verify-code @-",
);

pub(crate) const STOP: &str = examples!(
    "voicecall call --display-nbr +867550000088 --caller-nbr +8613800000021 \\",
    "  --display-callee-nbr +867550000089 --callee-nbr +8613800000022 \\",
    "  | while read -r word id; do voicecall stop \"$id\"; done",
);

pub(crate) const RECORDING_GET: &str = examples!(
    "voicecall recording get --file-name 1200_366_0_20161228102743.wav \\",
    "  --record-domain ostor.huawei.com --dry-run",
);

pub(crate) const LISTEN: &str = examples!(
    "voicecall listen --port 9321 --append webhooks.ndjson \\",
    "  --url http://127.0.0.1:9321/status --url http://127.0.0.1:9321/fee",
    "voicecall listen --port 9322 --store sqlite:calls.db \\",
    "  --url http://127.0.0.1:9322/status --url http://127.0.0.1:9322/fee",
);

pub(crate) const CALLS: &str = examples_alone!(
    "voicecall calls --store sqlite:calls.db --state billed --limit 10",
    "voicecall calls --store sqlite:calls.db --number +8613800000021 --from 2026-11-22 --json",
);

pub(crate) const CALLS_SHOW: &str = examples!(
    "voicecall notify --display-nbr +867550000088 --callee-nbr +8613800000021 \\",
    "  --notify-voice notifyvoice.wav --status-url http://127.0.0.1:9322/status \\",
    "  --fee-url http://127.0.0.1:9322/fee | while read -r word id; do \\",
    "  voicecall calls show \"$id\" --store sqlite:calls.db --wait 5m; done",
);

pub(crate) const CDR_EXPORT: &str = examples_alone!(
    "voicecall cdr export --store sqlite:calls.db --format csv --bom --output cdrs.csv",
    "voicecall cdr export --store sqlite:calls.db --from 2026-11-01 --until 2026-12-01",
);

pub(crate) const CDR_TOTALS: &str =
    examples_alone!("voicecall cdr totals --store sqlite:calls.db --by month,app_key --per-minute 0.18");

pub(crate) const UNSETTLED: &str = examples_alone!("voicecall unsettled --store sqlite:calls.db");

pub(crate) const REJECTED: &str = examples_alone!(
    "voicecall rejected --store sqlite:calls.db",
    "voicecall rejected --store sqlite:calls.db --class record --json",
);

pub(crate) const PURGE: &str = examples_alone!("voicecall purge --store sqlite:calls.db --older-than 180d");

pub(crate) const REPLAY: &str = examples_alone!("voicecall replay webhooks.ndjson --to http://127.0.0.1:9321/fee");

pub(crate) const EXPLAIN: &str = examples_alone!(
    "voicecall explain 8102 1010010",
    "voicecall explain 17 --table q850 --json"
);

pub(crate) const DOCTOR: &str = examples!(
    "voicecall doctor",
    "voicecall doctor --json --callback-url http://127.0.0.1:9321/fee"
);

pub(crate) const COMPLETIONS: &str = examples_alone!("voicecall completions bash > voicecall.bash");

pub(crate) const MAN: &str = examples_alone!("voicecall man > voicecall.1", "voicecall man --out man1");

pub(crate) const DEMO: &str = examples_alone!("voicecall demo", "voicecall demo --json | tail -n 1");

pub(crate) const SANDBOX: &str = examples_alone!("voicecall sandbox --port 8080 --speed 10");
