//! The system calls of SQLite's unix VFS that open, recognise, lock and close files, in the place of its own.

use std::collections::BTreeMap;
use std::ffi::{c_char, c_int, c_void};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use libsqlite3_sys::{sqlite3_syscall_ptr, sqlite3_vfs_find};

/// A file, and the process that opened it: a child that was forked has none of its parent's locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    process: libc::pid_t,
    device: libc::dev_t,
    inode: libc::ino_t,
}

/// What SQLite has opened.
#[derive(Debug)]
struct Files {
    keys: BTreeMap<RawFd, Key>,
    /// Through these everything is locked; made when a file is locked first.
    locks: BTreeMap<Key, OwnedFd>,
}

static FILES: Mutex<Files> = Mutex::new(Files {
    keys: BTreeMap::new(),
    locks: BTreeMap::new(),
});

fn files() -> MutexGuard<'static, Files> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a lock goes.
enum Owner {
    /// To the file, by this descriptor.
    File(RawFd),
    /// Nowhere: the connection was opened before a fork, by the parent.
    Parent,
    /// To the process, as SQLite has it.
    Process,
}

impl Files {
    fn owner(&mut self, fd: RawFd) -> Owner {
        let Some(key) = self.keys.get(&fd).copied() else {
            return Owner::Process;
        };
        if key.process != process() {
            return Owner::Parent;
        }
        if let Some(lock) = self.locks.get(&key) {
            return Owner::File(lock.as_raw_fd());
        }
        // SAFETY: SQLite locks through descriptors that are open.
        match unsafe { BorrowedFd::borrow_raw(fd) }.try_clone_to_owned() {
            Ok(lock) => Owner::File(self.locks.entry(key).or_insert(lock).as_raw_fd()),
            Err(_) => Owner::Process,
        }
    }

    /// Forgets a descriptor; gives the one that locked, if this was the last of its file.
    fn forget(&mut self, fd: RawFd) -> Option<OwnedFd> {
        let key = self.keys.remove(&fd)?;
        let is_last = !self.keys.values().any(|other| *other == key);
        is_last.then(|| self.locks.remove(&key)).flatten()
    }
}

fn process() -> libc::pid_t {
    // SAFETY: it has no preconditions.
    unsafe { libc::getpid() }
}

unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: SQLite's arguments are passed on.
    let fd = unsafe { libc::open(path, flags, mode) };
    let mut found = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `found` has the size of what is written there; a descriptor that is none gets an error.
    if fd < 0 || unsafe { libc::fstat(fd, found.as_mut_ptr()) } != 0 {
        return fd;
    }
    // SAFETY: `fstat` has filled it.
    let found = unsafe { found.assume_init() };
    let key = Key {
        process: process(),
        device: found.st_dev,
        inode: found.st_ino,
    };
    files().keys.insert(fd, key);
    fd
}

unsafe extern "C" fn close(fd: c_int) -> c_int {
    let lock = files().forget(fd);
    drop(lock);
    // SAFETY: SQLite's argument is passed on.
    unsafe { libc::close(fd) }
}

unsafe extern "C" fn stat(path: *const c_char, found: *mut libc::stat) -> c_int {
    // SAFETY: SQLite's arguments are passed on; what is filled is marked.
    unsafe { marked(libc::stat(path, found), found) }
}

unsafe extern "C" fn fstat(fd: c_int, found: *mut libc::stat) -> c_int {
    // SAFETY: as above.
    unsafe { marked(libc::fstat(fd, found), found) }
}

/// Makes the process a part of a file's identity. SQLite keeps a list of the files that it has open, with the locks that it
/// holds on them. A child that was forked has a copy of its parent's list, and would count the parent's locks as its own.
///
/// # Safety
///
/// `found` is filled when `outcome` is 0.
unsafe fn marked(outcome: c_int, found: *mut libc::stat) -> c_int {
    if outcome == 0 {
        // SAFETY: the caller's.
        unsafe { (*found).st_dev ^= libc::dev_t::from(process().cast_unsigned()) << 32 };
    }
    outcome
}

/// The third argument is a number or a pointer; both are passed in the same place on the systems that Linux runs on.
unsafe extern "C" fn fcntl(fd: c_int, command: c_int, argument: *mut c_void) -> c_int {
    let own = match command {
        libc::F_GETLK => libc::F_OFD_GETLK,
        libc::F_SETLK => libc::F_OFD_SETLK,
        libc::F_SETLKW => libc::F_OFD_SETLKW,
        // SAFETY: SQLite's arguments are passed on.
        _ => return unsafe { libc::fcntl(fd, command, argument) },
    };
    let lock = argument.cast::<libc::flock>();
    let owner = files().owner(fd);
    match owner {
        Owner::File(owner) => {
            // SAFETY: with these commands SQLite passes a lock. It must name no process.
            let outcome = unsafe {
                (*lock).l_pid = 0;
                libc::fcntl(owner, own, lock)
            };
            if outcome == -1 && io::Error::last_os_error().raw_os_error() == Some(libc::EINVAL) {
                // The system does not know these locks.
                // SAFETY: SQLite's arguments are passed on.
                return unsafe { libc::fcntl(fd, command, argument) };
            }
            outcome
        }
        // SAFETY: as above.
        Owner::Parent if unsafe { (*lock).l_type } == libc::F_UNLCK as libc::c_short => 0,
        Owner::Parent => {
            // SAFETY: the place of this thread's error.
            unsafe { *libc::__errno_location() = libc::EACCES };
            -1
        }
        // SAFETY: SQLite's arguments are passed on.
        Owner::Process => unsafe { libc::fcntl(fd, command, argument) },
    }
}

pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: SQLite's table of system calls takes functions under these names by this type, and calls them with the
        // arguments that they have here. Its VFS lives as long as the process.
        unsafe {
            let vfs = sqlite3_vfs_find(c"unix".as_ptr());
            let Some(set) = vfs.as_ref().and_then(|vfs| vfs.xSetSystemCall) else {
                return;
            };
            let calls: [(_, *const c_void); 5] = [
                (c"open", open as *const c_void),
                (c"close", close as *const c_void),
                (c"stat", stat as *const c_void),
                (c"fstat", fstat as *const c_void),
                (c"fcntl", fcntl as *const c_void),
            ];
            for (name, call) in calls {
                let call = std::mem::transmute::<*const c_void, sqlite3_syscall_ptr>(call);
                set(vfs, name.as_ptr(), call);
            }
        }
    });
}
