//! A refused request: the code, and what the code tables say about it.

use voicecall_core::codes::{self, Code};

/// `resultdesc` is String(1-128).
const LONGEST_TEXT: usize = 128;

/// `Internal system error.`
pub(crate) const INTERNAL_ERROR: &str = "1010001";
/// `Invalid request.`
pub(crate) const INVALID_REQUEST: &str = "1010002";
/// `Invalid app_key.`
pub(crate) const INVALID_APP_KEY: &str = "1010003";
/// `Invalid Rest API.`
pub(crate) const INVALID_API: &str = "1010006";
/// `Invalid digest.` when it comes with HTTP 401.
pub(crate) const INVALID_DIGEST: &str = "1010010";
/// `Time out limit.`
pub(crate) const TIME_LIMIT: &str = "1010013";
/// `Display number invalid.`
pub(crate) const DISPLAY_NUMBER: &str = "1010023";
/// `The API is not allowed to be invoked.`
pub(crate) const OUTDATED_API: &str = "1010028";
/// `The app_key is not allowed to invoke the API`
pub(crate) const NO_CAPABILITY: &str = "1010040";
/// `The template ID is not approved.`
pub(crate) const TEMPLATE_NOT_APPROVED: &str = "1012002";
/// `The template ID does not exist.`
pub(crate) const TEMPLATE_UNKNOWN: &str = "1012003";
/// The number of values differs from the number of variables.
pub(crate) const TEMPLATE_COUNT: &str = "1012004";
/// `%s of templateParas does not meet template requirements`
pub(crate) const TEMPLATE_VALUE: &str = "1012005";
/// `Application does not open recording function.`
pub(crate) const RECORDING_OFF: &str = "1012012";
/// `The record does not exist.`
pub(crate) const NO_SUCH_RECORD: &str = "1016001";
/// `Invalid sessionId.`
pub(crate) const INVALID_SESSION: &str = "1020152";
/// `Resource of number is not to be applied.`: the number belongs to another application.
pub(crate) const NUMBER_NOT_BOUND: &str = "1012001";
/// `The service number is not applied.`
pub(crate) const NUMBER_NOT_ORDERED: &str = "1012006";
/// `Service number suspend.`
pub(crate) const NUMBER_SUSPENDED: &str = "1013119";
/// `The ativeState of User is not ACTIVATING.`
pub(crate) const IN_ARREARS: &str = "1010007";
/// `Insufficient voice ports.`
pub(crate) const PLATFORM_PORTS: &str = "1020154";
/// `The number of app_key voice call ports exceeds the upper limit.`
pub(crate) const APPLICATION_PORTS: &str = "1020165";
/// `The app client ip is not in ip white list.`
pub(crate) const NOT_ON_WHITE_LIST: &str = "1020166";
/// The sender's address is on a black list.
pub(crate) const ON_BLACK_LIST: &str = "1020168";
/// `Authentication failed, try again later.`
pub(crate) const LOCKED_OUT: &str = "1020176";
/// `Authorization` is missing; by the newer text also any other failed authentication.
pub(crate) const AUTHORIZATION: &str = "1023006";

/// Stands for a value in the texts of the tables.
const PLACE_HOLDER: &str = "%s";

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    /// `None` where the contract does not know it.
    pub(crate) http_status: Option<u16>,
    pub(crate) text: String,
}

impl Refusal {
    /// The refusal with this code, with text and HTTP status of its table.
    pub(crate) fn new(code: &str) -> Refusal {
        Refusal::of(code, codes::result_code(code, None, None))
    }

    /// `Invalid digest.`: one of two meanings of its code, told apart by the HTTP status.
    pub(crate) fn invalid_digest() -> Refusal {
        Refusal::of(INVALID_DIGEST, codes::result_code(INVALID_DIGEST, Some(401), None))
    }

    fn of(code: &str, row: Option<&'static Code>) -> Refusal {
        let text = row.and_then(|row| row.text.as_deref().or(row.meaning.as_deref()));
        // The tables print the service's place holder; what it stands for is told by those who know.
        let text = text.unwrap_or_default().replace(PLACE_HOLDER, "A value");
        Refusal {
            code: code.to_owned(),
            http_status: row.and_then(|row| row.http_status),
            text: shortened(&text),
        }
    }

    /// `Invalid request.` with what is wrong behind it, as in `Invalid request.lastMinVoice.wav does not exist`.
    pub(crate) fn invalid_request(what: &str) -> Refusal {
        let mut refusal = Refusal::new(INVALID_REQUEST);
        refusal.text = shortened(&format!("{}{what}", refusal.text));
        refusal
    }

    /// A value that does not fit its template variable. The place holder of the text takes the variable: the value may
    /// be personal.
    pub(crate) fn template_value(variable: &str) -> Refusal {
        let mut refusal = Refusal::new(TEMPLATE_VALUE);
        refusal.text = shortened(&refusal.text.replace("A value", variable));
        refusal
    }

    /// Whether method or headers are wrong, rather than what the request asks for (contract requests.md 2.6).
    pub(crate) fn is_about_the_request_itself(&self) -> bool {
        self.code == INVALID_API || self.code.starts_with("10230")
    }

    /// A parameter that breaks a rule of the contract.
    pub(crate) fn invalid_parameter(error: &voicecall_core::Error) -> Refusal {
        let code = error.result_code().unwrap_or(INVALID_REQUEST);
        if code != INVALID_REQUEST {
            return Refusal::new(code);
        }
        // The one text for a bad parameter that was seen (contract requests.md 8).
        if error.rule() == Some(voicecall_core::Rule::NumberFormat) {
            return Refusal::invalid_request("The number format is incorrect.");
        }
        let field = error.field().unwrap_or_default().trim_start_matches('/');
        Refusal::invalid_request(&format!("{field} is invalid."))
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use voicecall_core::codes::Table;

    use super::*;

    #[test]
    fn status_and_text_come_from_the_table() {
        let refusal = Refusal::new(TIME_LIMIT);
        assert_eq!(
            (refusal.http_status, refusal.text.as_str()),
            (Some(401), "Time out limit.")
        );
        assert_eq!(Refusal::new(NO_SUCH_RECORD).http_status, None);
    }

    #[test]
    fn the_ambiguous_code_has_two_refusals() {
        let digest = Refusal::invalid_digest();
        assert_eq!(
            (digest.http_status, digest.text.as_str()),
            (Some(401), "Invalid digest.")
        );
        assert!(Refusal::new(INVALID_DIGEST).text.contains("flow control"));
    }

    #[test]
    fn every_code_of_the_table_has_a_text_of_documented_length() {
        for row in Table::Result.rows() {
            let refusal = Refusal::new(&row.code);
            assert!(
                (1..=LONGEST_TEXT).contains(&refusal.text.chars().count()),
                "{}",
                row.code
            );
            assert!(!refusal.text.contains('%'), "{}", row.code);
        }
    }
}
