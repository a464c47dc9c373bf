//! What can be typed for `voicecall listen`, and the checks that follow from it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::{Map, Value};
use voicecall_core::descriptor::{Field, FieldType};
use voicecall_core::record::FromNatural;
use voicecall_core::webhook::{Webhook, WebhookConfig};
use voicecall_core::{Config, Error, Secret};

use crate::exit::Failure;
use crate::receiver::{Detail, Plan};
use crate::request::{fault, flag};
use crate::server::{Manners, Tls, TlsFiles};
use crate::settings::{Global, SettingFlags, Settings};
use crate::store::{Found, StoreOptions};
use crate::wait::time;

/// Options of `voicecall listen`.
#[derive(Debug, Args)]
pub(crate) struct ListenOptions {
    /// An address that the platform pushes to, exactly as registered or given with the call. Can be repeated.
    ///
    /// A signature covers it, and behind a proxy or a tunnel it is not the address of this machine. Without it
    /// signatures are not checked.
    #[arg(long = "url", value_name = "URL")]
    urls: Vec<String>,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Address of this machine to listen on.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// File that each webhook is appended to, as a line of JSON. It holds full phone numbers. [default:
    /// voicecall-webhooks.ndjson, where there is no store]
    #[arg(long, value_name = "FILE", conflicts_with = "store")]
    append: Option<PathBuf>,
    /// Also pass each accepted webhook on to this address, as it came. Not with a store: programs read it there.
    ///
    /// What is answered there is shown. The platform gets its 200 when the line is in the file, whatever is answered
    /// there: replay sends again what a program missed.
    #[arg(long, value_name = "URL", conflicts_with = "store")]
    pub(super) forward: Option<String>,
    /// Also accept webhooks of this profile's application. Can be repeated. While a secret is exchanged, a profile of the
    /// same application has the other one.
    #[arg(long = "application", value_name = "PROFILE")]
    applications: Vec<String>,
    #[command(flatten)]
    clients: ClientOptions,
    #[command(flatten)]
    pub(super) store: StoreOptions,
    #[command(flatten)]
    running: RunningOptions,
    #[command(flatten)]
    checks: Checks,
}

/// How the receiver is run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Operation")]
struct RunningOptions {
    /// Serve /healthz and /metrics at this address, and not where the platform pushes to.
    ///
    /// Always without TLS. /healthz answers 200 when webhooks can be stored, 503 when not; /metrics is for Prometheus.
    #[arg(long, value_name = "ADDRESS")]
    health: Option<SocketAddr>,
    /// Webhooks that are stored at the same time. Those that wait for the disk together are written together.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    writers: u16,
    /// What is logged on standard error. [default: info; warn without a store]
    #[arg(long, value_name = "LEVEL", value_enum)]
    log: Option<Detail>,
}

/// How clients are treated.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connections")]
struct ClientOptions {
    /// Certificate to serve HTTPS with: PEM, followed by the certificates that signed it. Read again on SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key: PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Connections at once. When there are more, those with the oldest unfinished requests are closed; then the rest wait.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    connections: u32,
    /// Connections from one address at once. [default: no limit of its own, as all connections through a proxy come from
    /// one address]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    connections_per_address: Option<u32>,
    /// Longest time for the TLS handshake and the head of a request, and for its body.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    client_timeout: Duration,
    /// Longest time between two requests of a connection. Set it above that of a load balancer in front.
    #[arg(long, value_name = "TIME", default_value = "75s", value_parser = time)]
    idle_timeout: Duration,
}

impl ListenOptions {
    /// How the receiver is run, with a store that may take this long.
    pub(super) fn plan(&self, store_time: Option<Duration>) -> Result<Plan, Failure> {
        // In the store a push can wait for another that waits.
        let patience = store_time.map_or(Duration::MAX, |time| 2 * time + GRACE);
        let manners = self.manners()?;
        Ok(Plan {
            listen: SocketAddr::new(self.bind, self.port),
            health: self.running.health,
            // Whatever was accepted is done by then, or never.
            manners: Manners {
                linger: manners.client_time.saturating_add(patience).saturating_add(MARGIN),
                ..manners
            },
            writers: self.running.writers.into(),
            patience,
        })
    }

    /// What is logged.
    pub(super) fn detail(&self, with_store: bool) -> Detail {
        let usual = if with_store { Detail::Info } else { Detail::Warn };
        self.running.log.unwrap_or(usual)
    }

    /// How clients are treated.
    fn manners(&self) -> Result<Manners, Failure> {
        let clients = &self.clients;
        let tls = match (&clients.tls_cert, &clients.tls_key) {
            (Some(certificate), Some(key)) => Some(Tls::read(TlsFiles {
                certificate: certificate.clone(),
                key: key.clone(),
            })),
            _ => None,
        };
        Ok(Manners {
            connections: clients.connections,
            connections_of_one_address: clients.connections_per_address,
            client_time: clients.client_timeout,
            idle_time: clients.idle_timeout,
            tls: tls.transpose().map_err(Failure::usage)?.map(Arc::new),
            ..Manners::default()
        })
    }

    /// The store that is to be filled, unless it is a file of lines.
    pub(super) fn store(&self, global: &Global) -> Result<Option<Found>, Failure> {
        if self.append.is_some() {
            return Ok(None);
        }
        let found = Found::gather(&self.store.flags, global)?;
        if !found.is_set() {
            return Ok(None);
        }
        if self.forward.is_some() {
            return Err(Failure::usage(
                "--forward goes with --append, and a store is set; programs read the store",
            ));
        }
        Ok(Some(found))
    }

    /// The file of lines.
    pub(super) fn file(&self) -> &Path {
        self.append.as_deref().unwrap_or(Path::new(USUAL_FILE))
    }

    /// How webhooks are checked, and why they are not where something is missing for it.
    pub(super) fn checks(&self, global: &Global) -> Result<(Webhook, Option<&'static str>), Failure> {
        let (config, lacking) = self.webhook(global)?;
        Ok((config.build().map_err(|error| self.fault(error))?, lacking))
    }

    fn webhook(&self, global: &Global) -> Result<(WebhookConfig, Option<&'static str>), Failure> {
        let mut webhook = WebhookConfig::from_natural(self.checks.0.clone())?;
        let own = Settings::gather(global, &SettingFlags::default())?.config()?;
        let mut keys: Vec<_> = credentials(own).into_iter().collect();
        for profile in &self.applications {
            let of_profile = credentials(Settings::of_profile(profile)?.config()?);
            // The same application with another secret: the two are being exchanged.
            let is_new = |(app_key, secret): &(String, Secret)| {
                let same = |(key, known): &(String, Secret)| key == app_key && known.expose() == secret.expose();
                !keys.iter().any(same)
            };
            keys.extend(of_profile.filter(is_new));
        }
        let wanted = self.checks.0.contains_key("policy");
        if self.checks.0.get("policy").is_some_and(|policy| policy == "off") {
            return Ok((webhook, Some("--policy off")));
        }
        let lacking = match (keys.is_empty(), self.urls.is_empty()) {
            (true, _) => Some("no app_key and app_secret are set"),
            (_, true) => Some("no --url says what is registered"),
            _ => None,
        };
        if lacking.is_none() || wanted {
            webhook = self.urls.iter().fold(webhook, WebhookConfig::url);
            webhook = keys
                .into_iter()
                .fold(webhook, |webhook, (key, secret)| webhook.application(key, secret));
            return Ok((webhook, None));
        }
        Ok((webhook, lacking))
    }

    /// Says what is wrong with the checks in the words of who typed them.
    fn fault(&self, error: Error) -> Failure {
        match error.field() {
            Some("/applications") => Failure::usage(
                "a signature is checked with the application's secret: set VOICECALL_APP_KEY and VOICECALL_APP_SECRET",
            ),
            Some(at) if at.starts_with("/urls") => {
                Failure::usage(format!("--url{}", error.message().replacen(at, "", 1)))
            }
            _ => fault::of(WebhookConfig::RECORD, error),
        }
    }
}

/// For a store that keeps its time-out, before a push is answered without its word.
const GRACE: Duration = Duration::from_secs(1);
/// A margin for what is neither the client's time nor the store's.
pub(super) const MARGIN: Duration = Duration::from_secs(5);

/// Where lines go when nobody says so.
const USUAL_FILE: &str = "voicecall-webhooks.ndjson";

fn credentials(config: Config) -> Option<(String, Secret)> {
    Some((config.app_key?, config.app_secret?))
}

/// The settings of the check that are no lists, as flags made from the descriptor.
#[derive(Debug)]
struct Checks(Map<String, Value>);

fn checks() -> impl Iterator<Item = &'static Field> {
    let lists = |field: &&Field| matches!(field.ty, FieldType::Texts | FieldType::Records(_));
    WebhookConfig::RECORD.fields.iter().filter(move |field| !lists(field))
}

impl Args for Checks {
    fn augment_args(command: Command) -> Command {
        checks().fold(command, |command, field| {
            command.arg(flag::plain(WebhookConfig::RECORD, field).help_heading("Checks"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Checks {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Checks, clap::Error> {
        let given = checks().filter_map(|field| Some((field.name.to_owned(), flag::read(matches, field)?)));
        Ok(Checks(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
