//! `cargo xtask test intake`: the durable intake on real SQLite files and on a real PostgreSQL server, also behind a real
//! pooler, with receivers that are killed. `--long` kills them 5,000 times instead of 300.

use std::env;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::tally::Tally;
use crate::{command, report, tools};

/// Debian's package. Its own server, if it starts one, is left alone: each test starts one in a temporary folder.
const PACKAGE: &str = "postgresql";
/// Debian's package of the pooler, which is started in the same way.
const POOLER: &str = "pgbouncer";
/// Where Debian keeps the server's programs, by version.
const DEBIAN: &str = "/usr/lib/postgresql";
const LONG: &str = "5000";

/// Whether the receivers are killed the larger number of times.
pub(crate) static IS_LONG: AtomicBool = AtomicBool::new(false);

/// Everything about the intake.
pub(crate) fn test() -> Result<Tally, String> {
    let servers = tools::require_that(postgres_is_there, "PostgreSQL", PACKAGE)
        .and_then(|()| tools::require_that(pooler_is_there, "PgBouncer", POOLER));
    let feature = match servers {
        Ok(()) => "intake-postgres",
        Err(advice) if tools::is_ci() => return Err(advice),
        Err(advice) => {
            report::skip("everything about the intake on PostgreSQL", &advice);
            "intake"
        }
    };
    let mut tally = Tally::default();
    // The smaller feature alone has to hold too: it is what language bindings ship.
    for feature in ["intake", "intake-postgres"] {
        let lints = ["clippy", "--all-targets", "--features", feature, "--", "-D", "warnings"];
        tally.add(cargo(&lints, &[])?);
    }
    let kills: &[_] = if IS_LONG.load(Ordering::Relaxed) {
        &[("VOICECALL_KILLS", LONG)]
    } else {
        &[]
    };
    tally.add(cargo(&["test", "--lib", "--features", feature, "intake"], &[])?);
    let (stores, processes) = (
        ["--test", "intake", "--test", "intake_disk"],
        ["--test", "intake_processes"],
    );
    tally.add(cargo(
        &[&["test", "--features", feature], &stores[..], &processes].concat(),
        kills,
    )?);
    tally.add(cargo(&["test", "--doc", "--features", feature, "intake"], &[])?);
    if feature == "intake-postgres" {
        tally.add(receivers_on_postgres()?);
    }
    let documentation = ["doc", "--no-deps", "--features", "intake-postgres"];
    tally.add(cargo(&documentation, &[("RUSTDOCFLAGS", "-D warnings")])?);
    Ok(tally)
}

/// The one test of the command that needs a PostgreSQL server.
fn receivers_on_postgres() -> Result<Tally, String> {
    let command = [
        "test",
        "--package",
        "voicecall-cli",
        "--locked",
        "--test",
        "service",
        "--",
        "--ignored",
    ];
    Ok(Tally::of(&command::run("cargo", &command, &[])?))
}

/// Runs a command of cargo on the core.
fn cargo(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Tally, String> {
    let (name, rest) = arguments.split_first().ok_or("no command of cargo")?;
    let package = ["--package", "voicecall-core", "--locked"];
    let finished = command::run("cargo", &[&[*name], &package[..], rest].concat(), environment)?;
    Ok(Tally::of(&finished))
}

/// Debian keeps it out of the path of users.
fn pooler_is_there() -> bool {
    tools::is_there(POOLER) || Path::new("/usr/sbin").join(POOLER).is_file()
}

fn postgres_is_there() -> bool {
    let debian = Path::new(DEBIAN).read_dir().into_iter().flatten().flatten();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = debian
        .map(|version| version.path().join("bin"))
        .chain(env::split_paths(&path));
    folders.any(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}
