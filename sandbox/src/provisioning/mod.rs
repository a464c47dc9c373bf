//! What the customer has set up in the console: applications with their numbers, voice files, templates; and what the
//! platform holds against the customer.
//!
//! Plain data, replaced as a whole when it changes: a request is checked against one state of it from beginning to end.

mod application;
mod controls;
mod defaults;
mod limits;
mod template;

use std::collections::{BTreeMap, BTreeSet};

pub use application::{Application, ApplicationState};
pub use controls::Controls;
pub use limits::Limits;
use serde::{Deserialize, Serialize};
pub(crate) use template::Misfit;
pub use template::Template;

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// `spId` of every CDR.
    pub sp_id: String,
    /// The applications by app key.
    pub applications: BTreeMap<String, Application>,
    /// Names of uploaded and approved voice files.
    pub voice_files: BTreeSet<String>,
    /// The templates by id. They are valid for all applications (contract requests.md 11).
    pub templates: BTreeMap<String, Template>,
    /// Fixed lines that the account knows and has not ordered: 1012006. Those of other applications: 1012001, and
    /// unknown ones: 1010023.
    pub unordered_numbers: BTreeSet<String>,
    /// What is left to telephone with, in fen (0.01 CNY): 18 for each started minute of each leg. At nothing or less every
    /// request is refused with 1010007. `None`: no end of money.
    pub balance_fen: Option<i64>,
    /// How many calls the platform carries at once; else 1020154. `None`: any number.
    pub platform_ports: Option<usize>,
    /// How much there may be in a minute.
    pub limits: Limits,
    /// What carriers and safety control let pass.
    pub controls: Controls,
}

impl Account {
    /// The application with this key, and the key as the calls of the application share it.
    pub(crate) fn application(&self, app_key: &str) -> Option<(&str, &Application)> {
        let (key, application) = self.applications.get_key_value(app_key)?;
        Some((key, application))
    }
}
