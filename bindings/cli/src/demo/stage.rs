//! The parties of the demonstration and what they know of each other.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use voicecall_core::webhook::{Tariff, Webhook};
use voicecall_core::{Client, Config, sign};
use voicecall_sandbox::blocking::Sandbox;
use voicecall_sandbox::{Options, PhoneRule};

use crate::demo::cast;
use crate::exit::Failure;
use crate::receiver::{Receiver, fee_url, status_url};

/// Platform, receiver and client.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) receiver: Receiver,
    /// Address of the receiver.
    pub(crate) base: String,
    pub(crate) client: Client,
    /// The documented price per minute and leg (contract pushes.md 9), which is undated: an example.
    pub(crate) tariff: Tariff,
}

impl Stage {
    pub(crate) fn set(speed: f64) -> Result<Stage, Failure> {
        let mut options = Options::default();
        options.speed = speed;
        for (number, seconds) in cast::TALKS {
            let mut rule = PhoneRule::default();
            rule.talk_seconds = Some(seconds);
            options.phones.insert(number.to_owned(), rule);
        }
        let sandbox = Sandbox::start(options).map_err(|error| Failure::Local(format!("no platform: {error}")))?;
        let ready = sandbox.ready();
        let receiver = Receiver::start((Ipv4Addr::LOCALHOST, 0).into(), |address| {
            let base = format!("http://{address}");
            let webhook = Webhook::builder()
                .url(status_url(&base))
                .url(fee_url(&base))
                .application(&ready.app_key, ready.app_secret.clone());
            Ok(webhook.build()?)
        })?;
        let base = format!("http://{}", receiver.address());
        let config = Config::new()
            .app_key(&ready.app_key)
            .app_secret(ready.app_secret.clone())
            .endpoint(sandbox.endpoint())
            .timeout(Duration::from_secs(5));
        let client = Client::new(config)?;
        let tariff = Tariff::new("0.18", "CNY")?;
        Ok(Stage {
            sandbox,
            receiver,
            base,
            client,
            tariff,
        })
    }
}

/// A folder that vanishes with its content.
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    pub(crate) fn create() -> Result<TemporaryFolder, Failure> {
        let failed = |error: String| Failure::Local(format!("no temporary folder: {error}"));
        let name = sign::nonce().map_err(|error| failed(error.to_string()))?;
        let path = std::env::temp_dir().join(format!("voicecall-demo-{name}"));
        std::fs::create_dir(&path).map_err(|error| failed(error.to_string()))?;
        Ok(TemporaryFolder(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
