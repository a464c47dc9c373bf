//! What a client is told when it is made, checked before anything else happens.

use std::net::IpAddr;

use crate::descriptor::{Limit, Presence};
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::record::FieldValue;
use crate::sign::CreatedZone;
use crate::url::HttpUrl;
use crate::validate::{Validation, validate_record};
use crate::{enumeration, record};

/// The documented access address (contract requests.md 1).
pub const DEFAULT_ENDPOINT: &str = "https://rtccall.cn-north-1.myhuaweicloud.cn:443";

record! {
    /// Settings of a client. Only the application's key and secret are needed.
    pub struct Config: "requests.md 1, 2, 13.1" {
        /// APP_Key of the application. An application has one business type, so callbacks, notifications and
        /// verification codes usually need three clients.
        app_key: "appKey" => Text { presence: Presence::Mandatory, limit: Limit::documented(1, 256) }
        /// APP_Secret of the application. Wiped from memory with the client; never printed.
        app_secret: "appSecret" => Secret { presence: Presence::Mandatory, limit: Limit::documented(1, 1024) }
        /// Application access address, as the console shows it; joined to the paths as text.
        endpoint: "endpoint" => Text { default: Some(DEFAULT_ENDPOINT), limit: Limit::documented(1, 1024) }
        /// Longest time for a whole call, from its start to the complete answer, repetitions after `not_sent` included.
        timeout: "timeoutMs" => Milliseconds {
            default: Some("30000"), limit: LONGEST_TIMEOUT, unit: Some("milliseconds")
        }
        /// Longest time to look the endpoint's name up.
        resolve_timeout: "resolveTimeoutMs" => Milliseconds {
            default: Some("5000"), limit: LONGEST_TIMEOUT, unit: Some("milliseconds")
        }
        /// Longest time to connect, the TLS handshake and a proxy's part included.
        connect_timeout: "connectTimeoutMs" => Milliseconds {
            default: Some("5000"), limit: LONGEST_TIMEOUT, unit: Some("milliseconds")
        }
        /// How often a request that did not reach the platform is sent again, within the call's time. Never applies to
        /// a request of which a byte may have arrived.
        retries: "retries" => Integer { default: Some("2"), limit: Limit::documented(0, 10), unit: Some("repetitions") }
        /// Most submitted calls that are in flight at once; more wait in order, and the waiting counts as their time. Calls
        /// that block the program's own thread are not limited.
        max_in_flight: "maxInFlight" => Integer { default: Some("64"), limit: Limit::documented(1, 4096), unit: Some("calls") }
        /// HTTP proxy as a URL, `http://user:password@host:port`, or the word `environment` to read https_proxy,
        /// http_proxy, all_proxy and no_proxy as curl reads them (upper case too, but not HTTP_PROXY). Absent: no proxy,
        /// whatever the environment says.
        proxy: "proxy" => Secret { limit: Limit::documented(1, 1024) }
        /// PEM file with certificate authorities to trust beside the built-in ones.
        ca_file: "caFile" => Text { limit: Limit::documented(1, 4096) }
        /// Whether a connection carries more than one request.
        connection_reuse: "connectionReuse" => Enumeration(ConnectionReuse) { default: Some("announced") }
        /// Longest time that a kept connection may lie idle and still be used: firewalls forget idle connections without
        /// telling anybody.
        idle_timeout: "idleTimeoutMs" => Milliseconds {
            default: Some("20000"), limit: LONGEST_TIMEOUT, unit: Some("milliseconds")
        }
        /// Time zone of the signature's `Created`. The other one is tried once when the platform refuses a request for
        /// its time, and kept if it works.
        created_zone: "createdZone" => Enumeration(CreatedZone) { default: Some("utc") }
        /// Whether requests are checked before they are sent.
        validation: "validation" => Enumeration(Validation) { default: Some("strict") }
        /// Add a short random mark to the `userData` of every call that is placed. By it the call is recognised when the
        /// platform's answer is lost: the error tells the mark, and pushes bring it back, where it is taken off again. It
        /// takes 15 of the 256 characters.
        attempt_tag: "attemptTag" => Flag { default: Some("false") }
        /// User agent header.
        user_agent: "userAgent" => Text { default: Some(USER_AGENT), limit: Limit::documented(1, 256) }
        /// A host that may be spoken to without TLS, by its exact name. Loopback always may; nothing else does.
        allow_http_to: "allowHttpTo" => Text { limit: Limit::documented(1, 253) }
        /// Hosts from which a recording's direct address may be fetched, by exact name, besides those of the service and
        /// the endpoint's own.
        recording_hosts: "recordingHosts" => Texts { limit: Limit::documented(0, 100) }
        /// Longest recording that is fetched. The default is room for more than 30 hours.
        max_recording_bytes: "maxRecordingBytes" => Integer {
            default: Some("1073741824"), limit: Limit::documented(1, 1_099_511_627_776), unit: Some("bytes")
        }
    }
}

/// An hour: longer than any call to the platform takes.
const LONGEST_TIMEOUT: Option<Limit> = Limit::documented(1, 3_600_000);

/// The library and its version.
pub(crate) const USER_AGENT: &str = concat!("voicecall/", env!("CARGO_PKG_VERSION"));

enumeration! {
    /// Whether a connection carries more than one request (contract requests.md 13.1).
    pub enum ConnectionReuse {
        /// A connection is used again if the server announced `Connection: keep-alive`, and a new one otherwise: the
        /// platform may close a connection without announcing it, and a request written to it then is lost. A server
        /// that breaks its announcement once is not believed again.
        Announced = "announced",
        /// Each request has a new connection and says `Connection: close`.
        Never = "never",
    }
}

impl Config {
    /// Checks every setting; the error names the first one at fault.
    pub fn check(&self) -> Result<(), Error> {
        validate_record(self).map_err(|error| error.of_settings())?;
        if let Some(name) = self.extra.keys().next() {
            return Err(Error::configuration(
                &root().member(name),
                Rule::UnknownField,
                "no such setting",
            ));
        }
        self.check_header_text("appKey", self.app_key.as_deref(), &['"', '\\'])?;
        self.check_header_text("userAgent", self.user_agent.as_deref(), &[])?;
        self.check_allowed_host()?;
        self.check_endpoint()
    }

    /// The endpoint without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.endpoint
            .as_deref()
            .unwrap_or(DEFAULT_ENDPOINT)
            .trim_end_matches('/')
    }

    /// Whether this URL may be used without TLS.
    pub(crate) fn allows_plain_http(&self, url: &HttpUrl<'_>) -> bool {
        url.is_loopback()
            || self
                .allow_http_to
                .as_deref()
                .is_some_and(|host| host.eq_ignore_ascii_case(url.host))
    }

    /// A host that could never be one of an address allows nothing, which nobody would notice.
    fn check_allowed_host(&self) -> Result<(), Error> {
        let Some(host) = self.allow_http_to.as_deref() else {
            return Ok(());
        };
        let name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if host.parse::<IpAddr>().is_ok() || host.chars().all(name) {
            return Ok(());
        }
        let message =
            "must be the name or the IP address of a host alone, without scheme, port, path, brackets and blanks";
        Err(Error::configuration(&root().member("allowHttpTo"), Rule::Url, message))
    }

    fn check_endpoint(&self) -> Result<(), Error> {
        let at = root().member("endpoint");
        let endpoint = self.base_url();
        let Some(url) = HttpUrl::parse(endpoint) else {
            return Err(Error::configuration(
                &at,
                Rule::Url,
                "must be an https address with a host",
            ));
        };
        if url.user_info.is_some() || url.rest.contains(['?', '#']) || !endpoint.bytes().all(|b| b.is_ascii_graphic()) {
            let message = "must have no user, query or fragment, no blanks and no non-ASCII characters";
            return Err(Error::configuration(&at, Rule::Url, message));
        }
        if !url.https && !self.allows_plain_http(&url) {
            let message = format!(
                "http to {} is refused: use https, or allow http to this host, by its name, in the settings",
                url.host
            );
            return Err(Error::configuration(&at, Rule::Url, message));
        }
        Ok(())
    }

    /// A setting that goes into a header must not be able to end it.
    fn check_header_text(&self, name: &str, text: Option<&str>, forbidden: &[char]) -> Result<(), Error> {
        let allowed = |c: char| (c.is_ascii_graphic() || c == ' ') && !forbidden.contains(&c);
        if text.unwrap_or_default().chars().all(allowed) {
            return Ok(());
        }
        let message = "only printable ASCII characters without quotes or backslashes";
        Err(Error::configuration(&root().member(name), Rule::Characters, message))
    }
}

/// The default of an integer setting, from its descriptor: defaults stand there and nowhere else.
pub(crate) fn default_of(name: &str) -> i64 {
    let default = Config::RECORD.field(name).and_then(|field| field.default);
    default.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// A setting in milliseconds, or its default.
pub(crate) fn duration_of(config: &Config, name: &str) -> std::time::Duration {
    use crate::record::Fields;
    let set = Config::RECORD.index_of(name).and_then(|index| config.get(index));
    let milliseconds = match set {
        Some(FieldValue::Integer(milliseconds)) => milliseconds,
        _ => default_of(name),
    };
    std::time::Duration::from_millis(milliseconds.unsigned_abs())
}

fn root() -> Pointer {
    Pointer::root()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::ErrorKind;

    fn valid() -> Config {
        Config::new().app_key("app-key-0001").app_secret("example-secret-0001")
    }

    fn field_at_fault(config: Config) -> String {
        let error = config.check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert_eq!(error.result_code(), None, "the platform has no code for a setting");
        error.field().unwrap().to_owned()
    }

    #[test]
    fn key_and_secret_are_enough() {
        valid().check().unwrap();
        assert_eq!(duration_of(&valid(), "timeoutMs"), Duration::from_secs(30));
        assert_eq!(duration_of(&valid(), "connectTimeoutMs"), Duration::from_secs(5));
        assert_eq!(default_of("retries"), 2);
    }

    #[test]
    fn every_unusable_setting_is_named() {
        assert_eq!(field_at_fault(Config::new()), "/appKey");
        assert_eq!(field_at_fault(Config::new().app_key("k")), "/appSecret");
        assert_eq!(field_at_fault(valid().app_key("a\"b")), "/appKey");
        assert_eq!(field_at_fault(valid().app_key("a\r\nb")), "/appKey");
        assert_eq!(field_at_fault(valid().user_agent("a\nb")), "/userAgent");
        assert_eq!(field_at_fault(valid().endpoint("rtccall.example.com")), "/endpoint");
        assert_eq!(field_at_fault(valid().endpoint("https://h/?q")), "/endpoint");
        assert_eq!(field_at_fault(valid().endpoint("https://u:p@h")), "/endpoint");
        assert_eq!(field_at_fault(valid().timeout(Duration::ZERO)), "/timeoutMs");
        assert_eq!(field_at_fault(valid().retries(11)), "/retries");
        assert_eq!(field_at_fault(valid().connection_reuse("always")), "/connectionReuse");
        assert_eq!(field_at_fault(valid().extra("verifyTls", false)), "/verifyTls");
    }

    #[test]
    fn plain_http_only_to_loopback_and_to_hosts_allowed_by_name() {
        valid().endpoint("http://127.0.0.1:8080").check().unwrap();
        valid()
            .endpoint("http://voice.example.com")
            .allow_http_to("voice.example.com")
            .check()
            .unwrap();
        assert_eq!(
            field_at_fault(valid().endpoint("http://voice.example.com")),
            "/endpoint"
        );
        let other = valid()
            .endpoint("http://voice.example.com")
            .allow_http_to("example.com");
        assert_eq!(field_at_fault(other), "/endpoint");
    }

    #[test]
    fn what_can_never_match_is_no_host_that_may_be_spoken_to_without_tls() {
        for host in ["http://h", "h:8080", "h/", "[::1]", "h ", "*.h", "h\n"] {
            assert_eq!(field_at_fault(valid().allow_http_to(host)), "/allowHttpTo", "{host:?}");
        }
        for host in ["h", "voice_1.example.com", "10.0.0.1", "fd00::1"] {
            valid().allow_http_to(host).check().unwrap();
        }
    }

    #[test]
    fn a_secret_with_the_line_end_of_its_file_is_refused_by_name() {
        for secret in [
            "example-secret-0001\n",
            "example-secret-0001\r\n",
            " example-secret-0001",
        ] {
            let error = valid().app_secret(secret).check().unwrap_err();
            assert_eq!(error.field(), Some("/appSecret"));
            assert!(!error.to_string().contains("example"), "{error}");
        }
    }

    #[test]
    fn debug_shows_neither_secret_nor_proxy_password() {
        let shown = format!("{:?}", valid().proxy("http://user:password@127.0.0.1:3128"));
        assert!(
            !shown.contains("example-secret") && !shown.contains("password@"),
            "{shown}"
        );
    }
}
