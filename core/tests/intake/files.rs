//! What people and programs do to a store's files while it is in use. Nothing is acknowledged that is not kept.

use std::path::{Path, PathBuf};

use voicecall_core::ErrorKind;
use voicecall_core::intake::{CallFilter, Intake};

use super::pushes::{UNSIGNED, cdr, fee};
use super::stores::{Place, sqlite};

fn push(intake: &Intake, session: &str) -> u16 {
    intake
        .receive(UNSIGNED, fee(&[cdr(session, "")]).as_bytes())
        .reply
        .status
}

fn beside(place: &Place, ending: &str) -> PathBuf {
    format!("{}{ending}", place.file().unwrap().display()).into()
}

fn assert_refuses(intake: &Intake, why: &str) {
    let receipt = intake.receive(UNSIGNED, fee(&[cdr("refused", "")]).as_bytes());
    assert_eq!(receipt.reply.status, 500, "{why}");
    assert!(
        receipt
            .event
            .unwrap_err()
            .message()
            .contains("removed, moved or replaced"),
        "{why}"
    );
    assert!(intake.probe().is_err() && intake.call("s-1").is_err(), "{why}");
}

#[test]
fn a_file_that_is_removed_moved_or_replaced_is_noticed_before_the_next_answer() {
    for ending in ["", "-wal", "-shm"] {
        let place = sqlite();
        let intake = place.open();
        assert_eq!(push(&intake, "s-1"), 200);
        let (file, away) = (beside(&place, ending), beside(&place, "-away"));
        std::fs::rename(&file, &away).unwrap();
        assert_refuses(&intake, &format!("moved: {ending}"));
        std::fs::copy(&away, &file).unwrap();
        assert_refuses(&intake, &format!("replaced by a copy: {ending}"));
        std::fs::rename(&away, &file).unwrap();
        assert_eq!(push(&intake, "s-2"), 200, "put back: {ending}");
        std::fs::remove_file(&file).unwrap();
        assert_refuses(&intake, &format!("removed: {ending}"));
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_elsewhere_is_noticed() {
    let (place, other) = (sqlite(), sqlite());
    drop(other.open());
    let link = beside(&place, "-link");
    std::os::unix::fs::symlink(place.file().unwrap(), &link).unwrap();
    drop(place.open());
    let intake = Intake::open(&format!("sqlite:{}", link.display())).unwrap();
    assert_eq!(push(&intake, "s-1"), 200);
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(other.file().unwrap(), &link).unwrap();
    assert_refuses(&intake, "another link");
}

#[test]
fn a_log_without_its_file_is_refused_and_kept() {
    for empty in [true, false] {
        let place = sqlite();
        let intake = place.open();
        push(&intake, "s-1");
        let (file, log, copy) = (place.file().unwrap(), beside(&place, "-wal"), beside(&place, "-copy"));
        std::fs::copy(&log, &copy).unwrap();
        let whole = std::fs::read(file).unwrap();
        drop(intake);
        std::fs::rename(&copy, &log).unwrap();
        if empty {
            std::fs::write(file, "").unwrap();
        } else {
            std::fs::remove_file(file).unwrap();
        }
        let error = place
            .config()
            .build(voicecall_core::webhook::Webhook::builder().build().unwrap());
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert!(error.message().contains("FILE-wal"), "{error}");
        assert!(std::fs::metadata(&log).unwrap().len() > 0);
        std::fs::write(file, whole).unwrap();
        assert!(place.open().call("s-1").unwrap().is_some());
    }
}

/// Debian's SQLite, which Python's `sqlite3` uses, too: another copy than the one that is compiled in.
#[cfg(target_os = "linux")]
mod another_copy {
    use std::ffi::{CStr, CString, c_char, c_int, c_void};
    use std::ptr::null_mut;

    use super::*;

    type Callback = extern "C" fn(*mut c_void, c_int, *mut *mut c_char, *mut *mut c_char) -> c_int;

    struct Copy {
        open: unsafe extern "C" fn(*const c_char, *mut *mut c_void) -> c_int,
        timeout: unsafe extern "C" fn(*mut c_void, c_int) -> c_int,
        exec:
            unsafe extern "C" fn(*mut c_void, *const c_char, Option<Callback>, *mut c_void, *mut *mut c_char) -> c_int,
        close: unsafe extern "C" fn(*mut c_void) -> c_int,
    }

    impl Copy {
        #[allow(clippy::missing_transmute_annotations, reason = "the fields have the types")]
        fn load() -> Option<Copy> {
            // SAFETY: the functions are those of SQLite's documented API.
            unsafe {
                let library = libc::dlopen(c"libsqlite3.so.0".as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
                if library.is_null() {
                    return None;
                }
                let find = |name: &CStr| libc::dlsym(library, name.as_ptr());
                Some(Copy {
                    open: std::mem::transmute(find(c"sqlite3_open")),
                    timeout: std::mem::transmute(find(c"sqlite3_busy_timeout")),
                    exec: std::mem::transmute(find(c"sqlite3_exec")),
                    close: std::mem::transmute(find(c"sqlite3_close")),
                })
            }
        }

        /// Opens the file, runs the statements, and closes it.
        fn run(&self, file: &Path, sql: &[String]) {
            let file = CString::new(file.to_str().unwrap()).unwrap();
            let mut connection = null_mut();
            // SAFETY: as the API asks.
            unsafe {
                assert_eq!((self.open)(file.as_ptr(), &mut connection), 0);
                (self.timeout)(connection, 60_000);
                for sql in sql {
                    let text = CString::new(sql.as_str()).unwrap();
                    let code = (self.exec)(connection, text.as_ptr(), None, null_mut(), null_mut());
                    assert_eq!(code, 0, "{sql}");
                }
                assert_eq!((self.close)(connection), 0);
            }
        }
    }

    fn stored(intake: &Intake) -> usize {
        let (mut count, mut filter) = (0, CallFilter::new().limit(1000));
        loop {
            let page = intake.calls(&filter).unwrap();
            count += page.calls.len();
            match page.next {
                Some(mark) => filter = filter.after(mark),
                None => return count,
            }
        }
    }

    #[test]
    fn another_copy_of_sqlite_in_the_process_takes_no_lock_and_no_log_away() {
        let Some(copy) = Copy::load() else {
            println!("skipped: no libsqlite3.so.0 here");
            return;
        };
        let place = sqlite();
        let intake = place.open();
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                for number in 0..300 {
                    assert_eq!(push(&intake, &format!("s-{number}")), 200);
                }
            });
            while !writing.is_finished() {
                // Whoever is the last to close a store deletes its log.
                copy.run(place.file().unwrap(), &["SELECT * FROM cdrs".to_owned()]);
                let write = "INSERT INTO intake_meta (name, value) VALUES ('other', '0') \
                             ON CONFLICT (name) DO UPDATE SET value = value + 1";
                copy.run(place.file().unwrap(), &vec![write.to_owned(); 5]);
            }
            writing.join().unwrap();
        });
        intake.check().unwrap();
        assert_eq!(stored(&intake), 300);
        drop(intake);
        let intake = place.open();
        intake.check().unwrap();
        assert_eq!(stored(&intake), 300);
    }
}
