//! Client for the Huawei Cloud VoiceCall service (语音通话): it places calls, ends them, fetches recordings, and reads the
//! webhooks that the platform pushes.
//!
//! Two promises: the library **never rings twice by itself**, and it **never loses a CDR**. Every error tells by its
//! [`Delivery`] whether a phone may have rung.

#![forbid(unsafe_code)]

pub mod calls;
pub mod codes;
pub mod descriptor;
mod error;
pub mod mask;
#[doc(hidden)]
pub mod pointer;
#[doc(hidden)]
pub mod record;
mod request;
#[doc(hidden)]
pub mod secret;
pub mod sign;
mod url;
mod validate;

pub use error::{Delivery, Error, Kind, Measured, Retry, Rule};
pub use request::{HttpRequest, Signer, build};
pub use secret::Secret;
pub use validate::{Validation, validate};
