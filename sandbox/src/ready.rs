//! The one line that tells a program how to use a platform that has just started (design: the command prints it).

use serde::Serialize;
use voicecall_core::Secret;

use crate::provisioning::Account;

/// What is needed to use a platform: addresses, one application's key pair, and what it may name in requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Ready {
    /// Base URL of the five calls.
    pub endpoint: String,
    /// Base URL of the admin API.
    pub admin: String,
    /// Key of the account's first application; empty when there is none.
    pub app_key: String,
    /// Its secret.
    #[serde(serialize_with = "shown")]
    pub app_secret: Secret,
    /// Its display numbers.
    pub display_numbers: Vec<String>,
    /// The account's voice files.
    pub voice_files: Vec<String>,
    /// The account's templates.
    pub templates: Vec<ReadyTemplate>,
    /// File with the certificate of the authority, on a platform with TLS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
}

/// A template that requests may name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReadyTemplate {
    /// `templateId`.
    pub id: String,
    /// The text with its variables.
    pub content: String,
}

impl Ready {
    pub(crate) fn new(endpoint: &str, admin: &str, account: &Account) -> Ready {
        let (app_key, application) = account.applications.first_key_value().unzip();
        let numbers = application.map(|application| application.display_numbers.iter().cloned().collect());
        let templates = account.templates.iter().map(|(id, template)| ReadyTemplate {
            id: id.clone(),
            content: template.content.clone(),
        });
        Ready {
            endpoint: endpoint.to_owned(),
            admin: admin.to_owned(),
            app_key: app_key.cloned().unwrap_or_default(),
            app_secret: application
                .map(|application| application.secret.clone())
                .unwrap_or_default(),
            display_numbers: numbers.unwrap_or_default(),
            voice_files: account.voice_files.iter().cloned().collect(),
            templates: templates.collect(),
            ca_file: None,
        }
    }

    /// The line, as JSON text without a line end.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The one place where a secret is written out: the reader has to sign with it, and it protects nothing.
fn shown<S: serde::Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}
