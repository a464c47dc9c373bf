//! `voicecall doctor`: looks at everything that a call needs, from the settings to a signed request, and rings nobody.

mod callback;
mod endpoint;
mod report;
mod settings;

use clap::Args;

use crate::exit::Failure;
use crate::http::Http;
use crate::settings::{Global, SettingFlags, Settings};
use report::Report;

/// Options of `voicecall doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorOptions {
    /// Also look at this callback URL: its length, its characters, and whether it can be reached from here. Can be
    /// repeated.
    #[arg(long = "callback-url", value_name = "URL")]
    callback_urls: Vec<String>,
    #[command(flatten)]
    settings: SettingFlags,
}

/// Looks at each thing in turn. What depends on something that is broken is left out.
pub(crate) fn run(options: &DoctorOptions, global: &Global) -> Result<(), Failure> {
    let mut report = Report::new(global.json);
    let settings = Settings::gather(global, &options.settings)?;
    let config = settings.config()?;
    let http = Http::new(config.ca_file.as_deref())?;
    if settings::examine(&settings, &config, &mut report) {
        endpoint::examine(&http, &config, &mut report);
    }
    for url in &options.callback_urls {
        callback::examine(&http, url, config.base_url(), &mut report);
    }
    report.conclude()
}
