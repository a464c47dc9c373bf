//! Who takes part in the demonstration: phones, and the calls between them.

pub(crate) const ALICE: &str = "+8613800000021";
pub(crate) const BOB: &str = "+8613800000022";
pub(crate) const CAROL: &str = "+8613800000023";
pub(crate) const DAVE: &str = "+8613800000024";
/// The local platform lets calls to a number end with the state code in its last four digits: 8102, callee busy.
pub(crate) const BUSY: &str = "+8613800008102";
/// It refuses calls to a number with the result code in its last seven digits: 1013004, callee in blacklist.
pub(crate) const BLACKLISTED: &str = "+8613801013004";

/// How long people talk, in seconds of the platform's clock. Dave would talk until somebody ends the call.
pub(crate) const TALKS: [(&str, u32); 2] = [(BOB, 75), (DAVE, 3600)];

/// What a call is there to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Recorded,
    Notification,
    VerificationCode,
    Busy,
    Terminated,
}

impl Role {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Role::Recorded => "callback, recorded",
            Role::Notification => "notification",
            Role::VerificationCode => "verification code",
            Role::Busy => "callback, B is busy",
            Role::Terminated => "callback, ended by us",
        }
    }
}

/// A call that the platform accepted.
pub(crate) struct Call {
    pub(crate) role: Role,
    pub(crate) session_id: String,
    /// The first phone: A of a callback.
    pub(crate) caller: Option<String>,
    /// The phone that the call is for.
    pub(crate) callee: String,
}

/// All calls of the demonstration.
pub(crate) struct Calls {
    pub(crate) placed: Vec<Call>,
    pub(crate) refused_by_validation: usize,
    pub(crate) refused_by_platform: usize,
}

impl Calls {
    /// The call with this session id.
    pub(crate) fn of(&self, session_id: &str) -> Option<&Call> {
        self.placed.iter().find(|call| call.session_id == session_id)
    }
}
