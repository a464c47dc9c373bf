//! A local VoiceCall platform: it checks requests, rings phones that do not exist, records them, and pushes webhooks, as
//! the service is documented to.
//!
//! For tests, examples and demonstrations. Nothing here places a real call; README.md says what else it does not do.
//!
//! ```
//! use voicecall_sandbox::{Options, blocking::Sandbox};
//!
//! let mut options = Options::default();
//! options.speed = 60.0;
//! let sandbox = Sandbox::start(options)?;
//! println!("{}", sandbox.ready_line());
//! # Ok::<(), std::io::Error>(())
//! ```

#![forbid(unsafe_code)]

mod admin;
mod admission;
mod arrival;
mod auth;
mod billing;
pub mod blocking;
mod call;
mod calls;
mod cdr;
mod checks;
mod choices;
mod clock;
mod destiny;
mod faults;
mod journal;
mod lock;
mod moment;
mod options;
mod page;
mod platform;
mod provisioning;
mod push;
mod rates;
mod ready;
mod recording;
mod refusal;
mod routes;
mod sandbox;
mod scheduler;
mod server;
mod settings;
mod stream;
mod timers;
mod tls;

pub use auth::{AcceptedZone, Authentication, FailureCode};
pub use call::action::Action;
pub use call::event::EventKind;
pub use call::phone::PhoneRule;
pub use call::view::{CallView, EndView, EventView, LegView};
pub use call::{Leg, SceneKind};
pub use choices::{Choices, PartyTypes, TemplateUnit};
pub use faults::{ArmedFault, Details as FaultDetails, Fault, FaultKind, Target as FaultTarget};
pub use journal::JournalEntry;
pub use options::Options;
pub use provisioning::{Account, Application, ApplicationState, Controls, Limits, Template};
pub use push::log::{PushView, UndeliveredCdrs};
pub use push::{PushOptions, PushSignature};
pub use ready::{Ready, ReadyTemplate};
pub use sandbox::Sandbox;
pub use tls::Certificate;
