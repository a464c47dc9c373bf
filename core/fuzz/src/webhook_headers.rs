//! The headers of a push. An input is a line `now policy freshness kind` and then one header per line.
//!
//! A fuzzer cannot find a digest, so the words `<newest>` and `<older>` in a header stand for the right one over the
//! nonce and the time that a naive reader finds in it. The promise at stake: a signature is called valid only where a
//! second computation, made here, finds the same, and one that is written as the contract prints it is called valid.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use voicecall_core::webhook::{
    Event, Freshness, Policy, Reason, Received, SIGNATURE_HEADER, Signature, Verdict, Webhook,
};

use crate::{Seed, calendar, vectors};

const APPLICATIONS: [(&str, &str); 2] = [
    ("ExampleAppKey0001", "example-secret-0001"),
    ("ExampleAppKey0002", "example-secret-0002"),
];
const URLS: [&str; 2] = ["https://push.example.com/status", "https://push.example.com/fee"];
/// Seconds that the signature of a status push is fresh, in both directions, and that of a CDR push.
const TOLERANCE: i64 = 300;
const CDR_TOLERANCE: i64 = 8 * 3600;
const SCHEME: &str = "UsernameToken";
const ZONES: [i64; 2] = [0, 8 * 3600];
const STATUS: &str = r#"{"eventType":"callout","statusInfo":{"sessionId":"1"}}"#;
const FEE: &str = r#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#;

/// Panics when a property does not hold.
pub fn check(input: &[u8]) {
    let Some((push, headers)) = Push::split(input) else {
        return;
    };
    let webhook = push.receiver();
    let received = push.arrive(&webhook, &headers);
    answer_fits_verdict(&received);
    nothing_is_shown(&received, &webhook, &headers);
    match &received.verdict {
        Verdict::Valid(signature) => {
            signature_is_earned(&push, signature, &headers);
            assert!(!signature.repeated, "{signature:?}");
            a_nonce_belongs_to_its_body(&push, signature, &webhook, &headers);
        }
        verdict => assert!(!push.is_signed_by_the_book(&headers), "{verdict:?}"),
    }
}

/// What an input says beside the headers.
struct Push {
    now: i64,
    policy: Policy,
    freshness: Freshness,
    fee: bool,
}

type Headers = Vec<(String, Vec<u8>)>;

impl Push {
    fn split(input: &[u8]) -> Option<(Push, Headers)> {
        let mut lines = input.split(|byte| *byte == b'\n');
        let mut words = std::str::from_utf8(lines.next()?).ok()?.split(' ');
        let push = Push {
            // A clock beyond the year 4000 is none.
            now: words
                .next()?
                .parse()
                .ok()
                .filter(|now| (0..64_000_000_000).contains(now))?,
            policy: Policy::from(words.next()?),
            freshness: Freshness::from(words.next()?),
            fee: words.next() == Some("fee"),
        };
        if matches!(push.policy, Policy::Unknown(_)) || matches!(push.freshness, Freshness::Unknown(_)) {
            return None;
        }
        let header = |line: &[u8]| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let name = std::str::from_utf8(&line[..colon]).ok()?.to_owned();
            Some((name, signed(&line[colon + 1..])))
        };
        Some((push, lines.filter_map(header).collect()))
    }

    fn receiver(&self) -> Webhook {
        let mut config = Webhook::builder()
            .policy(self.policy.clone())
            .freshness(self.freshness.clone());
        for (app_key, secret) in APPLICATIONS {
            config = config.application(app_key, secret);
        }
        URLS.into_iter()
            .fold(config, |config, url| config.url(url))
            .build()
            .expect("settings")
    }

    fn arrive(&self, webhook: &Webhook, headers: &Headers) -> Received {
        self.arrive_with(webhook, headers, "")
    }

    /// The same with more in its body.
    fn arrive_with(&self, webhook: &Webhook, headers: &Headers, more: &str) -> Received {
        let body = if self.fee { FEE } else { STATUS };
        webhook.receive_at(
            headers.iter().map(|(name, value)| (name, value)),
            format!("{body}{more}").as_bytes(),
            self.now,
        )
    }

    fn has_to_be_fresh(&self) -> bool {
        match self.freshness {
            Freshness::All => true,
            Freshness::Off => false,
            _ => !self.fee,
        }
    }

    /// Whether one header, written exactly as the contract prints it, carries a right and fresh signature.
    fn is_signed_by_the_book(&self, headers: &Headers) -> bool {
        let tokens = tokens(headers);
        let [token] = tokens.as_slice() else { return false };
        let Some(parts) = std::str::from_utf8(token).ok().and_then(Parts::naive) else {
            return false;
        };
        let Parts {
            app_key,
            digest,
            nonce,
            created,
        } = parts;
        let book = format!(
            r#"UsernameToken Username="{app_key}", PasswordDigest="{digest}", Nonce="{nonce}", Created="{created}""#
        );
        let well_formed = !nonce.is_empty() && nonce.len() <= 128 && nonce.bytes().all(|b| b.is_ascii_alphanumeric());
        let fresh = parts
            .seconds()
            .is_some_and(|_| !self.has_to_be_fresh() || self.is_fresh(&parts));
        let secret = APPLICATIONS
            .iter()
            .find(|(key, _)| *key == app_key)
            .map(|(_, secret)| *secret);
        let right = secret.is_some_and(|secret| {
            URLS.iter()
                .any(|url| parts.digests(secret, url).contains(&digest.to_owned()))
        });
        self.policy != Policy::Off && book.as_bytes() == token.as_slice() && well_formed && fresh && right
    }

    fn is_fresh(&self, parts: &Parts<'_>) -> bool {
        let seconds = parts.seconds().unwrap_or(i64::MIN / 2);
        let tolerance = if self.fee { CDR_TOLERANCE } else { TOLERANCE };
        ZONES
            .iter()
            .any(|zone| (self.now - (seconds - zone)).abs() <= tolerance)
    }
}

/// The parts of a signature, read by looking for their names.
struct Parts<'a> {
    app_key: &'a str,
    digest: &'a str,
    nonce: &'a str,
    created: &'a str,
}

impl<'a> Parts<'a> {
    fn naive(token: &'a str) -> Option<Parts<'a>> {
        // The scheme may stand before the first name without a blank between.
        let scheme = token.trim_start().get(..SCHEME.len());
        let token = match scheme {
            Some(scheme) if scheme.eq_ignore_ascii_case(SCHEME) => &token.trim_start()[SCHEME.len()..],
            _ => token,
        };
        let quoted: Vec<_> = token.split('"').collect();
        let part = |name: &str| {
            let mut pairs = quoted.chunks_exact(2).filter(|pair| {
                let before = pair[0].trim_end().trim_end_matches('=').trim_end();
                let word = before.rsplit([' ', '\t', ',']).next().unwrap_or_default();
                word.eq_ignore_ascii_case(name)
            });
            Some(pairs.next()?[1])
        };
        Some(Parts {
            app_key: part("Username")?,
            digest: part("PasswordDigest")?,
            nonce: part("Nonce")?,
            created: part("Created")?,
        })
    }

    /// Both digests of the contract: with line feeds and without.
    fn digests(&self, secret: &str, url: &str) -> [String; 2] {
        let Parts { nonce, created, .. } = self;
        [format!("{url}\n{nonce}\n{created}"), format!("{url}{nonce}{created}")].map(|text| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
            mac.update(text.as_bytes());
            BASE64.encode(mac.finalize().into_bytes())
        })
    }

    fn seconds(&self) -> Option<i64> {
        let (date, clock) = self.created.strip_suffix('Z')?.split_once('T')?;
        calendar::unix_seconds(date, clock)
    }
}

/// The value of a header with the right digest in the place of the word that asks for it.
fn signed(value: &[u8]) -> Vec<u8> {
    let value = value.strip_prefix(b" ").unwrap_or(value);
    let Ok(text) = std::str::from_utf8(value) else {
        return value.to_vec();
    };
    let Some(parts) = Parts::naive(text) else {
        return value.to_vec();
    };
    let secret = APPLICATIONS
        .iter()
        .find(|(key, _)| *key == parts.app_key)
        .map_or("", |(_, secret)| secret);
    let [newest, older] = parts.digests(secret, URLS[0]);
    text.replace("<newest>", &newest)
        .replace("<older>", &older)
        .into_bytes()
}

fn tokens(headers: &Headers) -> Vec<Vec<u8>> {
    let tokens = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE_HEADER));
    tokens.map(|(_, value)| value.clone()).collect()
}

/// The same push again is accepted and marked; another one under its signature is refused, however often it comes.
fn a_nonce_belongs_to_its_body(push: &Push, signature: &Signature, webhook: &Webhook, headers: &Headers) {
    for more in ["", " ", "", " "] {
        let again = push.arrive_with(webhook, headers, more);
        answer_fits_verdict(&again);
        let mut repeated = signature.clone();
        repeated.repeated = true;
        let wanted = match more {
            "" => Verdict::Valid(repeated),
            _ => Verdict::Refused(Reason::Replayed.into()),
        };
        assert_eq!(again.verdict, wanted);
    }
}

fn answer_fits_verdict(received: &Received) {
    let accepted = !matches!(received.verdict, Verdict::Refused(_));
    assert_eq!(received.verdict.is_accepted(), accepted);
    assert_eq!(received.reply.status, if accepted { 200 } else { 401 });
    assert_eq!(received.event.is_ok(), accepted);
}

/// Neither a secret nor a digest.
fn nothing_is_shown(received: &Received, webhook: &Webhook, headers: &Headers) {
    let error = received.event.as_ref().err().map(ToString::to_string);
    let event = received.event.as_ref().ok().map(Event::event_type);
    let shown = format!(
        "{:?} {} {webhook:?} {error:?} {event:?}",
        received,
        serde_json::Value::Object(received.verdict.to_json())
    );
    assert!(
        !APPLICATIONS.iter().any(|(_, secret)| shown.contains(secret)),
        "{shown}"
    );
    for token in tokens(headers) {
        if let Some(parts) = std::str::from_utf8(&token).ok().and_then(Parts::naive) {
            let telling = parts.digest.len() > 20 && !parts.app_key.contains(parts.digest);
            assert!(!telling || !shown.contains(parts.digest), "{shown}");
        }
    }
}

/// What was called valid is: one header, the parts as a second reader finds them, the digest computed anew, the time.
fn signature_is_earned(push: &Push, signature: &Signature, headers: &Headers) {
    assert!(push.policy != Policy::Off);
    let tokens = tokens(headers);
    assert_eq!(tokens.len(), 1);
    let token = std::str::from_utf8(&tokens[0]).expect("text");
    let parts = Parts::naive(token).expect("all parts");
    assert_eq!(parts.app_key, signature.app_key);
    let (_, secret) = APPLICATIONS
        .iter()
        .find(|(key, _)| *key == parts.app_key)
        .expect("a known application");
    assert!(URLS.contains(&signature.url.as_str()));
    assert!(
        parts.digests(secret, &signature.url).contains(&parts.digest.to_owned()),
        "{token}"
    );
    assert!(
        parts.seconds().is_some() && (!push.has_to_be_fresh() || push.is_fresh(&parts)),
        "{token}"
    );
}

/// The headers of the vectors, once as they are and once with the word for the digest.
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for case in vectors::cases("signatures.json") {
        let given = &case["given"];
        let text = |name: &str| given[name].as_str().unwrap_or_default().to_owned();
        let mut input = format!("{} {} status {}\n", given["now"], text("policy"), text("event"));
        for (name, value) in given["headers"].as_object().into_iter().flatten() {
            input += &format!("{name}: {}\n", value.as_str().unwrap_or_default());
        }
        let template = with_words(&input);
        seeds.push((vectors::name(&case), input.into_bytes()));
        seeds.extend(template.map(|template| (format!("{}-template", vectors::name(&case)), template.into_bytes())));
    }
    seeds
}

fn with_words(input: &str) -> Option<String> {
    let (before, after) = input.split_once("PasswordDigest=\"")?;
    let (_, after) = after.split_once('"')?;
    Some(format!("{before}PasswordDigest=\"<newest>\"{after}"))
}

/// Parts of a header and of the first line.
pub fn words() -> Vec<String> {
    let values = Policy::ENUMERATION.values.iter().chain(Freshness::ENUMERATION.values);
    let values = values.map(|value| format!("{} ", value.wire));
    let parts = [
        "X-AKSK: UsernameToken ",
        "Username=\"ExampleAppKey0001\",",
        "Username=\"ExampleAppKey0002\",",
        "PasswordDigest=\"<newest>\",",
        "PasswordDigest=\"<older>\",",
        "Nonce=\"a1\",",
        "Created=\"2018-02-12T15:30:20Z\"",
        "fee",
        "\n",
    ];
    values.chain(parts.map(str::to_owned)).collect()
}
