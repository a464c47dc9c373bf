//! From an HTTP request to an event, a verdict and an answer.

use std::fmt;
use std::time::SystemTime;

use super::config::WebhookConfig;
use super::replay::ReplayCache;
use super::verdict::{Reason, Verdict};
use super::verify::{PushKind, Verifier, tokens};
use super::{Event, Reply, parse};
use crate::clock::unix_seconds;
use crate::error::{Delivery, Error, ErrorKind};

/// Receives pushes: reads them, checks their signature, and says what to answer. Any number of threads may use one at
/// once; it should live as long as the receiver, because it remembers nonces.
///
/// ```
/// use voicecall_core::webhook::{Event, Webhook};
///
/// let webhook = Webhook::builder()
///     .url("https://push.example.com/fee")
///     .application("app-key-0001", "example-secret-0001")
///     .build()?;
///
/// # let (headers, body) = ([("content-type", "application/json")], br#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#);
/// let received = webhook.receive(headers, body);
/// if let Ok(Event::Fee(event)) = &received.event {
///     for cdr in event.cdrs() {
///         println!("{}: {:?} s", cdr.session_id(), cdr.talk_seconds());
///     }
/// }
/// assert_eq!(received.reply.status, 200); // send status, headers and body of the reply
/// # Ok::<(), voicecall_core::Error>(())
/// ```
pub struct Webhook {
    verifier: Verifier,
    replays: ReplayCache,
}

/// What became of a push.
#[derive(Debug)]
#[non_exhaustive]
pub struct Received {
    /// What the push says. Errors: `signature` when it was refused, else `malformed_webhook`; keep the raw body then.
    pub event: Result<Event, Error>,
    /// What the check of its signature found.
    pub verdict: Verdict,
    /// What to answer. Replace it by [`Reply::retry`] when the event could not be stored.
    pub reply: Reply,
}

impl Webhook {
    /// Settings to be filled in; [`build`](WebhookConfig::build) makes the receiver.
    pub fn builder() -> WebhookConfig {
        WebhookConfig::new()
    }

    pub(super) fn from_checked(config: WebhookConfig) -> Webhook {
        let replays = ReplayCache::new(usize::try_from(config.number("replayEntries")).unwrap_or(0));
        Webhook {
            verifier: Verifier::new(config),
            replays,
        }
    }

    /// Reads and checks a push. Give it the headers of the HTTP request, in any letter case, and the raw body.
    pub fn receive<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, body: &[u8]) -> Received
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        self.receive_at(headers, body, unix_seconds(SystemTime::now()).unwrap_or_default())
    }

    /// The same at a given time, in Unix seconds.
    pub fn receive_at<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, body: &[u8], now: i64) -> Received
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let event = parse(body);
        let verdict = self.verify(headers, event.as_ref().ok(), now);
        match (event, &verdict) {
            (_, Verdict::Refused(refusal)) => {
                let error = Error::new(ErrorKind::Signature, Delivery::NotSent, refusal.to_string());
                Received {
                    event: Err(error),
                    verdict,
                    reply: Reply::refused(),
                }
            }
            (Ok(event), _) => Received {
                reply: Reply::accepted(&event),
                event: Ok(event),
                verdict,
            },
            (Err(error), _) => Received {
                event: Err(error),
                verdict,
                reply: Reply::malformed(),
            },
        }
    }

    /// Checks the signature alone, at a time in Unix seconds. The event decides whether the push has to be recent;
    /// `None`, for a body that could not be read, is taken as a status push. The nonce of a valid signature is
    /// remembered, so a second check of the same push finds a replay.
    pub fn verify<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, event: Option<&Event>, now: i64) -> Verdict
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let kind = if matches!(event, Some(Event::Fee(_))) {
            PushKind::Fee
        } else {
            PushKind::Status
        };
        let tokens = tokens(headers);
        match self.verifier.judge(&tokens, kind, now) {
            // What could not be read has done nothing: the same push, whole, is no replay of it.
            (verdict, Some(nonce)) if event.is_some() && !self.replays.is_new(&nonce, now) => {
                debug_assert!(verdict.is_accepted());
                Verdict::Refused(Reason::Replayed.into())
            }
            (verdict, _) => verdict,
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Received, Webhook};
    use crate::error::ErrorKind;
    use crate::secret::Secret;
    use crate::sign::{self, CreatedZone};
    use crate::webhook::config::{Freshness, Policy, WebhookConfig};
    use crate::webhook::fixtures::{CALLBACK, CALLOUT};
    use crate::webhook::signature::{DigestForm, PushSigner};
    use crate::webhook::verdict::{Reason, Verdict};

    const URL: &str = "https://push.example.com/status";
    const NOW: i64 = 1_548_299_064;
    const HOUR: i64 = 3600;

    fn config() -> WebhookConfig {
        Webhook::builder()
            .url(URL)
            .application("app-key-0001", "example-secret-0001")
    }

    fn webhook() -> Webhook {
        config().build().unwrap()
    }

    /// Headers of a push stamped at this time.
    fn signed(nonce: &str, created: i64, zone: CreatedZone) -> [(&'static str, String); 3] {
        let app_secret = &Secret::from("example-secret-0001");
        let signer = PushSigner {
            app_key: "app-key-0001",
            app_secret,
            url: URL,
            form: DigestForm::Newest,
        };
        signer.headers(nonce, &sign::created(created, &zone))
    }

    fn receive(webhook: &Webhook, body: &str, nonce: &str, created: i64, zone: CreatedZone, now: i64) -> Received {
        webhook.receive_at(signed(nonce, created, zone), body.as_bytes(), now)
    }

    fn reason(received: &Received) -> Option<Reason> {
        match &received.verdict {
            Verdict::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    }

    #[test]
    fn an_accepted_push_is_answered_as_its_kind_wants() {
        let status = receive(&webhook(), CALLOUT, "a", NOW, CreatedZone::Utc, NOW);
        assert_eq!((status.reply.status, status.reply.body), (200, ""));
        let fee = receive(&webhook(), CALLBACK, "a", NOW, CreatedZone::Utc, NOW);
        assert_eq!(
            (fee.reply.status, fee.reply.body),
            (200, r#"{"resultcode":"0","resultdesc":"Success"}"#)
        );
        assert!(matches!(fee.verdict, Verdict::Valid(signature) if signature.zone == Some(CreatedZone::Utc)));
    }

    #[test]
    fn a_refused_push_gives_no_event() {
        let mut headers = signed("a", NOW, CreatedZone::Utc);
        headers[2].1 = headers[2].1.replace("PasswordDigest=\"", "PasswordDigest=\"x");
        let received = webhook().receive_at(headers, CALLOUT.as_bytes(), NOW);
        assert_eq!(received.event.unwrap_err().kind(), ErrorKind::Signature);
        assert_eq!(received.reply.status, 401);
    }

    #[test]
    fn an_unreadable_body_asks_for_another_try() {
        let received = webhook().receive_at([("a", "b")], b"{", NOW);
        assert_eq!(received.event.unwrap_err().kind(), ErrorKind::MalformedWebhook);
        assert_eq!((received.verdict, received.reply.status), (Verdict::Unsigned, 400));
    }

    #[test]
    fn a_batch_with_a_bad_record_is_acknowledged() {
        let body = r#"{"eventType":"fee","feeLst":[{"sessionId":"1"},{}]}"#;
        assert_eq!(
            webhook().receive_at([("a", "b")], body.as_bytes(), NOW).reply.status,
            200
        );
    }

    #[test]
    fn a_captured_status_push_is_refused_for_as_long_as_it_would_be_fresh_in_any_zone() {
        let webhook = webhook();
        let at = |now| reason(&receive(&webhook, CALLOUT, "a", NOW, CreatedZone::Beijing, now));
        assert_eq!(at(NOW), None);
        assert_eq!(at(NOW + 300), Some(Reason::Replayed));
        assert_eq!(at(NOW + 301), Some(Reason::Stale));
        // Stamped in Beijing time, the text is that of eight hours later in UTC.
        assert_eq!(at(NOW + 8 * HOUR - 300), Some(Reason::Replayed));
        assert_eq!(at(NOW + 8 * HOUR + 300), Some(Reason::Replayed));
        assert_eq!(at(NOW + 8 * HOUR + 301), Some(Reason::Stale));
    }

    #[test]
    fn a_cdr_that_comes_again_with_its_first_signature_is_accepted_after_the_window() {
        for zone in [CreatedZone::Utc, CreatedZone::Beijing] {
            let webhook = webhook();
            let at = |now| reason(&receive(&webhook, CALLBACK, "a", NOW, zone.clone(), now));
            assert_eq!(at(NOW), None);
            assert_eq!(at(NOW + 299), Some(Reason::Replayed));
            for hour in 1..=6 {
                assert_eq!(at(NOW + hour * HOUR), None, "{zone} {hour}");
            }
        }
    }

    #[test]
    fn a_body_cut_short_does_not_use_up_the_signature() {
        let webhook = webhook();
        let cut = receive(&webhook, CALLBACK.split_at(500).0, "a", NOW, CreatedZone::Utc, NOW);
        assert_eq!(cut.reply.status, 400);
        assert_eq!(
            receive(&webhook, CALLBACK, "a", NOW, CreatedZone::Utc, NOW)
                .reply
                .status,
            200
        );
    }

    #[test]
    fn zone_form_and_freshness_can_be_pinned() {
        let utc = config().created_zone(CreatedZone::Utc).build().unwrap();
        let stale = receive(&utc, CALLOUT, "a", NOW, CreatedZone::Beijing, NOW);
        assert_eq!(
            stale.event.unwrap_err().message(),
            "the time in the signature is too far from the clock: 28800 s ahead"
        );
        let older = config().digest_form(DigestForm::Older).build().unwrap();
        assert_eq!(
            reason(&receive(&older, CALLOUT, "a", NOW, CreatedZone::Utc, NOW)),
            Some(Reason::DigestMismatch)
        );
        let all = config().freshness(Freshness::All).build().unwrap();
        assert_eq!(
            reason(&receive(&all, CALLBACK, "a", NOW, CreatedZone::Utc, NOW + HOUR)),
            Some(Reason::Stale)
        );
        let off = config().freshness(Freshness::Off).build().unwrap();
        assert_eq!(
            reason(&receive(&off, CALLOUT, "a", NOW, CreatedZone::Utc, NOW + HOUR)),
            None
        );
        let exact = config().tolerance(Duration::ZERO).build().unwrap();
        assert_eq!(
            reason(&receive(&exact, CALLOUT, "a", NOW, CreatedZone::Utc, NOW + 1)),
            Some(Reason::Stale)
        );
    }

    #[test]
    fn two_signatures_are_none() {
        let twice = signed("a", NOW, CreatedZone::Utc)
            .into_iter()
            .chain(signed("b", NOW, CreatedZone::Utc));
        assert_eq!(
            reason(&webhook().receive_at(twice, CALLOUT.as_bytes(), NOW)),
            Some(Reason::UnreadableHeader)
        );
    }

    #[test]
    fn the_clock_of_this_machine_is_used() {
        let now = crate::clock::unix_seconds(std::time::SystemTime::now()).unwrap();
        let received = webhook().receive(signed("a", now, CreatedZone::Utc), CALLOUT.as_bytes());
        assert!(matches!(received.verdict, Verdict::Valid(_)), "{:?}", received.verdict);
    }

    #[test]
    fn without_addresses_and_applications_nothing_is_checked() {
        let open = Webhook::builder().build().unwrap();
        let received = receive(&open, CALLOUT, "a", NOW, CreatedZone::Utc, NOW + HOUR);
        assert_eq!((received.verdict, received.reply.status), (Verdict::NotChecked, 200));
    }

    #[test]
    fn no_text_about_a_refusal_holds_a_digest_or_a_secret() {
        let headers = signed("a", NOW, CreatedZone::Utc);
        let digest = headers[2].1.split('"').nth(3).unwrap().to_owned();
        let webhook = config().digest_form(DigestForm::Older).build().unwrap();
        let received = webhook.receive_at(headers, CALLOUT.as_bytes(), NOW);
        let shown = format!(
            "{received:?} {webhook:?} {:?} {}",
            received.verdict.to_json(),
            received.event.as_ref().unwrap_err()
        );
        assert!(!shown.contains(&digest) && !shown.contains("example-secret"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_headers_and_body_are_answered(
            name in prop_oneof![Just("x-aksk".to_owned()), ".{0,8}"],
            value in prop_oneof![prop::collection::vec(any::<u8>(), 0..60), r#"Username="app-key-0001",PasswordDigest="[a-zA-Z0-9+/=]{0,44}",Nonce="[a-z0-9]{1,9}",Created="[0-9]{4}-0[1-9]-1[0-9]T1[0-9]:[0-5]0:00Z""#.prop_map(String::into_bytes)],
            body in prop_oneof![prop::collection::vec(any::<u8>(), 0..60), Just(CALLOUT.as_bytes().to_vec())],
            now in any::<i64>(),
            policy in prop::sample::select(vec![Policy::Require, Policy::IfPresent, Policy::Off]),
        ) {
            let webhook = config().policy(policy).build().unwrap();
            let received = webhook.receive_at([(name, value)], &body, now);
            prop_assert_eq!(received.reply.status == 401, !received.verdict.is_accepted());
            prop_assert_eq!(received.reply.status == 200, received.event.is_ok());
        }

        #[test]
        fn what_the_signer_makes_is_valid(nonce in "[a-zA-Z0-9]{1,128}", now in 0..4_000_000_000_i64, beijing: bool, fee: bool) {
            let zone = if beijing { CreatedZone::Beijing } else { CreatedZone::Utc };
            let received = receive(&webhook(), if fee { CALLBACK } else { CALLOUT }, &nonce, now, zone, now);
            prop_assert!(matches!(received.verdict, Verdict::Valid(_)), "{:?}", received.verdict);
        }
    }
}
