//! 语音验证码: read a verification code to one phone (contract requests.md 7).

use crate::calls::{read, read_json};
use crate::descriptor::{Limit, Presence, refusal};
use crate::operation::{AnswerKind, Method, Operation};
use crate::record;

/// `create_voice_verification_code`: calls one number and reads out a code.
pub static CREATE_VOICE_VERIFICATION_CODE: Operation = Operation {
    name: "create_voice_verification_code",
    method: Method::Post,
    path: "/rest/httpsessions/callVerify/v1.0",
    doc: "Calls one number and reads out a code.",
    contract: "requests.md 7",
    request: VoiceVerificationCode::RECORD,
    fixed: &[],
    answer: AnswerKind::PlacedCall,
    rings: true,
    read: read::<VoiceVerificationCode>,
    read_json: read_json::<VoiceVerificationCode>,
};

record! {
    /// A call that reads a verification code to one phone.
    pub struct VoiceVerificationCode: "requests.md 7" {
        /// Fixed-line number shown on the callee's phone. Ordered beforehand; exactly as in number management.
        display_nbr: "displayNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::documented(4, 31), refusal: refusal::DISPLAY_NUMBER
        }
        /// The callee.
        callee_nbr: "calleeNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::documented(4, 31)
        }
        /// Language in which the code is read. Only 2, Chinese, is documented.
        language_type: "languageType" => Integer {
            presence: Presence::Mandatory, limit: Limit::documented(2, 2)
        }
        /// Voice file played before the code.
        pre_tone: "preTone" => VoiceFile {
            presence: Presence::Mandatory, limit: Limit::documented(1, 128)
        }
        /// The code: digits 0-9.
        verify_code: "verifyCode" => VerifyCode {
            presence: Presence::Mandatory, limit: Limit::documented(2, 8)
        }
        /// Voice file played after the code. Absent: the call ends after the code.
        pos_tone: "posTone" => VoiceFile { limit: Limit::inferred(1, 128) }
        /// How often the code is played; 0: without end.
        times: "times" => Integer { limit: Limit::documented(0, 9), unit: Some("plays"), default: Some("3") }
        /// Where status events are pushed to. Absent: the address set in the console, if any.
        status_url: "statusUrl" => CallbackUrl { limit: Limit::documented(1, 128) }
        /// Where the CDR is pushed to. Absent: the address set in the console, if any.
        fee_url: "feeUrl" => CallbackUrl { limit: Limit::documented(1, 128) }
        /// Let the answer tell the number of idle call ports.
        return_idle_port: "returnIdlePort" => Flag { default: Some("false") }
        /// Free text that comes back in every push of the call. Base64-encode text with `{`, `}` or Chinese characters.
        user_data: "userData" => UserData { limit: Limit::documented(1, 256) }
    }
}
