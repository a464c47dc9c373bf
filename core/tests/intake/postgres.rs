//! PostgreSQL as it is run: silent machines, new primaries, poolers, databases of other encodings.

use std::time::{Duration, Instant};

use voicecall_core::ErrorKind;
use voicecall_core::intake::{Intake, IntakeConfig};
use voicecall_core::webhook::Webhook;

use super::pgbouncer::Pooler;
use super::postgres_server::Server;
use super::pushes::{UNSIGNED, cdr, fee};
use super::relay::Relay;

const TIMEOUT: Duration = Duration::from_secs(2);
/// Beyond a time-out nobody waits for long.
const SLACK: Duration = Duration::from_secs(2);

fn config(ports: &[u16]) -> IntakeConfig {
    let hosts: Vec<_> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let url = format!("postgres://voice@{}/postgres", hosts.join(","));
    IntakeConfig::new().store(url).store_timeout(TIMEOUT)
}

fn build(config: IntakeConfig) -> Result<Intake, voicecall_core::Error> {
    config.build(Webhook::builder().build().unwrap())
}

fn push(intake: &Intake, session: &str) -> u16 {
    intake
        .receive(UNSIGNED, fee(&[cdr(session, "")]).as_bytes())
        .reply
        .status
}

fn count(server: &Server) -> i64 {
    let mut client = ::postgres::Client::connect(&server.url(), ::postgres::NoTls).unwrap();
    let row = client.query_one("SELECT count(*) FROM voicecall.cdrs", &[]).unwrap();
    row.get(0)
}

#[test]
fn a_server_that_goes_silent_gets_500_in_time_and_its_connections_are_shut() {
    let server = Server::start();
    let relay = Relay::to(server.port());
    let intake = build(config(&[relay.port()])).unwrap();
    // Several connections, which are idle when the server goes silent.
    std::thread::scope(|scope| {
        (0..8).for_each(|thread| {
            drop(scope.spawn({
                let intake = &intake;
                move || assert_eq!(push(intake, &format!("before-{thread}")), 200)
            }))
        });
    });
    relay.freeze();
    std::thread::scope(|scope| {
        for thread in 0..24 {
            let intake = &intake;
            scope.spawn(move || {
                let begun = Instant::now();
                assert_eq!(push(intake, &format!("s-{thread}")), 500);
                // Who comes while others try waits for these first.
                assert!(begun.elapsed() < TIMEOUT * 2 + SLACK, "{:?}", begun.elapsed());
            });
        }
        relay.wait_for_held();
        let begun = Instant::now();
        assert!(intake.call("s-0").is_err());
        assert!(intake.probe().is_err());
        assert!(begun.elapsed() < TIMEOUT * 2 + SLACK, "{:?}", begun.elapsed());
    });
    assert!(relay.shut() > 0);
    relay.thaw();
    for thread in 0..24 {
        assert_eq!(push(&intake, &format!("s-{thread}")), 200);
    }
    assert_eq!(count(&server), 8 + 24);
}

#[test]
fn closing_does_not_wait_for_a_silent_server() {
    let server = Server::start();
    let relay = Relay::to(server.port());
    let intake = build(config(&[relay.port()]).store_timeout(Duration::from_secs(30))).unwrap();
    relay.freeze();
    let waiting = intake.clone();
    let pushing = std::thread::spawn(move || push(&waiting, "s-1"));
    relay.wait_for_held();
    let begun = Instant::now();
    intake.close();
    drop(intake);
    assert!(begun.elapsed() < SLACK, "{:?}", begun.elapsed());
    relay.thaw();
    assert_eq!(pushing.join().unwrap(), 200, "what was being written is finished");
}

#[test]
fn a_server_that_is_silent_at_opening_is_an_error_in_time() {
    let server = Server::start();
    let relay = Relay::to(server.port());
    relay.freeze();
    let begun = Instant::now();
    let error = build(config(&[relay.port()])).unwrap_err();
    assert!(begun.elapsed() < TIMEOUT + SLACK, "{:?}", begun.elapsed());
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.message().contains("does not answer"), "{error}");
}

#[test]
fn a_new_primary_is_found_without_opening_again() {
    let (mut old, new) = (Server::start(), Server::start());
    // Replication is the servers' own business: both have the tables, as a standby would.
    drop(build(config(&[new.port()])).unwrap());
    let relay = Relay::to(old.port());
    let intake = build(config(&[relay.port(), new.port()])).unwrap();
    assert_eq!(push(&intake, "s-1"), 200);
    assert_eq!((count(&old), count(&new)), (1, 0));
    relay.freeze();
    assert_eq!(push(&intake, "s-2"), 200, "the first host is silent");
    assert_eq!(count(&new), 1);
    relay.thaw();
    old.stop();
    assert_eq!(push(&intake, "s-3"), 200, "the first host is gone");
    old.resume();
    let mut client = ::postgres::Client::connect(&old.url(), ::postgres::NoTls).unwrap();
    client
        .batch_execute("ALTER ROLE voice SET default_transaction_read_only = on")
        .unwrap();
    let again = build(config(&[old.port(), new.port()])).unwrap();
    assert_eq!(push(&again, "s-4"), 200, "the first host only reads");
    assert_eq!((count(&old), count(&new)), (1, 3));
}

#[test]
fn a_primary_that_becomes_a_standby_is_left() {
    let (old, new) = (Server::start(), Server::start());
    drop(build(config(&[new.port()])).unwrap());
    let intake = build(config(&[old.port(), new.port()])).unwrap();
    assert_eq!(push(&intake, "s-1"), 200);
    let mut client = ::postgres::Client::connect(&old.url(), ::postgres::NoTls).unwrap();
    // As a standby has it: for connections that are there, too.
    client
        .batch_execute("ALTER SYSTEM SET default_transaction_read_only = on; ")
        .unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    let begun = Instant::now();
    while count(&new) == 0 {
        assert_eq!(push(&intake, &format!("s-{:?}", begun.elapsed())), 200);
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the settings are not read again"
        );
    }
}

#[test]
fn a_database_of_another_encoding_is_refused_with_what_to_do() {
    for encoding in ["EUC_CN", "SQL_ASCII"] {
        let server = Server::of_encoding(encoding);
        let error = build(config(&[server.port()])).unwrap_err();
        assert!(
            error.message().contains(encoding) && error.message().contains("ENCODING 'UTF8'"),
            "{error}"
        );
    }
}

#[test]
fn a_pooler_that_hands_out_single_statements_is_refused() {
    let server = Server::start();
    let pooler = Pooler::start(&server, "statement");
    let error = build(IntakeConfig::new().store(pooler.url()).store_timeout(TIMEOUT)).unwrap_err();
    assert!(error.message().contains("mode transaction or session"), "{error}");
}

#[test]
fn a_pooler_in_session_mode_serves_as_well() {
    let server = Server::start();
    let pooler = Pooler::start(&server, "session");
    let intake = build(IntakeConfig::new().store(pooler.url())).unwrap();
    assert_eq!(push(&intake, "s-1"), 200);
    assert_eq!(count(&server), 1);
}
