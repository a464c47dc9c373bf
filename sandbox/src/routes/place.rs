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
use crate::platform::Platform;
use crate::refusal::Refusal;

pub(super) async fn handle<T: PlacingRequest>(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let received = Received::read(request).await;
    match place::<T>(&platform, received) {
        Ok(response) => response,
        Err(refusal) => {
            platform.tell_refusal(T::OPERATION, &refusal);
            answer::refused(&refusal)
        }
    }
}

fn place<T: PlacingRequest>(platform: &Arc<Platform>, received: Received) -> Result<Response, Refusal> {
    let account = platform.account();
    let sender = received.authenticate(T::OPERATION, platform, &account)?;
    let request: T = received.parameters(T::OPERATION)?;
    let scene = request.scene();
    checks::placing(&request, &scene, &account, sender.application)?;
    let placed = platform.place(order(&request, &scene, &sender), scene);
    let idle_port = request
        .wants_idle_port()
        .then(|| ("idlePort", json!(placed.idle_ports)));
    Ok(answer::success(
        [("sessionId", json!(placed.session_id))].into_iter().chain(idle_port),
    ))
}

fn order<T: PlacingRequest>(request: &T, scene: &Scene, sender: &Authenticated<'_>) -> Order {
    let (first, second) = request.numbers();
    // The request's address wins over the provisioned one (contract requests.md 18, D20).
    let address = |own: Option<&str>, provisioned: &Option<String>| own.or(provisioned.as_deref()).map(Arc::from);
    let (record, tells_party) = match scene {
        Scene::Callback(script) => (script.record, script.tells_party),
        _ => (false, false),
    };
    Order {
        app_key: Arc::from(sender.app_key),
        scene: scene.kind(),
        first,
        second,
        status_url: address(request.status_url(), &sender.application.status_url),
        fee_url: address(request.fee_url(), &sender.application.fee_url),
        user_data: request.user_data().map(Box::from),
        record,
        tells_party,
    }
}
