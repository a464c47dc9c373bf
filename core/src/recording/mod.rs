//! Fetches a recording into a file: whole or not at all.
//!
//! The address that the platform gives is short-lived and is asked for without this client's signature (contract
//! requests.md 5, D6). The bytes go into a temporary file beside the target, which takes the target's name only when
//! all of them are there.

mod partial;
mod range;
mod source;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::calls::GET_RECORDING_DOWNLOAD_URL;
use crate::client::{CallOptions, Client};
use crate::config::default_of;
use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::operation::Method;
use crate::pointer::Pointer;
use crate::request::HttpRequest;
use crate::transport::{Failure, Reach, Streaming};
use crate::url::{self, HttpUrl};
use partial::Partial;
use range::Resumption;
pub use source::RecordingSource;

/// How a recording is fetched.
#[derive(Default)]
#[non_exhaustive]
pub struct DownloadOptions<'a> {
    /// Longest time for the whole download; none by default, since recordings may be hours long. Each step is bounded
    /// by the client's time-outs all the same.
    pub timeout: Option<Duration>,
    /// Replace a target that exists. By default that is an error.
    pub overwrite: bool,
    /// Told after each piece; stops the download when it returns [`ControlFlow::Break`].
    pub progress: Option<&'a mut dyn FnMut(Progress) -> ControlFlow<()>>,
}

impl<'a> DownloadOptions<'a> {
    /// No time-out of its own, no overwriting, no progress.
    #[must_use]
    pub fn new() -> DownloadOptions<'a> {
        DownloadOptions::default()
    }

    /// Longest time for the whole download.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> DownloadOptions<'a> {
        self.timeout = Some(timeout);
        self
    }

    /// Whether a target that exists is replaced.
    #[must_use]
    pub fn overwrite(mut self, overwrite: bool) -> DownloadOptions<'a> {
        self.overwrite = overwrite;
        self
    }

    /// Called after each piece.
    #[must_use]
    pub fn progress(mut self, progress: &'a mut dyn FnMut(Progress) -> ControlFlow<()>) -> DownloadOptions<'a> {
        self.progress = Some(progress);
        self
    }
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes in the file so far.
    pub bytes: u64,
    /// Bytes of the whole recording, where the server tells.
    pub total: Option<u64>,
}

/// A recording that is now a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadedRecording {
    /// The file.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
}

/// A download without a time-out of its own still ends some day.
const LONGEST_DOWNLOAD: Duration = Duration::from_secs(24 * 3600);
/// Domains in which the service stores recordings.
const SERVICE_DOMAINS: [&str; 5] = [
    "huawei.com",
    "huaweicloud.com",
    "huaweicaas.com",
    "myhuaweicloud.com",
    "myhuaweicloud.cn",
];
/// Bytes per piece.
const PIECE: usize = 64 * 1024;

impl Client {
    /// Fetches a recording into the file `target`.
    ///
    /// A connection that breaks on the way is taken up where it broke if the server allows it, at most as often as the
    /// client's `retries`.
    ///
    /// # Errors
    /// `invalid_argument` when the target exists and may not be overwritten; `rejected` when the recording is not
    /// there; `storage` when the file cannot be written; `protocol` when the length is not the announced one; and the
    /// network's kinds. On an error there is no file at `target` that was not there before.
    pub fn download_recording(
        &self,
        source: impl Into<RecordingSource>,
        target: impl AsRef<Path>,
        mut options: DownloadOptions<'_>,
    ) -> Result<DownloadedRecording, Error> {
        let (target, source) = (target.as_ref(), source.into());
        // What cannot be right is refused before there is a file.
        let direct = match &source {
            RecordingSource::Direct(url) => Some(self.direct_url(url)?),
            RecordingSource::Stored(recording) => {
                self.check(&GET_RECORDING_DOWNLOAD_URL, recording)?;
                None
            }
        };
        let mut partial = Partial::create(target, options.overwrite, self.longest_recording())?;
        let deadline = Instant::now() + options.timeout.unwrap_or(LONGEST_DOWNLOAD).min(LONGEST_DOWNLOAD);
        let url = match source {
            RecordingSource::Direct(_) => direct.unwrap_or_default(),
            // Recordings may be hours long; an address is an answer like any other.
            RecordingSource::Stored(recording) => {
                let patience = deadline.min(Instant::now() + self.timeout());
                self.get_recording_download_url_with(&recording, &until(patience))?
            }
        };
        let reach = self.check_download_url(&url)?;
        let place = (url.as_str(), reach);
        self.fetch(place, &mut partial, deadline, &mut options)?;
        let bytes = partial.finish()?;
        Ok(DownloadedRecording {
            path: target.to_path_buf(),
            bytes,
        })
    }

    /// Fetches until the file is whole, resuming after broken connections.
    fn fetch(
        &self,
        place: (&str, Reach),
        partial: &mut Partial,
        deadline: Instant,
        options: &mut DownloadOptions<'_>,
    ) -> Result<(), Error> {
        let mut resumption = Resumption::default();
        for attempt in 0.. {
            let error = match self.fetch_once(place, partial, &mut resumption, deadline, options) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            let broke = matches!(
                error.kind(),
                ErrorKind::Connect | ErrorKind::ConnectionLost | ErrorKind::Timeout
            );
            if !broke || attempt >= self.retries() || !self.pause(attempt, deadline, None) {
                return Err(error);
            }
        }
        Ok(())
    }

    fn fetch_once(
        &self,
        (url, reach): (&str, Reach),
        partial: &mut Partial,
        resumption: &mut Resumption,
        deadline: Instant,
        options: &mut DownloadOptions<'_>,
    ) -> Result<(), Error> {
        // Only what a download needs: the signature is not for this server.
        let headers = resumption.headers(partial.len());
        let request = HttpRequest {
            method: Method::Get,
            url: url.to_owned(),
            headers,
            body: None,
        };
        let mut stream = self.open(&request, deadline, reach)?;
        let total = resumption.begin(stream.status, |name| stream.header(name), partial)?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = stream
                .reader
                .read_piece(&mut piece)
                .map_err(|failure| self.failed(failure))?;
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            partial.write(bytes)?;
            report(
                options,
                Progress {
                    bytes: partial.len(),
                    total,
                },
            )?;
        }
        match total {
            Some(total) if total != partial.len() => Err(lost(format!(
                "the recording ended after {} of {total} bytes",
                partial.len()
            ))),
            None if !stream.reader.ended_properly() => Err(lost(
                "the connection ended without TLS's own ending, and no length was told: the recording may not be whole"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn longest_recording(&self) -> u64 {
        let set = self.config().max_recording_bytes;
        set.unwrap_or_else(|| default_of("maxRecordingBytes")).unsigned_abs()
    }

    fn open(&self, request: &HttpRequest, deadline: Instant, reach: Reach) -> Result<Streaming, Error> {
        self.transport()
            .open_stream(request, deadline, reach)
            .map_err(|failure| self.failed(failure))
    }

    fn failed(&self, failure: Failure) -> Error {
        failure.into_error(self.is_closed()).of_harmless_request()
    }

    /// A direct address as a URL that may be fetched.
    fn direct_url(&self, url: &str) -> Result<String, Error> {
        let url = url::encoded(url.as_bytes());
        self.check_download_url(&url)?;
        self.check_direct_host(&url)?;
        Ok(url)
    }

    /// A direct address comes in a webhook, which anybody may have sent: only hosts of the service, and those that the
    /// settings name, are asked.
    fn check_direct_host(&self, url: &str) -> Result<(), Error> {
        let Some(host) = HttpUrl::parse(url).map(|url| url.host) else {
            return Ok(());
        };
        let endpoint = HttpUrl::parse(self.config().base_url()).map(|url| url.host);
        let known = endpoint.is_some_and(|own| own.eq_ignore_ascii_case(host)) || self.names_host(host);
        let of_service = SERVICE_DOMAINS.iter().any(|domain| is_within(host, domain));
        if known || of_service {
            return Ok(());
        }
        let message = format!(
            "the recording's direct address leads to {host}, which is no host of the service; if it is right, add it to recording_hosts"
        );
        Err(Error::new(ErrorKind::Configuration, Delivery::Answered, message))
    }

    /// Whether the settings name this host.
    fn names_host(&self, host: &str) -> bool {
        let named = self.config().recording_hosts.as_deref().unwrap_or_default();
        named.iter().any(|named| named.eq_ignore_ascii_case(host))
    }

    /// The same rule as for the endpoint: a recording is not for everybody on the way.
    fn check_download_url(&self, url: &str) -> Result<Reach, Error> {
        match HttpUrl::parse(url) {
            Some(parsed) if parsed.https || self.config().allows_plain_http(&parsed) => {
                Ok(if self.names_host(parsed.host) {
                    Reach::Anywhere
                } else {
                    Reach::Outside
                })
            }
            Some(parsed) => {
                let host = parsed.host;
                // Settings have another name in each language, so a text names none.
                let message = format!(
                    "the recording lies at {host} without TLS: http to this host can be allowed, by its name, in the settings"
                );
                Err(Error::new(ErrorKind::Configuration, Delivery::Answered, message))
            }
            None => Err(Error::invalid_argument(
                &Pointer::root().member("recordFileDownloadUrl"),
                Rule::Url,
                "must be an http or https address with a host",
            )),
        }
    }
}

/// Whether the host is of the domain or of one below it.
fn is_within(host: &str, domain: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.strip_suffix(domain)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn report(options: &mut DownloadOptions<'_>, progress: Progress) -> Result<(), Error> {
    match options.progress.as_mut().map(|told| told(progress)) {
        Some(ControlFlow::Break(())) => Err(Error::new(
            ErrorKind::Closed,
            Delivery::Answered,
            "the download was stopped by its progress callback",
        )),
        _ => Ok(()),
    }
}

fn until(deadline: Instant) -> CallOptions {
    CallOptions::new().timeout(deadline.saturating_duration_since(Instant::now()))
}

fn lost(message: String) -> Error {
    Error::new(ErrorKind::ConnectionLost, Delivery::Answered, message)
}

#[cfg(test)]
mod tests {
    use super::{SERVICE_DOMAINS, is_within};

    #[test]
    fn hosts_of_the_service_are_known_by_whole_labels() {
        let of_service = |host: &str| SERVICE_DOMAINS.iter().any(|domain| is_within(host, domain));
        for host in ["ostor.huawei.com", "huawei.com", "OBS.cn-north-1.myhuaweicloud.COM"] {
            assert!(of_service(host), "{host}");
        }
        for host in [
            "evilhuawei.com",
            "huawei.com.evil.example",
            "localhost",
            "127.0.0.1",
            "",
        ] {
            assert!(!of_service(host), "{host}");
        }
    }
}
