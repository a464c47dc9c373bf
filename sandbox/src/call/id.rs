//! The ids of a call. All are made from its number and its time, so that none has to be kept.

use voicecall_core::sign::CreatedZone;

use crate::moment::Moment;

/// The host that every call and CDR names. No such host exists.
pub(crate) const HOST: &str = "callenabler1.sandbox.invalid";
/// What session ids of the service have in their first and third place (contract pushes.md 7.2).
const FIRST: &str = "1201";
const THIRD: &str = "4294967295";

/// `sessionId`, in the form of the documented ones; opaque to everybody else.
pub(crate) fn session_id(number: u64, placed: Moment) -> String {
    let time = placed.digits(&CreatedZone::Utc);
    format!("{FIRST}_{number}_{THIRD}_{time}@{HOST}")
}

/// The number in a session id. Whether the id is that call's, only the call can tell.
pub(crate) fn number_in(session_id: &str) -> Option<u64> {
    let mut parts = session_id.split('_');
    parts.next().filter(|first| *first == FIRST)?;
    parts.next()?.parse().ok()
}

/// `icid`, the id of a CDR: Beijing time inside, as in the official example (contract pushes.md 8.1).
pub(crate) fn record_id(number: u64, placed: Moment) -> String {
    format!("CAE-{}-{FIRST}{number:04}", placed.digits(&CreatedZone::Beijing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_documented_form() {
        let placed = Moment::from_unix_millis(1_548_299_064_000);
        let id = session_id(612, placed);
        assert_eq!(id, "1201_612_4294967295_20190124030424@callenabler1.sandbox.invalid");
        assert_eq!(number_in(&id), Some(612));
        assert_eq!(record_id(9775, placed), "CAE-20190124110424-12019775");
    }

    #[test]
    fn what_is_no_session_id_holds_no_number() {
        for text in ["", "1201", "1201_x_1_2@h", "1200_5_1_2@h", "1201_-1_1"] {
            assert_eq!(number_in(text), None, "{text}");
        }
    }
}
