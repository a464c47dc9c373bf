//! A disk for SQLite that fails when it is told to, and remembers what reached it. The default VFS of the test's process,
//! above SQLite's own.

#![allow(unreachable_pub, reason = "the file is a module of a test")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::PathBuf;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libsqlite3_sys as ffi;

/// What a disk can do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Full,
    Write,
    /// Half of it is written.
    ShortWrite,
    Sync,
    Read,
}

/// What reached the disk.
#[derive(Debug, Clone)]
enum Step {
    Write(PathBuf, usize, Vec<u8>),
    Truncate(PathBuf, usize),
    Sync(PathBuf),
    Delete(PathBuf),
}

#[derive(Debug)]
struct Disk {
    fault: Option<(Fault, usize)>,
    steps: Option<Vec<Step>>,
}

static DISK: Mutex<Disk> = Mutex::new(Disk {
    fault: None,
    steps: None,
});

fn disk() -> MutexGuard<'static, Disk> {
    DISK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the n-th step that the fault is about fail, once.
pub fn fail(fault: Fault, n: usize) {
    disk().fault = Some((fault, n));
}

/// Lets nothing fail any more; tells whether anything did.
pub fn heal() -> bool {
    disk().fault.take().is_none()
}

/// Remembers what reaches the disk from now on.
pub fn record() {
    disk().steps = Some(Vec::new());
}

/// How much has reached it.
pub fn steps() -> usize {
    disk().steps.as_ref().map_or(0, Vec::len)
}

/// The files as they are when the power fails after so many steps: what was synced is there; of what was not, `survives`
/// decides.
pub fn after_power_loss(steps: usize, mut survives: impl FnMut() -> bool) -> BTreeMap<PathBuf, Vec<u8>> {
    let disk = disk();
    let steps = &disk.steps.as_ref().unwrap()[..steps];
    let mut files = BTreeMap::<PathBuf, Vec<u8>>::new();
    for (position, step) in steps.iter().enumerate() {
        let is_synced = |path: &PathBuf| {
            let mut later = steps[position..].iter();
            later.any(|later| matches!(later, Step::Sync(synced) if synced == path))
        };
        match step {
            Step::Write(path, offset, bytes) if is_synced(path) || survives() => {
                let file = files.entry(path.clone()).or_default();
                file.resize(file.len().max(offset + bytes.len()), 0);
                file[*offset..offset + bytes.len()].copy_from_slice(bytes);
            }
            Step::Truncate(path, size) if is_synced(path) || survives() => {
                files.entry(path.clone()).or_default().resize(*size, 0);
            }
            Step::Delete(path) => drop(files.remove(path)),
            _ => {}
        }
    }
    files
}

impl Disk {
    fn remember(&mut self, step: impl FnOnce() -> Step) {
        if let Some(steps) = &mut self.steps {
            steps.push(step());
        }
    }

    /// Whether this step is the one to fail.
    fn strikes(&mut self, faults: &[Fault]) -> Option<Fault> {
        let (fault, left) = self.fault.as_mut().filter(|(fault, _)| faults.contains(fault))?;
        *left -= 1;
        let struck = (*left == 0).then_some(*fault);
        if struck.is_some() {
            self.fault = None;
        }
        struck
    }
}

/// A file; that of SQLite's own VFS follows it in memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    path: *mut PathBuf,
}

unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` leaves space for it there.
    unsafe { file.cast::<File>().add(1).cast() }
}

unsafe fn path(file: *mut ffi::sqlite3_file) -> PathBuf {
    // SAFETY: `open` has set it.
    unsafe { (*(*file.cast::<File>()).path).clone() }
}

/// Calls the same method of the file below.
macro_rules! below {
    ($file:expr, $method:ident $(, $argument:expr)*) => {
        // SAFETY: SQLite's arguments are passed on; its own VFS has all methods.
        unsafe {
            let real = real($file);
            ((*(*real).pMethods).$method.unwrap())(real $(, $argument)*)
        }
    };
}

macro_rules! pass_on {
    ($($name:ident => $method:ident ( $($argument:ident: $ty:ty),* );)*) => {
        $(unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $ty)*) -> c_int {
            below!(file, $method $(, $argument)*)
        })*
    };
}

pass_on! {
    file_size => xFileSize(size: *mut ffi::sqlite3_int64);
    lock => xLock(level: c_int);
    unlock => xUnlock(level: c_int);
    check_reserved_lock => xCheckReservedLock(found: *mut c_int);
    file_control => xFileControl(what: c_int, argument: *mut c_void);
    sector_size => xSectorSize();
    characteristics => xDeviceCharacteristics();
    shm_map => xShmMap(page: c_int, size: c_int, extend: c_int, mapped: *mut *mut c_void);
    shm_lock => xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap => xShmUnmap(delete: c_int);
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    below!(file, xShmBarrier)
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: `open` has made it, and nothing uses it after this.
    drop(unsafe { Box::from_raw((*file.cast::<File>()).path) });
    below!(file, xClose)
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, into: *mut c_void, size: c_int, at: i64) -> c_int {
    match disk().strikes(&[Fault::Read]) {
        Some(_) => ffi::SQLITE_IOERR_READ,
        None => below!(file, xRead, into, size, at),
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, size: c_int, at: i64) -> c_int {
    let fault = disk().strikes(&[Fault::Full, Fault::Write, Fault::ShortWrite]);
    match fault {
        Some(Fault::Full) => return ffi::SQLITE_FULL,
        Some(Fault::ShortWrite) => drop(below!(file, xWrite, from, size / 2, at)),
        _ => {}
    }
    if fault.is_some() {
        return ffi::SQLITE_IOERR_WRITE;
    }
    // SAFETY: SQLite's arguments.
    let (path, bytes) = unsafe { (path(file), std::slice::from_raw_parts(from.cast::<u8>(), size as usize)) };
    disk().remember(|| Step::Write(path, at as usize, bytes.to_vec()));
    below!(file, xWrite, from, size, at)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: a file of ours.
    let path = unsafe { path(file) };
    disk().remember(|| Step::Truncate(path, size as usize));
    below!(file, xTruncate, size)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if disk().strikes(&[Fault::Sync]).is_some() {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    // SAFETY: a file of ours.
    let path = unsafe { path(file) };
    disk().remember(|| Step::Sync(path));
    // The process does not lose power: what is remembered counts.
    let _ = flags;
    ffi::SQLITE_OK
}

unsafe extern "C" fn fetch(_: *mut ffi::sqlite3_file, _: i64, _: c_int, found: *mut *mut c_void) -> c_int {
    // SAFETY: SQLite's argument. Nothing is mapped: everything is read and written.
    unsafe { *found = null_mut() };
    ffi::SQLITE_OK
}

unsafe extern "C" fn unfetch(_: *mut ffi::sqlite3_file, _: i64, _: *mut c_void) -> c_int {
    ffi::SQLITE_OK
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};

unsafe fn own() -> *mut ffi::sqlite3_vfs {
    // SAFETY: it has no preconditions.
    unsafe { ffi::sqlite3_vfs_find(c"unix".as_ptr()) }
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's arguments; `file` has the size that the VFS asks for.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let vfs = own();
        let code = ((*vfs).xOpen.unwrap())(vfs, name, real(file), flags, flags_out);
        if code == ffi::SQLITE_OK {
            (*file).pMethods = &METHODS;
            (*file.cast::<File>()).path = Box::into_raw(Box::new(to_path(name)));
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite's arguments are passed on.
    unsafe {
        let path = to_path(name);
        disk().remember(|| Step::Delete(path));
        let vfs = own();
        ((*vfs).xDelete.unwrap())(vfs, name, sync)
    }
}

unsafe fn to_path(name: *const c_char) -> PathBuf {
    if name.is_null() {
        return PathBuf::new();
    }
    // SAFETY: SQLite's names end with NUL.
    unsafe { CStr::from_ptr(name) }.to_str().unwrap().into()
}

/// Makes it the VFS of this process.
pub fn install() {
    // SAFETY: the VFS stays for good, and its other methods are SQLite's own, which do not ask whose it is.
    unsafe {
        let own = own();
        let vfs = Box::leak(Box::new(*own));
        vfs.zName = c"faulty".as_ptr();
        vfs.pNext = null_mut();
        vfs.szOsFile = size_of::<File>() as c_int + (*own).szOsFile;
        vfs.xOpen = Some(open);
        vfs.xDelete = Some(delete);
        assert_eq!(ffi::sqlite3_vfs_register(vfs, 1), ffi::SQLITE_OK);
    }
}
