//! `--forward`: hands each accepted webhook on, as it came, to a program of the user's. What the program answers is shown;
//! it does not decide what the platform is told, because the event is already on disk.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Instant;

use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName};
use serde_json::json;

use super::printer::Printer;
use crate::exit::Failure;
use crate::http::{Http, Target};
use crate::output::{self, BAD, FAINT, styled};
use crate::settings::{Global, SettingFlags, Settings};

/// How many webhooks may wait for a slow program; further ones are not forwarded, and said so.
const QUEUE: usize = 1000;
/// Headers that belong to one connection, not to the message.
const OF_THE_CONNECTION: [HeaderName; 4] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// Sends on a thread of its own, one after the other.
pub(super) struct Forwarder {
    queue: SyncSender<(HeaderMap, Bytes)>,
}

impl Forwarder {
    pub(super) fn start(url: &str, global: &Global, printer: Printer) -> Result<Forwarder, Failure> {
        let target = Target::parse(url).map_err(|why| Failure::usage(format!("--forward: {why}")))?;
        let config = Settings::gather(global, &SettingFlags::default())?.config()?;
        let http = Http::new(config.ca_file.as_deref())?;
        let (queue, waiting) = sync_channel(QUEUE);
        let json = global.json;
        std::thread::spawn(move || {
            for (headers, body) in waiting {
                printer.print(send(&http, &target, headers, body, json));
            }
        });
        Ok(Forwarder { queue })
    }

    /// Never waits for the program: the platform's next webhook must not.
    pub(super) fn pass_on(&self, mut headers: HeaderMap, body: Bytes) {
        OF_THE_CONNECTION.iter().for_each(|name| drop(headers.remove(name)));
        if let Err(TrySendError::Full(_)) = self.queue.try_send((headers, body)) {
            tracing::error!("not forwarded: {QUEUE} webhooks are waiting; replay the file later");
        }
    }
}

/// Sends it, and gives the line that tells what came of it.
fn send(http: &Http, target: &Target, headers: HeaderMap, body: Bytes, json: bool) -> String {
    let begun = Instant::now();
    let answered = http.post(target, headers, body);
    let took = begun.elapsed().as_millis();
    if json {
        let told = match &answered {
            Ok(answer) => json!({ "status": answer.status, "body": String::from_utf8_lossy(&answer.body), "ms": took }),
            Err(why) => json!({ "error": why, "ms": took }),
        };
        return json!({ "forwarded": told }).to_string();
    }
    match answered {
        Ok(answer) if answer.status == 200 => styled(FAINT, &format!("          forwarded: HTTP 200 in {took} ms")),
        Ok(answer) => {
            let body = String::from_utf8_lossy(&answer.body);
            let told = format!("forwarded: HTTP {} in {took} ms: {body}", answer.status);
            format!("          {}", styled(BAD, &output::one_line(&told)))
        }
        Err(why) => format!(
            "          {}",
            styled(BAD, &output::one_line(&format!("not forwarded: {why}")))
        ),
    }
}
