//! Who sends a request: headers, app key, digest and time, in the order in which the platform's codes name them
//! (contract requests.md 2).

pub(crate) mod created;
pub(crate) mod header;
pub(crate) mod lock_out;

use std::net::IpAddr;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use voicecall_core::sign;

pub use created::AcceptedZone;
use header::{AUTHORIZATION, X_AKSK};
use lock_out::LockOut;

use crate::moment::Moment;
use crate::provisioning::{Account, Application};
use crate::refusal::{self, Refusal};

/// How requests are authenticated, where the contract leaves a choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Authentication {
    /// Seconds by which `Created` may differ from the platform's clock. The real value is not known. Default: 300.
    pub tolerance_seconds: u32,
    /// In which zone `Created` is read. Default: either (contract requests.md 2.3, D1).
    pub accepted_zone: AcceptedZone,
    /// How a wrong app key, digest or time is told. Default: [`FailureCode::Distinct`].
    pub failure_code: FailureCode,
    /// After how many failures in a row a sender's address is locked out for 30 simulated minutes (1020176). The real
    /// value is not known. Default: never.
    pub lock_out_after: Option<u32>,
}

impl Default for Authentication {
    fn default() -> Authentication {
        Authentication {
            tolerance_seconds: 300,
            accepted_zone: AcceptedZone::Either,
            failure_code: FailureCode::Distinct,
            lock_out_after: None,
        }
    }
}

/// How a wrong app key, digest or time is told (contract requests.md 18, D17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// 403/1010003 for the app key, 401/1010010 for the digest, 401/1010013 for the time.
    Distinct,
    /// 400/1023006 for all three, as the newer text of that code says.
    Common,
}

/// A sender who has shown that it knows an application's secret.
#[derive(Debug)]
pub(crate) struct Authenticated<'a> {
    pub(crate) app_key: &'a str,
    pub(crate) application: &'a Application,
}

/// What a request is authenticated with, beside its headers.
pub(crate) struct Authenticator<'a> {
    pub(crate) settings: &'a Authentication,
    /// Whether the documented values are expected of every header.
    pub(crate) strict_headers: bool,
    pub(crate) account: &'a Account,
    pub(crate) lock_out: &'a LockOut,
    /// The platform's wall clock: signatures are checked in real time.
    pub(crate) unix_seconds: i64,
    /// Lock-outs last a simulated time.
    pub(crate) now: Moment,
}

impl<'a> Authenticator<'a> {
    /// The application that signed the request.
    pub(crate) fn check(&self, headers: &HeaderMap, sender: IpAddr) -> Result<Authenticated<'a>, Refusal> {
        let limit = self.settings.lock_out_after;
        if limit.is_some() && self.lock_out.holds(sender, self.now) {
            return Err(Refusal::new(refusal::LOCKED_OUT));
        }
        let authorization = text(headers, AUTHORIZATION);
        let token = header::token(authorization, text(headers, X_AKSK)).map_err(Refusal::new)?;
        if self.strict_headers {
            let content_type = text(headers, CONTENT_TYPE);
            header::fixed_values(content_type, authorization.unwrap_or_default(), token.nonce).map_err(Refusal::new)?;
        }
        let verdict = self.verify(&token);
        match limit {
            Some(_) if verdict.is_ok() => self.lock_out.forget(sender),
            Some(limit) => self.lock_out.count(sender, limit, self.now),
            None => {}
        }
        verdict.map_err(|failure| failure.refusal(self.settings.failure_code))
    }

    fn verify(&self, token: &header::Token<'_>) -> Result<Authenticated<'a>, Failure> {
        let (app_key, application) = self.account.application(token.username).ok_or(Failure::AppKey)?;
        if !sign::verify(application.secret.expose(), &[token.nonce, token.created], token.digest) {
            return Err(Failure::Digest);
        }
        let (zone, tolerance) = (self.settings.accepted_zone, self.settings.tolerance_seconds);
        if !created::is_fresh(token.created, zone, tolerance, self.unix_seconds) {
            return Err(Failure::Time);
        }
        Ok(Authenticated { app_key, application })
    }
}

/// What is wrong with a complete set of headers.
enum Failure {
    AppKey,
    Digest,
    Time,
}

impl Failure {
    fn refusal(&self, form: FailureCode) -> Refusal {
        match (form, self) {
            (FailureCode::Common, _) => Refusal::new(refusal::AUTHORIZATION),
            (FailureCode::Distinct, Failure::AppKey) => Refusal::new(refusal::INVALID_APP_KEY),
            (FailureCode::Distinct, Failure::Digest) => Refusal::invalid_digest(),
            (FailureCode::Distinct, Failure::Time) => Refusal::new(refusal::TIME_LIMIT),
        }
    }
}

/// A header's text; one that is no text is as good as missing.
fn text(headers: &HeaderMap, name: impl axum::http::header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
