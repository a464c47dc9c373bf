//! What a check of a push's signature finds.

use std::fmt;

use serde_json::{Map, Value, json};

use super::signature::DigestForm;
use crate::sign::CreatedZone;

/// What a check of a push's signature found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The signature holds. It does not cover the body (D5).
    Valid(Signature),
    /// There is no signature, and none is required.
    Unsigned,
    /// Signatures are not checked: policy `off`, or neither addresses nor applications are set.
    NotChecked,
    /// The push is not accepted.
    Refused(Refusal),
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// Key of the application that signed.
    pub app_key: String,
    /// The registered address that it covers.
    pub url: String,
    /// What the digest was made over.
    pub form: DigestForm,
    /// The zone in which its time is recent; `None` when it is recent in neither and need not be.
    pub zone: Option<CreatedZone>,
    /// Which of the application's secrets it was made with: 0 for the one that was set first. Others than the newest may be
    /// taken away when nothing comes with them any more.
    pub secret_index: usize,
    /// The same push, byte for byte, was received before and accepted. [`Webhook::receive`](super::Webhook::receive) hands
    /// its event over again, because the first time may have come to nothing.
    pub repeated: bool,
}

/// Why a push is not accepted. Names no digest and no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What is wrong.
    pub reason: Reason,
    /// What is nearly right: where to look for the mistake.
    pub hint: Option<Hint>,
    /// For [`Reason::Stale`]: how far the time in the signature is behind the clock, in the reading that comes nearest;
    /// negative when it is ahead.
    pub age_seconds: Option<i64>,
}

/// What is wrong with a push's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// There is no `X-AKSK` header, and the policy requires one.
    MissingHeader,
    /// The `X-AKSK` header cannot be read: a part is missing, twice there, or not of its form.
    UnreadableHeader,
    /// The header names an application that this receiver does not know.
    UnknownApplication,
    /// The digest is that of no registered address under the application's secret.
    DigestMismatch,
    /// The signature holds, but its time is too far from the clock in every accepted zone.
    Stale,
    /// The signature holds, but it came before with another body: somebody may have captured it.
    Replayed,
}

/// What is nearly right about a signature that does not hold. Never accepted, only told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// It would hold if this registered address had, or had not, a slash at its end.
    TrailingSlash {
        /// The address as registered here.
        url: String,
    },
    /// It would hold under the secret of this other application: two secrets are mixed up.
    OtherApplication {
        /// Key of the application whose secret fits.
        app_key: String,
    },
}

impl Verdict {
    /// Stable text id: `valid`, `unsigned`, `not_checked` or `refused`.
    pub const fn id(&self) -> &'static str {
        match self {
            Verdict::Valid(_) => "valid",
            Verdict::Unsigned => "unsigned",
            Verdict::NotChecked => "not_checked",
            Verdict::Refused(_) => "refused",
        }
    }

    /// Whether the policy lets the push in.
    pub const fn is_accepted(&self) -> bool {
        !matches!(self, Verdict::Refused(_))
    }

    /// With the names that every language uses; absent attributes are left out.
    pub fn to_json(&self) -> Map<String, Value> {
        let mut object = Map::new();
        let mut set = |name: &str, value: Value| drop(object.insert(name.to_owned(), value));
        set("verdict", json!(self.id()));
        match self {
            Verdict::Valid(signature) => {
                set("app_key", json!(signature.app_key));
                set("url", json!(signature.url));
                set("form", json!(signature.form.as_str()));
                if let Some(zone) = &signature.zone {
                    set("zone", json!(zone.as_str()));
                }
                set("secret_index", json!(signature.secret_index));
                set("repeated", json!(signature.repeated));
            }
            Verdict::Refused(refusal) => {
                set("reason", json!(refusal.reason.id()));
                set("message", json!(refusal.to_string()));
                if let Some(hint) = &refusal.hint {
                    set("hint", json!(hint.id()));
                }
                if let Some(age) = refusal.age_seconds {
                    set("age_seconds", json!(age));
                }
            }
            Verdict::Unsigned => set("message", json!(UNSIGNED)),
            Verdict::NotChecked => {}
        }
        object
    }
}

/// What to log of a push that nobody signed: anybody could have sent it.
const UNSIGNED: &str = "the push has no X-AKSK header; it is accepted only because the policy is if_present";

impl Reason {
    /// Stable text id, the same in every language.
    pub const fn id(self) -> &'static str {
        match self {
            Reason::MissingHeader => "missing_header",
            Reason::UnreadableHeader => "unreadable_header",
            Reason::UnknownApplication => "unknown_application",
            Reason::DigestMismatch => "digest_mismatch",
            Reason::Stale => "stale",
            Reason::Replayed => "replayed",
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Reason::MissingHeader => "the push has no X-AKSK header",
            Reason::UnreadableHeader => "the X-AKSK header cannot be read",
            Reason::UnknownApplication => "the X-AKSK header names an application that is not configured",
            Reason::DigestMismatch => "the digest fits no registered address",
            Reason::Stale => "the time in the signature is too far from the clock",
            Reason::Replayed => "the nonce was used before, with another body",
        }
    }
}

impl Hint {
    /// Stable text id, the same in every language.
    pub const fn id(&self) -> &'static str {
        match self {
            Hint::TrailingSlash { .. } => "trailing_slash",
            Hint::OtherApplication { .. } => "other_application",
        }
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Refusal {
        Refusal {
            reason,
            hint: None,
            age_seconds: None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.sentence())?;
        if let Some(age) = self.age_seconds {
            let side = if age < 0 { "ahead" } else { "behind" };
            write!(f, ": {} s {side}", age.unsigned_abs())?;
        }
        match &self.hint {
            Some(Hint::TrailingSlash { url }) => {
                write!(f, "; it would fit {url} with the slash at its end added or taken away")
            }
            Some(Hint::OtherApplication { app_key }) => write!(f, "; it would fit the secret of application {app_key}"),
            None => Ok(()),
        }
    }
}
