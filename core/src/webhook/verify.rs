//! Judges the signature of a push: a pure function of settings, headers, kind of push and time (contract pushes.md 3.3,
//! D4, D19). Replays are told by [`replay`](super::replay), which remembers.

use super::config::{Freshness, Policy, WebhookConfig};
use super::signature::{Credentials, DigestForm, HEADER};
use super::verdict::{Hint, Reason, Refusal, Signature, Verdict};
use crate::secret::Secret;
use crate::sign::CreatedZone;

/// The settings of a receiver in the form that checking needs.
pub(super) struct Verifier {
    policy: Policy,
    urls: Vec<String>,
    applications: Vec<(String, Secret)>,
    forms: Vec<DigestForm>,
    zones: Vec<CreatedZone>,
    freshness: Freshness,
    tolerance_seconds: i64,
}

/// The kind of push, as far as its signature is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PushKind {
    /// Sent once, in real time.
    Status,
    /// May be sent again for hours.
    Fee,
}

/// A nonce to remember when a push is accepted.
pub(super) struct Nonce<'a> {
    pub(super) app_key: &'a str,
    pub(super) nonce: &'a str,
    /// Until when, in Unix seconds, it has to be remembered.
    pub(super) until: i64,
}

impl Verifier {
    pub(super) fn new(config: WebhookConfig) -> Verifier {
        let known =
            |application: &super::Application| Some((application.app_key.clone()?, application.app_secret.clone()?));
        let nothing_to_check_with = config.url_list().is_empty() || config.application_list().is_empty();
        Verifier {
            policy: if nothing_to_check_with {
                Policy::Off
            } else {
                config.policy.clone().unwrap_or(Policy::IfPresent)
            },
            applications: config.application_list().iter().filter_map(known).collect(),
            forms: config
                .digest_form
                .clone()
                .map_or_else(|| DigestForm::ALL.to_vec(), |form| vec![form]),
            zones: config
                .created_zone
                .clone()
                .map_or_else(|| vec![CreatedZone::Utc, CreatedZone::Beijing], |z| vec![z]),
            freshness: config.freshness.clone().unwrap_or(Freshness::Status),
            tolerance_seconds: config.number("toleranceMs") / 1000,
            urls: config.urls.unwrap_or_default(),
        }
    }

    /// The verdict, and for a valid signature the nonce that must not come again. `tokens` are the values of all
    /// `X-AKSK` headers.
    pub(super) fn judge<'a>(&self, tokens: &'a [Vec<u8>], kind: PushKind, now: i64) -> (Verdict, Option<Nonce<'a>>) {
        match self.policy {
            Policy::Off => (Verdict::NotChecked, None),
            Policy::Require if tokens.is_empty() => (Verdict::Refused(Reason::MissingHeader.into()), None),
            _ if tokens.is_empty() => (Verdict::Unsigned, None),
            _ => match self.check(tokens, kind, now) {
                Ok((signature, nonce)) => (Verdict::Valid(signature), Some(nonce)),
                Err(refusal) => (Verdict::Refused(refusal), None),
            },
        }
    }

    fn check<'a>(&self, tokens: &'a [Vec<u8>], kind: PushKind, now: i64) -> Result<(Signature, Nonce<'a>), Refusal> {
        let credentials = match tokens {
            [token] => std::str::from_utf8(token).ok().and_then(Credentials::read),
            // Of two signatures nobody can say which one counts.
            _ => None,
        };
        let credentials = credentials.ok_or(Reason::UnreadableHeader)?;
        let application = self
            .applications
            .iter()
            .find(|(app_key, _)| app_key == credentials.app_key);
        let (app_key, secret) = application.ok_or(Reason::UnknownApplication)?;
        let Some((url, form)) = self.fitting(secret, &credentials) else {
            let hint = self.near_miss(app_key, secret, &credentials);
            return Err(Refusal {
                hint,
                ..Reason::DigestMismatch.into()
            });
        };
        let zone = self.zones.iter().find(|zone| self.is_fresh(&credentials, zone, now));
        if zone.is_none() && self.has_to_be_fresh(kind) {
            let age_seconds = Some(self.smallest_age(&credentials, now));
            return Err(Refusal {
                age_seconds,
                ..Reason::Stale.into()
            });
        }
        let signature = Signature {
            app_key: app_key.clone(),
            url: url.to_owned(),
            form: form.clone(),
            zone: zone.cloned(),
        };
        let until = self.remember_until(&credentials, kind, now);
        Ok((
            signature,
            Nonce {
                app_key: credentials.app_key,
                nonce: credentials.nonce,
                until,
            },
        ))
    }

    /// The registered address, exactly as registered, and the form that the digest fits.
    fn fitting(&self, secret: &Secret, credentials: &Credentials<'_>) -> Option<(&str, &DigestForm)> {
        let forms = |url| self.forms.iter().map(move |form| (url, form));
        self.urls
            .iter()
            .map(String::as_str)
            .flat_map(forms)
            .find(|(url, form)| form.verify(secret.expose(), url, credentials))
    }

    /// The usual mistakes, looked for only after nothing fitted.
    fn near_miss(&self, app_key: &str, secret: &Secret, credentials: &Credentials<'_>) -> Option<Hint> {
        let with_or_without_slash = |url: &str| match url.strip_suffix('/') {
            Some(bare) => bare.to_owned(),
            None => format!("{url}/"),
        };
        let fits = |url: &str| {
            self.forms
                .iter()
                .any(|form| form.verify(secret.expose(), url, credentials))
        };
        if let Some(url) = self.urls.iter().find(|url| fits(&with_or_without_slash(url))) {
            return Some(Hint::TrailingSlash { url: url.clone() });
        }
        let mut others = self.applications.iter().filter(|(other, _)| other != app_key);
        let (other, _) = others.find(|(_, secret)| self.fitting(secret, credentials).is_some())?;
        Some(Hint::OtherApplication { app_key: other.clone() })
    }

    fn has_to_be_fresh(&self, kind: PushKind) -> bool {
        match self.freshness {
            Freshness::All => true,
            Freshness::Off => false,
            _ => kind == PushKind::Status,
        }
    }

    fn is_fresh(&self, credentials: &Credentials<'_>, zone: &CreatedZone, now: i64) -> bool {
        age(credentials, zone, now).unsigned_abs() <= self.tolerance_seconds.unsigned_abs()
    }

    fn smallest_age(&self, credentials: &Credentials<'_>, now: i64) -> i64 {
        let ages = self.zones.iter().map(|zone| age(credentials, zone, now));
        ages.min_by_key(|age| age.unsigned_abs()).unwrap_or_default()
    }

    /// How long a nonce counts. A status push stamped in Beijing time would be recent once more eight hours later, in
    /// the other reading, so its nonce is kept until then. A CDR may come again after an hour with the same signature
    /// (whether it is signed anew is not documented), so its nonce must be forgotten by then.
    fn remember_until(&self, credentials: &Credentials<'_>, kind: PushKind, now: i64) -> i64 {
        let latest = match kind {
            PushKind::Fee => now,
            PushKind::Status => {
                let ages = self.zones.iter().map(|zone| age(credentials, zone, now));
                let furthest_ahead = ages.min().unwrap_or(0).clamp(-self.longest_lead(), 0);
                now.saturating_sub(furthest_ahead)
            }
        };
        latest.saturating_add(self.tolerance_seconds)
    }

    /// How far ahead of the clock the time of a fresh signature can be, in any reading.
    fn longest_lead(&self) -> i64 {
        CreatedZone::Beijing
            .offset_seconds()
            .saturating_add(self.tolerance_seconds)
    }
}

/// The values of all `X-AKSK` headers.
pub(super) fn tokens<N: AsRef<str>, V: AsRef<[u8]>>(headers: impl IntoIterator<Item = (N, V)>) -> Vec<Vec<u8>> {
    let signatures = headers
        .into_iter()
        .filter(|(name, _)| name.as_ref().eq_ignore_ascii_case(HEADER));
    signatures.map(|(_, value)| value.as_ref().to_vec()).collect()
}

/// How many seconds the signature's time is behind the clock, read in this zone.
fn age(credentials: &Credentials<'_>, zone: &CreatedZone, now: i64) -> i64 {
    now.saturating_sub(credentials.created_seconds.saturating_sub(zone.offset_seconds()))
}
