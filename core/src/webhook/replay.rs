//! Remembers the nonces of accepted pushes, bounded in number and time (contract pushes.md 3.3, D4).

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use super::verify::Nonce;

/// Nonces that must not come again. Keeps a keyed hash of each, so what it needs does not depend on what a sender
/// chooses.
pub(super) struct ReplayCache {
    limit: usize,
    hasher: RandomState,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    until: HashMap<u64, i64>,
    /// In the order of arrival, which is nearly that of expiry.
    arrivals: VecDeque<(u64, i64)>,
}

impl ReplayCache {
    /// Remembers at most `limit` nonces; 0 remembers nothing.
    pub(super) fn new(limit: usize) -> ReplayCache {
        ReplayCache {
            limit,
            hasher: RandomState::new(),
            seen: Mutex::default(),
        }
    }

    /// Remembers the nonce. `false`: it is already there.
    pub(super) fn is_new(&self, nonce: &Nonce<'_>, now: i64) -> bool {
        if self.limit == 0 {
            return true;
        }
        let key = self.hasher.hash_one((nonce.app_key, nonce.nonce));
        // A panic elsewhere leaves at worst one entry in one of the two lists; that is no reason to refuse pushes.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.until.get(&key).is_some_and(|until| now <= *until) {
            return false;
        }
        seen.forget(now, self.limit - 1);
        seen.until.insert(key, nonce.until);
        seen.arrivals.push_back((key, nonce.until));
        true
    }
}

impl Seen {
    /// Forgets what has expired, and the oldest until at most `keep` are left.
    fn forget(&mut self, now: i64, keep: usize) {
        while let Some((key, until)) = self.arrivals.front().copied() {
            if now <= until && self.arrivals.len() <= keep {
                return;
            }
            self.arrivals.pop_front();
            // The same nonce may have come again after it expired; then the newer arrival holds the entry.
            if self.until.get(&key) == Some(&until) {
                self.until.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Nonce, ReplayCache};

    fn nonce(nonce: &str, until: i64) -> Nonce<'_> {
        Nonce {
            app_key: "app-key-0001",
            nonce,
            until,
        }
    }

    #[test]
    fn a_nonce_counts_until_its_time_and_per_application() {
        let cache = ReplayCache::new(10);
        assert!(cache.is_new(&nonce("a", 100), 50));
        assert!(!cache.is_new(&nonce("a", 150), 100));
        assert!(cache.is_new(
            &Nonce {
                app_key: "app-key-0002",
                ..nonce("a", 100)
            },
            50
        ));
        assert!(cache.is_new(&nonce("a", 200), 101));
        assert!(!cache.is_new(&nonce("a", 300), 102));
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten_first() {
        let cache = ReplayCache::new(3);
        for name in ["a", "b", "c", "d"] {
            assert!(cache.is_new(&nonce(name, 100), 0));
        }
        assert!(!cache.is_new(&nonce("b", 100), 0));
        assert!(cache.is_new(&nonce("a", 100), 0));
        let seen = cache.seen.lock().unwrap();
        assert_eq!((seen.until.len(), seen.arrivals.len()), (3, 3));
    }

    #[test]
    fn what_has_expired_takes_no_memory() {
        let cache = ReplayCache::new(1000);
        assert!((0..1000).all(|number| cache.is_new(&nonce(&number.to_string(), 10), 0)));
        cache.is_new(&nonce("last", 100), 11);
        assert_eq!(cache.seen.lock().unwrap().until.len(), 1);
    }

    #[test]
    fn without_room_nothing_is_remembered() {
        let cache = ReplayCache::new(0);
        assert!(cache.is_new(&nonce("a", 100), 0) && cache.is_new(&nonce("a", 100), 0));
    }
}
