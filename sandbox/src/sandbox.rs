//! A running platform, for programs with a tokio runtime; [`blocking`](crate::blocking) has the same for all others.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempPath;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::admin;
use crate::admin::wait;
use crate::call::action::Action;
use crate::call::phone::PhoneRule;
use crate::call::view::CallView;
use crate::faults::{ArmedFault, Fault};
use crate::journal::JournalEntry;
use crate::options::{self, Options};
use crate::platform::Platform;
use crate::provisioning::Account;
use crate::push::log::{PushView, UndeliveredCdrs};
use crate::ready::Ready;
use crate::scheduler;
use crate::server;
use crate::tls::{Authority, Certificate};

/// A local platform. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    platform: Arc<Platform>,
    endpoint: Arc<str>,
    admin: String,
    /// The authority's certificate, where a platform with TLS has written it; gone when this is dropped.
    ca_file: Option<TempPath>,
    tasks: JoinSet<()>,
}

impl Sandbox {
    /// Starts a platform on the current runtime and returns when it listens.
    ///
    /// # Errors
    /// The address cannot be listened on, a setting cannot be used, or the system has no randomness.
    pub async fn start(options: Options) -> io::Result<Sandbox> {
        options
            .check()
            .map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))?;
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let authority = Authority::new()?;
        let (tls, ca_file) = match options.tls {
            true => (Some(authority.acceptor(address.ip())?), Some(write_ca(&authority)?)),
            false => (None, None),
        };
        let scheme = if options.tls { "https" } else { "http" };
        let endpoint: Arc<str> = format!("{scheme}://{address}").into();
        let link_key = voicecall_core::sign::nonce().map_err(io::Error::other)?;
        let (doors, orders) = mpsc::unbounded_channel();
        let platform = Arc::new(Platform::new(options, link_key, doors, authority)?);
        let mut tasks = JoinSet::new();
        tasks.spawn(scheduler::run(Arc::clone(&platform)));
        tasks.spawn(server::run(
            listener,
            tls,
            orders,
            Arc::clone(&endpoint),
            Arc::clone(&platform),
        ));
        Ok(Sandbox {
            admin: format!("http://{address}{}", admin::PATH),
            ca_file,
            platform,
            endpoint,
            tasks,
        })
    }

    /// Base URL of the five calls, e.g. `http://127.0.0.1:40001`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Base URL of the admin API.
    pub fn admin_url(&self) -> &str {
        &self.admin
    }

    /// What a program needs to use this platform.
    pub fn ready(&self) -> Ready {
        let mut ready = Ready::new(&self.endpoint, &self.admin, &self.platform.account());
        ready.ca_file = self.ca_file.as_ref().map(|path| path.display().to_string());
        ready
    }

    /// The page for people: phones to answer, and all that happens.
    pub fn page_url(&self) -> String {
        self.admin.trim_end_matches(admin::PATH).to_owned() + "/"
    }

    /// A new certificate for 127.0.0.1, ::1 and localhost, of the authority that pushes trust: what a receiver with an
    /// `https://` address needs.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn issue_certificate(&self) -> io::Result<Certificate> {
        self.platform.authority.issue(&[])
    }

    /// [`ready`](Sandbox::ready) as one line of JSON.
    pub fn ready_line(&self) -> String {
        self.ready().to_json()
    }

    /// Every call that is kept, in the order in which they were placed.
    pub fn calls(&self) -> Vec<CallView> {
        self.platform.calls(None, usize::MAX)
    }

    /// The call with this session id.
    pub fn call(&self, session_id: &str) -> Option<CallView> {
        self.platform.call(session_id)
    }

    /// Every push that is kept, in the order in which they were answered or failed.
    pub fn pushes(&self) -> Vec<PushView> {
        self.platform.pushes(0, None, usize::MAX)
    }

    /// CDRs that the receiver did not take in seven attempts.
    pub fn undelivered_cdrs(&self) -> Vec<UndeliveredCdrs> {
        self.platform.undelivered()
    }

    /// What happened after this line of the journal, 0 for all that is kept.
    pub fn events(&self, after: u64) -> Vec<JournalEntry> {
        self.platform.journal(after, usize::MAX)
    }

    /// Waits, for this real time at most, until the call is over.
    pub async fn wait_for_end(&self, session_id: &str, timeout: Duration) -> Option<CallView> {
        let ended = || self.call(session_id).filter(|call| call.end.is_some());
        wait::until(&self.platform, Some(timeout.as_secs_f64()), ended).await
    }

    /// Waits, for this real time at most, until there is a push like this.
    pub async fn wait_for_push(&self, like: impl Fn(&PushView) -> bool, timeout: Duration) -> Option<PushView> {
        // Each push is looked at once, however long the wait.
        let seen = AtomicU64::new(0);
        let find = || {
            let pushes = self.platform.pushes(seen.load(Ordering::Relaxed), None, usize::MAX);
            seen.fetch_max(pushes.last().map_or(0, |push| push.id), Ordering::Relaxed);
            pushes.into_iter().find(&like)
        };
        wait::until(&self.platform, Some(timeout.as_secs_f64()), find).await
    }

    /// Changes how all phones behave in calls to come; what the rule leaves out stays as it is.
    pub fn set_all_phones(&self, rule: PhoneRule) {
        self.platform
            .change_phones(|phones| phones.all = rule.over(&phones.all));
    }

    /// Sets how the phone with this number behaves in calls to come.
    pub fn set_phone(&self, number: impl Into<String>, rule: PhoneRule) {
        self.platform
            .change_phones(|phones| phones.own.insert(number.into(), rule));
    }

    /// Changes what the customer has set up, for requests to come.
    pub fn change_account(&self, change: impl FnOnce(&mut Account)) {
        self.platform.change_account(change);
    }

    /// Does something by hand at the phone with this number, in the newest live call where it means something. `digits` are
    /// the keys of [`Action::Press`]. Gives the call; `None` where it means nothing.
    pub fn act_at_phone(&self, number: &str, action: Action, digits: &str) -> Option<CallView> {
        self.platform.act_at_phone(number, action, digits).ok()
    }

    /// Goes on at this speed in simulated time, or stands still; what is `None` stays as it is. Speeds out of range change
    /// nothing.
    pub fn set_clock(&self, speed: Option<f64>, paused: Option<bool>) {
        let speed = speed.filter(|speed| options::check_speed(*speed).is_ok());
        self.platform.set_clock(speed, paused);
    }

    /// Leaps ahead in simulated time; what becomes due on the way is done when this returns, save what is being sent.
    pub fn step_clock(&self, length: Duration) {
        self.platform.step_clock(length);
    }

    /// Arms a fault and gives the id by which it can be removed; a door that is shut ([`FaultKind::Refuse`](crate::FaultKind::Refuse)) has none.
    ///
    /// # Errors
    /// The fault makes no sense; the text says why.
    pub fn arm(&self, fault: Fault) -> Result<Option<u64>, String> {
        fault.check()?;
        Ok(self.platform.arm(fault).ok())
    }

    /// The faults that wait for their turn.
    pub fn faults(&self) -> Vec<ArmedFault> {
        self.platform.faults.list()
    }

    /// Removes all faults that wait for their turn.
    pub fn clear_faults(&self) {
        self.platform.faults.remove(|_| true);
    }

    /// Stops the platform: nothing listens any more, connections and pushes on their way are cut.
    pub async fn stop(mut self) {
        self.end_tasks().await;
    }

    /// Ends the tasks and returns when they are gone, and the listening socket with them.
    pub(crate) async fn end_tasks(&mut self) {
        self.tasks.shutdown().await;
    }
}

/// Where clients find the authority's certificate.
fn write_ca(authority: &Authority) -> io::Result<TempPath> {
    let mut file = tempfile::Builder::new()
        .prefix("voicecall-sandbox-")
        .suffix(".pem")
        .tempfile()?;
    file.write_all(authority.pem().as_bytes())?;
    Ok(file.into_temp_path())
}
