//! One connection: how it is made, and how long anything on it may take.
//!
//! The client is asynchronous; each connection has a small runtime, which works on the thread that calls. So each wait has
//! a deadline of ours: a server, or a proxy before it, that stays connected and answers nothing cannot hold a thread.
//!
//! Between transactions a connection has no state: a transaction pooler may hand each of them to another server process.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout_at;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::fault::Fault;
use super::settings::Settings;

/// A parameter of a statement, and its type.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// A connection. One whose deadline has passed is closed: the answer that is missing could be taken for the next one.
pub(super) struct Connection {
    runtime: Option<Runtime>,
    client: Option<Client>,
    /// What speaks with the server while the client is waited for.
    speaker: JoinHandle<Result<(), tokio_postgres::Error>>,
    pub(super) schema: String,
}

/// How long saying goodbye may take. Without it the server's log would speak of a lost connection.
const GOODBYE: Duration = Duration::from_millis(100);

impl Connection {
    /// Connects to the first host that is there and can write.
    pub(super) fn open(settings: &Settings, deadline: Instant) -> Result<Connection, Fault> {
        let mut fault = Fault::silent();
        for (position, host) in settings.hosts.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let others = settings.hosts.len() - position;
            // One that is silent leaves time to the others.
            let share = left / u32::try_from(others).unwrap_or(1);
            match Connection::to(host, settings, Instant::now() + share) {
                Ok(connection) => return Ok(connection),
                Err(failed) => fault = failed,
            }
        }
        Err(fault)
    }

    fn to(host: &tokio_postgres::Config, settings: &Settings, deadline: Instant) -> Result<Connection, Fault> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|_| Fault::no_runtime())?;
        let connected = wait(&runtime, deadline, host.connect(settings.tls.clone()));
        match connected {
            Ok((client, connection)) => Ok(Connection {
                speaker: runtime.spawn(connection),
                runtime: Some(runtime),
                client: Some(client),
                schema: settings.schema.clone(),
            }),
            Err(fault) => {
                // A look-up of the host's name may still be under way on a thread: it is not waited for.
                runtime.shutdown_background();
                Err(fault)
            }
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }

    /// Runs statements that give nothing.
    pub(super) fn batch(&mut self, deadline: Instant, sql: &str) -> Result<(), Fault> {
        self.run(deadline, async |client| client.batch_execute(sql).await)
    }

    /// Runs a statement; gives its rows. It has no name on the server: behind a pooler the next one may run elsewhere.
    pub(super) fn query(
        &mut self,
        deadline: Instant,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, Fault> {
        self.run(deadline, async |client| client.query_typed(sql, parameters).await)
    }

    /// Runs a statement; tells how many rows it changed.
    pub(super) fn execute(&mut self, deadline: Instant, sql: &str, parameters: &[Parameter<'_>]) -> Result<u64, Fault> {
        self.run(deadline, async |client| client.execute_typed(sql, parameters).await)
    }

    fn run<T>(
        &mut self,
        deadline: Instant,
        statement: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Fault> {
        let (Some(runtime), Some(client)) = (&self.runtime, &self.client) else {
            return Err(Fault::silent());
        };
        let outcome = wait(runtime, deadline, statement(client));
        if matches!(outcome, Err(Fault::Silent(_))) {
            self.cut();
        }
        outcome
    }

    /// Shuts the socket without a word.
    pub(super) fn cut(&mut self) {
        self.client = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Waits on this thread, until the deadline.
fn wait<T>(
    runtime: &Runtime,
    deadline: Instant,
    work: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Fault> {
    match runtime.block_on(async { timeout_at(deadline.into(), work).await }) {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(Fault::silent()),
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The speaker says goodbye when its client is gone.
        self.client = None;
        // On a thread of somebody's runtime nothing may be waited for.
        if let Some(runtime) = self.runtime.as_ref().filter(|_| Handle::try_current().is_err()) {
            let speaker = &mut self.speaker;
            drop(runtime.block_on(async { tokio::time::timeout(GOODBYE, speaker).await }));
        }
        self.cut();
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
