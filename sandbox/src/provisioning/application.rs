//! An application: the key pair that signs, and what it may do.

use std::collections::BTreeSet;
use std::net::IpAddr;

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
    /// Those of them that are suspended: the platform shows another one, chosen at random, and where there is none it
    /// refuses with 1013119 (contract requests.md 3).
    #[serde(default)]
    pub suspended_numbers: BTreeSet<String>,
    /// Whether the application may be used.
    #[serde(default)]
    pub state: ApplicationState,
    /// The only addresses that may send requests; others: 1020166. `None`: all.
    #[serde(default)]
    pub ip_white_list: Option<BTreeSet<IpAddr>>,
    /// Addresses that are refused with 1020168.
    #[serde(default)]
    pub ip_black_list: BTreeSet<IpAddr>,
    /// How many calls may live at once; else 1020165. `None`: any number.
    #[serde(default)]
    pub ports: Option<usize>,
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
            suspended_numbers: BTreeSet::new(),
            state: ApplicationState::Active,
            ip_white_list: None,
            ip_black_list: BTreeSet::new(),
            ports: None,
            recording: true,
            status_url: None,
            fee_url: None,
        }
    }

    /// Its display numbers that are not suspended.
    pub(crate) fn usable_numbers(&self) -> impl Iterator<Item = &String> {
        self.display_numbers.difference(&self.suspended_numbers)
    }
}

/// Whether an application may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ApplicationState {
    /// It may.
    #[default]
    Active,
    /// It is suspended: 1010008.
    Suspended,
    /// It is not available: 1010021.
    Unavailable,
    /// It may not use the commercial address: 1010011.
    Trial,
}

impl ApplicationState {
    /// The code with which requests are refused.
    pub(crate) const fn refusal(self) -> Option<&'static str> {
        match self {
            ApplicationState::Active => None,
            ApplicationState::Suspended => Some("1010008"),
            ApplicationState::Unavailable => Some("1010021"),
            ApplicationState::Trial => Some("1010011"),
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
