//! How an intake is set up.

use crate::descriptor::{Limit, Presence};
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::record;
use crate::record::{FieldValue, Fields};
use crate::validate::validate_record;
use crate::webhook::Webhook;

use super::Intake;
use super::numbers::Numbers;
use super::rejected::Bounds;
use super::store::Address;

record! {
    /// Settings of an intake. Only the store is needed.
    pub struct IntakeConfig: "pushes.md 4 and 5" {
        /// Where pushes are kept: `sqlite:FILE`, which is made if it is not there, or
        /// `postgres://user:password@host/database` where several receivers share one store. Not shown in `Debug`: it
        /// may hold a password.
        store: "store" => Secret { presence: Presence::Mandatory, limit: Limit::documented(1, 4096) }
        /// Longest wait for a store that is busy, restarting or out of reach, before a push is answered with 500.
        store_timeout: "storeTimeoutMs" => Milliseconds {
            default: Some("10000"), limit: Limit::documented(1, 600_000), unit: Some("milliseconds")
        }
        /// Keep telephone numbers as hashes under this key instead of plain. Searching by number still works, with the
        /// same key. A store keeps one way, and one key, for life. User data is kept as it comes: do not put numbers in.
        numbers_key: "numbersKey" => Secret { limit: Limit::documented(16, 1024) }
        /// Numbers that are kept plain beside hashes: one's own lines, so that totals can be read.
        plain_numbers: "plainNumbers" => Texts { limit: Limit::documented(0, 1000) }
        /// How many bodies or records that could not be taken are kept, of each class. Beyond it the older half stays,
        /// and in the younger half the newest pushes out the oldest.
        rejected_entries: "rejectedEntries" => Integer {
            default: Some("10000"), limit: Limit::documented(1, 10_000_000), unit: Some("texts")
        }
        /// How many bytes of them are kept, of each class.
        rejected_bytes: "rejectedBytes" => Integer {
            default: Some("67108864"), limit: Limit::documented(1, 1_000_000_000_000), unit: Some("bytes")
        }
        /// PostgreSQL: connections at most. Each is opened when it is needed first.
        postgres_connections: "postgresConnections" => Integer {
            default: Some("8"), limit: Limit::documented(2, 1000), unit: Some("connections")
        }
        /// PostgreSQL: the schema that holds the tables; made if it is not there.
        postgres_schema: "postgresSchema" => Text { default: Some("voicecall"), limit: Limit::documented(1, 63) }
        /// PostgreSQL: PEM file with certificate authorities to trust beside the built-in ones.
        postgres_ca_file: "postgresCaFile" => Text { limit: Limit::documented(1, 4096) }
    }
}

impl IntakeConfig {
    /// Opens the store and makes the intake. `webhook` checks the signatures; see
    /// [`Webhook::builder`](crate::webhook::Webhook::builder).
    ///
    /// # Errors
    ///
    /// `configuration`, naming the first setting at fault; `storage` when the store cannot be opened, is damaged, belongs
    /// to another program, or was written by a newer version.
    pub fn build(self, webhook: Webhook) -> Result<Intake, Error> {
        let address = self.check()?;
        Intake::with(self, &address, webhook)
    }

    fn check(&self) -> Result<Address, Error> {
        validate_record(self).map_err(|error| error.of_settings())?;
        if let Some(name) = self.extra.keys().next() {
            return Err(Error::configuration(&at(name), Rule::UnknownField, "no such setting"));
        }
        let schema = self.schema();
        if !schema
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        {
            let message = "only lower-case letters, digits and underscores";
            return Err(Error::configuration(&at("postgresSchema"), Rule::Characters, message));
        }
        Address::parse(self.store.as_ref().map(crate::Secret::expose).unwrap_or_default())
    }

    pub(super) fn schema(&self) -> &str {
        self.postgres_schema
            .as_deref()
            .unwrap_or_else(|| default_of("postgresSchema"))
    }

    pub(super) fn longest_wait(&self) -> std::time::Duration {
        std::time::Duration::from_millis(self.number("storeTimeoutMs").unsigned_abs())
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            entries: self.number("rejectedEntries"),
            bytes: self.number("rejectedBytes"),
        }
    }

    pub(super) fn numbers(&self) -> Numbers {
        match &self.numbers_key {
            Some(key) => Numbers::Hashed {
                key: key.clone(),
                plain: self.plain_numbers.clone().unwrap_or_default(),
            },
            None => Numbers::Plain,
        }
    }

    /// A whole number, or the default that its declaration names.
    pub(super) fn number(&self, name: &str) -> i64 {
        let set = Self::RECORD.index_of(name).and_then(|index| self.get(index));
        match set {
            Some(FieldValue::Integer(number)) => number,
            _ => default_of(name).parse().unwrap_or_default(),
        }
    }
}

fn default_of(name: &str) -> &'static str {
    IntakeConfig::RECORD
        .field(name)
        .and_then(|field| field.default)
        .unwrap_or_default()
}

fn at(name: &str) -> Pointer {
    Pointer::root().member(name)
}

#[cfg(test)]
mod tests {
    use super::IntakeConfig;
    use crate::error::ErrorKind;
    use crate::webhook::Webhook;

    fn field_at_fault(config: IntakeConfig) -> String {
        let error = config.build(Webhook::builder().build().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        error.field().unwrap().to_owned()
    }

    #[test]
    fn every_unusable_setting_is_named() {
        let valid = || IntakeConfig::new().store("sqlite:never-made.db");
        assert_eq!(field_at_fault(IntakeConfig::new()), "/store");
        assert_eq!(field_at_fault(IntakeConfig::new().store("calls.db")), "/store");
        assert_eq!(field_at_fault(valid().numbers_key("short")), "/numbersKey");
        assert_eq!(field_at_fault(valid().rejected_entries(0)), "/rejectedEntries");
        assert_eq!(field_at_fault(valid().postgres_schema("a;b")), "/postgresSchema");
        assert_eq!(field_at_fault(valid().extra("path", "x")), "/path");
    }

    #[test]
    fn debug_shows_neither_password_nor_key() {
        let config = IntakeConfig::new()
            .store("postgres://u:example-secret-0001@h/d")
            .numbers_key("example-secret-0001");
        assert!(!format!("{config:?}").contains("example-secret"));
    }
}
