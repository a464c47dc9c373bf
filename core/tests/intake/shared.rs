//! What only a store that several receivers share has to stand: they at the same time, and its own restarts.

use super::pushes::{A, B, UNSIGNED, callback_cdr, cdr, fee, status};
use super::stores::on_every_store;

#[test]
fn two_receivers_with_the_same_pushes_count_each_once() {
    on_every_store(|place| {
        let receivers = [place.open(), place.open()];
        let bodies: Vec<String> = (0..40)
            .flat_map(|call| {
                let session = format!("s-{call}");
                [
                    status(&session, "callout", 24, A, r#","userData":"order-1""#),
                    status(&session, "callout", 31, B, ""),
                    fee(&[callback_cdr(&session, ""), cdr(&format!("other-{}", call % 7), "")]),
                    fee(&[
                        cdr(&format!("other-{}", call % 5), ""),
                        callback_cdr(&session, r#","hostName":"h""#),
                    ]),
                ]
            })
            .collect();
        let accepted: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|thread| {
                    let (receiver, bodies) = (&receivers[thread % 2], &bodies);
                    scope.spawn(move || {
                        // Each in an order of its own: 160 and these factors have no common divisor.
                        let factor = [1, 159, 7, 153, 11, 149, 13, 147][thread];
                        let receipts = (0..bodies.len())
                            .map(|step| receiver.receive(UNSIGNED, bodies[step * factor % bodies.len()].as_bytes()));
                        receipts
                            .inspect(|receipt| assert_eq!(receipt.reply.status, 200))
                            .map(|receipt| receipt.accepted)
                            .sum::<usize>()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(accepted, 40 * 2 + 40 + 7);
        assert_eq!(place.rows("SELECT count(*) FROM cdrs"), [["47"]]);
        assert_eq!(place.rows("SELECT count(*) FROM conflicts"), [["40"]]);
        assert_eq!(
            place.rows("SELECT count(*) FROM cdrs WHERE raw LIKE '%hostName%'"),
            [["40"]]
        );
    });
}

#[cfg(feature = "intake-postgres")]
mod restarts {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use voicecall_core::intake::{Intake, IntakeConfig};
    use voicecall_core::webhook::Webhook;

    use super::super::postgres_server::Server;
    use super::{UNSIGNED, cdr, fee};

    fn open(server: &Server, timeout: Duration) -> Intake {
        let config = IntakeConfig::new().store(server.url()).store_timeout(timeout);
        config.build(Webhook::builder().build().unwrap()).unwrap()
    }

    #[test]
    fn a_server_that_restarts_and_crashes_under_load_loses_nothing() {
        let mut server = Server::start();
        let (intake, done) = (open(&server, Duration::from_secs(30)), AtomicBool::new(false));
        let pushed: usize = std::thread::scope(|scope| {
            let pushers: Vec<_> = (0..8)
                .map(|pusher| {
                    let (intake, done) = (&intake, &done);
                    scope.spawn(move || {
                        let mut count = 0;
                        while !done.load(Ordering::SeqCst) {
                            let body = fee(&[cdr(&format!("s-{pusher}-{count}"), "")]);
                            let receipt = intake.receive(UNSIGNED, body.as_bytes());
                            // An answer to a commit may have been lost: then the record was known the second time.
                            assert_eq!((receipt.reply.status, receipt.accepted + receipt.duplicates), (200, 1));
                            count += 1;
                        }
                        count
                    })
                })
                .collect();
            for end in [Server::stop, Server::crash, Server::crash] {
                std::thread::sleep(Duration::from_millis(300));
                end(&mut server);
                server.resume();
            }
            done.store(true, Ordering::SeqCst);
            pushers.into_iter().map(|pusher| pusher.join().unwrap()).sum()
        });
        let mut client = ::postgres::Client::connect(&server.url(), ::postgres::NoTls).unwrap();
        let row = client
            .query_one("SELECT count(*), count(DISTINCT session_id) FROM voicecall.cdrs", &[])
            .unwrap();
        assert_eq!(
            (row.get::<_, i64>(0), row.get::<_, i64>(1)),
            (pushed as i64, pushed as i64)
        );
        assert!(pushed > 20, "{pushed}");
    }

    #[test]
    fn a_server_that_stays_away_gets_500_and_takes_up_again() {
        let mut server = Server::start();
        let intake = open(&server, Duration::from_secs(2));
        let body = fee(&[cdr("s-1", "")]);
        server.stop();
        assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).reply.status, 500);
        server.resume();
        assert_eq!(intake.receive(UNSIGNED, body.as_bytes()).accepted, 1);
    }
}
