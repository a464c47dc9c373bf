//! The two buffers of a connection. Small, since most of their life they are idle; they grow for what needs it.

/// What a request usually fits into.
const OUTPUT: usize = 8 * 1024;
/// Output of this length is sent although more may follow: a TLS record holds no more.
const LARGEST_WRITE: usize = 16 * 1024;
/// Free room that a line of the request's head can count on: ureq writes whole lines.
const OUTPUT_ROOM: usize = 4 * 1024;
/// What a head or a short answer usually fits into.
const INPUT: usize = 4 * 1024;
/// A long body is read in pieces of this size.
const LARGEST_PIECE: usize = 64 * 1024;

/// Output that is held back until it is worth a write, and input that was read ahead.
#[derive(Debug)]
pub(super) struct Buffers {
    output: Vec<u8>,
    held: usize,
    input: Vec<u8>,
    /// Read and not used up: `input[start..end]`.
    start: usize,
    end: usize,
    /// The longest input that is kept while none of it can be used.
    longest_input: usize,
    progress: bool,
}

impl Buffers {
    pub(super) fn new(longest_input: usize) -> Buffers {
        Buffers {
            output: Vec::new(),
            held: 0,
            input: Vec::new(),
            start: 0,
            end: 0,
            longest_input,
            progress: false,
        }
    }

    /// Where more output goes.
    pub(super) fn output_room(&mut self) -> &mut [u8] {
        let wanted = (self.held + OUTPUT_ROOM).max(OUTPUT);
        if self.output.len() < wanted {
            self.output.resize(wanted, 0);
        }
        self.output.get_mut(self.held..).unwrap_or_default()
    }

    /// Keeps what was written to the room. `true` when it is time to send.
    pub(super) fn hold(&mut self, amount: usize) -> bool {
        self.held = self.held.saturating_add(amount).min(self.output.len());
        self.held >= LARGEST_WRITE
    }

    /// The output held back.
    pub(super) fn held(&self) -> &[u8] {
        self.output.get(..self.held).unwrap_or_default()
    }

    pub(super) fn forget_held(&mut self) {
        self.held = 0;
    }

    /// Input that was read and not used up.
    pub(super) fn input(&self) -> &[u8] {
        self.input.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether there is input that may be of use: there is some, and the last look at it used some.
    pub(super) fn can_use_input(&self) -> bool {
        self.progress && self.start < self.end
    }

    pub(super) fn consume(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.start = self.start.saturating_add(amount).min(self.end);
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Where more input goes. Empty when the longest input is there already.
    pub(super) fn input_room(&mut self) -> &mut [u8] {
        if self.end == self.input.len() && self.start > 0 {
            self.input.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == self.input.len() {
            let grown = (self.input.len() * 2).clamp(INPUT, self.longest_input.max(INPUT));
            self.input.resize(grown, 0);
        }
        self.input.get_mut(self.end..).unwrap_or_default()
    }

    /// Keeps what was read into the room. A piece that filled it will not be the last, so the next one may be larger.
    pub(super) fn keep(&mut self, amount: usize) {
        let room = self.input.len() - self.end;
        self.end = self.end.saturating_add(amount).min(self.input.len());
        if amount == room && self.input.len() < LARGEST_PIECE {
            self.input.resize(self.input.len() * 2, 0);
        }
    }

    /// Gives back what grew beyond its usual size. For a connection that goes idle.
    pub(super) fn shrink(&mut self) {
        if self.held == 0 && self.output.len() > OUTPUT {
            self.output = Vec::new();
        }
        if self.start == self.end && self.input.len() > INPUT {
            self.input = Vec::new();
        }
    }

    /// The room for output beside a scratch space, as ureq wants them: together.
    pub(super) fn scratch_and_output_room(&mut self) -> (&mut [u8], &mut [u8]) {
        self.input_room();
        self.output_room();
        let scratch = self.input.get_mut(self.end..).unwrap_or_default();
        let output = self.output.get_mut(self.held..).unwrap_or_default();
        (scratch, output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receive(buffers: &mut Buffers, bytes: &[u8]) {
        buffers.input_room()[..bytes.len()].copy_from_slice(bytes);
        buffers.keep(bytes.len());
    }

    #[test]
    fn input_stays_until_it_is_used_up() {
        let mut buffers = Buffers::new(2 * LARGEST_PIECE);
        receive(&mut buffers, b"head body");
        buffers.consume(5);
        assert_eq!((buffers.input(), buffers.can_use_input()), (&b"body"[..], true));
        buffers.consume(0);
        assert!(!buffers.can_use_input(), "more is needed before another look");
        receive(&mut buffers, b" and more");
        assert_eq!(buffers.input(), b"body and more");
        buffers.consume(13);
        assert_eq!((buffers.input(), buffers.can_use_input()), (&b""[..], false));
    }

    #[test]
    fn input_grows_up_to_its_limit_and_keeps_what_it_has() {
        let mut buffers = Buffers::new(2 * LARGEST_PIECE);
        let mut all = Vec::new();
        loop {
            let room = buffers.input_room().len().min(1000);
            if room == 0 {
                break;
            }
            let piece = vec![all.len() as u8; room];
            receive(&mut buffers, &piece);
            all.extend(piece);
        }
        assert_eq!(all.len(), 2 * LARGEST_PIECE);
        assert!(buffers.input() == all);
        // Used up from the front, the rest moves there.
        buffers.consume(all.len() - 3);
        receive(&mut buffers, b"next");
        assert_eq!(buffers.input()[3..], *b"next");
    }

    #[test]
    fn an_idle_connection_keeps_little() {
        let mut buffers = Buffers::new(2 * LARGEST_PIECE);
        for _ in 0..10 {
            let length = buffers.input_room().len();
            buffers.keep(length);
            buffers.consume(length);
            let room = buffers.output_room().len();
            buffers.hold(room);
        }
        assert!(buffers.input.len() >= LARGEST_PIECE);
        buffers.forget_held();
        buffers.shrink();
        assert!(buffers.input.len() <= INPUT && buffers.output.len() <= OUTPUT);
    }

    #[test]
    fn there_is_always_room_for_a_line_of_output() {
        let mut buffers = Buffers::new(2 * LARGEST_PIECE);
        while !buffers.hold(1500) {
            assert!(buffers.output_room().len() >= OUTPUT_ROOM);
        }
        assert!(buffers.held().len() >= LARGEST_WRITE);
    }
}
