//! What is opened and what is refused, with what to do.

use voicecall_core::intake::{Intake, IntakeConfig};
use voicecall_core::webhook::Webhook;
use voicecall_core::{Error, ErrorKind};

use super::pushes::{UNSIGNED, cdr, fee};
use super::stores::{on_every_store, sqlite};

fn refused(config: IntakeConfig) -> Error {
    let error = config.build(Webhook::builder().build().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage, "{error}");
    error
}

#[test]
fn a_store_is_there_after_the_process_is_gone() {
    on_every_store(|place| {
        place.open().receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        assert!(place.open().call("s-1").unwrap().is_some());
    });
}

#[test]
fn several_open_one_empty_store_at_the_same_time() {
    on_every_store(|place| {
        std::thread::scope(|scope| {
            (0..6).for_each(|_| drop(scope.spawn(|| drop(place.open()))));
        });
        assert_eq!(place.rows("SELECT count(*) FROM intake_rejected_count"), [["3"]]);
    });
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    on_every_store(|place| {
        drop(place.open());
        place.rows(match place.file() {
            Some(_) => "PRAGMA user_version = 3",
            None => "UPDATE intake_meta SET value = '3' WHERE name = 'schema'",
        });
        let error = refused(place.config());
        assert!(
            error.message().contains("schema 3") && error.message().contains("update this one"),
            "{error}"
        );
    });
}

#[test]
fn a_database_of_another_program_is_refused() {
    let place = sqlite();
    place.rows("CREATE TABLE invoices (id INTEGER)");
    assert!(refused(place.config()).message().contains("another program"));
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let place = sqlite();
    std::fs::write(
        place.file().unwrap(),
        "a letter to grandmother, long enough to be read as a header of something",
    )
    .unwrap();
    assert!(refused(place.config()).message().contains("no SQLite database"));
}

#[test]
fn a_damaged_file_is_refused_with_what_to_do() {
    let place = sqlite();
    let intake = place.open();
    for message in 0..20 {
        let records: Vec<_> = (0..50)
            .map(|number| cdr(&format!("s-{message}-{number}"), ""))
            .collect();
        intake.receive(UNSIGNED, fee(&records).as_bytes());
    }
    drop(intake);
    let path = place.file().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    std::fs::write(path, bytes).unwrap();
    let error = refused(place.config());
    assert!(
        error.message().contains("damaged") && error.message().contains(".recover"),
        "{error}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_named_as_the_reason() {
    let error = Intake::open("sqlite:/nonexistent/folder/calls.db").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.message().contains("check path"), "{error}");
}

#[test]
fn a_check_of_a_sound_store_finds_nothing() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        intake.check().unwrap();
    });
}

#[cfg(feature = "intake-postgres")]
#[test]
fn a_server_that_is_not_there_is_an_error_in_time() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("postgres://voice:example-secret-0001@{closed}/postgres");
    let begun = std::time::Instant::now();
    let timeout = std::time::Duration::from_millis(500);
    let error = refused(IntakeConfig::new().store(url).store_timeout(timeout));
    assert!(begun.elapsed() < timeout * 4, "{:?}", begun.elapsed());
    assert!(error.message().contains("cannot be reached") && !format!("{error:?}").contains("example-secret"));
}
