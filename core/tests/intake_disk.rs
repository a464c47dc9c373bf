//! Disks that fail at every step, and power that fails between any two: what was acknowledged is there afterwards, nothing
//! hangs, and a webhook that could not be stored gets 500.

#![cfg(all(feature = "intake", target_os = "linux"))]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so when it fails"
)]

#[path = "support/faulty_vfs.rs"]
mod faulty_vfs;
#[path = "support/pushes.rs"]
mod pushes;
#[path = "support/scratch.rs"]
mod scratch;

use std::path::Path;

use faulty_vfs::Fault;
use pushes::{UNSIGNED, cdr, fee};
use scratch::Scratch;
use voicecall_core::ErrorKind;
use voicecall_core::intake::{CallFilter, Intake};

fn open(file: &Path) -> Result<Intake, voicecall_core::Error> {
    Intake::open(&format!("sqlite:{}", file.display()))
}

/// The records of the n-th message: from one to thirty.
fn sessions(message: usize) -> Vec<String> {
    let count = [1, 30, 2, 7, 1][message % 5];
    (0..count).map(|record| format!("s-{message}-{record}")).collect()
}

/// Pushes a message; gives its sessions if it was acknowledged.
fn push(intake: &Intake, message: usize) -> Option<Vec<String>> {
    let sessions = sessions(message);
    let records: Vec<_> = sessions.iter().map(|session| cdr(session, "")).collect();
    let receipt = intake.receive(UNSIGNED, fee(&records).as_bytes());
    match receipt.reply.status {
        200 => Some(sessions),
        500 => {
            assert_eq!(receipt.event.unwrap_err().kind(), ErrorKind::Storage);
            None
        }
        other => panic!("{other}"),
    }
}

fn assert_sound(file: &Path, acknowledged: &[String], what: &str) {
    let intake = open(file).unwrap_or_else(|error| panic!("{what}: {error}"));
    intake.check().unwrap_or_else(|error| panic!("{what}: {error}"));
    let page = intake.calls(&CallFilter::new().limit(1000)).unwrap();
    assert!(page.next.is_none());
    for session in acknowledged {
        let found = page
            .calls
            .iter()
            .filter(|call| call.session_id.as_ref() == Some(session))
            .count();
        assert_eq!(found, 1, "{what}: {session}");
    }
}

/// A store that is made, filled, and closed, on a disk whose n-th step of a kind fails.
fn life(fault: Fault, n: usize) -> bool {
    let what = format!("{fault:?} {n}");
    let folder = Scratch::new();
    let file = folder.path().join("calls.db");
    faulty_vfs::fail(fault, n);
    let intake = open(&file);
    let intake = intake.or_else(|error| {
        assert_eq!(error.kind(), ErrorKind::Storage, "{what}: {error}");
        open(&file)
    });
    let intake = intake.unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut acknowledged: Vec<String> = (0..6).filter_map(|message| push(&intake, message)).flatten().collect();
    // The platform sends again what was not acknowledged.
    for message in 0..6 {
        let again = push(&intake, message);
        acknowledged.extend(
            again
                .or_else(|| push(&intake, message))
                .unwrap_or_else(|| panic!("{what}: stays broken")),
        );
    }
    drop(intake);
    let struck = faulty_vfs::heal();
    acknowledged.sort();
    acknowledged.dedup();
    assert_sound(&file, &acknowledged, &what);
    struck
}

fn every_step_of_a_disk_may_fail() {
    for fault in [Fault::Full, Fault::Write, Fault::ShortWrite, Fault::Sync, Fault::Read] {
        let lives = (1..).take_while(|n| life(fault, *n)).count();
        assert!(lives > 5, "{fault:?}");
    }
}

fn power_may_fail_after_any_step() {
    let folder = Scratch::new();
    let file = folder.path().join("calls.db");
    faulty_vfs::record();
    let intake = open(&file).unwrap();
    let opened = faulty_vfs::steps();
    let mut acknowledged = Vec::new();
    for message in 0..15 {
        let sessions = push(&intake, message).unwrap();
        acknowledged.push((faulty_vfs::steps(), sessions));
    }
    drop(intake);
    let all = faulty_vfs::steps();
    let mut random = 1_u64;
    for (round, steps) in (opened..=all).enumerate() {
        // None, all, or some of what was not synced reached the disk.
        let files = faulty_vfs::after_power_loss(steps, || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            [false, true, random >> 63 == 1][round % 3]
        });
        let after = Scratch::new();
        for (path, bytes) in files {
            std::fs::write(after.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        let before = acknowledged.iter().filter(|(at, _)| *at <= steps);
        let sessions: Vec<_> = before.flat_map(|(_, sessions)| sessions.clone()).collect();
        assert_sound(
            &after.path().join("calls.db"),
            &sessions,
            &format!("power lost after {steps} of {all}"),
        );
    }
}

/// One after the other: the disk is that of the process.
#[test]
fn what_is_acknowledged_survives_its_disk() {
    faulty_vfs::install();
    every_step_of_a_disk_may_fail();
    power_may_fail_after_any_step();
}
