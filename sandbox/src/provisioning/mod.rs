//! What the customer has set up in the console: applications with their numbers, voice files, templates.
//!
//! Plain data, replaced as a whole when it changes: a request is checked against one state of it from beginning to end.

mod application;
mod defaults;
mod template;

use std::collections::{BTreeMap, BTreeSet};

pub use application::Application;
use serde::{Deserialize, Serialize};
pub(crate) use template::Misfit;
pub use template::Template;

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

impl Account {
    /// The application with this key, and the key as the calls of the application share it.
    pub(crate) fn application(&self, app_key: &str) -> Option<(&str, &Application)> {
        let (key, application) = self.applications.get_key_value(app_key)?;
        Some((key, application))
    }
}
