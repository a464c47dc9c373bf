//! Makes the tables, or brings them to this version's schema.

use std::time::Instant;

use tokio_postgres::types::{ToSql, Type};

use super::super::{SCHEMA_VERSION, newer_schema, storage_error};
use super::connection::Connection;
use super::fault::Fault;

/// The schema's steps: the one at position n makes schema n + 1 of schema n.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../schema/postgres-1.sql"),
    include_str!("../../schema/postgres-2.sql"),
];
/// Two processes that open a new database at the same time migrate it one after the other: "VCin".
const MIGRATION_LOCK: i64 = 0x5643_696E;

/// Brings the schema to this version's, in one transaction. `begin` begins it.
pub(super) fn migrate(connection: &mut Connection, begin: &str, deadline: Instant) -> Result<(), Fault> {
    connection.batch(deadline, begin)?;
    let mut migration = Migration { connection, deadline };
    migration.check_encoding()?;
    migration.run()?;
    migration.connection.batch(deadline, "COMMIT")
}

struct Migration<'a> {
    connection: &'a mut Connection,
    deadline: Instant,
}

impl Migration<'_> {
    /// In another encoding a text that it cannot hold would fail together with all that is written with it.
    fn check_encoding(&mut self) -> Result<(), Fault> {
        let encoding = self.text("SELECT pg_catalog.current_setting('server_encoding')", "")?;
        match encoding.as_deref() {
            Some("UTF8") => Ok(()),
            other => Err(Fault::Final(storage_error(format!(
                "the PostgreSQL database keeps texts in {}, which cannot hold every text that the platform sends; use \
                 one made with: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
                other.unwrap_or("another encoding")
            )))),
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let (deadline, schema) = (self.deadline, self.connection.schema.clone());
        self.connection.query(
            deadline,
            "SELECT pg_advisory_xact_lock($1)",
            &[(&MIGRATION_LOCK, Type::INT8)],
        )?;
        if self.text("SELECT to_regnamespace($1)::text", &schema)?.is_none() {
            self.connection
                .batch(deadline, &format!("CREATE SCHEMA \"{schema}\""))?;
        }
        let version = self.version()?;
        if version > SCHEMA_VERSION {
            return Err(Fault::Final(newer_schema(version)));
        }
        // The steps name their tables without the schema.
        self.connection
            .batch(deadline, &format!("SET LOCAL search_path = \"{schema}\""))?;
        for step in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or_default()) {
            self.connection.batch(deadline, step)?;
        }
        if version < SCHEMA_VERSION {
            let mark = "INSERT INTO intake_meta (name, value) VALUES ('schema', $1) \
                        ON CONFLICT (name) DO UPDATE SET value = $1";
            let version = SCHEMA_VERSION.to_string();
            self.connection.execute(deadline, mark, &[(&version, Type::TEXT)])?;
        }
        Ok(())
    }

    /// The schema's number, 0 where there are no tables.
    fn version(&mut self) -> Result<i64, Fault> {
        let meta = format!("\"{}\".intake_meta", self.connection.schema);
        if self.text("SELECT to_regclass($1)::text", &meta)?.is_none() {
            return Ok(0);
        }
        let version = self.text(&format!("SELECT value FROM {meta} WHERE name = 'schema'"), "")?;
        version.and_then(|version| version.parse().ok()).ok_or_else(|| {
            Fault::Final(storage_error(
                "the schema holds tables of another program; name another one",
            ))
        })
    }

    /// The text in the first row. The parameter is left out when it is empty.
    fn text(&mut self, question: &str, parameter: &str) -> Result<Option<String>, Fault> {
        let parameters: &[(&(dyn ToSql + Sync), Type)] = &[(&parameter, Type::TEXT)];
        let parameters = if parameter.is_empty() { &[] } else { parameters };
        let rows = self.connection.query(self.deadline, question, parameters)?;
        Ok(match rows.first() {
            Some(row) => row.try_get(0)?,
            None => None,
        })
    }
}
