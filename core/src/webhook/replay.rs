//! Remembers in memory which nonce came with which body (contract pushes.md 3.3, D26): for receivers without a store.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use super::verify::Nonce;

/// Nonces that must not come again with another body. Keeps keyed hashes, so what it needs does not depend on what a
/// sender chooses.
pub(super) struct ReplayCache {
    limit: usize,
    hasher: RandomState,
    seen: Mutex<Seen>,
}

/// What is known of a nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It comes for the first time.
    New,
    /// It came with the same body.
    SameBody,
    /// It came with another body.
    OtherBody,
}

#[derive(Default)]
struct Seen {
    entries: HashMap<u64, Entry>,
    /// In the order of arrival, which is nearly that of expiry.
    arrivals: VecDeque<(u64, i64)>,
}

#[derive(Clone, Copy)]
struct Entry {
    until: i64,
    body: u64,
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

    /// What is known of the nonce. One that is new is remembered if `remember`.
    pub(super) fn look(&self, nonce: &Nonce, body: &[u8], now: i64, remember: bool) -> Known {
        if self.limit == 0 {
            return Known::New;
        }
        let key = self.hasher.hash_one((&nonce.app_key, &nonce.nonce));
        let body = self.hasher.hash_one(body);
        // A panic elsewhere leaves at worst one entry in one of the two lists; that is no reason to refuse pushes.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.entries.get(&key) {
            Some(entry) if now <= entry.until && entry.body == body => Known::SameBody,
            Some(entry) if now <= entry.until => Known::OtherBody,
            _ => {
                if remember {
                    seen.forget(now, self.limit - 1);
                    let until = nonce.until;
                    seen.entries.insert(key, Entry { until, body });
                    seen.arrivals.push_back((key, until));
                }
                Known::New
            }
        }
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
            if self.entries.get(&key).is_some_and(|entry| entry.until == until) {
                self.entries.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Nonce, ReplayCache};

    fn nonce(nonce: &str, until: i64) -> Nonce {
        Nonce {
            app_key: "app-key-0001".to_owned(),
            nonce: nonce.to_owned(),
            until,
        }
    }

    fn is_new(cache: &ReplayCache, nonce: &Nonce, now: i64) -> bool {
        cache.look(nonce, b"body", now, true) == Known::New
    }

    #[test]
    fn a_nonce_belongs_to_its_body_until_its_time_and_per_application() {
        let cache = ReplayCache::new(10);
        let look = |nonce: &Nonce, body: &[u8], now| cache.look(nonce, body, now, true);
        assert_eq!(look(&nonce("a", 100), b"1", 50), Known::New);
        assert_eq!(look(&nonce("a", 150), b"1", 100), Known::SameBody);
        assert_eq!(look(&nonce("a", 150), b"2", 100), Known::OtherBody);
        let other = Nonce {
            app_key: "app-key-0002".to_owned(),
            ..nonce("a", 100)
        };
        assert_eq!(look(&other, b"2", 50), Known::New);
        assert_eq!(look(&nonce("a", 200), b"2", 101), Known::New);
        assert_eq!(look(&nonce("a", 300), b"1", 102), Known::OtherBody);
    }

    #[test]
    fn what_is_only_looked_at_is_not_remembered() {
        let cache = ReplayCache::new(10);
        assert_eq!(cache.look(&nonce("a", 100), b"1", 0, false), Known::New);
        assert_eq!(cache.look(&nonce("a", 100), b"2", 0, true), Known::New);
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten_first() {
        let cache = ReplayCache::new(3);
        for name in ["a", "b", "c", "d"] {
            assert!(is_new(&cache, &nonce(name, 100), 0));
        }
        assert!(!is_new(&cache, &nonce("b", 100), 0));
        assert!(is_new(&cache, &nonce("a", 100), 0));
        let seen = cache.seen.lock().unwrap();
        assert_eq!((seen.entries.len(), seen.arrivals.len()), (3, 3));
    }

    #[test]
    fn what_has_expired_takes_no_memory() {
        let cache = ReplayCache::new(1000);
        assert!((0..1000).all(|number| is_new(&cache, &nonce(&number.to_string(), 10), 0)));
        is_new(&cache, &nonce("last", 100), 11);
        assert_eq!(cache.seen.lock().unwrap().entries.len(), 1);
    }

    #[test]
    fn without_room_nothing_is_remembered() {
        let cache = ReplayCache::new(0);
        assert!(is_new(&cache, &nonce("a", 100), 0) && is_new(&cache, &nonce("a", 100), 0));
    }
}
