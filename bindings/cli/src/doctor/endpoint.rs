//! The way to the platform, stage by stage, and what it says to a signed request that rings nobody: it asks for the
//! recording of a file that does not exist.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hyper::Request;
use hyper::body::Bytes;
use voicecall_core::calls::{GET_RECORDING_DOWNLOAD_URL, Recording};
use voicecall_core::request::{self, Signer};
use voicecall_core::response::{self, HttpAnswer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::{CallOptions, Client, Config, Error, ErrorKind};

use super::report::Report;
use crate::exit::Failure;
use crate::http::{Answer, Http, Link, Secured, Target, Tls};
use crate::settings::time;

/// Names of a recording that nobody has.
const NO_FILE: &str = "voicecall-doctor-no-such-file.wav";
const NO_DOMAIN: &str = "voicecall.invalid";
/// What the platform answers for it (contract requests.md 5 and 13.3).
const NO_SUCH_RECORD: &str = "1016001";
/// Largest difference between the clocks that is not told as a fault. What the platform allows is not documented; a
/// minute is what the library's own correction takes for right (contract requests.md 18, D15).
const TOLERATED_SKEW: i64 = 60;
/// In seconds.
const DAY: i64 = 24 * 3600;
/// A certificate that ends sooner is told as something to look at.
const FEW_DAYS: i64 = 21;
/// Wire name of the setting that bounds connecting and TLS.
const CONNECT_TIMEOUT: &str = "connectTimeoutMs";

/// What to do when a stage of the connection fails.
const DNS: &str = "Check the endpoint and this machine's name service.";
const TCP: &str = "Check endpoint, port and firewall.";
const TLS: &str = "Check the endpoint's certificate, this machine's clock and the ca_file.";
const HTTP: &str = "Check that the endpoint is the platform's: something else may listen there.";

pub(super) fn examine(http: &Http, config: &Config, report: &mut Report) {
    if config.proxy.is_some() {
        report.note(
            "connection",
            "goes through a proxy; its stages and the clock are not looked at",
            "Unset the proxy to look at them.",
        );
        return through_the_library(config, report);
    }
    let target = match Target::parse(config.base_url()) {
        Ok(target) => target,
        Err(why) => return report.bad("endpoint", why, "Correct the endpoint.", Failure::Usage),
    };
    let answer = http.run(async {
        let link = connect(&target, config, report).await?;
        let secured = secure(link, http, &target, config, report).await?;
        ask(secured, &target, config, report).await
    });
    if let Some((answer, sent_at)) = answer {
        clock(&answer, sent_at, report);
        judge(read(&answer), report);
    }
}

async fn connect(target: &Target, config: &Config, report: &mut Report) -> Option<Link> {
    let begun = Instant::now();
    let addresses = match within(time(config, "resolveTimeoutMs"), target.resolve()).await {
        Ok(addresses) => addresses,
        Err(why) => {
            report.bad("name", &why, DNS, not_sent);
            return None;
        }
    };
    report.good(
        "name",
        &format!("{}: {} addresses in {}", target.host, addresses.len(), took(begun)),
    );
    let begun = Instant::now();
    match within(time(config, CONNECT_TIMEOUT), Link::connect(&addresses)).await {
        Ok(link) => {
            report.good("connect", &format!("{} in {}", link.peer, took(begun)));
            Some(link)
        }
        Err(why) => {
            report.bad("connect", &why, TCP, not_sent);
            None
        }
    }
}

async fn secure(link: Link, http: &Http, target: &Target, config: &Config, report: &mut Report) -> Option<Secured> {
    let begun = Instant::now();
    match within(time(config, CONNECT_TIMEOUT), link.secure(target, http.trusted())).await {
        Ok(secured) => {
            match &secured.tls {
                Some(tls) => agreed(tls, &took(begun), report),
                None => {
                    let mend = "Use https for anything but a platform on this machine.";
                    report.note("TLS", "none: the endpoint is http", mend);
                }
            }
            Some(secured)
        }
        Err(why) => {
            report.bad("TLS", &why, TLS, not_sent);
            None
        }
    }
}

/// What was agreed on, with a certificate that was found valid.
fn agreed(tls: &Tls, took: &str, report: &mut Report) {
    let agreed = format!("{} in {took}, certificate valid", tls.version);
    match tls.certificate_end.map(|end| remaining(end, now())) {
        None => report.good("TLS", &agreed),
        Some((until, true)) => {
            let mend = "Whoever runs the endpoint has to renew it before.";
            report.note("TLS", &format!("{agreed} {until}"), mend);
        }
        Some((until, false)) => report.good("TLS", &format!("{agreed} {until}")),
    }
}

/// Until when, and whether that is soon.
fn remaining(end: i64, now: i64) -> (String, bool) {
    let days = (end - now).div_euclid(DAY);
    let end = sign::created(end, &CreatedZone::Utc);
    (format!("until {end}, {days} days from now"), days < FEW_DAYS)
}

/// Sends the signed request. Not through the library, which would correct the clock by itself and say nothing of it.
async fn ask(secured: Secured, target: &Target, config: &Config, report: &mut Report) -> Option<(Answer, i64)> {
    let now = now();
    let request = match signed(config, now) {
        Ok(request) => request,
        Err(why) => {
            report.bad("request", &why, "Try again.", Failure::Local);
            return None;
        }
    };
    match within(time(config, "timeoutMs"), secured.send(target, request)).await {
        Ok(answer) => Some((answer, now)),
        Err(why) => {
            report.bad("request", &why, HTTP, not_sent);
            None
        }
    }
}

fn signed(config: &Config, now: i64) -> Result<Request<Bytes>, String> {
    let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
        return Err("no credentials".to_owned());
    };
    let signer = Signer {
        app_key,
        app_secret,
        zone: config.created_zone.as_ref().unwrap_or(&CreatedZone::Utc),
    };
    let nonce = sign::nonce().map_err(|error| error.to_string())?;
    let signed = request::build(
        &GET_RECORDING_DOWNLOAD_URL,
        &no_recording(),
        config.base_url(),
        signer,
        &nonce,
        now,
    );
    let path = Target::parse(&signed.url)?.path;
    let request = signed
        .headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| {
            request.header(*name, value)
        });
    request.body(Bytes::new()).map_err(|error| error.to_string())
}

fn no_recording() -> Recording {
    Recording::new().file_name(NO_FILE).record_domain(NO_DOMAIN)
}

/// The same request by the library, where only the library knows the way.
fn through_the_library(config: &Config, report: &mut Report) {
    let asked = Client::new(config.clone())
        .and_then(|client| client.perform(&GET_RECORDING_DOWNLOAD_URL, &no_recording(), &CallOptions::new()));
    judge(asked.map(drop), report);
}

fn read(answer: &Answer) -> Result<(), Error> {
    let location = answer.headers.get("location").and_then(|value| value.to_str().ok());
    let parts = HttpAnswer {
        status: answer.status,
        location,
        body: &answer.body,
    };
    response::decode(&GET_RECORDING_DOWNLOAD_URL, &parts).map(drop)
}

fn clock(answer: &Answer, sent_at: i64, report: &mut Report) {
    let date = answer.headers.get("date").and_then(|date| date.to_str().ok());
    let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return report.note(
            "clock",
            "the answer has no Date to compare with",
            "Compare this machine's clock by other means.",
        );
    };
    let ahead = sent_at - unix_seconds(date);
    let side = if ahead < 0 { "behind" } else { "ahead of" };
    let detail = format!("{} s {side} the endpoint's", ahead.unsigned_abs());
    if ahead.abs() <= TOLERATED_SKEW {
        report.good("clock", &detail);
    } else {
        report.bad(
            "clock",
            &detail,
            "Set this machine's clock: signatures carry its time.",
            Failure::Local,
        );
    }
}

fn judge(asked: Result<(), Error>, report: &mut Report) {
    let error = match asked {
        Ok(()) => {
            return report.note(
                "signed request",
                "the platform knows a recording that cannot exist",
                HTTP,
            );
        }
        Err(error) => error,
    };
    let code = error.result_code().unwrap_or_default();
    match error.kind() {
        ErrorKind::Rejected if code == NO_SUCH_RECORD => {
            report.good(
                "signed request",
                "signature accepted; the recording asked for does not exist, as it should be",
            );
        }
        ErrorKind::Rejected | ErrorKind::Throttled => report.note("signed request", error.message(), error.advice()),
        ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout | ErrorKind::ConnectionLost => {
            report.bad("signed request", error.message(), error.advice(), not_sent);
        }
        _ => report.bad("signed request", error.message(), error.advice(), refused),
    }
}

/// The request rings nobody, so whatever happened to it, no call is on its way.
fn not_sent(line: String) -> Failure {
    Failure::NotSent(line)
}

fn refused(line: String) -> Failure {
    Failure::Refused(line)
}

/// A stage of the connection, for as long as the library would wait for it.
async fn within<T>(limit: Duration, stage: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let done = tokio::time::timeout(limit, stage).await;
    done.unwrap_or_else(|_| Err(format!("nothing came within {limit:?}")))
}

fn took(begun: Instant) -> String {
    format!("{} ms", begun.elapsed().as_millis())
}

fn now() -> i64 {
    unix_seconds(SystemTime::now())
}

fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{DAY, FEW_DAYS, remaining};

    #[test]
    fn a_certificate_that_ends_soon_is_told_apart() {
        let now = 1_795_300_000;
        let (until, is_soon) = remaining(now + FEW_DAYS * DAY, now);
        assert_eq!(until, "until 2026-12-12T22:26:40Z, 21 days from now");
        assert!(!is_soon);
        assert!(remaining(now + FEW_DAYS * DAY - 1, now).1);
    }
}
