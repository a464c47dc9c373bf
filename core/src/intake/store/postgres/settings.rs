//! What connections are made of: the address, TLS, and what each transaction begins with.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Rule};
use crate::intake::config::IntakeConfig;
use crate::pointer::Pointer;
use crate::secret::Secret;
use crate::transport::tls;

/// How connections are made, and transactions begun.
pub(super) struct Settings {
    /// One for each host of the address, in its order.
    pub(super) hosts: Vec<Config>,
    pub(super) tls: MakeRustlsConnect,
    pub(super) schema: String,
    /// Begins a transaction that writes.
    pub(super) begin: String,
    /// Begins a transaction that reads one state of the store.
    pub(super) begin_reading: String,
}

impl Settings {
    /// Reads the URL. The error does not quote it: it may hold a password.
    pub(super) fn new(url: &Secret, settings: &IntakeConfig) -> Result<Settings, Error> {
        let timeout = settings.longest_wait();
        let wrong = |name: &str, message: &str| Error::configuration(&Pointer::root().member(name), Rule::Url, message);
        let (url, verified) = plain_ssl_mode(url.expose());
        let urls = one_host_each(&url);
        let several = urls.len() > 1;
        let host = |url: &String| {
            let mut config = Config::from_str(url).ok()?;
            if verified {
                config.ssl_mode(SslMode::Require);
            }
            // Of several hosts the primary is meant: the others cannot write.
            if several {
                config.target_session_attrs(TargetSessionAttrs::ReadWrite);
            }
            // One of a host's addresses that is silent leaves time to the others.
            config
                .connect_timeout(timeout / 4)
                .tcp_user_timeout(timeout)
                .keepalives_idle(Duration::from_secs(30));
            if config.get_application_name().is_none() {
                config.application_name("voicecall-intake");
            }
            Some(config)
        };
        let hosts = urls.iter().map(host).collect::<Option<Vec<_>>>().ok_or_else(|| {
            wrong(
                "store",
                "must be a PostgreSQL URL such as postgres://user:password@host/database",
            )
        })?;
        let extra_ca = match &settings.postgres_ca_file {
            Some(path) => {
                let read = std::fs::read(path);
                Some(read.map_err(|error| wrong("postgresCaFile", "cannot be read").with_source(error))?)
            }
            None => None,
        };
        let tls = tls::config(extra_ca.as_deref()).map_err(|what| wrong("postgresCaFile", &what))?;
        Ok(Settings {
            hosts,
            tls: MakeRustlsConnect::new((*tls).clone()),
            schema: settings.schema().to_owned(),
            begin: begin("BEGIN", timeout),
            begin_reading: begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", timeout),
        })
    }
}

/// `LOCAL`: until the end of the transaction. Behind a pooler the next one may run on another connection of its own, and
/// another program's on this one.
fn begin(begin: &str, timeout: Duration) -> String {
    let milliseconds = timeout.as_millis();
    format!(
        "{begin}; SET LOCAL synchronous_commit = on; SET LOCAL statement_timeout = {milliseconds}; \
         SET LOCAL lock_timeout = {milliseconds}; SET LOCAL idle_in_transaction_session_timeout = {milliseconds}"
    )
}

/// The library that the URLs are named after has two words more for "with TLS": whether certificate and name are checked.
/// Here they are always checked, so both mean "require".
fn plain_ssl_mode(url: &str) -> (String, bool) {
    let mut verified = false;
    let mut plain = url.to_owned();
    for mode in ["verify-full", "verify-ca"] {
        let setting = format!("sslmode={mode}");
        if plain.contains(&setting) {
            verified = true;
            plain = plain.replace(&setting, "sslmode=require");
        }
    }
    (plain, verified)
}

/// An URL for each of the hosts in this one, `user@one:5432,two:5432/database`: each gets its share of the time.
fn one_host_each(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let url = |host| format!("{scheme}://{user}{host}{path}");
    hosts.split(',').map(url).collect()
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::one_host_each;

    #[test]
    fn each_host_has_an_url_of_its_own() {
        assert_eq!(
            one_host_each("postgres://u:a%2Cb@one:1,two,[::1]:3/d?sslmode=require"),
            [
                "postgres://u:a%2Cb@one:1/d?sslmode=require",
                "postgres://u:a%2Cb@two/d?sslmode=require",
                "postgres://u:a%2Cb@[::1]:3/d?sslmode=require"
            ]
        );
        for single in ["postgres://one/d", "postgres://u@one", "postgres:///d?host=one,two"] {
            assert_eq!(one_host_each(single), [single]);
        }
    }
}
