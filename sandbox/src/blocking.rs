//! A running platform for programs without a tokio runtime: it brings its own, on threads of its own.

use std::io;
use std::ops::Deref;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::call::view::CallView;
use crate::options::Options;
use crate::push::log::PushView;

/// Threads that serve requests and send pushes.
const THREADS: usize = 2;

/// A local platform. It stops when it is dropped. What needs no waiting is reached through
/// [`Sandbox`](crate::Sandbox), to which this dereferences.
#[derive(Debug)]
pub struct Sandbox {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    sandbox: crate::Sandbox,
}

impl Sandbox {
    /// Starts a platform and returns when it listens.
    ///
    /// # Errors
    /// As [`Sandbox::start`](crate::Sandbox::start), or no thread can be started.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("voicecall-sandbox")
            .enable_all()
            .build()?;
        let sandbox = runtime.block_on(crate::Sandbox::start(options))?;
        Ok(Sandbox {
            runtime: Some(runtime),
            sandbox,
        })
    }

    /// Waits, for this real time at most, until the call is over.
    pub fn wait_for_end(&self, session_id: &str, timeout: Duration) -> Option<CallView> {
        self.wait(self.sandbox.wait_for_end(session_id, timeout))
    }

    /// Waits, for this real time at most, until there is a push like this.
    pub fn wait_for_push(&self, like: impl Fn(&PushView) -> bool, timeout: Duration) -> Option<PushView> {
        self.wait(self.sandbox.wait_for_push(like, timeout))
    }

    fn wait<T>(&self, future: impl Future<Output = Option<T>>) -> Option<T> {
        self.runtime.as_ref()?.block_on(future)
    }

    /// Stops the platform, as dropping it does.
    pub fn stop(self) {}
}

impl Deref for Sandbox {
    type Target = crate::Sandbox;

    fn deref(&self) -> &crate::Sandbox {
        &self.sandbox
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        // A program that drops this inside a runtime of its own must not block there; any other finds the address free.
        if Handle::try_current().is_err() {
            runtime.block_on(self.sandbox.end_tasks());
        }
        runtime.shutdown_background();
    }
}
