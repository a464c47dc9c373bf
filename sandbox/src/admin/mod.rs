//! The admin API: what a test or a person asks a local platform, and tells it. No part of the service; it needs no
//! signature, as the platform listens on loopback unless told otherwise.

mod calls;
mod certificate;
mod clock;
mod events;
mod faults;
mod hands;
mod input;
mod merge;
mod phones;
mod place;
mod provisioning;
mod pushes;
pub(crate) mod wait;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use serde_json::json;

use crate::platform::Platform;

/// Path under which the admin API is; no path of the service begins so.
pub(crate) const PATH: &str = "/_voicecall";
/// How many things a list holds when the query does not say.
const USUAL_LIMIT: usize = 1000;

/// Declares the requests, each with what answers it: the routes, and the list that the documentation is held against.
macro_rules! requests {
    ($($method:ident $path:literal => $handler:path,)*) => {
        /// Method and path of every request.
        #[cfg(test)]
        const REQUESTS: &[(&str, &str)] = &[$((stringify!($method), $path)),*];

        /// The routes of the admin API, without [`PATH`].
        pub(crate) fn router() -> Router<Arc<Platform>> {
            Router::new()$(.route($path, routing::$method($handler)))*
        }
    };
}

requests! {
    get "/calls" => calls::list,
    post "/calls" => place::place,
    get "/calls/{session_id}" => calls::one,
    get "/calls/{session_id}/cdr" => calls::cdr,
    post "/calls/{session_id}/{action}" => hands::in_call,
    get "/pushes" => pushes::list,
    get "/undelivered-cdrs" => pushes::undelivered,
    post "/undelivered-cdrs/push" => pushes::push_undelivered,
    get "/events" => events::list,
    get "/clock" => clock::show,
    put "/clock" => clock::change,
    post "/clock/step" => clock::step,
    get "/phones" => phones::list,
    put "/phones" => phones::set_all,
    put "/phones/{number}" => phones::set,
    delete "/phones/{number}" => phones::remove,
    post "/phones/{number}/{action}" => hands::at_phone,
    get "/faults" => faults::list,
    post "/faults" => faults::arm,
    delete "/faults" => faults::remove_all,
    delete "/faults/{id}" => faults::remove,
    get "/fault-kinds" => faults::kinds,
    get "/account" => provisioning::account,
    patch "/account" => provisioning::patch_account,
    put "/applications/{app_key}" => provisioning::put_application,
    patch "/applications/{app_key}" => provisioning::patch_application,
    delete "/applications/{app_key}" => provisioning::remove_application,
    put "/voice-files/{name}" => provisioning::put_voice_file,
    delete "/voice-files/{name}" => provisioning::remove_voice_file,
    put "/templates/{id}" => provisioning::put_template,
    delete "/templates/{id}" => provisioning::remove_template,
    post "/certificates" => certificate::issue,
    get "/openapi.json" => documentation,
}

/// This API, as OpenAPI tells it.
const DOCUMENTATION: &str = include_str!("../../openapi.json");

async fn documentation() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENTATION).into_response()
}

/// The answer when something asked for is not there.
fn not_found(what: &str) -> Response {
    let body = json!({ "error": format!("no such {what}") });
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

/// The answer to something that can be read and makes no sense.
fn senseless(reason: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "error": reason }))).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_documentation_tells_every_request_and_no_other() {
        let documented: Value = serde_json::from_str(DOCUMENTATION).unwrap();
        let paths = documented["paths"].as_object().unwrap();
        let told: BTreeSet<_> = paths
            .iter()
            .flat_map(|(path, operations)| {
                let methods = operations
                    .as_object()
                    .unwrap()
                    .keys()
                    .filter(|key| *key != "parameters");
                methods.map(move |method| (method.as_str(), path.as_str()))
            })
            .collect();
        assert_eq!(told, REQUESTS.iter().copied().collect());
    }
}
