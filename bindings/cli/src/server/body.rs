//! Reads the body of a request: not longer than it may be, not slower, and not more of all requests at once than there is
//! memory for.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use voicecall_core::webhook::MAX_BYTES;

/// Memory for all bodies together: with what the program needs for itself it stays below 60 MB, whatever comes.
const ROOM: usize = 16 * MAX_BYTES;

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

    /// Takes room for what has come, never for what was announced: who announces and does not send takes none.
    fn take(&self, bytes: usize, taken: &mut Option<OwnedSemaphorePermit>) -> Result<(), Fault> {
        let bytes = u32::try_from(bytes).map_err(|_| Fault::NoRoom)?;
        let more = Arc::clone(&self.0).try_acquire_many_owned(bytes);
        let more = more.map_err(|_| Fault::NoRoom)?;
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

/// Reads the body, or one byte more of it than the library reads.
pub(super) async fn gather<B>(body: B, time: Duration, room: &Room) -> Result<Gathered, Fault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let body = timeout(time, read(body, MAX_BYTES, room)).await;
    body.unwrap_or(Err(Fault::Slow))
}

async fn read<B>(mut body: B, most: usize, room: &Room) -> Result<Gathered, Fault>
where
    B: Body<Data = Bytes> + Unpin,
{
    let (mut bytes, mut taken) = (Vec::new(), None);
    while bytes.len() <= most {
        let Some(frame) = body.frame().await else { break };
        if let Ok(piece) = frame.map_err(|_| Fault::Broken)?.into_data() {
            room.take(piece.len(), &mut taken)?;
            bytes.extend_from_slice(&piece);
        }
    }
    bytes.truncate(most + 1);
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
        read(body, 10, room).await
    }

    #[tokio::test]
    async fn a_body_is_cut_behind_the_byte_that_is_too_much() {
        let room = Room::new(100);
        assert_eq!(gathered(10, &room).await.unwrap().bytes.len(), 10);
        assert_eq!(gathered(50, &room).await.unwrap().bytes.len(), 11);
    }

    #[tokio::test]
    async fn bodies_that_are_held_leave_no_room_until_they_are_let_go() {
        let room = Room::new(15);
        let held = gathered(10, &room).await.unwrap();
        assert_eq!(gathered(10, &room).await.unwrap_err(), Fault::NoRoom);
        drop(held);
        assert!(gathered(10, &room).await.is_ok());
    }
}
