//! How far a connection is with its request: decides how long it may take, and which connection goes first when there are
//! too many.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Manners;

/// What a connection does, and since when.
#[derive(Debug, Clone, Copy)]
pub(super) enum Progress {
    /// It is between two requests.
    Idle(Instant),
    /// It is in its handshake, or in the head of a request.
    Head(Instant),
    /// It is in the body of a request.
    Body(Instant),
    /// Its request is complete and waits for the answer.
    Complete,
}

impl Progress {
    /// When the connection has taken too long. Bodies have a time limit of their own.
    fn due(self, manners: &Manners) -> Option<Instant> {
        let (since, time) = match self {
            Progress::Idle(since) => (since, manners.idle_time),
            Progress::Head(since) => (since, manners.client_time),
            Progress::Body(_) | Progress::Complete => return None,
        };
        Some(since + time)
    }

    /// A rank for who goes first, lowest first, and since when: an unfinished head, an idle connection, an unfinished body.
    /// `None`: the request is complete and gets its answer; or the client has not had `grace` yet.
    pub(super) fn dispensable(self, grace: Duration) -> Option<(u8, Instant)> {
        let (rank, since) = match self {
            Progress::Head(since) => (0, since),
            Progress::Idle(since) => (1, since),
            Progress::Body(since) => (2, since),
            Progress::Complete => return None,
        };
        (since.elapsed() >= grace).then_some((rank, since))
    }
}

/// Waits until the connection has taken too long for what it does.
pub(super) async fn overdue(mut progress: watch::Receiver<Progress>, manners: &Manners) {
    loop {
        let due = progress.borrow_and_update().due(manners);
        let out_of_time = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = out_of_time => return,
            // The sender lives as long as the connection.
            _ = progress.changed() => {}
        }
    }
}

/// A stream that notices when the next request begins.
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) progress: watch::Sender<Progress>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.progress.send_if_modified(|progress| {
                let begins = matches!(progress, Progress::Idle(_));
                if begins {
                    *progress = Progress::Head(Instant::now());
                }
                begins
            });
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
