//! Whose word counts more: a record with a valid signature before one that a person has let in, and that before one that
//! anybody could have sent. Content decides only among equals, so nobody without a secret displaces what was signed.

/// The verdict of a text that was refused and that somebody has let in after all.
pub(super) const ADMITTED: &str = "admitted";

/// How much the word of a verdict counts; it is stored by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Trust {
    Anybody,
    Admitted,
    Signed,
}

impl Trust {
    pub(super) fn of(verdict: &str) -> Trust {
        match verdict {
            "valid" => Trust::Signed,
            ADMITTED => Trust::Admitted,
            _ => Trust::Anybody,
        }
    }
}
