//! The kinds of error, declared once: text id, number, meaning and advice are the same in every language.

macro_rules! kinds {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $number:literal, $id:literal, advice: $advice:literal; )+) => {
        /// What kind of thing went wrong. Decide by this and by [`Delivery`](super::Delivery), never by message text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &'static [ErrorKind] = &[$( ErrorKind::$variant ),+];

            /// Stable text id, e.g. `invalid_argument`.
            pub const fn id(self) -> &'static str {
                match self { $( ErrorKind::$variant => $id, )+ }
            }

            /// Stable number, used as status of the C ABI. Groups of a hundred: 1xx caller, 2xx network, 3xx platform,
            /// 4xx client state, 5xx webhooks, 6xx local files, 9xx library. 0 is success and no kind. Numbers are never reused.
            pub const fn number(self) -> i32 {
                match self { $( ErrorKind::$variant => $number, )+ }
            }

            /// When it happens and what it means for the phone.
            pub const fn doc(self) -> &'static str {
                match self { $( ErrorKind::$variant => concat!($($doc, "\n"),+), )+ }
            }

            /// What to do about it when no result code says it better.
            pub const fn advice(self) -> &'static str {
                match self { $( ErrorKind::$variant => $advice, )+ }
            }
        }
    };
}

kinds! {
    /// An argument breaks a rule of the service; [`field`](super::Error::field) and [`rule`](super::Error::rule) say
    /// which. Nothing was sent, no phone has rung.
    InvalidArgument = 101, "invalid_argument", advice: "Correct the named field and call again.";
    /// The client was set up in a way that cannot work: a missing key, an unusable endpoint, an unreadable CA file.
    /// Nothing was sent, no phone has rung.
    Configuration = 102, "configuration", advice: "Correct the named setting.";
    /// No connection to the platform: the name did not resolve, the port refused, no route, the proxy said no.
    /// Nothing was sent, no phone has rung.
    Connect = 201, "connect", advice: "Check endpoint, DNS, proxy and firewall; calling again is safe.";
    /// The TLS handshake failed: unknown CA, wrong name, expired certificate, no common version. Nothing was sent
    /// unless [`delivery`](super::Error::delivery) says `unknown`.
    Tls = 202, "tls", advice: "Check the endpoint's certificate, the clock and the extra CA file.";
    /// A time-out ran out. With delivery `not_sent` nothing left this machine; with `unknown` the phone may be ringing.
    Timeout = 203, "timeout", advice: "See delivery: after not_sent calling again is safe.";
    /// The connection broke after the request, or a part of it, was handed to it: the phone may be ringing.
    ConnectionLost = 204, "connection_lost", advice: "See delivery: after not_sent calling again is safe.";
    /// The platform refused; result code, meaning and advice tell why. No phone has rung, unless
    /// [`delivery`](super::Error::delivery) says `unknown` (result code 1023002: the platform itself timed out).
    Rejected = 301, "rejected", advice: "Look the result code up; unlisted codes are for the platform's support.";
    /// The platform does not accept key, digest or time, or has locked this address out. Never repeat in a loop: too
    /// many failures lock the address out for 30 minutes (contract requests.md 2.5).
    Authentication = 302, "authentication", advice: "Check app key, app secret and clock; do not repeat in a loop.";
    /// A limit of calls, ports or flow was reached; the same call may pass later.
    Throttled = 303, "throttled", advice: "Wait a minute before placing the call again.";
    /// An answer that cannot be read as the platform's: not JSON, no result code, success without a session id.
    Protocol = 304, "protocol", advice: "Check the endpoint: something other than the platform may have answered.";
    /// The client was closed before or during the call, or a download was stopped by its progress callback.
    Closed = 401, "closed", advice: "Make a new client; see delivery before placing the call again.";
    /// A webhook body that is not JSON, too large, too deep or of a wrong shape.
    MalformedWebhook = 501, "malformed_webhook", advice: "Pass the raw request body; keep it if it came from the platform.";
    /// A webhook whose signature does not hold.
    Signature = 502, "signature", advice: "Check the registered URL, app key, app secret and clock.";
    /// A local file could not be read, created or written.
    Storage = 601, "storage", advice: "Check path, permissions and free space.";
    /// A fault of this library. Please report it.
    Internal = 901, "internal", advice: "Please report it with the message.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::ErrorKind;

    #[test]
    fn ids_and_numbers_are_unique_and_zero_stays_free() {
        let ids: HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.id()).collect();
        let numbers: HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.number()).collect();
        assert_eq!(ids.len(), ErrorKind::ALL.len());
        assert_eq!(numbers.len(), ErrorKind::ALL.len());
        assert!(!numbers.contains(&0));
    }
}
