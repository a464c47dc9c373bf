//! Ctrl-C while a request that rings is under way: the command ends at once, and says whether a phone may be ringing.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use voicecall_core::Cancellation;

/// As shells report a command that SIGINT ended.
const INTERRUPTED: i32 = 130;

/// Makes the call. The first Ctrl-C cancels it; one after it ends the command like any other.
pub(crate) fn cancellable<T>(call: impl FnOnce(Cancellation) -> T) -> T {
    let (cancellation, over) = (Cancellation::new(), Arc::new(AtomicBool::new(false)));
    let (cancelled, is_over) = (cancellation.clone(), Arc::clone(&over));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let listening = runtime.and_then(|runtime| {
        // Before the call: from here on Ctrl-C no longer ends the command by itself.
        let mut signals = {
            let _entered = runtime.enter();
            Interrupts::catch()?
        };
        let listen = move || {
            runtime.block_on(signals.next());
            if !is_over.load(Ordering::SeqCst) {
                cancelled.cancel();
                runtime.block_on(signals.next());
            }
            process::exit(INTERRUPTED);
        };
        thread::Builder::new().spawn(listen)
    });
    // Without it Ctrl-C ends the command silently, which is no reason not to make the call.
    drop(listening);
    let outcome = call(cancellation);
    over.store(true, Ordering::SeqCst);
    outcome
}

#[cfg(unix)]
struct Interrupts(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Interrupts {
    fn catch() -> std::io::Result<Interrupts> {
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).map(Interrupts)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(windows)]
struct Interrupts(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Interrupts {
    fn catch() -> std::io::Result<Interrupts> {
        tokio::signal::windows::ctrl_c().map(Interrupts)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
