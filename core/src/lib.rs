//! Client for the Huawei Cloud VoiceCall service (语音通话): it places calls, ends them, fetches recordings, and reads the
//! webhooks that the platform pushes.
//!
//! Two promises: the library **never rings twice by itself**, and it **never loses a CDR**. Every error tells by its
//! [`Delivery`] whether a phone may have rung.

#![forbid(unsafe_code)]

mod attempt_tag;
pub mod calls;
mod cancellation;
mod client;
mod clock;
pub mod codes;
mod config;
pub mod descriptor;
mod error;
mod gate;
#[cfg(feature = "intake")]
pub mod intake;
pub mod mask;
#[doc(hidden)]
pub mod new_file;
pub mod operation;
#[doc(hidden)]
pub mod pointer;
#[cfg(feature = "pool")]
mod pool;
#[doc(hidden)]
pub mod record;
mod recording;
pub mod request;
pub mod response;
pub mod result;
#[doc(hidden)]
pub mod secret;
pub mod sign;
#[cfg(feature = "pool")]
mod submission;
mod tagged;
mod transport;
mod url;
mod validate;
mod warning;
pub mod webhook;

pub use attempt_tag::{AttemptTag, split_user_data};
pub use cancellation::Cancellation;
pub use client::{CallOptions, Client};
pub use config::{Config, ConnectionReuse, DEFAULT_ENDPOINT};
pub use error::{Delivery, Error, ErrorKind, Measured, Retry, Rule};
pub use recording::{DownloadOptions, DownloadedRecording, Progress, RecordingSource};
pub use request::HttpRequest;
pub use secret::Secret;
#[cfg(feature = "pool")]
pub use submission::{Job, Jobs, UnderWay};
pub use validate::{Validation, validate};
pub use warning::{Warning, warnings};

/// The READMEs' snippets are compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
struct Readme;
