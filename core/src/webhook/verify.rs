//! Judges the signature of a push: a pure function of settings, headers, kind of push and time (contract pushes.md 3.3,
//! D4, D19, D26). Replays are told by whoever remembers nonces: [`replay`](super::replay), or the store of an intake.

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
    cdr_tolerance_seconds: i64,
}

/// The kind of push, as far as its signature is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PushKind {
    /// Sent once, in real time.
    Status,
    /// May be sent again for hours.
    Fee,
}

/// A nonce to remember when a push is accepted: it then belongs to the body that came with it (D26).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nonce {
    pub(crate) app_key: String,
    pub(crate) nonce: String,
    /// Until when, in Unix seconds, it has to be remembered.
    pub(crate) until: i64,
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
                config.policy.clone().unwrap_or(Policy::Require)
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
            freshness: config.freshness.clone().unwrap_or(Freshness::All),
            tolerance_seconds: config.number("toleranceMs") / 1000,
            cdr_tolerance_seconds: config.number("cdrToleranceMs") / 1000,
            urls: config.urls.unwrap_or_default(),
        }
    }

    /// The verdict, and for a valid signature the nonce that must not come again with another body. `tokens` are the values of all
    /// `X-AKSK` headers.
    pub(super) fn judge(&self, tokens: &[Vec<u8>], kind: PushKind, now: i64) -> (Verdict, Option<Nonce>) {
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

    fn check(&self, tokens: &[Vec<u8>], kind: PushKind, now: i64) -> Result<(Signature, Nonce), Refusal> {
        let credentials = match tokens {
            [token] => std::str::from_utf8(token).ok().and_then(Credentials::read),
            // Of two signatures nobody can say which one counts.
            _ => None,
        };
        let credentials = credentials.ok_or(Reason::UnreadableHeader)?;
        let known = |(app_key, _): &&(String, Secret)| app_key == credentials.app_key;
        // Several secrets of one application while they are exchanged.
        let secrets: Vec<_> = self
            .applications
            .iter()
            .filter(known)
            .map(|(_, secret)| secret)
            .collect();
        if secrets.is_empty() {
            return Err(Reason::UnknownApplication.into());
        }
        let fit = secrets.iter().enumerate();
        let mut fit = fit.filter_map(|(index, secret)| Some((index, self.fitting(secret, &credentials)?)));
        let Some((secret_index, (url, form))) = fit.next() else {
            let hint = self.near_miss(&secrets, &credentials);
            return Err(Refusal {
                hint,
                ..Reason::DigestMismatch.into()
            });
        };
        let tolerance = self.tolerance(kind);
        let zone = self
            .zones
            .iter()
            .find(|zone| is_fresh(&credentials, zone, now, tolerance));
        if zone.is_none() && self.has_to_be_fresh(kind) {
            let age_seconds = Some(self.smallest_age(&credentials, now));
            return Err(Refusal {
                age_seconds,
                ..Reason::Stale.into()
            });
        }
        let signature = Signature {
            app_key: credentials.app_key.to_owned(),
            url: url.to_owned(),
            form: form.clone(),
            zone: zone.cloned(),
            secret_index,
            repeated: false,
        };
        let nonce = Nonce {
            app_key: credentials.app_key.to_owned(),
            nonce: credentials.nonce.to_owned(),
            until: self.remember_until(&credentials, tolerance, now),
        };
        Ok((signature, nonce))
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
    fn near_miss(&self, secrets: &[&Secret], credentials: &Credentials<'_>) -> Option<Hint> {
        let with_or_without_slash = |url: &str| match url.strip_suffix('/') {
            Some(bare) => bare.to_owned(),
            None => format!("{url}/"),
        };
        let fits = |url: &str| {
            let mut forms = self.forms.iter();
            forms.any(|form| {
                secrets
                    .iter()
                    .any(|secret| form.verify(secret.expose(), url, credentials))
            })
        };
        if let Some(url) = self.urls.iter().find(|url| fits(&with_or_without_slash(url))) {
            return Some(Hint::TrailingSlash { url: url.clone() });
        }
        let mut others = self.applications.iter();
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

    fn tolerance(&self, kind: PushKind) -> i64 {
        match kind {
            PushKind::Status => self.tolerance_seconds,
            PushKind::Fee => self.cdr_tolerance_seconds,
        }
    }

    fn smallest_age(&self, credentials: &Credentials<'_>, now: i64) -> i64 {
        let ages = self.zones.iter().map(|zone| age(credentials, zone, now));
        ages.min_by_key(|age| age.unsigned_abs()).unwrap_or_default()
    }

    /// How long a nonce counts: as long as its signature could be recent in any accepted reading. One stamped in Beijing
    /// time would be recent once more eight hours later, in the other reading. The clock of a sender whose time is not
    /// checked may be anywhere; of that no more than one such span ahead is believed.
    fn remember_until(&self, credentials: &Credentials<'_>, tolerance: i64, now: i64) -> i64 {
        let ages = self.zones.iter().map(|zone| age(credentials, zone, now));
        let longest_lead = CreatedZone::Beijing.offset_seconds().saturating_add(tolerance);
        let furthest_ahead = ages.min().unwrap_or(0).clamp(-longest_lead, 0);
        now.saturating_sub(furthest_ahead).saturating_add(tolerance)
    }
}

fn is_fresh(credentials: &Credentials<'_>, zone: &CreatedZone, now: i64, tolerance: i64) -> bool {
    age(credentials, zone, now).unsigned_abs() <= tolerance.unsigned_abs()
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
