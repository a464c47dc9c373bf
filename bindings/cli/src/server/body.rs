//! Reads the body of a request: not longer than it may be, not slower, and not more of all requests at once than there is
//! memory for.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use voicecall_core::webhook::MAX_BYTES;

/// Memory for all bodies together: with what the program needs for itself it stays below 60 MB, whatever comes.
const ROOM: usize = 16 * MAX_BYTES;

/// Longest wait for room, and how often it is looked for.
const PATIENCE: Duration = Duration::from_secs(2);
const CHECK: Duration = Duration::from_millis(50);

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The client ended in the middle of it.
    Broken,
    /// It did not come in time.
    Slow,
    /// The bodies of other requests fill the memory that there is for them.
    NoRoom,
}

/// Memory for the bodies of all requests together.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Room {
        Room::new(ROOM)
    }
}

impl Room {
    fn new(bytes: usize) -> Room {
        Room(Arc::new(Semaphore::new(bytes)))
    }

    /// Takes room for what has come, never for what was announced: who announces and does not send takes none. Where there
    /// is none, others that are slow are sent away.
    async fn take(
        &self,
        bytes: usize,
        taken: &mut Option<OwnedSemaphorePermit>,
        send_away: &impl Fn(),
    ) -> Result<(), Fault> {
        let bytes = u32::try_from(bytes).map_err(|_| Fault::NoRoom)?;
        let begun = Instant::now();
        let more = loop {
            match Arc::clone(&self.0).try_acquire_many_owned(bytes) {
                Ok(more) => break more,
                Err(_) if begun.elapsed() >= PATIENCE => return Err(Fault::NoRoom),
                Err(_) => send_away(),
            }
            sleep(CHECK).await;
        };
        match taken {
            Some(taken) => taken.merge(more),
            None => *taken = Some(more),
        }
        Ok(())
    }
}

/// A body, and its room in memory.
#[derive(Debug)]
pub(crate) struct Gathered {
    /// At most one byte more than it may have, which tells that it is too long.
    pub(crate) bytes: Bytes,
    /// Held as long as the bytes are.
    _room: Option<OwnedSemaphorePermit>,
}

/// Reads the body, or one byte more of it than the library reads. `send_away` ends another body that is slow.
pub(super) async fn gather<B>(body: B, time: Duration, room: &Room, send_away: impl Fn()) -> Result<Gathered, Fault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let body = timeout(time, read(body, MAX_BYTES, room, &send_away)).await;
    body.unwrap_or(Err(Fault::Slow))
}

async fn read<B>(mut body: B, most: usize, room: &Room, send_away: &impl Fn()) -> Result<Gathered, Fault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let (mut bytes, mut taken) = (Vec::<u8>::new(), None);
    while bytes.len() <= most {
        let Some(frame) = body.frame().await else { break };
        if let Ok(piece) = frame.map_err(|_| Fault::Broken)?.into_data() {
            let length = (bytes.len() + piece.len()).min(most + 1);
            // The memory that is used counts, not the bytes in it.
            let (has, needs) = (bytes.capacity(), length.max(2 * bytes.capacity()).min(most + 1));
            if length > has {
                room.take(needs - has, &mut taken, send_away).await?;
                bytes.reserve_exact(needs - bytes.len());
            }
            bytes.extend_from_slice(piece.get(..length - bytes.len()).unwrap_or_default());
        }
    }
    Ok(Gathered {
        bytes: bytes.into(),
        _room: taken,
    })
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;
    use hyper::body::Bytes;

    use super::{Fault, Room, read};

    async fn gathered(length: usize, room: &Room) -> Result<super::Gathered, Fault> {
        let body = Full::from(Bytes::from(vec![b'x'; length]));
        read(body, 10, room, &|| {}).await
    }

    #[tokio::test]
    async fn a_body_is_cut_behind_the_byte_that_is_too_much() {
        let room = Room::new(100);
        assert_eq!(gathered(10, &room).await.unwrap().bytes.len(), 10);
        assert_eq!(gathered(50, &room).await.unwrap().bytes.len(), 11);
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_that_are_held_leave_no_room_until_they_are_let_go() {
        let room = Room::new(15);
        let held = gathered(10, &room).await.unwrap();
        assert_eq!(gathered(10, &room).await.unwrap_err(), Fault::NoRoom);
        drop(held);
        assert!(gathered(10, &room).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn where_there_is_no_room_a_slow_body_is_ended_for_it() {
        let room = Room::new(15);
        let held = std::cell::Cell::new(Some(gathered(10, &room).await.unwrap()));
        let body = Full::from(Bytes::from_static(b"0123456789"));
        let gathered = read(body, 10, &room, &|| drop(held.take())).await;
        assert_eq!(gathered.unwrap().bytes.len(), 10);
    }

    #[tokio::test]
    async fn room_is_taken_for_the_memory_that_is_used() {
        let room = Room::new(100);
        let held = gathered(50, &room).await.unwrap();
        assert_eq!(room.0.available_permits(), 100 - 11, "{held:?}");
    }
}
