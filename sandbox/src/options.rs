//! How a local platform is started.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;

use crate::auth::Authentication;
use crate::call::phone::PhoneRule;
use crate::choices::Choices;
use crate::faults::Fault;
use crate::provisioning::Account;
use crate::push::PushOptions;
use crate::settings;

/// Fastest clock: a simulated day takes less than a tenth of a second.
const FASTEST: f64 = 1_000_000.0;

/// Settings of a local platform. Every field has a default; set what differs.
///
/// ```
/// let mut options = voicecall_sandbox::Options::default();
/// options.speed = 60.0;
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Options {
    /// Where to listen. Default: 127.0.0.1 with a port chosen by the system.
    pub listen: SocketAddr,
    /// Names under which the platform answers, beside `localhost` and addresses of loopback, e.g. that of a container. One
    /// that listens beyond this machine answers to every address. Default: none.
    pub allowed_hosts: Vec<String>,
    /// How many times as fast as real time the calls live. Times in pushes are simulated, so a 60-second talk is 60
    /// seconds in its CDR at any speed. Greater than 0, at most a million. Default: 1.
    pub speed: f64,
    /// Simulated time stands still until it is stepped or set going. Default: no.
    pub paused: bool,
    /// Serve the five calls over TLS, with a certificate of a private authority that is made at start. Default: no.
    pub tls: bool,
    /// Keep connections open after an answer, and announce it with `Connection: keep-alive`; those of pushes too. Default:
    /// no, the platform closes first and does not announce it, as the service does (contract requests.md 13.1, D27).
    pub keep_alive: bool,
    /// Seconds by which the platform's wall clock is ahead of this machine's: tries out clock corrections. Default: 0.
    pub clock_offset_seconds: i64,
    /// What the customer has set up. Default: one application and a few numbers, voice files and templates.
    pub account: Account,
    /// How requests are authenticated.
    pub authentication: Authentication,
    /// How all phones behave; what it leaves out is built in.
    pub all_phones: PhoneRule,
    /// How certain numbers behave; what a rule leaves out is taken from `all_phones`.
    pub phones: BTreeMap<String, PhoneRule>,
    /// What is done where the contract is open or in conflict with itself.
    pub choices: Choices,
    /// Life of a recording's address in simulated time. In files: `recording_link_seconds`. Default: 7 days, the newer of
    /// two documented values; the older is 30 minutes.
    #[serde(rename = "recording_link_seconds", with = "settings::seconds")]
    pub recording_link_life: Duration,
    /// How pushes are sent.
    pub push: PushOptions,
    /// Faults that are armed from the start. Default: none.
    pub faults: Vec<Fault>,
    /// Decides what is left to chance, which are faults with a probability: the same seed gives the same strikes. Default:
    /// 0.
    pub seed: u64,
    /// How many finished calls are kept; older ones are dropped, oldest first. Default: 100,000.
    pub finished_calls: usize,
    /// How many pushes are kept for the admin API, as long as their bodies have no more than 64 MiB together, and how many
    /// undeliverable CDR messages. Default: 10,000.
    pub kept_pushes: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            allowed_hosts: Vec::new(),
            speed: 1.0,
            paused: false,
            tls: false,
            keep_alive: false,
            clock_offset_seconds: 0,
            account: Account::default(),
            authentication: Authentication::default(),
            all_phones: PhoneRule::default(),
            phones: BTreeMap::new(),
            choices: Choices::default(),
            recording_link_life: Duration::from_secs(7 * 24 * 3600),
            push: PushOptions::default(),
            faults: Vec::new(),
            seed: 0,
            finished_calls: 100_000,
            kept_pushes: 10_000,
        }
    }
}

impl Options {
    /// Reads settings from the text of a TOML file. Its names are those of the fields here; what it leaves out keeps its
    /// default.
    ///
    /// ```
    /// let options = voicecall_sandbox::Options::from_toml(
    ///     r#"
    ///     speed = 60
    ///     faults = [{ on = "fee", fault = "answer_lost", count = 1 }]
    ///
    ///     [account.applications.MyKey]
    ///     app_secret = "my-secret"
    ///     scene = "notification"
    ///     display_numbers = ["+867550000088"]
    ///
    ///     [phones."+8613800000021"]
    ///     answer_seconds = 15
    ///     "#,
    /// )?;
    /// assert_eq!(options.speed, 60.0);
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// The text is no TOML, or names something that does not exist; the error is one line that tells line and column.
    pub fn from_toml(text: &str) -> Result<Options, String> {
        let options: Options = toml::from_str(text).map_err(|error| misspelt(text, &error))?;
        options.check()?;
        Ok(options)
    }

    /// Why these settings cannot be used, if they cannot.
    pub(crate) fn check(&self) -> Result<(), String> {
        check_speed(self.speed)?;
        self.faults.iter().try_for_each(Fault::check)
    }
}

/// The parser's own text spans several lines and shows the line at fault, which may hold a secret.
fn misspelt(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let what = error.message().lines().collect::<Vec<_>>().join(", ");
    format!("line {line}, column {column}: {what}")
}

/// Why the clock cannot run at this speed, if it cannot.
pub(crate) fn check_speed(speed: f64) -> Result<(), String> {
    // Not a number is in no range.
    if speed > 0.0 && speed <= FASTEST {
        return Ok(());
    }
    Err(format!(
        "speed must be greater than 0 and at most {FASTEST}, not {speed}"
    ))
}
