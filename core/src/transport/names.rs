//! Looks host names up: address literals at once, names from a short memory, and only then by a thread.
//!
//! The operating system's look-up can neither be given a time-out nor be interrupted; so a thread does it while the
//! caller waits, and goes on alone when the caller gives up. At most one thread per name is at work.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use std::{io, thread};

use super::attempt;
use super::interruption::Interruption;
use super::race;

/// How long a found address is used. Short, since the platform moves by changing its DNS records.
const REMEMBERED: Duration = Duration::from_secs(30);
/// More addresses than this are not tried.
const MOST_ADDRESSES: usize = 16;

/// Looks a name up and takes its time: the operating system's way, or a test's.
pub(super) type LookUp = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

pub(super) struct Names {
    shared: Arc<Shared>,
}

struct Shared {
    look_up: Box<LookUp>,
    remembered: Duration,
    book: Mutex<Book>,
    changed: Condvar,
}

#[derive(Default)]
struct Book {
    closed: bool,
    known: HashMap<String, Known>,
    sought: HashMap<String, Arc<Search>>,
    /// The address of a name that a connection was made to last.
    good: HashMap<String, IpAddr>,
}

struct Known {
    addresses: Vec<IpAddr>,
    until: Instant,
}

/// A look-up at work; everybody who wants the same name waits for it.
type Search = OnceLock<io::Result<Vec<IpAddr>>>;

impl Names {
    /// Asks the operating system.
    pub(super) fn of_the_system() -> Names {
        let look_up = |host: &str| {
            let found = (host, 0).to_socket_addrs()?;
            Ok(found.map(|address| address.ip()).collect())
        };
        Names::new(Box::new(look_up), REMEMBERED)
    }

    /// Asks `look_up` and remembers its answers for so long.
    pub(super) fn new(look_up: Box<LookUp>, remembered: Duration) -> Names {
        let shared = Shared {
            look_up,
            remembered,
            book: Mutex::default(),
            changed: Condvar::new(),
        };
        Names {
            shared: Arc::new(shared),
        }
    }

    /// The addresses of `host`, at least one, in the order in which they are to be tried, not later than `limit`.
    pub(super) fn find(&self, host: &str, port: u16, limit: Instant) -> Result<Vec<SocketAddr>, Interruption> {
        let addresses = match host.parse() {
            Ok(literal) => vec![literal],
            Err(_) => self.look_up(host, limit)?,
        };
        let good = self.shared.book().good.get(host).copied();
        let mut addresses = race::in_order(addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect());
        addresses.sort_by_key(|address| Some(address.ip()) != good);
        Ok(addresses)
    }

    /// Remembers that a connection to this address of `host` was made: it is tried first the next time.
    pub(super) fn prefer(&self, host: &str, address: IpAddr) {
        self.shared.book().good.insert(host.to_owned(), address);
    }

    /// Forgets the addresses of `host`: none of them answered.
    pub(super) fn forget(&self, host: &str) {
        let mut book = self.shared.book();
        book.known.remove(host);
        book.good.remove(host);
    }

    /// Ends all waiting.
    pub(super) fn close(&self) {
        self.shared.book().closed = true;
        self.shared.changed.notify_all();
    }

    fn look_up(&self, host: &str, limit: Instant) -> Result<Vec<IpAddr>, Interruption> {
        let mut book = self.shared.book();
        if let Some(known) = book.known.get(host).filter(|known| known.until > Instant::now()) {
            return Ok(known.addresses.clone());
        }
        let search = match book.sought.get(host) {
            Some(search) => Arc::clone(search),
            None => self.begin(&mut book, host)?,
        };
        loop {
            if book.closed {
                return Err(Interruption::Closed);
            }
            if let Some(found) = search.get() {
                return found
                    .as_ref()
                    .cloned()
                    .map_err(|error| Interruption::Failed(again(error)));
            }
            let left = limit.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Interruption::TimedOut);
            }
            drop(self.shared.changed.wait_timeout(book, attempt::pause_step(left)));
            // Without the lock: a watch may run code of the program.
            attempt::check()?;
            book = self.shared.book();
        }
    }

    fn begin(&self, book: &mut Book, host: &str) -> Result<Arc<Search>, Interruption> {
        let search = Arc::new(Search::default());
        let work = {
            let (shared, search, host) = (Arc::clone(&self.shared), Arc::clone(&search), host.to_owned());
            move || shared.conclude(&host, &search, (shared.look_up)(&host))
        };
        let thread = thread::Builder::new().name("voicecall-resolve".to_owned());
        thread.spawn(work).map_err(Interruption::Failed)?;
        book.sought.insert(host.to_owned(), Arc::clone(&search));
        Ok(search)
    }
}

impl Shared {
    /// Panics happen in no code that holds this lock.
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what was found; a failure is told to those who wait for it and to nobody later.
    fn conclude(&self, host: &str, search: &Search, found: io::Result<Vec<IpAddr>>) {
        let found = found.and_then(|mut addresses| {
            addresses.truncate(MOST_ADDRESSES);
            if addresses.is_empty() {
                return Err(io::Error::other("the name has no address"));
            }
            Ok(addresses)
        });
        let mut book = self.book();
        if let Ok(addresses) = &found {
            let until = Instant::now() + self.remembered;
            let addresses = addresses.clone();
            book.known.insert(host.to_owned(), Known { addresses, until });
        }
        book.sought.remove(host);
        // Only this thread concludes this search.
        let _ = search.set(found);
        drop(book);
        self.changed.notify_all();
    }
}

/// The same failure for one more waiter: `io::Error` is not `Clone`.
fn again(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    /// The first look-up fails, later ones succeed.
    fn counting(remembered: Duration) -> (Names, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let look_up = move |_: &str| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Err(io::Error::other("no such name")),
            _ => Ok(vec![ADDRESS]),
        };
        (Names::new(Box::new(look_up), remembered), count)
    }

    fn some_day() -> Instant {
        Instant::now() + Duration::from_secs(60)
    }

    #[test]
    fn literals_are_not_looked_up() {
        let (names, count) = counting(REMEMBERED);
        assert_eq!(
            names.find("192.0.2.7", 80, some_day()).unwrap(),
            ["192.0.2.7:80".parse().unwrap()]
        );
        assert_eq!(
            names.find("2001:db8::1", 443, some_day()).unwrap(),
            ["[2001:db8::1]:443".parse().unwrap()]
        );
        assert_eq!(count.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn addresses_are_remembered_and_failures_are_not() {
        let (names, count) = counting(REMEMBERED);
        assert!(matches!(
            names.find("a.example", 1, some_day()),
            Err(Interruption::Failed(_))
        ));
        for _ in 0..3 {
            assert_eq!(
                names.find("a.example", 1, some_day()).unwrap(),
                [SocketAddr::new(ADDRESS, 1)]
            );
        }
        assert_eq!(count.load(Ordering::SeqCst), 2);
        names.forget("a.example");
        names.find("a.example", 1, some_day()).unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn addresses_are_not_remembered_for_longer_than_told() {
        let (names, count) = counting(Duration::ZERO);
        for _ in 0..3 {
            let _ = names.find("a.example", 1, some_day());
        }
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn one_thread_looks_a_name_up_for_everybody() {
        const CALLERS: usize = 4;
        let count = Arc::new(AtomicUsize::new(0));
        // The look-up ends when every caller has begun to wait or is about to.
        let all_there = Arc::new(Barrier::new(CALLERS + 1));
        let look_up = {
            let (count, all_there) = (Arc::clone(&count), Arc::clone(&all_there));
            move |_: &str| {
                count.fetch_add(1, Ordering::SeqCst);
                all_there.wait();
                Ok(vec![ADDRESS])
            }
        };
        let names = Names::new(Box::new(look_up), REMEMBERED);
        thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| {
                    let given_up = names.find("a.example", 1, Instant::now());
                    assert!(matches!(given_up, Err(Interruption::TimedOut)));
                    all_there.wait();
                    names.find("a.example", 1, some_day()).unwrap()
                });
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_name_without_addresses_is_a_failure() {
        let names = Names::new(Box::new(|_| Ok(Vec::new())), REMEMBERED);
        assert!(matches!(
            names.find("a.example", 1, some_day()),
            Err(Interruption::Failed(_))
        ));
    }
}
