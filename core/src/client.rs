//! The client: validate, sign, send, read the answer, and repeat only what cannot ring twice.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::attempt_tag::AttemptTag;
use crate::calls::{
    CREATE_VOICE_CALLBACK, CREATE_VOICE_NOTIFICATION, CREATE_VOICE_VERIFICATION_CODE, GET_RECORDING_DOWNLOAD_URL,
    PlacedCall, Recording, TERMINATE_CALL, TerminateCall, VoiceCallback, VoiceNotification, VoiceVerificationCode,
};
use crate::cancellation::Cancellation;
use crate::clock::{self, Clock};
use crate::config::{Config, default_of, duration_of};
use crate::error::{Delivery, Error, ErrorKind, Rule};
use crate::gate::Gate;
use crate::operation::Operation;
use crate::pointer::Pointer;
#[cfg(feature = "pool")]
use crate::pool::Pool;
use crate::record::Fields;
use crate::request::{self, HttpRequest, Signer};
use crate::response::{self, HttpAnswer, Success};
use crate::sign::{self, CreatedZone};
use crate::tagged::Tagged;
use crate::transport::{Answer, Bounds, Settings, Transport};
use crate::validate::{Validation, validate};
use crate::warning::{self, warnings};

/// A connection to the platform for one application.
///
/// Cheap to clone; clones share connections, clock correction and closing. Any number of threads may use it at once.
/// Each call blocks until its answer, its deadline or [`close`](Client::close).
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    transport: Transport,
    /// How `Created` is made; what a correction found out serves later calls (D15).
    clock: Mutex<Clock>,
    /// Ends waits between attempts when the client is closed.
    gate: Gate,
    #[cfg(feature = "pool")]
    pool: Pool,
    #[cfg(feature = "pool")]
    downloads: Pool,
}

/// Settings of a single call.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// Longest time for this call; the client's `timeout` otherwise.
    pub timeout: Option<Duration>,
    /// When the call began, for a program that keeps calls in a queue: the waiting is part of the call's time. Now
    /// otherwise.
    pub begun: Option<Instant>,
    /// The mark that goes out at the end of `userData`, for a program that registers the attempt beforehand. Only
    /// requests that place a call carry one; by default the client's `attempt_tag` decides.
    pub attempt_tag: Option<AttemptTag>,
    /// Ends the call early.
    pub cancellation: Option<Cancellation>,
}

/// No call takes longer, whatever its time-out says: a time so far away cannot be computed with.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 3600);

impl CallOptions {
    /// The client's settings as they are.
    #[must_use]
    pub fn new() -> CallOptions {
        CallOptions::default()
    }

    /// Longest time for this call.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> CallOptions {
        self.timeout = Some(timeout);
        self
    }

    /// When the call began.
    #[must_use]
    pub fn begun(mut self, begun: Instant) -> CallOptions {
        self.begun = Some(begun);
        self
    }

    /// The mark that goes out at the end of `userData`.
    #[must_use]
    pub fn attempt_tag(mut self, tag: AttemptTag) -> CallOptions {
        self.attempt_tag = Some(tag);
        self
    }

    /// What ends the call early.
    #[must_use]
    pub fn cancellation(mut self, cancellation: Cancellation) -> CallOptions {
        self.cancellation = Some(cancellation);
        self
    }

    /// When the call has to be over; `timeout` counts where it has none of its own.
    pub(crate) fn deadline(&self, timeout: Duration) -> Instant {
        let begun = self.begun.unwrap_or_else(Instant::now);
        let timeout = self.timeout.unwrap_or(timeout).min(LONGEST_CALL);
        begun.checked_add(timeout).unwrap_or(begun)
    }
}

impl Client {
    /// Makes a client. No connection is opened before the first call.
    ///
    /// # Errors
    /// `configuration`, with the setting at fault in [`Error::field`].
    pub fn new(config: Config) -> Result<Client, Error> {
        config.check()?;
        let transport = Transport::new(Settings::from_config(&config)?)?;
        #[cfg(feature = "pool")]
        let max_in_flight = max_in_flight(&config);
        let clock = Mutex::new(Clock::new(config.created_zone.clone().unwrap_or(CreatedZone::Utc)));
        Ok(Client {
            shared: Arc::new(Shared {
                config,
                transport,
                clock,
                gate: Gate::new(),
                #[cfg(feature = "pool")]
                pool: Pool::new(max_in_flight),
                #[cfg(feature = "pool")]
                downloads: Pool::new(max_in_flight),
            }),
        })
    }

    /// Connects two phones: calls A, then B, and joins them.
    ///
    /// # Errors
    /// Every [`ErrorKind`] that a call can have; look at [`Error::delivery`] before placing the call again.
    pub fn create_voice_callback(&self, request: &VoiceCallback) -> Result<PlacedCall, Error> {
        self.create_voice_callback_with(request, &CallOptions::new())
    }

    /// As [`create_voice_callback`](Client::create_voice_callback), with settings for this call.
    pub fn create_voice_callback_with(
        &self,
        request: &VoiceCallback,
        options: &CallOptions,
    ) -> Result<PlacedCall, Error> {
        self.place(&CREATE_VOICE_CALLBACK, request, options)
    }

    /// Calls one number and plays up to five items; may collect keys.
    ///
    /// # Errors
    /// Every [`ErrorKind`] that a call can have; look at [`Error::delivery`] before placing the call again.
    pub fn create_voice_notification(&self, request: &VoiceNotification) -> Result<PlacedCall, Error> {
        self.create_voice_notification_with(request, &CallOptions::new())
    }

    /// As [`create_voice_notification`](Client::create_voice_notification), with settings for this call.
    pub fn create_voice_notification_with(
        &self,
        request: &VoiceNotification,
        options: &CallOptions,
    ) -> Result<PlacedCall, Error> {
        self.place(&CREATE_VOICE_NOTIFICATION, request, options)
    }

    /// Calls one number and reads out a code.
    ///
    /// # Errors
    /// Every [`ErrorKind`] that a call can have; look at [`Error::delivery`] before placing the call again.
    pub fn create_voice_verification_code(&self, request: &VoiceVerificationCode) -> Result<PlacedCall, Error> {
        self.create_voice_verification_code_with(request, &CallOptions::new())
    }

    /// As [`create_voice_verification_code`](Client::create_voice_verification_code), with settings for this call.
    pub fn create_voice_verification_code_with(
        &self,
        request: &VoiceVerificationCode,
        options: &CallOptions,
    ) -> Result<PlacedCall, Error> {
        self.place(&CREATE_VOICE_VERIFICATION_CODE, request, options)
    }

    /// Ends a call and releases both parties.
    ///
    /// # Errors
    /// `rejected` with result code 1020152 when the call is already over.
    pub fn terminate_call(&self, session_id: &str) -> Result<(), Error> {
        self.terminate_call_with(session_id, &CallOptions::new())
    }

    /// As [`terminate_call`](Client::terminate_call), with settings for this call.
    pub fn terminate_call_with(&self, session_id: &str, options: &CallOptions) -> Result<(), Error> {
        self.perform(&TERMINATE_CALL, &TerminateCall::new().session_id(session_id), options)
            .map(drop)
    }

    /// The address of a recording. It is short-lived (30 minutes or 7 days: the documentation disagrees), so fetch it
    /// at once, without this client's signature.
    ///
    /// # Errors
    /// `rejected` when the platform does not know the file.
    pub fn get_recording_download_url(&self, recording: &Recording) -> Result<String, Error> {
        self.get_recording_download_url_with(recording, &CallOptions::new())
    }

    /// As [`get_recording_download_url`](Client::get_recording_download_url), with settings for this call.
    pub fn get_recording_download_url_with(
        &self,
        recording: &Recording,
        options: &CallOptions,
    ) -> Result<String, Error> {
        match self.perform(&GET_RECORDING_DOWNLOAD_URL, recording, options)? {
            Success::Url(url) => Ok(url),
            _ => Err(unexpected_success()),
        }
    }

    /// Performs any operation of the table; the typed methods are shorthands for this.
    ///
    /// # Errors
    /// As the typed method of the operation.
    pub fn perform(
        &self,
        operation: &Operation,
        arguments: &dyn Fields,
        options: &CallOptions,
    ) -> Result<Success, Error> {
        if !operation.rings {
            let outcome = self.perform_checked(operation, arguments, options);
            return outcome.map_err(Error::of_harmless_request);
        }
        let Some(tag) = self.attempt_tag(options)? else {
            return self.perform_checked(operation, arguments, options);
        };
        let outcome = match Tagged::new(arguments, &tag) {
            Some(tagged) => self.perform_checked(operation, &tagged, options),
            None => return self.perform_checked(operation, arguments, options),
        };
        outcome.map_err(|error| match error.delivery() {
            Delivery::NotSent => error,
            _ => error.with_attempt_tag(tag),
        })
    }

    /// The mark that a request which rings carries: the caller's, or one of our own if the client is set to it.
    fn attempt_tag(&self, options: &CallOptions) -> Result<Option<AttemptTag>, Error> {
        match &options.attempt_tag {
            Some(tag) => Ok(Some(tag.clone())),
            None if self.shared.config.attempt_tag == Some(true) => AttemptTag::random().map(Some),
            None => Ok(None),
        }
    }

    fn perform_checked(
        &self,
        operation: &Operation,
        arguments: &dyn Fields,
        options: &CallOptions,
    ) -> Result<Success, Error> {
        self.check(operation, arguments)?;
        let bounds = self.bounds(options)?;
        let clock = self.clock();
        let (refused, date) = match self.exchange(operation, arguments, &clock, &bounds) {
            Err(Refused { error, date }) if response::refused_for_time(&error) => (error, date),
            outcome => return outcome.map_err(|refused| refused.error),
        };
        let Some(now) = clock::unix_seconds(SystemTime::now()) else {
            return Err(refused);
        };
        // A refused request was never placed, so sending it once more rings nobody twice. Once: more failures would
        // lock the sender out (contract requests.md 2.3 and 2.5).
        let corrected = clock.corrected(now, date);
        let outcome = self
            .exchange(operation, arguments, &corrected, &bounds)
            .map_err(|refused| refused.error);
        let accepted = match &outcome {
            Ok(_) => true,
            Err(error) => error.result_code().is_some() && error.kind() != ErrorKind::Authentication,
        };
        if accepted {
            self.remember(corrected);
        }
        outcome
    }

    /// The exact request that [`perform`](Client::perform) would send, as text, with digest, code and template values
    /// hidden and phone numbers masked. Each warning follows as a line that begins with `# warning: `. Sends nothing.
    ///
    /// # Errors
    /// `invalid_argument` where the call would give it.
    pub fn preview(&self, operation: &Operation, arguments: &dyn Fields) -> Result<String, Error> {
        self.check(operation, arguments)?;
        let request = self.sign(operation, arguments, &self.clock())?;
        let warnings = warnings(arguments).into_iter();
        let warnings = warnings.map(|warning| format!("# warning: {warning}\n"));
        Ok([request.redacted(operation, arguments)]
            .into_iter()
            .chain(warnings)
            .collect())
    }

    /// Ends calls in flight on other threads with kind `closed`, and refuses new ones. Closing twice is harmless.
    pub fn close(&self) {
        self.shared.gate.close();
        self.shared.transport.close();
    }

    /// Longest time for a call without a time-out of its own.
    pub fn timeout(&self) -> Duration {
        duration_of(&self.shared.config, "timeoutMs")
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.shared.transport
    }

    pub(crate) fn config(&self) -> &Config {
        &self.shared.config
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.shared.gate.is_closed()
    }

    /// Most submitted calls that are in flight at once.
    #[cfg(feature = "pool")]
    pub fn max_in_flight(&self) -> usize {
        max_in_flight(&self.shared.config)
    }

    #[cfg(feature = "pool")]
    pub(crate) fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    #[cfg(feature = "pool")]
    pub(crate) fn downloads(&self) -> &Pool {
        &self.shared.downloads
    }

    /// How often something that rings nobody is tried again.
    pub(crate) fn retries(&self) -> i64 {
        self.shared.config.retries.unwrap_or_else(|| default_of("retries"))
    }

    /// See [`Gate::pause`].
    pub(crate) fn pause(&self, attempt: i64, deadline: Instant, cancellation: Option<&Cancellation>) -> bool {
        self.shared.gate.pause(attempt, deadline, cancellation)
    }

    fn place(&self, operation: &Operation, arguments: &dyn Fields, options: &CallOptions) -> Result<PlacedCall, Error> {
        match self.perform(operation, arguments, options)? {
            Success::Placed(call) => Ok(call),
            _ => Err(unexpected_success()),
        }
    }

    /// Validates the arguments as far as the settings ask for it.
    pub(crate) fn check(&self, operation: &Operation, arguments: &dyn Fields) -> Result<(), Error> {
        if arguments.record().name != operation.request.name {
            let message = format!(
                "{} takes {}, not {}",
                operation.name,
                operation.request.name,
                arguments.record().name
            );
            return Err(Error::invalid_argument(&Pointer::root(), Rule::Type, message));
        }
        if self.shared.config.validation != Some(Validation::Off) {
            validate(operation, arguments)?;
        }
        warning::log(operation, arguments);
        Ok(())
    }

    /// What ends this call; an error when it has ended before anything was sent.
    fn bounds(&self, options: &CallOptions) -> Result<Bounds, Error> {
        let bounds = Bounds {
            deadline: options.deadline(self.timeout()),
            cancellation: options.cancellation.clone(),
        };
        if options.cancellation.as_ref().is_some_and(Cancellation::was_cancelled) {
            return Err(Cancellation::before_the_start());
        }
        if bounds.deadline <= Instant::now() {
            let message = "the time for this call was over before it could begin";
            return Err(Error::new(ErrorKind::Timeout, Delivery::NotSent, message));
        }
        Ok(bounds)
    }

    /// One signed request and its answer, repeated within the deadline while nothing has reached the platform.
    fn exchange(
        &self,
        operation: &Operation,
        arguments: &dyn Fields,
        clock: &Clock,
        bounds: &Bounds,
    ) -> Result<Success, Refused> {
        let mut earlier = None;
        for attempt in 0.. {
            // Signed anew each time: a nonce is for one request.
            let request = self.sign(operation, arguments, clock)?;
            let failure = match self.shared.transport.send(&request, bounds.clone()) {
                Ok(answer) => return decode(operation, &answer, |text| request.hide(arguments, text)),
                Err(failure) => failure.after(earlier),
            };
            let again = failure.may_pass() && (!failure.handed_down || !operation.rings);
            let cancellation = bounds.cancellation.as_ref();
            if !again || attempt >= self.retries() || !self.pause(attempt, bounds.deadline, cancellation) {
                return Err(failure.into_error(self.is_closed()).into());
            }
            earlier = Some(failure);
        }
        Err(unexpected_success().into())
    }

    fn sign(&self, operation: &Operation, arguments: &dyn Fields, clock: &Clock) -> Result<HttpRequest, Error> {
        let internal = |what: &str| Error::new(ErrorKind::Internal, Delivery::NotSent, what);
        let nonce =
            sign::nonce().map_err(|error| internal("no random numbers to be had").with_source(error.to_string()))?;
        let now = clock::unix_seconds(SystemTime::now()).ok_or_else(|| internal("the clock is out of range"))?;
        let config = &self.shared.config;
        let (Some(app_key), Some(app_secret)) = (&config.app_key, &config.app_secret) else {
            return Err(internal("a client without credentials"));
        };
        let signer = Signer {
            app_key,
            app_secret,
            zone: &clock.zone,
        };
        Ok(request::build(
            operation,
            arguments,
            config.base_url(),
            signer,
            &nonce,
            now.saturating_add(clock.skew),
        ))
    }

    fn clock(&self) -> Clock {
        self.shared.clock.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, clock: Clock) {
        *self.shared.clock.lock().unwrap_or_else(PoisonError::into_inner) = clock;
    }
}

#[cfg(feature = "pool")]
fn max_in_flight(config: &Config) -> usize {
    let limit = config.max_in_flight.unwrap_or_else(|| default_of("maxInFlight"));
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// A failed exchange, with the platform's time where it told it.
struct Refused {
    error: Error,
    date: Option<i64>,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused { error, date: None }
    }
}

/// `hide` takes out of the platform's text what may not be shown.
fn decode(operation: &Operation, answer: &Answer, hide: impl Fn(&str) -> String) -> Result<Success, Refused> {
    let location = answer.location();
    let parts = HttpAnswer {
        status: answer.status,
        location: location.as_deref(),
        body: &answer.body,
    };
    response::decode_hiding(operation, &parts, hide).map_err(|error| Refused {
        error,
        date: answer.header("date").and_then(clock::http_date),
    })
}

/// An operation's answer is of the kind that its descriptor names, or an error.
fn unexpected_success() -> Error {
    Error::new(
        ErrorKind::Internal,
        Delivery::Unknown,
        "an answer of the wrong kind was decoded",
    )
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("app_key", &self.shared.config.app_key)
            .field("endpoint", &self.shared.config.base_url())
            .field("closed", &self.shared.gate.is_closed())
            .finish_non_exhaustive()
    }
}
