//! Prints on a thread of its own: a terminal that is stopped, or a slow reader of a pipe, must not delay the
//! acknowledgement of what comes next. What nobody reads in time is left out, and said so; the file has it all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::output;

/// How many texts may wait for the reader.
const QUEUE: usize = 1000;

/// Texts appear in the order in which they are handed in, whoever hands them in.
#[derive(Clone)]
pub(super) struct Printer {
    queue: SyncSender<String>,
    left_out: Arc<AtomicUsize>,
}

impl Printer {
    pub(super) fn start() -> Printer {
        let (queue, waiting) = sync_channel::<String>(QUEUE);
        std::thread::spawn(move || waiting.iter().for_each(|text| output::line(&text)));
        Printer {
            queue,
            left_out: Arc::default(),
        }
    }

    /// Prints the text, soon or never.
    pub(super) fn print(&self, text: String) {
        if self.queue.try_send(text).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            tracing::warn!("{left_out} lines were not shown, as nobody read them; the file has every event");
        }
    }
}
