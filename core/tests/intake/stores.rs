//! The stores that each test runs on.

use std::path::PathBuf;

use voicecall_core::intake::{Intake, IntakeConfig};
use voicecall_core::webhook::Webhook;

use super::scratch::Scratch;

/// An empty store of one kind, for one test.
pub(crate) struct Place {
    kind: Kind,
    _folder: Scratch,
}

enum Kind {
    Sqlite(PathBuf),
    #[cfg(feature = "intake-postgres")]
    Postgres {
        /// Where the store is opened: the server, or a pooler before it.
        url: String,
        /// The server itself.
        server: String,
        schema: String,
    },
}

/// Runs the test on an empty store of each kind.
pub(crate) fn on_every_store(test: impl Fn(&Place)) {
    test(&sqlite());
    #[cfg(feature = "intake-postgres")]
    test(&postgres::place());
    #[cfg(feature = "intake-postgres")]
    test(&postgres::pooled_place());
}

pub(crate) fn sqlite() -> Place {
    let folder = Scratch::new();
    Place {
        kind: Kind::Sqlite(folder.path().join("calls.db")),
        _folder: folder,
    }
}

impl Place {
    /// The store's address, and settings of its own.
    pub(crate) fn config(&self) -> IntakeConfig {
        match &self.kind {
            Kind::Sqlite(path) => IntakeConfig::new().store(format!("sqlite:{}", path.display())),
            #[cfg(feature = "intake-postgres")]
            Kind::Postgres { url, schema, .. } => IntakeConfig::new().store(url.as_str()).postgres_schema(schema),
        }
    }

    /// An intake that checks no signatures.
    pub(crate) fn open(&self) -> Intake {
        self.open_with(self.config())
    }

    pub(crate) fn open_with(&self, config: IntakeConfig) -> Intake {
        config.build(Webhook::builder().build().unwrap()).unwrap()
    }

    /// Rows as somebody reads them by hand, each value as text; `-` for nothing.
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match &self.kind {
            Kind::Sqlite(path) => sqlite_rows(path, sql),
            #[cfg(feature = "intake-postgres")]
            Kind::Postgres { server, schema, .. } => postgres::rows(server, schema, sql),
        }
    }

    /// Runs statements by hand in the schema, which is made.
    #[cfg(feature = "intake-postgres")]
    pub(crate) fn batch(&self, statements: &[&str]) {
        if let Kind::Postgres { url, schema, .. } = &self.kind {
            let mut client = ::postgres::Client::connect(url, ::postgres::NoTls).unwrap();
            // In one transaction: a pooler may give the next one another session.
            let sql = format!(
                "BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path = {schema}; {}; COMMIT",
                statements.join("; ")
            );
            client.batch_execute(&sql).unwrap();
        }
    }

    /// The file, where the store is one.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        match &self.kind {
            Kind::Sqlite(path) => Some(path),
            #[cfg(feature = "intake-postgres")]
            Kind::Postgres { .. } => None,
        }
    }
}

fn sqlite_rows(path: &PathBuf, sql: &str) -> Vec<Vec<String>> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let text = |row: &rusqlite::Row<'_>, column| match row.get_ref(column).unwrap() {
        rusqlite::types::ValueRef::Null => "-".to_owned(),
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
            String::from_utf8_lossy(text).into_owned()
        }
        other => panic!("unexpected {other:?}"),
    };
    let rows = statement
        .query_map([], |row| Ok((0..width).map(|column| text(row, column)).collect()))
        .unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[cfg(feature = "intake-postgres")]
mod postgres {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::super::pgbouncer::Pooler;
    use super::super::postgres_server::Server;
    use super::{Kind, Place, Scratch};

    /// One server for all tests of this process; each has a schema of its own.
    static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

    /// Its pooler hands out connections for a transaction at a time.
    static POOLER: LazyLock<Pooler> = LazyLock::new(|| Pooler::start(&SERVER, "transaction"));

    pub(super) fn place() -> Place {
        place_at(SERVER.url())
    }

    pub(super) fn pooled_place() -> Place {
        place_at(POOLER.url())
    }

    fn place_at(url: String) -> Place {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let schema = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        Place {
            kind: Kind::Postgres {
                url,
                server: SERVER.url(),
                schema,
            },
            _folder: Scratch::new(),
        }
    }

    /// Through the simple protocol every value is text, as in `psql`.
    pub(super) fn rows(url: &str, schema: &str, sql: &str) -> Vec<Vec<String>> {
        let mut client = ::postgres::Client::connect(url, ::postgres::NoTls).unwrap();
        client
            .batch_execute(&format!("SET search_path = {schema}; SET timezone = 'UTC'"))
            .unwrap();
        let messages = client.simple_query(sql).unwrap();
        let rows = messages.iter().filter_map(|message| match message {
            ::postgres::SimpleQueryMessage::Row(row) => Some(
                (0..row.len())
                    .map(|column| row.get(column).unwrap_or("-").to_owned())
                    .collect(),
            ),
            _ => None,
        });
        rows.collect()
    }
}
