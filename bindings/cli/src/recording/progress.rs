//! How far a download is, on a terminal; elsewhere nothing is shown.

use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use voicecall_core::Progress;

/// A bar on standard error.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Bar {
        Bar(ProgressBar::no_length())
    }

    pub(super) fn show(&mut self, progress: Progress) -> ControlFlow<()> {
        if let (Some(total), None) = (progress.total, self.0.length()) {
            self.0.set_length(total);
            self.0.set_style(style());
        }
        self.0.set_position(progress.bytes);
        ControlFlow::Continue(())
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn style() -> ProgressStyle {
    let template = "{bar:40} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
