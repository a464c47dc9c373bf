//! How pushes are checked: what a receiver is told when it is made.

use crate::descriptor::{Limit, Presence};
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::record::{FieldValue, Fields};
use crate::sign::CreatedZone;
use crate::url::HttpUrl;
use crate::validate::validate_record;
use crate::{enumeration, record};

use super::Webhook;
use super::signature::DigestForm;

record! {
    /// Settings of a receiver. To check signatures it needs the registered addresses and the applications; without both
    /// it reads pushes and checks nothing.
    pub struct WebhookConfig: "pushes.md 3.3" {
        /// The addresses that the platform pushes to, exactly as registered in the console or given per call. A
        /// signature covers the address, so a missing slash or another letter case makes it invalid. Never take the
        /// address from the incoming request: behind a proxy it is another one.
        urls: "urls" => Texts { limit: Limit::documented(0, 100) }
        /// The applications whose pushes arrive here. An application may be there several times, with several secrets:
        /// while a secret is exchanged pushes come with either.
        applications: "applications" => Records(Application) { limit: Limit::documented(0, 1000) }
        /// What happens to pushes without a valid signature. Without an application nothing can be checked, and the policy is
        /// `off`.
        policy: "policy" => Enumeration(Policy) { default: Some("require") }
        /// Which pushes have to be recent.
        freshness: "freshness" => Enumeration(Freshness) { default: Some("all") }
        /// Status pushes: largest difference between the time in a signature and the clock, in both directions; also how
        /// long a nonce is remembered.
        tolerance: "toleranceMs" => Milliseconds {
            default: Some("300000"), limit: Limit::documented(0, 3_600_000), unit: Some("milliseconds")
        }
        /// The same for CDR pushes. The platform sends a CDR again for six hours, maybe with its first signature.
        cdr_tolerance: "cdrToleranceMs" => Milliseconds {
            default: Some("28800000"), limit: Limit::documented(0, 604_800_000), unit: Some("milliseconds")
        }
        /// The only accepted zone of the time in a signature. Absent: both, because the platform's pages disagree.
        created_zone: "createdZone" => Enumeration(CreatedZone) {}
        /// The only accepted form of the digest. Absent: both, because the platform's pages disagree.
        digest_form: "digestForm" => Enumeration(DigestForm) {}
        /// How many nonces are remembered in memory to recognise replays; beyond it the oldest is forgotten. About 60 bytes
        /// each. 0: replays are not recognised. An intake keeps nonces in its store instead, all of them.
        replay_entries: "replayEntries" => Integer {
            default: Some("100000"), limit: Limit::documented(0, 10_000_000), unit: Some("nonces")
        }
    }
}

record! {
    /// An application of the platform, as its pushes name it.
    pub struct Application: "pushes.md 3.2" {
        /// APP_Key.
        app_key: "appKey" => Text { presence: Presence::Mandatory, limit: Limit::documented(1, 256) }
        /// APP_Secret. Wiped from memory with the receiver; never printed.
        app_secret: "appSecret" => Secret { presence: Presence::Mandatory, limit: Limit::documented(1, 1024) }
    }
}

enumeration! {
    /// What happens to pushes without a valid signature (contract pushes.md 3.3, D4, D19).
    pub enum Policy {
        /// Without a valid signature a push is refused.
        Require = "require",
        /// A signature that is there has to be valid; a push without one is accepted, whoever sent it. For platforms that do
        /// not sign: the service's pages disagree on whether it does.
        IfPresent = "if_present",
        /// Nothing is checked.
        Off = "off",
    }
}

enumeration! {
    /// Which pushes have to be recent (contract pushes.md 3.3, D26).
    pub enum Freshness {
        /// Status pushes alone.
        Status = "status",
        /// All pushes, each kind within its own tolerance.
        All = "all",
        /// None.
        Off = "off",
    }
}

impl WebhookConfig {
    /// Adds an address that the platform pushes to, exactly as registered.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.urls.get_or_insert_default().push(url.into());
        self
    }

    /// Adds an application, or another secret of one.
    #[must_use]
    pub fn application(mut self, app_key: impl Into<String>, app_secret: impl Into<crate::Secret>) -> Self {
        let application = Application::new().app_key(app_key).app_secret(app_secret);
        self.applications.get_or_insert_default().push(application);
        self
    }

    /// Makes the receiver.
    ///
    /// # Errors
    ///
    /// `configuration`, naming the first setting at fault.
    pub fn build(self) -> Result<Webhook, Error> {
        self.check()?;
        Ok(Webhook::from_checked(self))
    }

    fn check(&self) -> Result<(), Error> {
        validate_record(self).map_err(|error| error.of_settings())?;
        if let Some(name) = self.extra.keys().next() {
            return Err(Error::configuration(&at(name), Rule::UnknownField, "no such setting"));
        }
        self.check_urls()?;
        self.check_applications()?;
        let (urls, applications) = (self.url_list().len(), self.application_list().len());
        let required = matches!(self.policy, Some(Policy::Require));
        match (urls, applications) {
            (0, 0) if required => Err(missing("urls", "policy require needs the registered addresses")),
            (0, 1..) => Err(missing(
                "urls",
                "a signature is checked against the registered addresses",
            )),
            (1.., 0) => Err(missing(
                "applications",
                "a signature is checked with the application's secret",
            )),
            _ => Ok(()),
        }
    }

    fn check_urls(&self) -> Result<(), Error> {
        match self.url_list().iter().position(|url| HttpUrl::parse(url).is_none()) {
            Some(index) => Err(Error::configuration(
                &at("urls").index(index),
                Rule::Url,
                "must be an http or https address with a host",
            )),
            None => Ok(()),
        }
    }

    fn check_applications(&self) -> Result<(), Error> {
        let applications = self.application_list();
        let is_twice = |index: &usize| {
            let earlier = applications.get(..*index).unwrap_or_default();
            let same = |one: &Application, other: &Application| {
                let (mine, other_secret) = (one.app_secret.as_ref(), other.app_secret.as_ref());
                one.app_key == other.app_key
                    && mine.map(crate::Secret::expose) == other_secret.map(crate::Secret::expose)
            };
            let this = applications.get(*index);
            this.is_some_and(|this| earlier.iter().any(|other| same(this, other)))
        };
        match (1..applications.len()).find(is_twice) {
            Some(index) => Err(Error::configuration(
                &at("applications").index(index),
                Rule::Conflict,
                "this application with this secret is there twice",
            )),
            None => Ok(()),
        }
    }

    pub(super) fn url_list(&self) -> &[String] {
        self.urls.as_deref().unwrap_or_default()
    }

    pub(super) fn application_list(&self) -> &[Application] {
        self.applications.as_deref().unwrap_or_default()
    }

    /// A whole number, or the default that its declaration names.
    pub(super) fn number(&self, name: &str) -> i64 {
        let index = Self::RECORD.index_of(name);
        match index.and_then(|index| self.get(index)) {
            Some(FieldValue::Integer(number)) => number,
            _ => {
                let default = Self::RECORD.field(name).and_then(|field| field.default);
                default.and_then(|text| text.parse().ok()).unwrap_or_default()
            }
        }
    }
}

fn at(name: &str) -> Pointer {
    Pointer::root().member(name)
}

fn missing(name: &str, why: &str) -> Error {
    Error::configuration(&at(name), Rule::Required, why)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Policy, WebhookConfig};
    use crate::error::ErrorKind;

    fn field_at_fault(config: WebhookConfig) -> String {
        let error = config.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        error.field().unwrap().to_owned()
    }

    fn complete() -> WebhookConfig {
        WebhookConfig::new()
            .url("https://push.example.com/fee")
            .application("app-key-0001", "example-secret-0001")
    }

    #[test]
    fn nothing_is_needed_to_read_without_checking() {
        WebhookConfig::new().build().unwrap();
        complete().build().unwrap();
    }

    #[test]
    fn every_unusable_setting_is_named() {
        assert_eq!(field_at_fault(WebhookConfig::new().policy(Policy::Require)), "/urls");
        assert_eq!(
            field_at_fault(WebhookConfig::new().url("https://push.example.com")),
            "/applications"
        );
        assert_eq!(field_at_fault(WebhookConfig::new().application("k", "s")), "/urls");
        assert_eq!(field_at_fault(complete().url("push.example.com/fee")), "/urls/1");
        assert_eq!(
            field_at_fault(complete().application("app-key-0001", "example-secret-0001")),
            "/applications/1"
        );
        complete().application("app-key-0001", "s").build().unwrap();
        assert_eq!(
            field_at_fault(complete().application("", "s")),
            "/applications/1/appKey"
        );
        assert_eq!(field_at_fault(complete().policy("sometimes")), "/policy");
        assert_eq!(
            field_at_fault(complete().tolerance(Duration::from_secs(3601))),
            "/toleranceMs"
        );
        assert_eq!(field_at_fault(complete().replay_entries(-1)), "/replayEntries");
        assert_eq!(field_at_fault(complete().extra("path", "/fee")), "/path");
    }

    #[test]
    fn defaults_stand_in_the_declaration() {
        assert_eq!(complete().number("toleranceMs"), 300_000);
        assert_eq!(complete().number("cdrToleranceMs"), 28_800_000);
        assert_eq!(complete().number("replayEntries"), 100_000);
        assert_eq!(
            complete().tolerance(Duration::from_secs(7)).number("toleranceMs"),
            7_000
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        assert!(!format!("{:?}", complete()).contains("example-secret"));
    }
}
