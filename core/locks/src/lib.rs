//! Locks of SQLite that another copy of SQLite in the same process cannot drop.
//!
//! SQLite locks a file with `fcntl`. Such a lock belongs to the process: two copies of SQLite in one process (this library's
//! and that of Python's `sqlite3`, for example) do not see each other's locks, and when one of them closes the file, the
//! locks of both are gone. Then both write at once, or one deletes the other's write-ahead log.
//!
//! Linux has locks that belong to an open file ("open file description locks"). They exclude the usual ones also within a
//! process, and nobody else drops them. [`keep_apart`] makes this copy of SQLite use them. Other systems are left as they
//! are.
//!
//! SQLite locks through any of its descriptors of a file, and unlocks through another: it counts on one owner per process.
//! So all locks on a file go through one duplicate of the first descriptor.

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod linux;

/// Makes this copy of SQLite, for all files that it opens from now on, use locks of its own. Calling it again is harmless.
pub fn keep_apart() {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    linux::install();
}
