//! An application: the key pair that signs, and what it may do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use voicecall_core::Secret;

use crate::call::SceneKind;

/// One application of the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Application {
    /// Signs requests and pushes. Taken over the admin API, never given.
    #[serde(rename = "app_secret", with = "secret")]
    pub secret: Secret,
    /// The one scene that the application was made for; other scenes are refused with 1010040. `None`: all scenes, which
    /// no real application has, so that one key pair is enough to try everything.
    #[serde(default)]
    pub scene: Option<SceneKind>,
    /// Fixed lines that calls may show.
    #[serde(default)]
    pub display_numbers: BTreeSet<String>,
    /// Whether calls may be recorded; else 1012012. Default: yes.
    #[serde(default = "yes")]
    pub recording: bool,
    /// Where status events go when the request names no address.
    #[serde(default)]
    pub status_url: Option<String>,
    /// Where CDRs go when the request names no address.
    #[serde(default)]
    pub fee_url: Option<String>,
}

impl Application {
    /// An application for all scenes, with recording enabled, without numbers.
    pub fn new(secret: impl Into<Secret>) -> Application {
        Application {
            secret: secret.into(),
            scene: None,
            display_numbers: BTreeSet::new(),
            recording: true,
            status_url: None,
            fee_url: None,
        }
    }
}

fn yes() -> bool {
    true
}

/// A secret goes in as text and comes out as asterisks.
mod secret {
    use serde::{Deserialize, Deserializer, Serializer};
    use voicecall_core::{Secret, mask};

    pub(super) fn serialize<S: Serializer>(_: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(mask::HIDDEN)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::from)
    }
}
