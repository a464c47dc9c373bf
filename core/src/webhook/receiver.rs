//! From an HTTP request to an event, a verdict and an answer.

use std::fmt;
use std::time::SystemTime;

use super::config::WebhookConfig;
use super::parse::{BodyState, Reading, read};
use super::replay::{Known, ReplayCache};
use super::verdict::{Reason, Verdict};
use super::verify::{Nonce, PushKind, Verifier, tokens};
use super::{Event, Reply};
use crate::clock::unix_seconds;
use crate::error::{Delivery, Error, ErrorKind};

/// Receives pushes: reads them, checks their signature, and says what to answer. Any number of threads may use one at
/// once; it should live as long as the receiver, because it remembers nonces.
///
/// A nonce belongs to the body that it came with first (D26). With another body it is refused. The same push again is
/// handed over again, marked [`repeated`](super::Signature::repeated): the first time may have come to nothing, and a
/// handler that failed must see it once more. Handle each event as if it might come twice, or use an intake.
///
/// ```
/// use voicecall_core::webhook::{Event, Webhook};
///
/// let webhook = Webhook::builder()
///     .url("https://push.example.com/fee")
///     .application("app-key-0001", "example-secret-0001")
///     .build()?;
///
/// # use voicecall_core::webhook::{DigestForm, PushSigner};
/// # let body = br#"{"eventType":"fee","feeLst":[{"sessionId":"1"}]}"#;
/// # let app_secret = &voicecall_core::Secret::from("example-secret-0001");
/// # let signer = PushSigner { app_key: "app-key-0001", app_secret, url: "https://push.example.com/fee", form: DigestForm::Newest };
/// # let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs() as i64);
/// # let headers = signer.headers("1", &voicecall_core::sign::created(now, &voicecall_core::sign::CreatedZone::Utc));
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

/// A push that was read and whose signature was judged, by whoever remembers nonces.
pub(crate) struct Examined {
    pub(crate) event: Result<Event, Error>,
    pub(crate) state: BodyState,
    pub(crate) verdict: Verdict,
    /// Of a valid signature.
    pub(crate) nonce: Option<Nonce>,
}

impl Examined {
    /// Its nonce is known to belong to another body.
    pub(crate) fn refuse_replay(&mut self) {
        self.verdict = Verdict::Refused(Reason::Replayed.into());
    }

    /// It was received before.
    pub(crate) fn mark_repeated(&mut self) {
        if let Verdict::Valid(signature) = &mut self.verdict {
            signature.repeated = true;
        }
    }

    /// Whether the nonce is to belong to this body. What is not whole comes again, with another body.
    pub(crate) fn claims_nonce(&self) -> bool {
        self.event.is_ok() && self.state == BodyState::Whole
    }

    /// The event, or why there is none, and what to answer.
    pub(crate) fn judged(self) -> Received {
        let Examined {
            event, state, verdict, ..
        } = self;
        let (event, reply) = match (event, state, &verdict) {
            // There is nothing that a signature could refuse.
            (event, BodyState::Blank, _) => (event, Reply::malformed()),
            (_, _, Verdict::Refused(refusal)) => {
                let error = Error::new(ErrorKind::Signature, Delivery::NotSent, refusal.to_string());
                (Err(error), Reply::refused())
            }
            (event, BodyState::Cut, _) => (event, Reply::cut()),
            (Ok(event), ..) => {
                let reply = Reply::accepted(&event);
                (Ok(event), reply)
            }
            (Err(error), ..) => (Err(error), Reply::malformed()),
        };
        Received { event, verdict, reply }
    }
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
        let mut examined = self.examine(headers, body, now);
        let known = examined.nonce.as_ref().map(|nonce| {
            let remember = examined.claims_nonce();
            self.replays.look(nonce, body, now, remember)
        });
        match known {
            Some(Known::OtherBody) => examined.refuse_replay(),
            Some(Known::SameBody) => examined.mark_repeated(),
            Some(Known::New) | None => {}
        }
        examined.judged()
    }

    /// Reads a push and judges its signature; looks for no replay.
    pub(crate) fn examine<N, V>(&self, headers: impl IntoIterator<Item = (N, V)>, body: &[u8], now: i64) -> Examined
    where
        N: AsRef<str>,
        V: AsRef<[u8]>,
    {
        let Reading { event, state } = read(body);
        // What cannot be read is taken for a status push.
        let kind = match &event {
            Ok(Event::Fee(_)) => PushKind::Fee,
            _ => PushKind::Status,
        };
        let (verdict, nonce) = self.verifier.judge(&tokens(headers), kind, now);
        Examined {
            event,
            state,
            verdict,
            nonce,
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

    /// One that lets in what nobody signed.
    fn open() -> Webhook {
        config().policy(Policy::IfPresent).build().unwrap()
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
        for (body, status) in [("{", 500), ("[]", 400), ("", 400), (" \r\n", 400)] {
            let received = open().receive_at([("a", "b")], body.as_bytes(), NOW);
            assert_eq!(received.event.unwrap_err().kind(), ErrorKind::MalformedWebhook);
            assert_eq!(
                (received.verdict, received.reply.status),
                (Verdict::Unsigned, status),
                "{body:?}"
            );
        }
        // Not 401: there is nothing to refuse, and the cause is no signature.
        assert_eq!(webhook().receive_at([("a", "b")], b"", NOW).reply.status, 400);
    }

    #[test]
    fn a_batch_with_a_bad_record_is_acknowledged() {
        let body = r#"{"eventType":"fee","feeLst":[{"sessionId":"1"},{}]}"#;
        assert_eq!(open().receive_at([("a", "b")], body.as_bytes(), NOW).reply.status, 200);
    }

    const OTHER: &str = r#"{"eventType":"callout","statusInfo":{"sessionId":"other"}}"#;

    #[test]
    fn a_captured_signature_carries_no_other_body_for_as_long_as_it_would_be_fresh_in_any_zone() {
        let webhook = webhook();
        let at = |body, now| reason(&receive(&webhook, body, "a", NOW, CreatedZone::Beijing, now));
        assert_eq!(at(CALLOUT, NOW), None);
        assert_eq!(at(OTHER, NOW + 300), Some(Reason::Replayed));
        assert_eq!(at(OTHER, NOW + 301), Some(Reason::Stale));
        // Stamped in Beijing time, the text is that of eight hours later in UTC.
        assert_eq!(at(OTHER, NOW + 8 * HOUR - 300), Some(Reason::Replayed));
        assert_eq!(at(OTHER, NOW + 8 * HOUR + 300), Some(Reason::Replayed));
        assert_eq!(at(OTHER, NOW + 8 * HOUR + 301), Some(Reason::Stale));
    }

    #[test]
    fn the_same_push_again_is_handed_over_again_and_marked() {
        let webhook = webhook();
        for repeated in [false, true, true] {
            let received = receive(&webhook, CALLOUT, "a", NOW, CreatedZone::Utc, NOW);
            assert!(received.event.is_ok() && received.reply.status == 200);
            assert!(matches!(received.verdict, Verdict::Valid(signature) if signature.repeated == repeated));
        }
    }

    #[test]
    fn a_cdr_may_come_again_with_its_first_signature_for_eight_hours() {
        for zone in [CreatedZone::Utc, CreatedZone::Beijing] {
            let webhook = config().created_zone(zone.clone()).build().unwrap();
            let at = |body, now| reason(&receive(&webhook, body, "a", NOW, zone.clone(), now));
            for hour in 0..=8 {
                assert_eq!(at(CALLBACK, NOW + hour * HOUR), None, "{zone} {hour}");
            }
            assert_eq!(at(CALLBACK, NOW + 8 * HOUR + 1), Some(Reason::Stale));
            let other = CALLBACK.replace("CAE-", "CAF-");
            assert_eq!(at(&other, NOW + 8 * HOUR), Some(Reason::Replayed));
        }
    }

    #[test]
    fn each_secret_of_an_application_is_valid_and_the_verdict_tells_which() {
        let webhook = Webhook::builder()
            .url(URL)
            .application("app-key-0001", "example-secret-0002")
            .application("app-key-0002", "example-secret-0003")
            .application("app-key-0001", "example-secret-0001");
        let received = receive(&webhook.build().unwrap(), CALLOUT, "a", NOW, CreatedZone::Utc, NOW);
        assert!(
            matches!(&received.verdict, Verdict::Valid(signature) if signature.secret_index == 1),
            "{received:?}"
        );
    }

    #[test]
    fn without_a_policy_signatures_are_required() {
        let received = webhook().receive_at([("a", "b")], CALLBACK.as_bytes(), NOW);
        assert_eq!(
            (received.reply.status, reason(&received)),
            (401, Some(Reason::MissingHeader))
        );
    }

    #[test]
    fn a_body_cut_short_comes_again_and_does_not_use_up_the_signature() {
        let webhook = webhook();
        for end in [CALLBACK.len() - 1, 500, 1] {
            let cut = receive(&webhook, CALLBACK.split_at(end).0, "a", NOW, CreatedZone::Utc, NOW);
            assert_eq!(cut.reply.status, 500, "{end}");
        }
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
        let hour = config().cdr_tolerance(Duration::from_secs(3600)).build().unwrap();
        let at = |now| reason(&receive(&hour, CALLBACK, "a", NOW, CreatedZone::Utc, now));
        assert_eq!((at(NOW + HOUR), at(NOW + HOUR + 1)), (None, Some(Reason::Stale)));
        let status = config().freshness(Freshness::Status).build().unwrap();
        assert_eq!(
            reason(&receive(&status, CALLBACK, "a", NOW, CreatedZone::Utc, NOW + 30 * HOUR)),
            None
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
            let blank = body.iter().all(u8::is_ascii_whitespace);
            prop_assert_eq!(received.reply.status == 401, !blank && !received.verdict.is_accepted());
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
