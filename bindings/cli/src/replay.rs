//! `voicecall replay`: sends saved webhooks again, freshly signed, one after the other in the order of the file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, Event, PushSigner, parse};
use voicecall_core::{Config, Secret};

use crate::exit::Failure;
use crate::http::{Answer, Http, Target};
use crate::listen::Saved;
use crate::output::{self, BAD, GOOD, styled};
use crate::settings::{Global, SettingFlags, Settings};

/// Options of `voicecall replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayOptions {
    /// File that voicecall listen has written.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to send them.
    #[arg(long, value_name = "URL")]
    to: String,
    /// The address that the signature covers, where the receiver was told another one than --to.
    #[arg(long, value_name = "URL")]
    signed_for: Option<String>,
    /// What the signature is made over: newest or older.
    #[arg(long, value_name = "WORD", default_value = "newest", value_parser = ["newest", "older"])]
    digest_form: String,
    /// Time zone of the signature's time: utc or beijing.
    #[arg(long, value_name = "WORD", default_value = "utc", value_parser = ["utc", "beijing"])]
    created_zone: String,
    /// Also send duplicates, and what was refused or could not be read when it came.
    ///
    /// Without it these are left out: a refused webhook may be forged, and a fresh signature would make it look genuine.
    #[arg(long)]
    all: bool,
}

/// What became of the lines of the file.
#[derive(Default)]
struct Count {
    delivered: usize,
    failed: usize,
    left_out: usize,
    broken: usize,
}

/// Sends the file.
pub(crate) fn run(options: &ReplayOptions, global: &Global) -> Result<(), Failure> {
    let sender = Sender::new(options, global)?;
    let failed = |error: std::io::Error| Failure::local(format!("{}: {error}", options.file.display()));
    let file = BufReader::new(File::open(&options.file).map_err(failed)?);
    let mut count = Count::default();
    for (index, line) in file.split(b'\n').enumerate() {
        let line = line.map_err(failed)?;
        if line.is_empty() {
            continue;
        }
        let Some(saved) = std::str::from_utf8(&line).ok().and_then(Saved::read) else {
            output::complain(&format!(
                "{}, line {}: not whole, left out",
                options.file.display(),
                index + 1
            ));
            count.broken += 1;
            continue;
        };
        sender.send(saved, index + 1, &mut count)?;
    }
    conclude(&count, global.json)
}

fn conclude(count: &Count, json: bool) -> Result<(), Failure> {
    let Count {
        delivered,
        failed,
        left_out,
        broken,
    } = count;
    if json {
        output::json(&json!({ "summary": {
            "delivered": delivered, "failed": failed, "left_out": left_out, "broken": broken,
        } }));
    } else {
        output::line(&format!(
            "{delivered} delivered, {failed} failed, {left_out} left out, {broken} broken"
        ));
    }
    match failed + broken {
        0 => Ok(()),
        _ => Err(Failure::local(format!(
            "{failed} webhooks were not taken and {broken} lines are not whole"
        ))),
    }
}

struct Sender<'a> {
    http: Http,
    target: Target,
    app_key: String,
    app_secret: Secret,
    signed_for: &'a str,
    form: DigestForm,
    zone: CreatedZone,
    all: bool,
    json: bool,
}

impl Sender<'_> {
    fn new<'a>(options: &'a ReplayOptions, global: &Global) -> Result<Sender<'a>, Failure> {
        let settings = Settings::gather(global, &SettingFlags::default())?;
        let config = settings.config()?;
        config.check().map_err(|error| settings.fault(error))?;
        let Config {
            app_key: Some(app_key),
            app_secret: Some(app_secret),
            ca_file,
            ..
        } = config
        else {
            return Err(Failure::usage(
                "webhooks are signed with app_key and app_secret: set them",
            ));
        };
        Ok(Sender {
            http: Http::new(ca_file.as_deref())?,
            target: Target::parse(&options.to).map_err(|why| Failure::usage(format!("--to: {why}")))?,
            app_key,
            app_secret,
            signed_for: options.signed_for.as_deref().unwrap_or(&options.to),
            form: DigestForm::from(options.digest_form.as_str()),
            zone: CreatedZone::from(options.created_zone.as_str()),
            all: options.all,
            json: global.json,
        })
    }

    fn send(&self, saved: Saved, line: usize, count: &mut Count) -> Result<(), Failure> {
        let event = parse(&saved.body).ok();
        let wanted = self.all || !(saved.refused || saved.duplicate || event.is_none());
        if !wanted {
            count.left_out += 1;
            return Ok(());
        }
        let answered = self.http.post(&self.target, self.signature()?, saved.body.into());
        let taken = answered.as_ref().is_ok_and(|answer| is_taken(event.as_ref(), answer));
        if taken {
            count.delivered += 1;
        } else {
            count.failed += 1;
        }
        self.show(line, event.as_ref(), taken, &answered);
        Ok(())
    }

    fn signature(&self) -> Result<HeaderMap, Failure> {
        let signer = PushSigner {
            app_key: &self.app_key,
            app_secret: &self.app_secret,
            url: self.signed_for,
            form: self.form.clone(),
        };
        let nonce = sign::nonce().map_err(|error| Failure::local(format!("no random numbers to be had: {error}")))?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let created = sign::created(i64::try_from(now).unwrap_or_default(), &self.zone);
        let headers = signer
            .headers(&nonce, &created)
            .into_iter()
            .filter_map(|(name, value)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?)));
        Ok(headers.collect())
    }

    fn show(&self, line: usize, event: Option<&Event>, taken: bool, answered: &Result<Answer, String>) {
        let kind = event.map_or("unreadable", Event::event_type);
        if self.json {
            let (status, error) = (
                answered.as_ref().ok().map(|answer| answer.status),
                answered.as_ref().err(),
            );
            return output::json(&json!({ "replayed": {
                "line": line, "eventType": kind, "delivered": taken, "status": status, "error": error,
            } }));
        }
        let what = match answered {
            Ok(answer) => format!("HTTP {}", answer.status),
            Err(why) => why.clone(),
        };
        let word = if taken {
            styled(GOOD, "taken    ")
        } else {
            styled(BAD, "not taken")
        };
        output::line(&format!(
            "{word}  line {line}  {}",
            output::one_line(&format!("{kind}: {what}"))
        ));
    }
}

/// Whether a receiver's answer means "received" to the platform: 200, and for CDRs no result code but 0 (contract
/// pushes.md 4).
fn is_taken(event: Option<&Event>, answer: &Answer) -> bool {
    let refused = || {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        body.get("resultcode")
            .is_some_and(|code| *code != "0" && *code != 0 && !code.is_null())
    };
    answer.status == 200 && !(matches!(event, Some(Event::Fee(_))) && refused())
}
