//! What the example programs share: settings from the environment, and a small webhook receiver.

mod receiver;

use voicecall_core::{Client, Config, Secret};

pub use receiver::{Receiver, answer};

/// What went wrong, for `main`.
pub type Failure = Box<dyn std::error::Error>;

/// The application's key and secret, and the platform's address, from `VOICECALL_APP_KEY`, `VOICECALL_APP_SECRET` and
/// `VOICECALL_ENDPOINT`.
#[derive(Debug)]
pub struct Settings {
    /// APP_Key.
    pub app_key: String,
    /// APP_Secret.
    pub app_secret: Secret,
    /// Access address.
    pub endpoint: String,
}

impl Settings {
    /// Reads the environment.
    ///
    /// # Errors
    /// A variable is missing.
    pub fn from_env() -> Result<Settings, Failure> {
        let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
        Ok(Settings {
            app_key: variable("VOICECALL_APP_KEY")?,
            app_secret: variable("VOICECALL_APP_SECRET")?.into(),
            endpoint: variable("VOICECALL_ENDPOINT")?,
        })
    }

    /// A client for the application.
    ///
    /// # Errors
    /// A setting cannot work.
    pub fn client(&self) -> Result<Client, voicecall_core::Error> {
        let config = Config::new().app_key(&self.app_key).app_secret(self.app_secret.clone());
        Client::new(config.endpoint(&self.endpoint))
    }
}
