//! The three calls that make a phone ring.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::json;

use super::answer;
use super::request::Received;
use crate::auth::Authenticated;
use crate::call::{Order, PlacingRequest, Scene};
use crate::checks;
use crate::platform::{Platform, Ports};
use crate::rates::Counted;
use crate::refusal::{self, Refusal};

pub(super) async fn handle<T: PlacingRequest>(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let received = Received::read(request).await;
    match place::<T>(&platform, received) {
        Ok(response) => response,
        Err(refusal) => {
            platform.tell_refusal(T::OPERATION, &refusal);
            answer::not_placed(&refusal, &platform.options.choices)
        }
    }
}

fn place<T: PlacingRequest>(platform: &Arc<Platform>, received: Received) -> Result<Response, Refusal> {
    let account = platform.account();
    let sender = received.authenticate(T::OPERATION, platform, &account)?;
    let choices = &platform.options.choices;
    let request: T = received.parameters(T::OPERATION, choices)?;
    let scene = request.scene();
    let now = platform.clock.now();
    checks::placing(&request, &scene, &account, sender.application, choices)?;
    let order = order(&request, &scene, &sender, platform);
    let counted = counted(&order);
    if let Some(code) = account
        .controls
        .refuse(counted.caller, counted.callee, now.hour_in_beijing())
    {
        return Err(Refusal::new(code));
    }
    platform.rates.call(&account.limits, &counted, now)?;
    let placed = platform.place(order, scene, &Ports::of(&account, sender.application))?;
    let idle_port = request
        .wants_idle_port()
        .then(|| ("idlePort", json!(placed.idle_ports)));
    Ok(answer::success(
        [("sessionId", json!(placed.session_id))].into_iter().chain(idle_port),
    ))
}

/// An older version of a call: it may no longer be called. INFERRED of the result codes (contract requests.md 17).
pub(super) async fn outdated<T: PlacingRequest>(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let received = Received::read(request).await;
    let account = platform.account();
    let sender = received.authenticate(T::OPERATION, &platform, &account);
    let refusal = sender.err().unwrap_or_else(|| Refusal::new(refusal::OUTDATED_API));
    platform.tell_refusal(T::OPERATION, &refusal);
    answer::not_placed(&refusal, &platform.options.choices)
}

/// What the limits of a minute look at.
fn counted(order: &Order) -> Counted<'_> {
    let second = order.second.as_ref();
    Counted {
        app_key: &order.app_key,
        service_number: &order.first.display,
        second_display: second.map(|second| &*second.display),
        caller: second.map(|_| &*order.first.called),
        callee: second.map_or(&*order.first.called, |second| &*second.called),
    }
}

fn order<T: PlacingRequest>(request: &T, scene: &Scene, sender: &Authenticated<'_>, platform: &Platform) -> Order {
    let application = sender.application;
    let (mut first, mut second) = request.numbers();
    for leg in [Some(&mut first), second.as_mut()].into_iter().flatten() {
        if application.suspended_numbers.contains(&*leg.display) {
            leg.display = platform.another_display(application).unwrap_or(leg.display.clone());
        }
    }
    let provisioned_first = platform.options.choices.provisioned_addresses_win;
    let address = |own: Option<&str>, provisioned: &Option<String>| {
        let provisioned = provisioned.as_deref();
        let chosen = if provisioned_first {
            provisioned.or(own)
        } else {
            own.or(provisioned)
        };
        chosen.map(Arc::from)
    };
    let (record, tells_party) = match scene {
        Scene::Callback(script) => (script.record, script.tells_party),
        _ => (false, false),
    };
    Order {
        app_key: Arc::from(sender.app_key),
        scene: scene.kind(),
        first,
        second,
        status_url: address(request.status_url(), &application.status_url),
        fee_url: address(request.fee_url(), &application.fee_url),
        user_data: request.user_data().map(Box::from),
        record,
        tells_party,
    }
}
