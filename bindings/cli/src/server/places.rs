//! The places for connections. When all are taken, the connection goes that has kept its client's request unfinished for
//! longest, so that slow clients never keep others out.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

use super::progress::Progress;

/// What every client may take for a request, however many connections there are.
const GRACE: Duration = Duration::from_millis(500);
/// How often it is checked whether somebody's grace has ended.
const CHECK: Duration = Duration::from_millis(50);

/// Places for connections.
#[derive(Clone)]
pub(super) struct Places(Arc<Shared>);

struct Shared {
    most: usize,
    most_of_one_address: Option<usize>,
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Default)]
struct Taken {
    next: u64,
    /// By age.
    places: BTreeMap<u64, Holder>,
}

struct Holder {
    address: IpAddr,
    progress: watch::Receiver<Progress>,
    sent_away: Arc<Notify>,
}

/// A place. Its connection holds it, and the answer that is under way for it, so that an answer counts also when the client
/// has gone.
pub(super) struct Place {
    places: Places,
    number: u64,
    pub(super) progress: watch::Sender<Progress>,
    /// Rings when the connection has to go.
    pub(super) sent_away: Arc<Notify>,
}

/// The address has as many requests under way as it may.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMany;

impl Places {
    pub(super) fn new(most: u32, most_of_one_address: Option<u32>) -> Places {
        Places(Arc::new(Shared {
            most: most as usize,
            most_of_one_address: most_of_one_address.map(|most| most as usize),
            taken: Mutex::default(),
            freed: Notify::new(),
        }))
    }

    /// Takes a place, as soon as there is one or somebody can be sent away.
    pub(super) async fn take(&self, address: IpAddr) -> Result<Place, TooMany> {
        loop {
            let freed = self.0.freed.notified();
            if let Some(taken) = self.try_to_take(address) {
                return taken;
            }
            let _ = timeout(CHECK, freed).await;
        }
    }

    fn try_to_take(&self, address: IpAddr) -> Option<Result<Place, TooMany>> {
        let mut taken = self.taken();
        let too_many = self.0.most_of_one_address.is_some_and(|most| taken.of(address) >= most);
        if too_many && !taken.send_one_away(|_, holder| holder.address == address) {
            return Some(Err(TooMany));
        }
        if taken.places.len() >= self.0.most && !taken.send_one_away(|_, _| true) {
            return None;
        }
        Some(Ok(self.give(&mut taken, address)))
    }

    fn give(&self, taken: &mut Taken, address: IpAddr) -> Place {
        let (number, sent_away) = (taken.next, Arc::new(Notify::new()));
        let (progress, watched) = watch::channel(Progress::Head(Instant::now()));
        let holder = Holder {
            address,
            progress: watched,
            sent_away: Arc::clone(&sent_away),
        };
        taken.places.insert(number, holder);
        taken.next += 1;
        Place {
            places: self.clone(),
            number,
            progress,
            sent_away,
        }
    }

    /// Waits until nobody holds a place.
    pub(super) async fn all_free(&self) {
        loop {
            let freed = self.0.freed.notified();
            if self.taken().places.is_empty() {
                return;
            }
            let _ = timeout(CHECK, freed).await;
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// How many places this address has.
    fn of(&self, address: IpAddr) -> usize {
        let places = self.places.values();
        places.filter(|holder| holder.address == address).count()
    }

    /// Sends the slowest away of those that may go. Its place is free at once.
    fn send_one_away(&mut self, may_go: impl Fn(u64, &Holder) -> bool) -> bool {
        let candidates = self.places.iter().filter(|(number, holder)| may_go(**number, holder));
        let dispensable = candidates.filter_map(|(number, holder)| {
            let (rank, since) = holder.progress.borrow().dispensable(GRACE)?;
            Some((rank, since, *number))
        });
        let Some((_, _, slowest)) = dispensable.min() else {
            return false;
        };
        if let Some(holder) = self.places.remove(&slowest) {
            holder.sent_away.notify_one();
        }
        true
    }
}

impl Place {
    /// Ends another connection that has been sending its body for long.
    pub(super) fn send_a_slow_body_away(&self) {
        let sends = |holder: &Holder| matches!(*holder.progress.borrow(), Progress::Body(_));
        let mut taken = self.places.taken();
        taken.send_one_away(|number, holder| number != self.number && sends(holder));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken().places.remove(&self.number);
        self.places.0.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    use tokio::time::{Instant, advance, timeout};

    use super::{GRACE, Place, Places, TooMany};
    use crate::server::progress::Progress;

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    async fn taken(places: &Places, last: u8) -> Place {
        places.take(address(last)).await.unwrap_or_else(|_| panic!("no place"))
    }

    async fn is_sent_away(place: &Place) -> bool {
        timeout(Duration::ZERO, place.sent_away.notified()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_places_are_taken_the_oldest_unfinished_head_goes_then_the_idle_then_the_unfinished_body() {
        let places = Places::new(4, None);
        let (body, idle) = (taken(&places, 1).await, taken(&places, 1).await);
        let (old, young) = (taken(&places, 1).await, taken(&places, 1).await);
        body.progress.send_replace(Progress::Body(Instant::now()));
        idle.progress.send_replace(Progress::Idle(Instant::now()));
        advance(GRACE).await;
        let mut held = Vec::new();
        for gone in [&old, &young, &idle, &body] {
            assert!(!is_sent_away(gone).await);
            let place = taken(&places, 2).await;
            place.progress.send_replace(Progress::Complete);
            held.push(place);
            assert!(is_sent_away(gone).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_complete_or_new_connection_stays_and_the_next_one_waits() {
        let places = Places::new(2, None);
        let (complete, young) = (taken(&places, 1).await, taken(&places, 1).await);
        complete.progress.send_replace(Progress::Complete);
        let begun = Instant::now();
        let _third = taken(&places, 2).await;
        assert!(begun.elapsed() >= GRACE, "{:?}", begun.elapsed());
        assert!(is_sent_away(&young).await && !is_sent_away(&complete).await);
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_pushes_out_its_own_and_is_refused_when_all_of_these_are_complete() {
        let places = Places::new(4, Some(2));
        let other = taken(&places, 1).await;
        advance(GRACE).await;
        let (first, second) = (taken(&places, 2).await, taken(&places, 2).await);
        second.progress.send_replace(Progress::Complete);
        advance(GRACE).await;
        let third = taken(&places, 2).await;
        third.progress.send_replace(Progress::Complete);
        assert!(is_sent_away(&first).await && !is_sent_away(&other).await);
        assert_eq!(places.take(address(2)).await.err(), Some(TooMany));
    }
}
