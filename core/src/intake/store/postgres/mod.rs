//! The store that several receivers share: PostgreSQL.
//!
//! `synchronous_commit` is on: a commit is in the server's log on disk when it returns, whatever the server's own setting.
//! A transaction whose connection breaks is run again on another connection until the store's time-out. That is safe even
//! when the commit had gone through and only its answer was lost: what was written is recognised.
//!
//! Every wait ends at the store's time-out, also for a server that stays connected and answers nothing. Transactions are all
//! that a connection is used for, and each brings its settings along: a transaction pooler may stand in between.
//!
//! Its client runs an event loop inside each blocking call, so none of it may be called on a thread that belongs to an
//! asynchronous runtime.

mod connection;
mod fault;
mod migration;
mod pool;
mod settings;
mod transaction;

use std::time::{Duration, Instant};

use self::connection::Connection;
use self::fault::Fault;
use self::pool::Pool;
use self::settings::Settings;
use self::transaction::PostgresTransaction;
use super::{Reader, Store, Transaction};
use crate::error::Error;
use crate::intake::config::IntakeConfig;
use crate::secret::Secret;

/// A store in a database.
#[derive(Debug)]
pub(in crate::intake) struct PostgresStore {
    pool: Pool,
    timeout: Duration,
}

/// The first pause before a transaction is run again; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

impl PostgresStore {
    /// Connects, makes or migrates the tables, and refuses what is newer.
    pub(in crate::intake) fn open(url: &Secret, config: &IntakeConfig) -> Result<PostgresStore, Error> {
        let settings = Settings::new(url, config)?;
        let most = usize::try_from(config.number("postgresConnections")).unwrap_or(2);
        let store = PostgresStore {
            pool: Pool::new(settings, most),
            timeout: config.longest_wait(),
        };
        store.with_connection(&mut |connection, deadline| {
            migration::migrate(connection, &store.pool.settings.begin, deadline)
        })?;
        Ok(store)
    }

    /// Runs the work, again and again while what hinders it may pass, until the time-out.
    fn with_connection(
        &self,
        work: &mut dyn FnMut(&mut Connection, Instant) -> Result<(), Fault>,
    ) -> Result<(), Error> {
        let deadline = Instant::now() + self.timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(fault) = self.pool.with(deadline, |connection| work(connection, deadline)) else {
                return Ok(());
            };
            if !fault.may_pass() || Instant::now() + pause >= deadline {
                return Err(fault.into_error());
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Store for PostgresStore {
    fn transaction(&self, work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>) -> Result<(), Error> {
        self.with_connection(&mut |connection, deadline| {
            let mut running = PostgresTransaction::begin(connection, &self.pool.settings.begin, deadline)?;
            let outcome = work(&mut running);
            running.finish(outcome)
        })
    }

    fn read(&self, work: &mut dyn FnMut(&mut dyn Reader) -> Result<(), Error>) -> Result<(), Error> {
        self.with_connection(&mut |connection, deadline| {
            let mut running = PostgresTransaction::begin(connection, &self.pool.settings.begin_reading, deadline)?;
            let outcome = work(&mut running);
            running.finish(outcome)
        })
    }

    /// Half of the connections; the others are for reading.
    fn lanes(&self) -> usize {
        self.pool.most() / 2
    }

    /// The server's autovacuum does it.
    fn reclaim(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The server checks what it reads, so everything is read once.
    fn check(&self) -> Result<(), Error> {
        self.read(&mut |reader| {
            reader.take_time()?;
            for table in [
                "intake_call",
                "intake_event",
                "intake_cdr",
                "intake_conflict",
                "intake_rejected",
            ] {
                reader.query(&format!("SELECT count(*) FROM {table}"), &[])?;
            }
            reader.query("SELECT count(length(raw)) FROM intake_cdr", &[]).map(drop)
        })
    }
}
