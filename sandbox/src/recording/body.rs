//! A part of a recording as an HTTP body, made while it is sent: a day of sound costs no more memory than a second.

use std::convert::Infallible;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::wav::{self, HEADER_LENGTH, SECOND};

/// The bytes of a recording in this range.
#[derive(Debug)]
pub(crate) struct Sound {
    header: Bytes,
    rest: Range<u64>,
}

impl Sound {
    pub(crate) fn new(seconds: u32, part: Range<u64>) -> Sound {
        Sound {
            header: Bytes::copy_from_slice(&wav::header(seconds)),
            rest: part,
        }
    }

    fn next_piece(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            return None;
        }
        let header = HEADER_LENGTH as u64;
        let (source, from) = if self.rest.start < header {
            (&self.header, self.rest.start)
        } else {
            (&*SECOND, (self.rest.start - header) % SECOND.len() as u64)
        };
        let wanted = (self.rest.end - self.rest.start).min(source.len() as u64 - from);
        self.rest.start += wanted;
        let (from, to) = (usize::try_from(from).ok()?, usize::try_from(from + wanted).ok()?);
        Some(source.slice(from..to))
    }
}

impl Body for Sound {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.next_piece().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.end.saturating_sub(self.rest.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seconds: u32, part: Range<u64>) -> Vec<u8> {
        let mut sound = Sound::new(seconds, part);
        std::iter::from_fn(|| sound.next_piece()).flatten().collect()
    }

    #[test]
    fn the_whole_has_the_files_length() {
        let whole = bytes(3, 0..wav::file_length(3));
        assert_eq!(whole.len(), 24_058);
        assert_eq!(whole[..HEADER_LENGTH], wav::header(3));
    }

    #[test]
    fn any_part_is_that_part_of_the_whole() {
        let whole = bytes(3, 0..wav::file_length(3));
        for part in [0..0, 0..1, 50..70, 57..59, 58..8058, 8000..16_100, 24_057..24_058] {
            let (from, to) = (part.start as usize, part.end as usize);
            assert_eq!(bytes(3, part.clone()), whole[from..to], "{part:?}");
        }
    }
}
