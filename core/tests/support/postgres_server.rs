//! A PostgreSQL server of our own: real, on an ephemeral port of 127.0.0.1, in a temporary folder, gone with the test.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several tests, none of which uses all of it"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail the test"
)]

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use super::scratch::Scratch;

/// The account that runs the server when the tests run as root, which PostgreSQL refuses to be.
pub const ACCOUNT: &str = "postgres";

pub struct Server {
    folder: Scratch,
    programs: PathBuf,
    port: u16,
    running: Option<Running>,
}

/// A guard that stops the server, and takes its folder away, when its standard input closes, that is when this process
/// ends, however it ends. If it reads a word first, the folder stays: after `stop` the server ends in order, after `crash`
/// as if the power had failed.
struct Running {
    guard: Child,
    lifeline: ChildStdin,
}

impl Server {
    pub fn start() -> Server {
        Server::of_encoding("UTF8")
    }

    /// A server whose databases keep texts in this encoding.
    pub fn of_encoding(encoding: &str) -> Server {
        let programs = programs().expect("PostgreSQL is installed: `cargo xtask test intake` does it");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = Scratch::new();
        let mut server = Server {
            folder,
            programs,
            port,
            running: None,
        };
        std::fs::create_dir(server.data()).unwrap();
        if is_root() {
            let owner = format!("{ACCOUNT}:{ACCOUNT}");
            run(Command::new("chown").arg("-R").arg(owner).arg(server.folder.path()));
        }
        let initdb = server.programs.join("initdb");
        let script = format!(
            "{} -D {} -U voice -A trust --locale C -E {encoding} -N",
            initdb.display(),
            server.data().display()
        );
        run(&mut as_account(&script));
        server.resume();
        server
    }

    /// The address of its database, with a schema of this name for each test.
    pub fn url(&self) -> String {
        format!("postgres://voice@127.0.0.1:{}/postgres", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again after [`stop`](Server::stop). Its own settings are careless: a commit returns before it is on disk,
    /// and it is not for ten seconds. What opens the store has to insist.
    pub fn resume(&mut self) {
        let postgres = self.programs.join("postgres");
        let script = format!(
            "{} -D {} -p {} -k {} -c listen_addresses=127.0.0.1 -c logging_collector=off \
             -c synchronous_commit=off -c wal_writer_delay=10s & server=$!; \
             read word; signal=INT; [ \"$word\" = crash ] && signal=QUIT; \
             kill -$signal $server; wait $server; [ -n \"$word\" ] || rm -rf {}",
            postgres.display(),
            self.data().display(),
            self.port,
            self.folder.path().display(),
            self.folder.path().display()
        );
        let mut command = as_account(&script);
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        command
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let mut guard = command.spawn().unwrap();
        let lifeline = guard.stdin.take().unwrap();
        self.running = Some(Running { guard, lifeline });
        let begun = Instant::now();
        while postgres::Client::connect(&self.url(), postgres::NoTls).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "PostgreSQL does not come up: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops it, breaking all connections off.
    pub fn stop(&mut self) {
        self.end("stop");
    }

    /// Ends it at once: what is not on disk is lost.
    pub fn crash(&mut self) {
        self.end("crash");
    }

    fn end(&mut self, word: &str) {
        if let Some(Running {
            mut guard,
            mut lifeline,
        }) = self.running.take()
        {
            writeln!(lifeline, "{word}").unwrap();
            guard.wait().unwrap();
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of the server's programs: Debian keeps them out of the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

pub fn is_root() -> bool {
    Path::new("/proc/self").exists()
        && std::fs::metadata("/proc/self").is_ok_and(|own| {
            use std::os::unix::fs::MetadataExt;
            own.uid() == 0
        })
}

pub fn as_account(script: &str) -> Command {
    let mut command = Command::new(if is_root() { "runuser" } else { "sh" });
    if is_root() {
        command.args(["-u", ACCOUNT, "--", "sh"]);
    }
    command.args(["-c", script]).current_dir("/");
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
