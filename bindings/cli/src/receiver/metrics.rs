//! What is counted, for Prometheus.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::keeper::Kept;

/// What [`Metrics::text`] is.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A counter for each value of one label.
type Counters<V> = Family<[(&'static str, V); 1], Counter>;

pub(super) struct Metrics {
    registry: Registry,
    answers: Counters<u16>,
    verdicts: Counters<&'static str>,
    records: Counters<&'static str>,
    cdrs: Counter,
    pub(super) store_failures: Counter,
    seconds: Histogram,
    in_flight: Gauge,
    pub(super) connections: Gauge,
    pub(super) cut_off: Counter,
    last_stored: Gauge<f64, AtomicU64>,
}

/// From a push that costs no wait for the disk to one that waits as long as stores are waited for.
const SECONDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

impl Metrics {
    pub(super) fn new(most_connections: u32) -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("voicecall"),
            answers: Family::default(),
            verdicts: Family::default(),
            records: Family::default(),
            cdrs: Counter::default(),
            store_failures: Counter::default(),
            seconds: Histogram::new(SECONDS),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            cut_off: Counter::default(),
            last_stored: Gauge::default(),
        };
        metrics.register(most_connections);
        // Named from the first scrape on: an alert on what is not there yet would never fire.
        for outcome in ["new", "known", "contradicting", "unreadable"] {
            metrics.count(outcome, 0);
        }
        metrics
    }

    fn register(&mut self, most_connections: u32) {
        let Metrics { registry, .. } = self;
        registry.register(
            "pushes",
            "Requests that pushed, by the status of the answer",
            self.answers.clone(),
        );
        registry.register(
            "signatures",
            "What the checks of the signatures found",
            self.verdicts.clone(),
        );
        registry.register(
            "records",
            "Events and CDRs, by what became of them",
            self.records.clone(),
        );
        registry.register("cdrs", "CDRs that were stored for the first time", self.cdrs.clone());
        registry.register(
            "store_failures",
            "Pushes that the store could not write, answered with 500",
            self.store_failures.clone(),
        );
        registry.register_with_unit(
            "push",
            "Time from the whole push to its answer, most of it the store's",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register(
            "pushes_in_flight",
            "Pushes that are being stored",
            self.in_flight.clone(),
        );
        registry.register("connections", "Open connections", self.connections.clone());
        registry.register(
            "connections_cut_off",
            "Connections ended or refused because the client took too long or has too many",
            self.cut_off.clone(),
        );
        registry.register_with_unit(
            "last_stored_timestamp",
            "When something was stored last, since 1970; 0 before",
            Unit::Seconds,
            self.last_stored.clone(),
        );
        let most: Gauge = Gauge::default();
        most.set(most_connections.into());
        registry.register("connections_max", "Connections that may be open at once", most);
        let start: Gauge<f64, AtomicU64> = Gauge::default();
        start.set(now());
        registry.register_with_unit(
            "start_timestamp",
            "When this process began to serve, since 1970",
            Unit::Seconds,
            start,
        );
        registry.register(
            "build",
            "This program",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
    }

    /// Counts what became of a push.
    pub(super) fn note(&self, kept: &Kept) {
        self.verdicts.get_or_create(&[("verdict", kept.verdict.id())]).inc();
        if kept.failed.is_some() {
            self.store_failures.inc();
        }
        self.count("new", kept.new);
        self.count("known", kept.known);
        self.count("contradicting", kept.contradicting);
        self.count("unreadable", kept.unreadable);
        self.cdrs.inc_by(kept.new_cdrs as u64);
        if kept.new > 0 {
            self.last_stored.set(now());
        }
    }

    /// Counts a push as in flight until this is dropped.
    pub(super) fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Whether a push is in flight.
    pub(super) fn is_busy(&self) -> bool {
        self.in_flight.get() > 0
    }

    fn count(&self, outcome: &'static str, number: usize) {
        self.records
            .get_or_create(&[("outcome", outcome)])
            .inc_by(number as u64);
    }

    /// Counts an answer, and the time that it took from the whole push.
    pub(super) fn answered(&self, status: u16, took: Option<Duration>) {
        self.answers.get_or_create(&[("status", status)]).inc();
        if let Some(took) = took {
            self.seconds.observe(took.as_secs_f64());
        }
    }

    /// In the text format of OpenMetrics.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing into memory does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A push on its way.
pub(super) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

fn now() -> f64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since_epoch.as_secs_f64()
}
