//! A proxy on 127.0.0.1 that can go silent: it keeps its connections, takes new ones, and passes nothing on.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several tests, none of which uses all of it"
)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

pub struct Relay {
    port: u16,
    gate: Arc<Gate>,
}

#[derive(Default)]
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_frozen: bool,
    /// Bytes that arrived while it was frozen, and connections that were taken.
    held: usize,
    /// Connections that their client has shut.
    shut: usize,
}

impl Relay {
    pub fn to(port: u16) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Relay {
            port: listener.local_addr().unwrap().port(),
            gate: Arc::default(),
        };
        let gate = Arc::clone(&relay.gate);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
                    continue;
                };
                let (back, forth) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let gates = (Arc::clone(&gate), Arc::clone(&gate));
                std::thread::spawn(move || {
                    gates.0.pass(client, forth);
                    gates.0.state.lock().unwrap().shut += 1;
                    gates.0.changed.notify_all();
                });
                std::thread::spawn(move || gates.1.pass(server, back));
            }
        });
        relay
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn freeze(&self) {
        self.gate.state.lock().unwrap().is_frozen = true;
    }

    pub fn thaw(&self) {
        self.gate.state.lock().unwrap().is_frozen = false;
        self.gate.changed.notify_all();
    }

    /// Waits until something is held back.
    pub fn wait_for_held(&self) {
        let state = self.gate.state.lock().unwrap();
        drop(self.gate.changed.wait_while(state, |state| state.held == 0).unwrap());
    }

    /// How many connections their clients have shut.
    pub fn shut(&self) -> usize {
        self.gate.state.lock().unwrap().shut
    }
}

impl Gate {
    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let mut state = self.state.lock().unwrap();
            if state.is_frozen {
                state.held += count;
                self.changed.notify_all();
                // A client that is gone is noticed also meanwhile.
                while state.is_frozen {
                    drop(state);
                    if is_shut(&from) {
                        return drop(to.shutdown(Shutdown::Both));
                    }
                    state = self.state.lock().unwrap();
                    let pause = std::time::Duration::from_millis(10);
                    state = self.changed.wait_timeout(state, pause).unwrap().0;
                }
            }
            drop(state);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        drop(to.shutdown(Shutdown::Write));
    }
}

fn is_shut(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    !matches!(peeked, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}
