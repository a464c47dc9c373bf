//! The pooler of Debian's package, before a server of our own; gone with the test.

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

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdin, Stdio};
use std::time::{Duration, Instant};

use super::postgres_server::{Server, as_account};
use super::scratch::Scratch;

pub struct Pooler {
    folder: Scratch,
    port: u16,
    guard: Child,
    lifeline: Option<ChildStdin>,
}

impl Pooler {
    /// In this mode, with so few connections to the server that clients have to take turns.
    pub fn start(server: &Server, mode: &str) -> Pooler {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = Scratch::new();
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = {mode}\ndefault_pool_size = 3\nserver_round_robin = 1\n",
            server.port()
        );
        // The account that runs it reads only what everybody may.
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings.replace("postgres = ", "postgres = user=voice ")).unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let script = format!(
            "PATH=$PATH:/usr/sbin; pgbouncer -q {} & pooler=$!; read word; kill -KILL $pooler; wait $pooler",
            file.display()
        );
        let mut guard = as_account(&script)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lifeline = guard.stdin.take();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "PgBouncer does not come up: `cargo xtask test intake` installs it"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Pooler {
            folder,
            port,
            guard,
            lifeline,
        }
    }

    pub fn url(&self) -> String {
        format!("postgres://voice@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        // The guard ends the pooler when its input ends.
        self.lifeline = None;
        drop(self.guard.wait());
    }
}
