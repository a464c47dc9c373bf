//! The kinds of faults: one row each, with where it may strike and what it takes.

use serde::{Deserialize, Serialize};

/// Declares the kinds: name, where it strikes, whether the request is carried out, and the details it takes.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $side:ident, $done:ident, [$($takes:literal),*];)*) => {
        /// What a fault does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum FaultKind {
            $($(#[$doc])* #[serde(rename = $name)] $kind,)*
        }

        impl FaultKind {
            /// Every kind.
            pub const ALL: &'static [FaultKind] = &[$(FaultKind::$kind),*];

            /// The kind's name in settings.
            pub const fn name(self) -> &'static str {
                match self { $(FaultKind::$kind => $name,)* }
            }

            const fn side(self) -> Side {
                match self { $(FaultKind::$kind => Side::$side,)* }
            }

            /// Whether a request is carried out although its answer suffers, unless `carried_out` says otherwise.
            pub const fn is_carried_out(self) -> bool {
                match self { $(FaultKind::$kind => matches!(Request::$done, Request::CarriedOut),)* }
            }

            /// Names of the details that it takes.
            pub const fn takes(self) -> &'static [&'static str] {
                match self { $(FaultKind::$kind => &[$($takes),*],)* }
            }
        }
    };
}

/// Which way the message travels that suffers.
#[derive(Clone, Copy)]
enum Side {
    Answers,
    Pushes,
    Both,
}

/// What becomes of the request.
#[allow(dead_code, reason = "each is named by some rows of the table and matched in others")]
enum Request {
    CarriedOut,
    Ignored,
    /// A push is no request to the platform.
    None,
}

kinds! {
    /// Nobody listens for a while: connections are refused, those of the admin API too.
    Refuse = "refuse", Answers, Ignored, ["seconds"];
    /// The connection is reset before a byte of the request was read; of a push, before one was sent.
    ResetBeforeReading = "reset_before_reading", Both, Ignored, [];
    /// The request was read; the connection is reset and nothing comes of it.
    ResetAfterReading = "reset_after_reading", Answers, Ignored, ["carried_out"];
    /// The request is carried out and the connection reset instead of an answer; of a push, the connection is reset after
    /// the first byte of the receiver's answer, which counts as a failure.
    AnswerLost = "answer_lost", Both, CarriedOut, [];
    /// No answer at all: the connection stays open until the client closes it (contract requests.md 13.1).
    Silence = "silence", Answers, Ignored, ["carried_out"];
    /// It comes late.
    Delay = "delay", Both, CarriedOut, ["millis", "carried_out"];
    /// The body comes in small pieces with pauses between them.
    SlowBody = "slow_body", Both, CarriedOut, ["millis", "carried_out"];
    /// Half of the body comes, then the connection is closed.
    TruncatedBody = "truncated_body", Both, CarriedOut, ["carried_out"];
    /// Bytes that are no HTTP.
    Garbage = "garbage", Both, CarriedOut, ["carried_out"];
    /// `Content-Length` is not the body's length.
    WrongContentLength = "wrong_content_length", Both, CarriedOut, ["bytes", "carried_out"];
    /// The connection is closed after the answer although it was announced as kept, or without a word.
    SilentClose = "silent_close", Answers, CarriedOut, ["millis", "carried_out"];
    /// Another HTTP status with a body that is not the service's, as from a proxy in between.
    Status = "status", Answers, Ignored, ["status", "carried_out"];
    /// HTTP 307 to another address.
    Redirect = "redirect", Answers, Ignored, ["location", "carried_out"];
    /// The service's own refusal with a result code.
    Refusal = "refusal", Answers, Ignored, ["code", "carried_out"];
    /// The TLS handshake fails. Needs a platform with TLS, or a receiver with an `https://` address.
    TlsFailure = "tls_failure", Both, Ignored, [];
    /// The push is not sent, and counts as failed.
    Dropped = "dropped", Pushes, None, [];
    /// The push is sent twice, each time signed anew.
    Duplicate = "duplicate", Pushes, None, [];
    /// The push is sent twice, byte for byte.
    Replay = "replay", Pushes, None, [];
    /// The push changes places with the next one of its call. The last one of a call goes as it is.
    Reorder = "reorder", Pushes, None, [];
    /// The digest is that of another secret.
    WrongDigest = "wrong_digest", Pushes, None, [];
    /// The authentication headers are missing.
    NoSignature = "no_signature", Pushes, None, [];
    /// `Created` is off, under a correct digest.
    SkewedClock = "skewed_clock", Pushes, None, ["seconds"];
    /// The body has members that nobody documented.
    UnknownFields = "unknown_fields", Pushes, None, [];
    /// The body's `eventType` is none of the documented ones.
    UnknownEvent = "unknown_event", Pushes, None, [];
    /// A record that is no record stands before the good ones in `feeLst`.
    BadRecord = "bad_record", Pushes, None, [];
}

impl FaultKind {
    /// Whether it may strike answers to requests.
    pub const fn strikes_answers(self) -> bool {
        matches!(self.side(), Side::Answers | Side::Both)
    }

    /// Whether it may strike pushes.
    pub const fn strikes_pushes(self) -> bool {
        matches!(self.side(), Side::Pushes | Side::Both)
    }

    /// Whether it strikes before the request is read.
    pub(crate) const fn is_before_reading(self) -> bool {
        matches!(self, FaultKind::ResetBeforeReading | FaultKind::TlsFailure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_lists_every_kind_with_what_it_strikes_and_takes() {
        let manual = include_str!("../../README.md");
        for kind in FaultKind::ALL {
            let begin = format!("| `{}`", kind.name());
            let row = manual.lines().find(|line| line.starts_with(&begin));
            let cells: Vec<_> = row
                .unwrap_or_else(|| panic!("no row {begin}"))
                .split('|')
                .map(str::trim)
                .collect();
            assert_eq!(cells[2].contains("calls"), kind.strikes_answers(), "{begin}");
            assert_eq!(
                cells[2].contains("pushes") || cells[2] == "fee",
                kind.strikes_pushes(),
                "{begin}"
            );
            assert_eq!(cells[3] == "yes", kind.is_carried_out(), "{begin}");
            for detail in kind.takes() {
                assert!(cells[4].contains(&format!("`{detail}`")), "{begin} takes {detail}");
            }
        }
    }
}
