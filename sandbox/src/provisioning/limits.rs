//! How much of something there may be in a minute, and what its excess is refused with (contract requests.md 14).

use serde::{Deserialize, Serialize};

/// Limits per simulated minute. The service's own figures are not known. Default: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Requests to the whole platform; else 1010010, flow control.
    pub platform_requests: Option<u32>,
    /// Requests of one sender's address; else 1011006.
    pub sender_requests: Option<u32>,
    /// Requests of one application; else 1010009.
    pub application_requests: Option<u32>,
    /// Calls of the account; else 1013001.
    pub account_calls: Option<u32>,
    /// Calls of one application; else 1013002.
    pub application_calls: Option<u32>,
    /// Calls that show one display number; else 1013003.
    pub display_number_calls: Option<u32>,
    /// Calls that one fixed line makes; else 1013118.
    pub service_number_calls: Option<u32>,
    /// Callbacks with one caller; else 1013116.
    pub caller_calls: Option<u32>,
    /// Calls to one callee; else 1013117.
    pub callee_calls: Option<u32>,
}
