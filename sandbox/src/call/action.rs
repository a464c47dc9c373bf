//! What somebody at a phone can do with it, as the admin API and the page order it.

use super::Leg;
use super::machine::Input;

/// What can be ordered of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Answer it while it rings.
    Answer,
    /// Reject the call while it rings.
    Reject,
    /// Hang up.
    HangUp,
    /// Press keys while they are collected.
    Press,
    /// Let it ring: nothing happens of itself any more.
    LetRing,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 5] = [
        Action::Answer,
        Action::Reject,
        Action::HangUp,
        Action::Press,
        Action::LetRing,
    ];

    /// The name in the admin API.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Answer => "answer",
            Action::Reject => "reject",
            Action::HangUp => "hang-up",
            Action::Press => "press",
            Action::LetRing => "let-ring",
        }
    }

    /// The action with this name.
    pub(crate) fn named(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.name() == name)
    }

    /// What it means to the call.
    pub(crate) fn input(self, leg: Leg, digits: &str) -> Input {
        match self {
            Action::Answer => Input::PicksUp(leg),
            Action::Reject => Input::Rejects(leg),
            Action::HangUp => Input::HangsUp(leg),
            Action::Press => Input::Presses(leg, digits.into()),
            Action::LetRing => Input::LetsRing(leg),
        }
    }
}
