//! Addresses that failed to authenticate too often (contract requests.md 2.5).

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use crate::lock::lock;
use crate::moment::Moment;

/// How long an address stays locked out (advice of 1020176).
const LENGTH: Duration = Duration::from_secs(30 * 60);

/// The failures of each address.
#[derive(Debug, Default)]
pub(crate) struct LockOut {
    senders: Mutex<HashMap<IpAddr, Sender>>,
}

#[derive(Debug, Default)]
struct Sender {
    failures: u32,
    until: Option<Moment>,
}

impl LockOut {
    /// Whether the address is locked out. One whose time is over begins anew.
    pub(crate) fn holds(&self, sender: IpAddr, now: Moment) -> bool {
        let mut senders = lock(&self.senders);
        let until = senders.get(&sender).and_then(|sender| sender.until);
        if until.is_some_and(|until| until <= now) {
            senders.remove(&sender);
        }
        until.is_some_and(|until| now < until)
    }

    pub(crate) fn count(&self, sender: IpAddr, limit: u32, now: Moment) {
        let mut senders = lock(&self.senders);
        let sender = senders.entry(sender).or_default();
        sender.failures += 1;
        if sender.failures >= limit {
            sender.until = Some(now + LENGTH);
        }
    }

    pub(crate) fn forget(&self, sender: IpAddr) {
        lock(&self.senders).remove(&sender);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const SENDER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_lock_out_begins_with_the_last_allowed_failure_and_ends_by_itself() {
        let start = Moment::from_unix_millis(0);
        let lock_out = LockOut::default();
        lock_out.count(SENDER, 2, start);
        assert!(!lock_out.holds(SENDER, start));
        lock_out.count(SENDER, 2, start);
        assert!(lock_out.holds(SENDER, start));
        assert!(!lock_out.holds(SENDER, start + LENGTH));
        assert!(!lock_out.holds(SENDER, start));
    }

    #[test]
    fn a_success_forgets_the_failures() {
        let start = Moment::from_unix_millis(0);
        let lock_out = LockOut::default();
        lock_out.count(SENDER, 2, start);
        lock_out.forget(SENDER);
        lock_out.count(SENDER, 2, start);
        assert!(!lock_out.holds(SENDER, start));
    }
}
