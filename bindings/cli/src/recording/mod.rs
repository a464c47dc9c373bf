//! `voicecall recording get`: a recording as a file, whole or not at all.

mod progress;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use voicecall_core::DownloadOptions;
use voicecall_core::calls::Recording;

use crate::exit::Failure;
use crate::output::{self, GOOD, styled};
use crate::request::flag::REQUEST;
use crate::request::{Request, fault};
use crate::settings::{Global, SettingFlags, Settings};
use progress::Bar;

/// The commands about recordings.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordingCommand {
    /// Fetch the recording of a callback into a file.
    ///
    /// Its CDR names it: recordObjectName and recordDomain. Recordings are kept for 7 days. Asks the platform for a
    /// short-lived address, and fetches that without the application's signature.
    #[command(after_help = crate::examples::RECORDING_GET)]
    Get(GetOptions),
}

/// Options of `voicecall recording get`.
#[derive(Debug, Args)]
pub(crate) struct GetOptions {
    #[command(flatten)]
    request: Request<Recording>,
    /// The file to write; without it, one in this folder with the recording's own name.
    #[arg(long, short, value_name = "FILE", help_heading = REQUEST)]
    output: Option<PathBuf>,
    /// Replace a file that exists.
    #[arg(long, help_heading = REQUEST)]
    overwrite: bool,
    /// Print the request for the address, with its digest hidden, and send nothing.
    #[arg(long, help_heading = REQUEST)]
    dry_run: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Runs a command about recordings.
pub(crate) fn run(command: &RecordingCommand, global: &Global) -> Result<(), Failure> {
    let RecordingCommand::Get(options) = command;
    let client = Settings::gather(global, &options.settings)?.client()?;
    if options.dry_run {
        return options.request.show(&client, global.json);
    }
    let recording = options.request.typed()?;
    let target = target(options, &recording)?;
    let mut bar = Bar::new();
    let mut told = |progress| bar.show(progress);
    let download = DownloadOptions::new().overwrite(options.overwrite).progress(&mut told);
    let fetched = client.download_recording(recording, &target, download);
    bar.finish();
    let file = fetched.map_err(|error| fault::of(Recording::RECORD, error))?;
    if global.json {
        output::json(&json!({ "path": file.path.display().to_string(), "bytes": file.bytes }));
    } else {
        output::line(&format!(
            "{} {}, {} bytes",
            styled(GOOD, "fetched"),
            file.path.display(),
            file.bytes
        ));
    }
    Ok(())
}

/// Where the recording goes. A name from the platform must not choose the folder.
fn target(options: &GetOptions, recording: &Recording) -> Result<PathBuf, Failure> {
    if let Some(output) = &options.output {
        return Ok(output.clone());
    }
    let name = recording
        .file_name
        .as_deref()
        .and_then(|name| Path::new(name).file_name());
    name.map(PathBuf::from)
        .ok_or_else(|| Failure::usage("--file-name is no name of a file: say with --output which to write"))
}
