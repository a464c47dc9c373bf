//! A recording into a file, on one of the pool's threads.

use std::ops::ControlFlow;
use std::time::Duration;

use serde_json::json;
use voicecall_core::{Client, DownloadOptions, Progress, RecordingSource};

use crate::failure::Failure;
use crate::natural::object;

/// What to fetch, and where to.
pub(crate) struct Download<'a> {
    /// A natural JSON object: the names of a stored recording, or a direct address.
    pub(crate) source: &'a str,
    pub(crate) path: &'a str,
    pub(crate) overwrite: bool,
    /// Time left for all of it.
    pub(crate) left: Option<Duration>,
}

impl Download<'_> {
    /// Fetches the recording; `go_on` gets `{"bytes":…,"total":…}` after each piece and may stop it. Gives `{"path":…,"bytes":…}`.
    pub(crate) fn run(&self, client: &Client, mut go_on: impl FnMut(&str) -> bool) -> Result<String, Failure> {
        let mut progress = |progress: Progress| {
            let told = json!({ "bytes": progress.bytes, "total": progress.total }).to_string();
            if go_on(&told) {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let mut options = DownloadOptions::new().overwrite(self.overwrite).progress(&mut progress);
        options.timeout = self.left;
        let downloaded = client.download_recording(source(self.source)?, self.path, options)?;
        Ok(json!({ "path": self.path, "bytes": downloaded.bytes }).to_string())
    }
}

fn source(text: &str) -> Result<RecordingSource, Failure> {
    let source = object(text)?;
    if source.is_empty() {
        return Err(Failure::invalid_argument("there is no recording of this call"));
    }
    Ok(RecordingSource::from_natural(source)?)
}
