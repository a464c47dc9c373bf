//! The faults that are armed, and which of them strikes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

use super::target::Asked;
use super::{Fault, FaultKind};
use crate::lock::lock;
use crate::push::message::Content;

/// The armed faults. Of several that fit, the one that was armed first strikes.
#[derive(Debug)]
pub(crate) struct FaultBook {
    /// How many are armed: on a platform without faults nothing else is looked at.
    armed: AtomicUsize,
    pages: Mutex<Pages>,
}

#[derive(Debug)]
struct Pages {
    last_id: u64,
    faults: Vec<ArmedFault>,
    /// The same seed gives the same faults.
    random: fastrand::Rng,
}

/// A fault that waits for its turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ArmedFault {
    /// By which it can be removed.
    pub id: u64,
    /// How often it has struck.
    pub struck: u32,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
}

impl FaultBook {
    pub(crate) fn new(seed: u64) -> FaultBook {
        FaultBook {
            armed: AtomicUsize::new(0),
            pages: Mutex::new(Pages {
                last_id: 0,
                faults: Vec::new(),
                random: fastrand::Rng::with_seed(seed),
            }),
        }
    }

    /// Whether there is any.
    pub(crate) fn is_open(&self) -> bool {
        self.armed.load(Ordering::Acquire) > 0
    }

    /// Arms a fault and gives its id.
    pub(crate) fn arm(&self, fault: Fault) -> u64 {
        let mut pages = lock(&self.pages);
        pages.last_id += 1;
        let id = pages.last_id;
        pages.faults.push(ArmedFault { id, struck: 0, fault });
        self.count(&pages);
        id
    }

    pub(crate) fn list(&self) -> Vec<ArmedFault> {
        lock(&self.pages).faults.clone()
    }

    /// Removes the faults that this says; tells how many.
    pub(crate) fn remove(&self, is_meant: impl Fn(&ArmedFault) -> bool) -> usize {
        let mut pages = lock(&self.pages);
        let before = pages.faults.len();
        pages.faults.retain(|fault| !is_meant(fault));
        self.count(&pages);
        before - pages.faults.len()
    }

    /// What strikes a connection before its request is read. What is asked for is not known under TLS.
    pub(crate) fn strike_connection(&self, asked: Option<Asked>, is_tls: bool) -> Option<Fault> {
        self.strike(|fault| {
            let kind = fault.fault;
            kind.is_before_reading() && (is_tls || kind != FaultKind::TlsFailure) && fault.on.takes_answer(asked)
        })
    }

    /// What strikes the answer to this.
    pub(crate) fn strike_answer(&self, asked: Asked) -> Option<Fault> {
        // A handshake is over by now.
        self.strike(|fault| fault.fault != FaultKind::TlsFailure && fault.on.takes_answer(Some(asked)))
    }

    /// What strikes a push on its way out.
    pub(crate) fn strike_push(&self, content: Content) -> Option<Fault> {
        self.strike(|fault| fault.fault != FaultKind::Reorder && fault.on.takes_push(content))
    }

    /// Whether a push changes places with the next one of its call.
    pub(crate) fn reorders(&self, content: Content) -> bool {
        self.strike(|fault| fault.fault == FaultKind::Reorder && fault.on.takes_push(content))
            .is_some()
    }

    fn strike(&self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        if !self.is_open() {
            return None;
        }
        let mut pages = lock(&self.pages);
        let Pages { faults, random, .. } = &mut *pages;
        let position = faults
            .iter()
            .position(|armed| fits(&armed.fault) && random.f64() < armed.fault.probability)?;
        let armed = &mut faults[position];
        armed.struck += 1;
        let fault = armed.fault.clone();
        if fault.count.is_some_and(|count| armed.struck >= count) {
            faults.remove(position);
        }
        self.count(&pages);
        Some(fault)
    }

    fn count(&self, pages: &Pages) {
        self.armed.store(pages.faults.len(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::event::EventKind;

    fn book(faults: &[&str]) -> FaultBook {
        let book = FaultBook::new(7);
        for fault in faults {
            book.arm(fault.parse().unwrap());
        }
        book
    }

    fn stop() -> Asked {
        Asked::Operation("terminate_call")
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_says_and_is_gone() {
        let book = book(&["terminate_call=garbage,count=2"]);
        assert!(book.strike_answer(Asked::Operation("create_voice_callback")).is_none());
        assert!(book.strike_answer(stop()).is_some());
        assert_eq!(book.list()[0].struck, 1);
        assert!(book.strike_answer(stop()).is_some());
        assert!(book.strike_answer(stop()).is_none());
        assert!(!book.is_open());
    }

    #[test]
    fn the_first_that_fits_strikes() {
        let book = book(&["recording_file=garbage", "calls=silence", "calls=garbage"]);
        assert_eq!(book.strike_answer(stop()).unwrap().fault, FaultKind::Silence);
        assert_eq!(book.remove(|fault| fault.fault.fault == FaultKind::Silence), 1);
        assert_eq!(book.strike_answer(stop()).unwrap().fault, FaultKind::Garbage);
    }

    #[test]
    fn the_same_seed_gives_the_same_strikes() {
        let strikes = || -> Vec<bool> {
            let book = book(&["calls=garbage,probability=0.5"]);
            (0..64).map(|_| book.strike_answer(stop()).is_some()).collect()
        };
        assert_eq!(strikes(), strikes());
        let count = strikes().into_iter().filter(|struck| *struck).count();
        assert!((16..48).contains(&count), "{count} of 64");
    }

    #[test]
    fn handshakes_and_order_have_their_own_moments() {
        let book = book(&["calls=tls_failure", "disconnect=reorder", "status=replay"]);
        assert!(book.strike_connection(None, false).is_none());
        assert!(book.strike_connection(None, true).is_some());
        assert!(book.strike_answer(stop()).is_none());
        assert!(book.strike_push(Content::Fee).is_none());
        assert!(book.reorders(Content::Status(EventKind::Disconnect)));
        assert!(!book.reorders(Content::Status(EventKind::Answer)));
        assert!(book.strike_push(Content::Status(EventKind::Answer)).is_some());
    }
}
