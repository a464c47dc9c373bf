//! What an operation of the service is: where it goes, what it takes, what it gives, and whether a phone rings.

use crate::descriptor::Record;
use crate::record::Fields;

/// One API call of the platform.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Official name in snake case, e.g. `create_voice_callback`.
    pub name: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Access URI, joined to the endpoint as text.
    pub path: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Where the contract describes it.
    pub contract: &'static str,
    /// What the caller gives.
    pub request: &'static Record,
    /// Parameters that are always the same and that users therefore never see.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What the platform gives back.
    pub answer: AnswerKind,
    /// Whether the call makes a phone ring. Such a request is never repeated once a byte of it may have arrived
    /// (contract requests.md 13.4, D11).
    pub rings: bool,
    /// Reads arguments in natural form into this operation's request type.
    #[doc(hidden)]
    pub read: ReadArguments,
    /// The same of JSON text.
    #[doc(hidden)]
    pub read_json: ReadJson,
}

/// Reads arguments in natural form into a request type.
#[doc(hidden)]
pub type ReadArguments = fn(serde_json::Map<String, serde_json::Value>) -> Result<Box<dyn Fields>, crate::Error>;

/// Reads arguments in natural form, as JSON text, into a request type.
#[doc(hidden)]
pub type ReadJson = fn(&str) -> Result<Box<dyn Fields>, crate::Error>;

/// HTTP methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Parameters travel in the query.
    Get,
    /// Parameters travel in a JSON body.
    Post,
}

impl Method {
    /// The method as it stands in the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerKind {
    /// A placed call: HTTP 2xx, result code `0` and a session id.
    PlacedCall,
    /// Nothing but the result code.
    Nothing,
    /// HTTP 301 with the address in `Location`.
    Location,
}
