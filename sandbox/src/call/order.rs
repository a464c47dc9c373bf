//! What a placing request orders, in the form in which the call keeps it.

use std::sync::Arc;

use voicecall_core::calls::{
    CREATE_VOICE_CALLBACK, CREATE_VOICE_NOTIFICATION, CREATE_VOICE_VERIFICATION_CODE, PlayContentInfo, VoiceCallback,
    VoiceNotification, VoiceVerificationCode,
};
use voicecall_core::operation::Operation;
use voicecall_core::record::{Fields, FromNatural};

use super::{Leg, Scene, SceneKind, callback, notification, verification};

/// The numbers of one leg.
#[derive(Debug, Clone)]
pub(crate) struct LegNumbers {
    /// The fixed line that is shown.
    pub(crate) display: Box<str>,
    /// The phone that is called.
    pub(crate) called: Box<str>,
}

/// A call that was ordered.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) app_key: Arc<str>,
    pub(crate) scene: SceneKind,
    pub(crate) first: LegNumbers,
    /// Callbacks only.
    pub(crate) second: Option<LegNumbers>,
    pub(crate) status_url: Option<Arc<str>>,
    pub(crate) fee_url: Option<Arc<str>>,
    pub(crate) user_data: Option<Box<str>>,
    /// The call is to be recorded.
    pub(crate) record: bool,
    /// `disconnect` tells who hung up.
    pub(crate) tells_party: bool,
}

impl Order {
    pub(crate) fn numbers(&self, leg: Leg) -> &LegNumbers {
        match (leg, &self.second) {
            (Leg::B, Some(second)) => second,
            _ => &self.first,
        }
    }
}

/// A request that places a call: what the three have in common.
pub(crate) trait PlacingRequest: Fields + FromNatural + Send {
    const OPERATION: &'static Operation;

    fn scene(&self) -> Scene;
    /// Display number and called number of the first and, in callbacks, the second leg.
    fn numbers(&self) -> (LegNumbers, Option<LegNumbers>);
    fn status_url(&self) -> Option<&str>;
    fn fee_url(&self) -> Option<&str>;
    fn user_data(&self) -> Option<&str>;
    fn wants_idle_port(&self) -> bool;

    /// What is played, in notifications.
    fn play_items(&self) -> &[PlayContentInfo] {
        &[]
    }
}

/// The members that all three request types spell the same way.
macro_rules! common_members {
    () => {
        fn status_url(&self) -> Option<&str> {
            self.status_url.as_deref()
        }

        fn fee_url(&self) -> Option<&str> {
            self.fee_url.as_deref()
        }

        fn user_data(&self) -> Option<&str> {
            self.user_data.as_deref()
        }

        fn wants_idle_port(&self) -> bool {
            self.return_idle_port.unwrap_or(false)
        }
    };
}

impl PlacingRequest for VoiceCallback {
    const OPERATION: &'static Operation = &CREATE_VOICE_CALLBACK;

    fn scene(&self) -> Scene {
        Scene::Callback(callback::Script::new(self))
    }

    fn numbers(&self) -> (LegNumbers, Option<LegNumbers>) {
        (
            leg(&self.display_nbr, &self.caller_nbr),
            Some(leg(&self.display_callee_nbr, &self.callee_nbr)),
        )
    }

    common_members!();
}

impl PlacingRequest for VoiceNotification {
    const OPERATION: &'static Operation = &CREATE_VOICE_NOTIFICATION;

    fn scene(&self) -> Scene {
        Scene::Notification(notification::Script::new(self))
    }

    fn numbers(&self) -> (LegNumbers, Option<LegNumbers>) {
        (leg(&self.display_nbr, &self.callee_nbr), None)
    }

    fn play_items(&self) -> &[PlayContentInfo] {
        self.play_info_list.as_deref().unwrap_or_default()
    }

    common_members!();
}

impl PlacingRequest for VoiceVerificationCode {
    const OPERATION: &'static Operation = &CREATE_VOICE_VERIFICATION_CODE;

    fn scene(&self) -> Scene {
        Scene::Verification(verification::Script::new(self))
    }

    fn numbers(&self) -> (LegNumbers, Option<LegNumbers>) {
        (leg(&self.display_nbr, &self.callee_nbr), None)
    }

    common_members!();
}

/// Both numbers are mandatory; validation has seen to that.
fn leg(display: &Option<String>, called: &Option<String>) -> LegNumbers {
    let text = |number: &Option<String>| number.as_deref().unwrap_or_default().into();
    LegNumbers {
        display: text(display),
        called: text(called),
    }
}
