//! What every call has to pass before its own rules: method, headers, and parameters that can be read and are valid.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::Uri;
use axum::http::request::Parts;
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};
use voicecall_core::descriptor::{FieldType, Record};
use voicecall_core::operation::{self, Operation};
use voicecall_core::record::wire::from_wire;
use voicecall_core::record::{Fields, FromNatural};
use voicecall_core::{Rule, validate, warnings};

use crate::admission;
use crate::arrival::Peer;
use crate::auth::{Authenticated, Authenticator};
use crate::choices::Choices;
use crate::platform::Platform;
use crate::provisioning::Account;
use crate::refusal::{self, Refusal};

/// Longest body that is read as a request; the service's limit is not known.
const LONGEST_BODY: usize = 1 << 20;

/// A request whose body is read and whose sender is not yet known.
///
/// The body is read before anything is refused: a connection that is closed with unread bytes is reset, and the answer
/// with it.
pub(super) struct Received {
    head: Parts,
    body: Result<Bytes, Refusal>,
}

impl Received {
    pub(super) async fn read(request: Request) -> Received {
        let (head, body) = request.into_parts();
        let body = whole(body).await;
        Received { head, body }
    }

    /// Method and sender, and whether that may send requests.
    pub(super) fn authenticate<'a>(
        &self,
        operation: &Operation,
        platform: &'a Arc<Platform>,
        account: &'a Account,
    ) -> Result<Authenticated<'a>, Refusal> {
        if self.head.method.as_str() != operation.method.as_str() {
            return Err(Refusal::new(refusal::INVALID_API));
        }
        let authenticator = Authenticator {
            settings: &platform.options.authentication,
            strict_headers: platform.options.choices.strict_headers,
            account,
            lock_out: &platform.lock_out,
            unix_seconds: platform.wall_clock.unix_seconds(),
            now: platform.clock.now(),
        };
        let address = Peer::of(&self.head.extensions);
        let sender = authenticator.check(&self.head.headers, address)?;
        admission::admit(&sender, address, account, &platform.rates, authenticator.now)?;
        Ok(sender)
    }

    /// The parameters, valid by the rules of the contract.
    pub(super) fn parameters<T: Fields + FromNatural>(
        self,
        operation: &Operation,
        choices: &Choices,
    ) -> Result<T, Refusal> {
        let wire = match operation.method {
            operation::Method::Get => query(&self.head.uri),
            _ => body(&self.body?),
        };
        let mut wire = wire?;
        // Parameters with one value only: users of the client never see them, the platform does.
        for (name, value) in operation.fixed {
            if wire.get(*name).and_then(Value::as_str) != Some(*value) {
                return Err(Refusal::invalid_request(&format!("{name} is invalid.")));
            }
        }
        tolerate(operation.request, &mut wire, choices);
        let request =
            T::from_natural(from_wire(operation, wire)).map_err(|error| Refusal::invalid_parameter(&error))?;
        validate(operation, &request).map_err(|error| Refusal::invalid_parameter(&error))?;
        match without_effect(&request).filter(|_| choices.strict_dependencies) {
            Some(field) => Err(Refusal::invalid_request(&format!("{field} is invalid."))),
            None => Ok(request),
        }
    }
}

/// Makes of what the service may take as well what the documentation has (contract requests.md 18, D23).
fn tolerate(record: &Record, wire: &mut Map<String, Value>, choices: &Choices) {
    if !choices.strict_addresses {
        wire.retain(|name, value| !(is_address(record, name) && *value == ""));
    }
    for (name, value) in wire {
        match (record.field(name).map(|field| field.ty), &mut *value) {
            (Some(FieldType::Flag), Value::Bool(flag)) if !choices.strict_flags => *value = json!(flag.to_string()),
            (Some(FieldType::Records(nested)), Value::Array(items)) => {
                let items = items.iter_mut().filter_map(Value::as_object_mut);
                items.for_each(|item| tolerate(nested, item, choices));
            }
            _ => {}
        }
    }
}

fn is_address(record: &Record, name: &str) -> bool {
    let field = record.field(name);
    field.is_some_and(|field| matches!(field.ty, FieldType::CallbackUrl))
}

/// The first parameter without effect.
fn without_effect(request: &dyn Fields) -> Option<String> {
    let found = warnings(request)
        .into_iter()
        .find(|warning| warning.rule == Rule::DependsOn);
    found.map(|warning| warning.field.trim_start_matches('/').to_owned())
}

/// Reads a body to its end, also where it is too long to be kept.
async fn whole(mut body: Body) -> Result<Bytes, Refusal> {
    let mut kept = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::invalid_request("The body broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= LONGEST_BODY {
            kept.extend_from_slice(&data);
        }
    }
    if length > LONGEST_BODY {
        return Err(Refusal::invalid_request("The body is too large."));
    }
    Ok(kept.into())
}

fn body(bytes: &Bytes) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(bytes).map_err(|_| Refusal::invalid_request("The body is not a JSON object."))
}

fn query(uri: &Uri) -> Result<Map<String, Value>, Refusal> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map_err(|_| Refusal::invalid_request("The query cannot be read."))?;
    Ok(pairs
        .0
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect())
}
