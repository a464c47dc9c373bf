//! A peer on 127.0.0.1 that does to each connection what its script says, and counts what it received.
//!
//! Nothing here sleeps: tests wait for what the peer has seen, and the peer waits to be released.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "included by several tests, none of which uses all of it"
)]
#![allow(clippy::expect_used, reason = "helpers of tests may fail the test")]

#[path = "certificates.rs"]
pub mod certificates;

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

/// A test that waits longer than this has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What no buffers on the way to a peer that does not read can take.
pub const TOO_MUCH: usize = 8 * 1024 * 1024;

/// One thing that a peer does. After the last one it ends the connection properly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Reads until a request is complete.
    ReadRequest,
    /// Reads until a byte has come.
    ReadSome,
    /// Sends.
    Send(Vec<u8>),
    /// Sends again and again until the connection breaks.
    SendForever(Vec<u8>),
    /// Sends below TLS.
    SendRaw(Vec<u8>),
    /// Waits until [`Peer::release`], without reading.
    Hold,
    /// Reads until the other side ends the connection.
    AwaitEnd,
    /// Ends the connection without TLS's own ending.
    EndRaw,
    /// Breaks the connection off: the other side's system is told to forget it.
    Reset,
    /// Connects to where the last request, a CONNECT, asks for, and carries bytes both ways.
    Relay,
}

/// What a peer has received so far.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub connections: usize,
    /// The other sides of them.
    pub clients: Vec<SocketAddr>,
    /// Of all requests, complete or not; above TLS.
    pub bytes: usize,
    /// Complete requests: head and body as text.
    pub requests: Vec<String>,
    pub handshakes: usize,
    /// Handshakes that took up an earlier session.
    pub resumed: usize,
    pub failed_handshakes: usize,
    /// Connections that wait for [`Peer::release`].
    pub holding: usize,
    /// Connections that the other side ended while the peer was waiting for that or for a request.
    pub ended_by_client: usize,
    /// Steps done, of all connections.
    pub steps: usize,
    /// Connections that are over.
    pub finished: usize,
}

/// See the module. Stops when dropped.
pub struct Peer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    scripts: Vec<Vec<Step>>,
    tls: Option<Arc<ServerConfig>>,
}

#[derive(Default)]
struct State {
    seen: Seen,
    released: bool,
    stopped: bool,
    open: Vec<TcpStream>,
}

impl Peer {
    /// Connection number n gets script number n; further ones get the last.
    pub fn plain(scripts: impl IntoIterator<Item = Vec<Step>>) -> Peer {
        Peer::start(None, scripts)
    }

    pub fn tls(config: Arc<ServerConfig>, scripts: impl IntoIterator<Item = Vec<Step>>) -> Peer {
        Peer::start(Some(config), scripts)
    }

    fn start(tls: Option<Arc<ServerConfig>>, scripts: impl IntoIterator<Item = Vec<Step>>) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its number");
        // A small buffer, so that a peer that does not read is soon felt.
        let _ = socket2::SockRef::from(&listener).set_recv_buffer_size(4096);
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            scripts: scripts.into_iter().collect(),
            tls,
        });
        let accepting = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Peer {
            address,
            shared,
            accepting: Some(accepting),
        }
    }

    pub fn url(&self, path: &str) -> String {
        let scheme = if self.shared.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    pub fn seen(&self) -> Seen {
        self.shared.state().seen.clone()
    }

    /// Waits until the peer has seen enough; gives what it has seen then.
    pub fn until(&self, enough: impl Fn(&Seen) -> bool) -> Seen {
        let begun = Instant::now();
        let mut state = self.shared.state();
        while !enough(&state.seen) {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            assert!(!left.is_zero(), "waited in vain; seen: {:?}", state.seen);
            state = self.shared.changed.wait_timeout(state, left).expect("no panic").0;
        }
        state.seen.clone()
    }

    /// Lets everything go on that holds, now and later.
    pub fn release(&self) {
        self.shared.change(|state| state.released = true);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.shared.change(|state| {
            state.stopped = true;
            state.released = true;
            for stream in state.open.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        });
        // Wakes `accept`.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    fn note(&self, note: impl FnOnce(&mut Seen)) {
        self.change(|state| note(&mut state.seen));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for (number, stream) in listener.incoming().enumerate() {
        let stream = stream.expect("a connection");
        if shared.state().stopped {
            return;
        }
        let copy = stream.try_clone().expect("a copy");
        shared.change(|state| {
            state.open.push(copy);
            state.seen.connections += 1;
            state.seen.clients.extend(stream.peer_addr());
        });
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            serve(stream, number, &shared);
            shared.note(|seen| seen.finished += 1);
        });
    }
}

fn serve(raw: TcpStream, number: usize, shared: &Shared) {
    let script = shared.scripts.get(number).or(shared.scripts.last());
    let Some(line) = Line::open(raw, shared) else { return };
    let mut connection = Connection {
        line,
        input: Vec::new(),
        shared,
    };
    for step in script.into_iter().flatten() {
        // A broken connection ends the script: that is what it was about, or the test sees it by what is missing.
        if connection.perform(step).is_err() {
            break;
        }
        shared.note(|seen| seen.steps += 1);
    }
    connection.line.end();
}

struct Connection<'a> {
    line: Line,
    /// Received and not yet part of a complete request.
    input: Vec<u8>,
    shared: &'a Shared,
}

impl Connection<'_> {
    fn perform(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::ReadRequest => self.read_request(),
            Step::ReadSome => self.receive(),
            Step::Send(bytes) => self.line.write_all(bytes),
            Step::SendForever(bytes) => loop {
                self.line.write_all(bytes)?;
            },
            Step::SendRaw(bytes) => (&self.line.raw).write_all(bytes),
            Step::Hold => {
                self.hold();
                Ok(())
            }
            Step::AwaitEnd => loop {
                self.receive()?;
            },
            Step::EndRaw => {
                self.line.tls = None;
                Err(ErrorKind::NotConnected.into())
            }
            Step::Reset => {
                self.line.tls = None;
                socket2::SockRef::from(&self.line.raw).set_linger(Some(Duration::ZERO))?;
                // The copy for stopping would keep the socket open.
                let address = self.line.raw.peer_addr()?;
                self.shared
                    .change(|state| state.open.retain(|copy| copy.peer_addr().ok() != Some(address)));
                Err(ErrorKind::NotConnected.into())
            }
            Step::Relay => self.relay(),
        }
    }

    fn read_request(&mut self) -> io::Result<()> {
        loop {
            if let Some(length) = complete_length(&self.input) {
                let request = self.input.drain(..length).collect();
                let request = String::from_utf8(request).expect("text");
                self.shared.note(|seen| seen.requests.push(request));
                return Ok(());
            }
            self.receive()?;
        }
    }

    /// Reads something; an error at the end.
    fn receive(&mut self) -> io::Result<()> {
        let mut piece = [0; 16 * 1024];
        let received = self.line.read(&mut piece);
        if !matches!(received, Ok(1..)) {
            self.shared.note(|seen| seen.ended_by_client += 1);
        }
        match received? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            amount => {
                self.input.extend_from_slice(&piece[..amount]);
                self.shared.note(|seen| seen.bytes += amount);
                Ok(())
            }
        }
    }

    fn hold(&self) {
        self.shared.note(|seen| seen.holding += 1);
        let mut state = self.shared.state();
        while !state.released {
            state = self.shared.changed.wait(state).expect("no panic");
        }
        state.seen.holding -= 1;
    }

    fn relay(&mut self) -> io::Result<()> {
        let asked = self.shared.state().seen.requests.last().cloned().unwrap_or_default();
        let target = asked.split_whitespace().nth(1).expect("a CONNECT");
        let target = TcpStream::connect(target)?;
        let back = thread::spawn({
            let (from, to) = (target.try_clone()?, self.line.raw.try_clone()?);
            move || carry(&from, &to)
        });
        carry(&self.line.raw, &target);
        back.join().expect("no panic");
        Ok(())
    }
}

fn carry(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

/// The length of the request at the start of `input`, if it is complete.
fn complete_length(input: &[u8]) -> Option<usize> {
    let head = input.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&input[..head]).expect("text").to_ascii_lowercase();
    let body = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = head + body.map_or(0, |length| length.trim().parse().expect("a number"));
    (input.len() >= length).then_some(length)
}

/// A connection with or without TLS.
struct Line {
    raw: TcpStream,
    tls: Option<StreamOwned<ServerConnection, TcpStream>>,
}

impl Line {
    fn open(raw: TcpStream, shared: &Shared) -> Option<Line> {
        raw.set_nodelay(true).expect("no delay");
        let Some(config) = &shared.tls else {
            return Some(Line { raw, tls: None });
        };
        let mut session = ServerConnection::new(Arc::clone(config)).expect("a session");
        let mut stream = raw.try_clone().expect("a copy");
        while session.is_handshaking() {
            if session.complete_io(&mut stream).is_err() {
                shared.note(|seen| seen.failed_handshakes += 1);
                return None;
            }
        }
        shared.note(|seen| {
            seen.handshakes += 1;
            seen.resumed += usize::from(session.handshake_kind() == Some(HandshakeKind::Resumed));
        });
        Some(Line {
            raw,
            tls: Some(StreamOwned::new(session, stream)),
        })
    }

    /// Ends the connection so that what was sent arrives.
    fn end(mut self) {
        if let Some(tls) = &mut self.tls {
            tls.conn.send_close_notify();
            let _ = tls.flush();
        }
        // After `Step::Reset` the socket's own rule for closing holds.
        if socket2::SockRef::from(&self.raw)
            .linger()
            .is_ok_and(|linger| linger.is_none())
        {
            let _ = self.raw.shutdown(Shutdown::Write);
        }
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => tls.read(buffer),
            None => self.raw.read(buffer),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => tls.write(bytes),
            None => self.raw.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => tls.flush(),
            None => self.raw.flush(),
        }
    }
}

/// An answer with a length, which says nothing about the connection.
pub fn answer(status: u16, body: &str) -> Vec<u8> {
    answer_with("", status, body)
}

/// An answer that announces to keep the connection.
pub fn kept(status: u16, body: &str) -> Vec<u8> {
    answer_with("Connection: keep-alive\r\n", status, body)
}

/// An answer with more lines in its head.
pub fn answer_with(lines: &str, status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{lines}content-length: {length}\r\n\r\n{body}").into_bytes()
}

/// A port that refuses connections for as long as this lives.
pub struct RefusingPort(socket2::Socket);

impl RefusingPort {
    pub fn new() -> RefusingPort {
        RefusingPort(bound(SocketAddr::from(([127, 0, 0, 1], 0))))
    }

    pub fn address(&self) -> SocketAddr {
        address_of(&self.0)
    }
}

/// A port that answers no attempt to connect: its queue is full and nobody accepts.
pub struct SilentPort {
    socket: socket2::Socket,
    _queued: TcpStream,
}

impl SilentPort {
    pub fn new() -> SilentPort {
        SilentPort::at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    pub fn at(address: SocketAddr) -> SilentPort {
        let socket = bound(address);
        socket.listen(0).expect("to listen");
        let queued = TcpStream::connect(address_of(&socket)).expect("a place in the queue");
        SilentPort {
            socket,
            _queued: queued,
        }
    }

    pub fn address(&self) -> SocketAddr {
        address_of(&self.socket)
    }

    /// Waits until somebody tries to connect, where the system tells.
    pub fn until_tried(&self) {
        let begun = Instant::now();
        while cfg!(target_os = "linux") && !self.is_tried() {
            assert!(begun.elapsed() < PATIENCE, "nobody tried to connect");
            thread::yield_now();
        }
    }

    fn is_tried(&self) -> bool {
        let port = column(self.address());
        tcp_table().any(|(_, remote, state)| remote == port && state == SYN_SENT)
    }
}

/// Numbers of `/proc/net/tcp`.
const SYN_SENT: &str = "02";
pub const TIME_WAIT: &str = "06";

/// The state of a connection, as its side at `local` has it.
pub fn tcp_state(local: SocketAddr, remote: SocketAddr) -> Option<String> {
    let ends = (column(local), column(remote));
    tcp_table()
        .find(|(local, remote, _)| (local, remote) == (&ends.0, &ends.1))
        .map(|(_, _, state)| state)
}

/// Both ends and state of every connection.
fn tcp_table() -> impl Iterator<Item = (String, String, String)> {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("Linux");
    let lines: Vec<_> = table.lines().skip(1).map(str::to_owned).collect();
    lines.into_iter().filter_map(|line| {
        let mut columns = line.split_whitespace().skip(1).map(str::to_owned);
        Some((columns.next()?, columns.next()?, columns.next()?))
    })
}

/// A port of 127.0.0.1 as that table writes it.
fn column(address: SocketAddr) -> String {
    format!("0100007F:{:04X}", address.port())
}

fn bound(address: SocketAddr) -> socket2::Socket {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&address.into()).expect("a port");
    socket
}

fn address_of(socket: &socket2::Socket) -> SocketAddr {
    socket
        .local_addr()
        .expect("an address")
        .as_socket()
        .expect("an internet address")
}
