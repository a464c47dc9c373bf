//! Where a store is, as users write it: `sqlite:FILE` or `postgres://…`.

use std::fmt;
use std::path::PathBuf;

use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::secret::Secret;

/// A store's address.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::intake) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A PostgreSQL database; the URL may hold a password.
    #[cfg_attr(
        not(feature = "intake-postgres"),
        allow(dead_code, reason = "told apart to refuse it by name")
    )]
    Postgres(Secret),
}

impl Address {
    /// Reads an address. The error does not quote it: it may hold a password.
    pub(in crate::intake) fn parse(text: &str) -> Result<Address, Error> {
        let wrong = |message: &str| {
            Err(Error::configuration(
                &Pointer::root().member("store"),
                Rule::Url,
                message,
            ))
        };
        match text.split_once(':') {
            Some(("sqlite", file)) if file.is_empty() || file == ":memory:" => {
                wrong("names no file: what is only in memory is lost with the process")
            }
            Some(("sqlite", file)) => Ok(Address::Sqlite(PathBuf::from(file.strip_prefix("//").unwrap_or(file)))),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Ok(Address::Postgres(text.into())),
            _ => wrong("must be sqlite:FILE or postgres://user@host/database"),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Address::Postgres(_) => f.write_str("postgres"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;
    use crate::error::ErrorKind;

    #[test]
    fn a_file_or_a_database() {
        for text in ["sqlite:calls.db", "sqlite://calls.db"] {
            assert_eq!(Address::parse(text).unwrap(), Address::Sqlite("calls.db".into()));
        }
        assert_eq!(
            Address::parse("sqlite:/var/calls.db").unwrap(),
            Address::Sqlite("/var/calls.db".into())
        );
        assert_eq!(
            Address::parse("sqlite:///var/calls.db").unwrap(),
            Address::Sqlite("/var/calls.db".into())
        );
        let url = "postgres://user:example-secret-0001@127.0.0.1/voice";
        assert_eq!(Address::parse(url).unwrap(), Address::Postgres(url.into()));
    }

    #[test]
    fn anything_else_is_refused_without_being_quoted() {
        for text in [
            "",
            "calls.db",
            "sqlite:",
            "sqlite::memory:",
            "postgres:voice",
            "mysql://example-secret-0001@h/d",
        ] {
            let error = Address::parse(text).unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::Configuration, Some("/store")),
                "{text}"
            );
            assert!(!error.message().contains("example-secret"));
        }
    }
}
