//! Reads the body of a request: not longer than it may be, not slower, and not more of all requests at once than there is
//! memory for.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

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
pub(crate) struct Room(Arc<Semaphore>);

impl Room {
    pub(crate) fn new(bytes: usize) -> Room {
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
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// Reads the body, or one byte more of it than `most`.
pub(crate) async fn gather<B>(body: B, most: usize, time: Duration, room: &Room) -> Result<Gathered, Fault>
where
    B: Body<Data = Bytes> + Unpin,
{
    timeout(time, read(body, most, room)).await.unwrap_or(Err(Fault::Slow))
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
        room: taken,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::Full;
    use hyper::body::Bytes;

    use super::{Fault, Room, gather};

    async fn gathered(length: usize, room: &Room) -> Result<super::Gathered, Fault> {
        let body = Full::from(Bytes::from(vec![b'x'; length]));
        gather(body, 10, Duration::from_secs(10), room).await
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
