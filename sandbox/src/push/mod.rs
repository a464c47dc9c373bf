//! Pushes: what they say, how they are signed and sent, and what is kept of them (contract pushes.md 2 to 5).

pub(crate) mod batch;
pub(crate) mod client;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod queue;
mod reply;
pub(crate) mod sender;
mod spoil;
pub(crate) mod status;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::DigestForm;

use crate::settings;

/// How pushes are sent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PushOptions {
    /// Real time that a receiver has for its answer. Not documented. In files: `timeout_seconds`. Default: 5 s.
    #[serde(rename = "timeout_seconds", with = "settings::seconds")]
    pub timeout: Duration,
    /// Zone of `Created`. Default: Beijing, as the newest page says (contract pushes.md 3.2).
    #[serde(with = "settings::zone")]
    pub created_zone: CreatedZone,
    /// Whether pushes are signed, and in which form. Default: the newest (contract pushes.md 3, D4).
    pub signature: PushSignature,
    /// Status pushes are signed for the CDR address of their call, as the newest page says of both kinds. Default: no, for
    /// the address they go to (contract pushes.md 3.2).
    pub status_signed_for_fee_url: bool,
    /// `X-AKSK` has no blanks after its commas, as in a message of the sister service. Default: no (contract pushes.md
    /// 3.2).
    pub compact_header: bool,
    /// A CDR that is sent again has nonce and time of the first attempt. Default: no, it is signed anew (contract
    /// requests.md 18, D20).
    pub repush_keeps_signature: bool,
    /// PEM file with authorities that receivers with `https://` addresses may have, beside public ones and the platform's
    /// own.
    pub trusted_ca_file: Option<PathBuf>,
}

impl Default for PushOptions {
    fn default() -> PushOptions {
        PushOptions {
            timeout: Duration::from_secs(5),
            created_zone: CreatedZone::Beijing,
            signature: PushSignature::Newest,
            status_signed_for_fee_url: false,
            compact_header: false,
            repush_keeps_signature: false,
            trusted_ca_file: None,
        }
    }
}

/// Whether pushes are signed, and in which form. The sources disagree (contract pushes.md 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushSignature {
    /// URL, nonce and time with line feeds between them: pages of 2026-01-27.
    Newest,
    /// URL, nonce and time without anything between them: pages before that.
    Older,
    /// Not at all, as the FAQ of 2021 says.
    None,
}

impl PushSignature {
    /// What the digest is made over; `None`: there is none.
    pub(crate) fn form(self) -> Option<DigestForm> {
        match self {
            PushSignature::Newest => Some(DigestForm::Newest),
            PushSignature::Older => Some(DigestForm::Older),
            PushSignature::None => None,
        }
    }

    /// The name in settings and in the log of pushes.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            PushSignature::Newest => "newest",
            PushSignature::Older => "older",
            PushSignature::None => "none",
        }
    }
}
