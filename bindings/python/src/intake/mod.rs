//! `Intake`: keeps pushes, and answers what is in the store, with the interpreter's lock released.

mod per_process;
mod receipt;
mod writer;

use std::io::BufWriter;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use voicecall_core::calls::{OPERATIONS, PlacedCall};
use voicecall_core::intake::{
    Call, CallFilter, Condition, ExportFormat, Intake as CoreIntake, IntakeConfig, Lane, Placing, RejectedFilter,
    SETTLED_AFTER, State, TotalBy, TotalsQuery,
};
use voicecall_core::operation::Operation;
use voicecall_core::record::Fields;
use voicecall_core::response::Success;
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::Tariff;
use voicecall_core::{AttemptTag, CallOptions, Delivery, Error};

pub(crate) use self::receipt::Receipt;

use self::per_process::PerProcess;
use self::writer::Writer;
use crate::arguments::{self, Arguments};
use crate::classes;
use crate::client::{Client, answer, perform};
use crate::duration::duration;
use crate::failure::raise;
use crate::mailbox::Mailbox;
use crate::result;
use crate::text::wrong_type;
use crate::webhook::{Receiver, bytes, decimal_text, signatures};

/// How often a wait looks whether Ctrl-C was pressed.
const LOOK_FOR_SIGNALS: Duration = Duration::from_millis(250);

/// A core intake for every process that uses it.
#[pyclass(frozen, module = "voicecall._native")]
pub(crate) struct Intake {
    stores: PerProcess,
}

#[pymethods]
impl Intake {
    /// Takes the settings in the order of their declaration, and what judges signatures.
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyTuple>, webhook: Option<&Bound<'_, Receiver>>) -> PyResult<Intake> {
        let config: IntakeConfig = arguments::settings(IntakeConfig::RECORD, settings)?;
        let webhook = webhook
            .map(|receiver| receiver.get().config().clone())
            .unwrap_or_default();
        Ok(Intake {
            stores: PerProcess::new(py, config, webhook)?,
        })
    }

    /// Reads, judges and stores a push. `now`: Unix seconds; the clock otherwise.
    #[pyo3(signature = (headers, body, now = None))]
    fn receive(
        &self,
        py: Python<'_>,
        headers: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        now: Option<i64>,
    ) -> PyResult<Receipt> {
        let body = bytes(body)?;
        let (headers, body) = (signatures(headers)?, body.as_bytes());
        let now = now.map_or_else(SystemTime::now, instant);
        let receipt = self
            .stores
            .run(py, |intake| Ok(intake.receive_at(headers, body, now)))?;
        Receipt::new(py, receipt)
    }

    /// The same for an event loop: a copy of the body is received on a thread of the intake.
    fn submit_receive(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        headers: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
        now: Option<i64>,
    ) -> PyResult<u64> {
        let body = bytes(body)?.as_bytes().to_vec();
        let headers = signatures(headers)?;
        let work = move |intake: &CoreIntake| {
            let now = now.map_or_else(SystemTime::now, instant);
            Ok(intake.receive_at(headers, &body, now))
        };
        self.stores.submit(py, mailbox, Lane::Receive, work, |py, receipt| {
            Ok(Bound::new(py, Receipt::new(py, receipt)?)?.into_any())
        })
    }

    /// Registers a call that the platform accepted.
    #[pyo3(signature = (request, session_id, attempt_tag, mailbox = None))]
    fn placed<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'_, PyAny>,
        session_id: &str,
        attempt_tag: Option<&str>,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (operation, request) = ringing(py, request)?;
        let placing = Placing::new(operation, &*request);
        let call = PlacedCall::new().session_id(session_id);
        let tag = attempt_tag.map(|text| tag(py, text)).transpose()?;
        let work = move |intake: &CoreIntake| intake.placed(&placing, &call, tag.as_ref());
        self.ask(py, mailbox, Lane::Receive, work, nothing)
    }

    /// Registers an attempt to place a call; gives its mark, and the user data that carries it.
    #[pyo3(signature = (request, mailbox = None))]
    fn attempt<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'_, PyAny>,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (operation, request) = ringing(py, request)?;
        let placing = Placing::new(operation, &*request);
        let tag = AttemptTag::random().map_err(|error| raise(py, &error, false))?;
        let told = (tag.as_str().to_owned(), tag.append_to(placing.user_data.as_deref()));
        let work = move |intake: &CoreIntake| intake.attempt(&placing, &tag);
        self.ask(py, mailbox, Lane::Receive, work, |py, ()| {
            Ok(told.into_pyobject(py)?.into_any())
        })
    }

    /// Forgets an attempt.
    #[pyo3(signature = (attempt_tag, mailbox = None))]
    fn withdraw<'py>(
        &self,
        py: Python<'py>,
        attempt_tag: &str,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tag = tag(py, attempt_tag)?;
        self.ask(py, mailbox, Lane::Receive, move |intake| intake.withdraw(&tag), nothing)
    }

    /// Places a call that is registered before, and afterwards as its outcome wants.
    fn place<'py>(
        &self,
        py: Python<'py>,
        client: &Bound<'py, Client>,
        request: &Bound<'py, PyAny>,
        timeout: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (operation, request) = ringing(py, request)?;
        let client = client.get().client(py)?;
        let tag = AttemptTag::random().map_err(|error| raise(py, &error, false))?;
        let mut options = CallOptions::new().attempt_tag(tag.clone());
        options.timeout = timeout.map(|timeout| duration(timeout, "timeout")).transpose()?;
        let placing = Placing::new(operation, &*request);
        self.stores.run(py, |intake| intake.attempt(&placing, &tag))?;
        // Not by way of `run`, which would count the store as in use while the platform is waited for.
        let (outcome, interrupt) = perform(py, &client, operation, &*request, options)?;
        // From here on the store's failures are not told: what the caller has to know is whether a phone rings. The attempt
        // is stored, and is settled by the first push that brings its mark back.
        match &outcome {
            Ok(Success::Placed(call)) => {
                let _ = self.stores.run(py, |intake| intake.placed(&placing, call, Some(&tag)));
            }
            Err(error) if error.delivery() != Delivery::Unknown => {
                let _ = self.stores.run(py, |intake| intake.withdraw(&tag));
            }
            _ => {}
        }
        answer(
            py,
            outcome.map_err(|error| interrupt.explain(py, raise(py, &error, true)))?,
        )
    }

    /// Everything that is known about a call.
    #[pyo3(signature = (session_id, mailbox = None))]
    fn call<'py>(
        &self,
        py: Python<'py>,
        session_id: String,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, mailbox, Lane::Ask, move |intake| intake.call(&session_id), found)
    }

    /// Waits until something has happened in a call. Ctrl-C ends it.
    fn wait_for<'py>(
        &self,
        py: Python<'py>,
        session_id: &str,
        condition: &str,
        timeout: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (condition, timeout) = (condition_named(py, condition)?, duration(timeout, "timeout")?);
        let opened = self.stores.opened(py)?;
        let (done, outcome) = mpsc::channel();
        let job = opened
            .intake
            .submit_wait(session_id, condition, timeout, move |outcome| drop(done.send(outcome)));
        let mut outcomes = outcome;
        loop {
            let (returned, outcome) = py.detach(move || {
                let outcome = outcomes.recv_timeout(LOOK_FOR_SIGNALS);
                (outcomes, outcome)
            });
            outcomes = returned;
            match outcome {
                Ok(outcome) => return found(py, outcome.map_err(|error| raise(py, &error, false))?),
                Err(mpsc::RecvTimeoutError::Timeout) => py.check_signals().inspect_err(|_| job.cancel())?,
                Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(py.None().into_bound(py)),
            }
        }
    }

    /// The same for an event loop, without a thread that waits.
    fn submit_wait(
        &self,
        py: Python<'_>,
        mailbox: &Bound<'_, Mailbox>,
        session_id: &str,
        condition: &str,
        timeout: &Bound<'_, PyAny>,
    ) -> PyResult<u64> {
        let (condition, timeout) = (condition_named(py, condition)?, duration(timeout, "timeout")?);
        // Kept until the end: a child that is forked meanwhile has to know that the store was in use.
        let opened = self.stores.opened(py)?;
        let intake = opened.intake.clone();
        mailbox.get().submit(|post| {
            intake.submit_wait(session_id, condition, timeout, move |outcome| {
                drop(opened);
                post.send(move |py| found(py, outcome.map_err(|error| raise(py, &error, false))?));
            })
        })
    }

    /// A page of calls; `filter` in the order of its declaration.
    #[pyo3(signature = (filter, mailbox = None))]
    fn page<'py>(
        &self,
        py: Python<'py>,
        filter: &Bound<'py, PyTuple>,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter: CallFilter = arguments::settings(CallFilter::RECORD, filter)?;
        let work = move |intake: &CoreIntake| intake.calls(&filter);
        self.ask(py, mailbox, Lane::Ask, work, |py, page| result::result(py, &page))
    }

    /// Calls and attempts that nobody has settled.
    #[pyo3(signature = (older_than, mailbox = None))]
    fn unsettled<'py>(
        &self,
        py: Python<'py>,
        older_than: Option<&Bound<'py, PyAny>>,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let older_than = match older_than {
            Some(older_than) => duration(older_than, "older_than")?,
            None => SETTLED_AFTER,
        };
        let work = move |intake: &CoreIntake| intake.unsettled(older_than);
        self.ask(py, mailbox, Lane::Ask, work, |py, calls| {
            Ok(result::each(py, &calls)?.into_any())
        })
    }

    /// Adds up CDRs.
    #[pyo3(signature = (by, filter, zone, per_minute, currency, mailbox = None))]
    #[expect(
        clippy::too_many_arguments,
        reason = "The Python side passes what it was called with"
    )]
    fn totals<'py>(
        &self,
        py: Python<'py>,
        by: Vec<String>,
        filter: &Bound<'py, PyTuple>,
        zone: &str,
        per_minute: Option<&Bound<'py, PyAny>>,
        currency: &str,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let filter = arguments::settings(CallFilter::RECORD, filter)?;
        let mut query = TotalsQuery::new().filter(filter);
        for by in by {
            let known = || unknown_word(py, "by", TotalBy::ALL.iter().map(|by| by.id()));
            query = query.by(TotalBy::from_id(&by).ok_or_else(known)?);
        }
        query = query.zone(match CreatedZone::from(zone) {
            CreatedZone::Unknown(_) => {
                let known = CreatedZone::ENUMERATION.values.iter().map(|value| value.wire);
                return Err(unknown_word(py, "zone", known));
            }
            known => known,
        });
        query.tariff = tariff(py, per_minute, currency)?;
        let work = move |intake: &CoreIntake| intake.totals(&query);
        self.ask(py, mailbox, Lane::Ask, work, move |py, totals| {
            Ok(result::each(py, &totals)?.into_any())
        })
    }

    /// Writes CDRs into a binary file object; gives their number.
    fn export(
        &self,
        py: Python<'_>,
        file: Py<PyAny>,
        format: &str,
        filter: &Bound<'_, PyTuple>,
        per_minute: Option<&Bound<'_, PyAny>>,
        currency: &str,
    ) -> PyResult<u64> {
        let known = || unknown_word(py, "format", ExportFormat::ALL.iter().map(|format| format.id()));
        let format = ExportFormat::from_id(format).ok_or_else(known)?;
        let filter: CallFilter = arguments::settings(CallFilter::RECORD, filter)?;
        let tariff = tariff(py, per_minute, currency)?;
        let mut output = BufWriter::with_capacity(1 << 16, Writer::new(file));
        let exported = self.stores.run(py, |intake| {
            intake.export(&filter, format, tariff.as_ref(), &mut output)
        });
        // What is left in the buffer after a failure is not written: the file is incomplete already.
        let (mut writer, _) = output.into_parts();
        match writer.raised.take() {
            Some(raised) => Err(raised),
            None => exported,
        }
    }

    /// A page of what could not be taken; `filter` in the order of its declaration.
    fn rejected<'py>(&self, py: Python<'py>, filter: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let filter: RejectedFilter = arguments::settings(RejectedFilter::RECORD, filter)?;
        let page = self.stores.run(py, |intake| intake.rejected(&filter))?;
        result::result(py, &page)
    }

    /// Takes in what can be read by now.
    fn retry_rejected<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let retried = self.stores.run(py, |intake| intake.retry_rejected())?;
        result::result(py, &retried)
    }

    /// Takes in what was refused, by ids.
    fn admit_rejected<'py>(&self, py: Python<'py>, ids: Vec<i64>) -> PyResult<Bound<'py, PyAny>> {
        let retried = self.stores.run(py, |intake| intake.admit_rejected(&ids))?;
        result::result(py, &retried)
    }

    /// Deletes what ended or was received before this time, in Unix seconds.
    #[pyo3(signature = (before, mailbox = None))]
    fn purge<'py>(
        &self,
        py: Python<'py>,
        before: i64,
        mailbox: Option<&Bound<'py, Mailbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let work = move |intake: &CoreIntake| intake.purge(instant(before));
        self.ask(py, mailbox, Lane::Ask, work, |py, purged| result::result(py, &purged))
    }

    /// Looks the whole store over for damage.
    #[pyo3(signature = (mailbox = None))]
    fn check<'py>(&self, py: Python<'py>, mailbox: Option<&Bound<'py, Mailbox>>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, mailbox, Lane::Ask, CoreIntake::check, nothing)
    }

    /// Finds out whether the store can write.
    #[pyo3(signature = (mailbox = None))]
    fn probe<'py>(&self, py: Python<'py>, mailbox: Option<&Bound<'py, Mailbox>>) -> PyResult<Bound<'py, PyAny>> {
        self.ask(py, mailbox, Lane::Ask, CoreIntake::probe, nothing)
    }

    /// A number as the store keeps it.
    fn stored_number(&self, py: Python<'_>, number: &str) -> PyResult<String> {
        self.stores.run(py, |intake| Ok(intake.stored_number(number)))
    }

    /// Closes idle connections; to be called before the process is forked.
    fn rest(&self, py: Python<'_>) {
        self.stores.rest(py);
    }

    /// Ends waits, and refuses everything new.
    fn close(&self, py: Python<'_>) {
        self.stores.close(py);
    }

    /// Whether `close` was called.
    #[getter]
    fn closed(&self) -> bool {
        self.stores.is_closed()
    }
}

impl Intake {
    /// Asks the store: now, or, with a mailbox, later; then this gives the number.
    fn ask<'py, T: Send + 'static>(
        &self,
        py: Python<'py>,
        mailbox: Option<&Bound<'py, Mailbox>>,
        lane: Lane,
        work: impl FnOnce(&CoreIntake) -> Result<T, Error> + Send + 'static,
        read: impl for<'a> FnOnce(Python<'a>, T) -> PyResult<Bound<'a, PyAny>> + Send + 'static,
    ) -> PyResult<Bound<'py, PyAny>> {
        match mailbox {
            None => read(py, self.stores.run(py, work)?),
            Some(mailbox) => {
                let number = self.stores.submit(py, mailbox, lane, work, read)?;
                Ok(number.into_pyobject(py)?.into_any())
            }
        }
    }
}

fn nothing(py: Python<'_>, (): ()) -> PyResult<Bound<'_, PyAny>> {
    Ok(py.None().into_bound(py))
}

/// A call, or `None`.
fn found(py: Python<'_>, call: Option<Call>) -> PyResult<Bound<'_, PyAny>> {
    match call {
        Some(call) => result::result(py, &call),
        None => Ok(py.None().into_bound(py)),
    }
}

fn condition_named(py: Python<'_>, condition: &str) -> PyResult<Condition> {
    Condition::from_id(condition).ok_or_else(|| {
        let states = State::ALL.iter().map(|state| state.id());
        unknown_word(py, "condition", states.chain(["a_answered", "b_answered", "digits"]))
    })
}

/// The operation that takes such a request, and the request as the core knows it.
pub(crate) fn ringing(py: Python<'_>, request: &Bound<'_, PyAny>) -> PyResult<(&'static Operation, Box<dyn Fields>)> {
    let name = request.get_type().name()?.to_string();
    let rings = || OPERATIONS.iter().copied().filter(|operation| operation.rings);
    let Some(operation) = rings().find(|operation| operation.request.name == name) else {
        let known: Vec<_> = rings().map(|operation| operation.request.name).collect();
        let expected = format!("of type {}", known.join(", "));
        return Err(PyTypeError::new_err(wrong_type("request", &expected, request)));
    };
    let arguments = Arguments {
        request: Some(request),
        fields: None,
        extra: None,
    };
    Ok((operation, arguments.read(py, operation)?))
}

fn tag(py: Python<'_>, text: &str) -> PyResult<AttemptTag> {
    AttemptTag::parse(text).map_err(|error| raise(py, &error, false))
}

fn tariff(py: Python<'_>, per_minute: Option<&Bound<'_, PyAny>>, currency: &str) -> PyResult<Option<Tariff>> {
    let Some(per_minute) = per_minute else {
        return Ok(None);
    };
    let tariff = Tariff::new(&decimal_text(per_minute)?, currency);
    tariff.map(Some).map_err(|error| raise(py, &error, false))
}

/// A word that is none of those that there are.
fn unknown_word<'a>(py: Python<'_>, name: &str, known: impl IntoIterator<Item = &'a str>) -> PyErr {
    let known: Vec<_> = known.into_iter().collect();
    let made = classes::error_function(py, "unknown_word").and_then(|function| function.call1((name, known)));
    made.map_or_else(|fault| fault, PyErr::from_value)
}

/// Times that the system cannot hold are as far away as can be.
fn instant(unix_seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    let instant = if unix_seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    instant.unwrap_or(SystemTime::UNIX_EPOCH)
}
