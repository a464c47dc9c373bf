//! One connection: how it is made, and what is set on it.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use postgres::Statement;
use postgres::config::SslMode;
use postgres::types::ToSql;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::{Reader, SCHEMA_VERSION, Transaction, newer_schema, storage_error};
use super::fault::Fault;
use super::transaction::PostgresTransaction;
use crate::error::{Error, Rule};
use crate::intake::config::IntakeConfig;
use crate::pointer::Pointer;
use crate::secret::Secret;
use crate::transport::tls;

/// The schema's steps: the one at position n makes schema n + 1 of schema n.
const MIGRATIONS: [&str; 1] = [include_str!("../../schema/postgres-1.sql")];
/// Two processes that open a new database at the same time migrate it one after the other: "VCin".
const MIGRATION_LOCK: i64 = 0x5643_696E;

/// How connections are made.
pub(super) struct Settings {
    config: postgres::Config,
    tls: MakeRustlsConnect,
    session: String,
    schema: String,
}

/// A connection and its prepared statements.
pub(super) struct Connection {
    client: postgres::Client,
    statements: HashMap<String, Statement>,
    schema: String,
}

impl Settings {
    /// Reads the URL. The error does not quote it: it may hold a password.
    pub(super) fn new(url: &Secret, settings: &IntakeConfig) -> Result<Settings, Error> {
        let timeout = settings.longest_wait();
        let wrong = |name: &str, message: &str| Error::configuration(&Pointer::root().member(name), Rule::Url, message);
        let (url, verified) = plain_ssl_mode(url.expose());
        let mut config = postgres::Config::from_str(&url).map_err(|_| {
            wrong(
                "store",
                "must be a PostgreSQL URL such as postgres://user:password@host/database",
            )
        })?;
        if verified {
            config.ssl_mode(SslMode::Require);
        }
        // A server that is gone without a word must not hold a push for ever.
        config
            .connect_timeout(timeout)
            .tcp_user_timeout(timeout)
            .keepalives_idle(Duration::from_secs(30));
        if config.get_application_name().is_none() {
            config.application_name("voicecall-intake");
        }
        let extra_ca = match &settings.postgres_ca_file {
            Some(path) => {
                let read = std::fs::read(path);
                Some(read.map_err(|error| wrong("postgresCaFile", "cannot be read").with_source(error))?)
            }
            None => None,
        };
        let tls = tls::config(extra_ca.as_deref()).map_err(|what| wrong("postgresCaFile", &what))?;
        let schema = settings.schema().to_owned();
        let milliseconds = timeout.as_millis();
        let session = format!(
            "SET synchronous_commit = on; SET statement_timeout = {milliseconds}; SET lock_timeout = {milliseconds}; \
             SET idle_in_transaction_session_timeout = {milliseconds}; SET timezone = 'UTC'; \
             SET client_min_messages = warning; SET search_path = \"{schema}\""
        );
        Ok(Settings {
            config,
            tls: MakeRustlsConnect::new((*tls).clone()),
            session,
            schema,
        })
    }

    pub(super) fn connect(&self) -> Result<Connection, Fault> {
        let mut client = self.config.connect(self.tls.clone())?;
        client.batch_execute(&self.session)?;
        Ok(Connection {
            client,
            statements: HashMap::new(),
            schema: self.schema.clone(),
        })
    }
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

impl Connection {
    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs the work in one transaction, durable when this returns.
    pub(super) fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Fault> {
        let transaction = self.client.transaction()?;
        let mut running = PostgresTransaction::new(transaction, &mut self.statements);
        let outcome = work(&mut running);
        running.finish(outcome, true)
    }

    /// Runs the work on one state of the store.
    pub(super) fn read(&mut self, work: &mut dyn FnMut(&mut dyn Reader) -> Result<(), Error>) -> Result<(), Fault> {
        let snapshot = self
            .client
            .build_transaction()
            .read_only(true)
            .isolation_level(postgres::IsolationLevel::RepeatableRead)
            .start()?;
        let mut running = PostgresTransaction::new(snapshot, &mut self.statements);
        let outcome = work(&mut running);
        running.finish(outcome, false)
    }

    /// Brings the schema to this version's.
    pub(super) fn migrate(&mut self) -> Result<(), Fault> {
        let mut transaction = self.client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
        if !is_there(
            &mut transaction,
            "SELECT to_regnamespace($1) IS NOT NULL",
            &[&self.schema],
        )? {
            transaction.batch_execute(&format!("CREATE SCHEMA \"{}\"", self.schema))?;
        }
        let made = is_there(&mut transaction, "SELECT to_regclass('intake_meta') IS NOT NULL", &[])?;
        let version = if made { schema_version(&mut transaction)? } else { 0 };
        if version > SCHEMA_VERSION {
            return Err(Fault::Final(newer_schema(version)));
        }
        for step in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or_default()) {
            transaction.batch_execute(step)?;
        }
        if version < SCHEMA_VERSION {
            let mark = "INSERT INTO intake_meta (name, value) VALUES ('schema', $1) \
                        ON CONFLICT (name) DO UPDATE SET value = $1";
            transaction.execute(mark, &[&SCHEMA_VERSION.to_string()])?;
        }
        Ok(transaction.commit()?)
    }
}

fn is_there(
    transaction: &mut postgres::Transaction<'_>,
    question: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<bool, Fault> {
    Ok(transaction.query_one(question, parameters)?.try_get(0)?)
}

fn schema_version(transaction: &mut postgres::Transaction<'_>) -> Result<i64, Fault> {
    let row = transaction.query_opt("SELECT value FROM intake_meta WHERE name = 'schema'", &[])?;
    let version = row.and_then(|row| row.try_get::<_, String>(0).ok()?.parse().ok());
    version.ok_or_else(|| {
        Fault::Final(storage_error(
            "the schema holds tables of another program; name another one",
        ))
    })
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
