//! 语音回呼: connect two phones (contract requests.md 3).

use crate::calls::{read, read_json};
use crate::descriptor::{Condition, Dependency, Limit, Presence, refusal};
use crate::operation::{AnswerKind, Method, Operation};
use crate::{enumeration, record};

/// `create_voice_callback`: calls A, then B, and joins them.
pub static CREATE_VOICE_CALLBACK: Operation = Operation {
    name: "create_voice_callback",
    method: Method::Post,
    path: "/rest/httpsessions/click2Call/v2.0",
    doc: "Calls A, then B, and joins them.",
    contract: "requests.md 3",
    request: VoiceCallback::RECORD,
    fixed: &[],
    answer: AnswerKind::PlacedCall,
    rings: true,
    read: read::<VoiceCallback>,
    read_json: read_json::<VoiceCallback>,
};

record! {
    /// A call that connects two phones: the platform calls A (`caller_nbr`), then B (`callee_nbr`), and joins them.
    pub struct VoiceCallback: "requests.md 3" {
        /// Fixed-line number shown on A's phone. Ordered beforehand; exactly as in number management. If the number is
        /// suspended the platform takes another fixed line of the application at random.
        display_nbr: "displayNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::inferred(4, 31), refusal: refusal::DISPLAY_NUMBER
        }
        /// A's number, called first.
        caller_nbr: "callerNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::inferred(4, 31), refusal: refusal::CALLER_NUMBER
        }
        /// Fixed-line number shown on B's phone. Ordered beforehand.
        display_callee_nbr: "displayCalleeNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::inferred(4, 31), refusal: refusal::DISPLAY_NUMBER
        }
        /// B's number, called second.
        callee_nbr: "calleeNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::documented(4, 31)
        }
        /// Longest call, counted from B's answer. 0: the platform never ends the call.
        max_duration: "maxDuration" => Integer {
            limit: Limit::documented(0, 1440), unit: Some("minutes"), default: Some("0")
        }
        /// Voice file played in the last minute. Absent: the platform's default tone.
        last_min_voice: "lastMinVoice" => VoiceFile {
            limit: Limit::documented(1, 128), needs: LIMITED_DURATION
        }
        /// Who hears the tone of the last minute.
        last_min_to_ue: "lastMinToUE" => Enumeration(LastMinToUe) {
            default: Some("both"), needs: LIMITED_DURATION
        }
        /// Play a tone to A after A's answer and before B is dialled.
        play_pre_voice: "playPreVoice" => Flag { default: Some("false") }
        /// Voice file of that tone. Absent: the platform's default tone.
        pre_voice: "preVoice" => VoiceFile {
            limit: Limit::inferred(1, 128),
            needs: Some(Dependency { field: "playPreVoice", condition: Condition::IsTrue })
        }
        /// Voice file that A hears, looped, while waiting for B. `callee_media` tells what ends it. What is played
        /// without it is not settled in the service's documentation.
        wait_voice: "waitVoice" => VoiceFile { limit: Limit::inferred(1, 128) }
        /// What A hears of B's side before B answers.
        callee_media: "calleeMedia" => Enumeration(CalleeMedia) { default: Some("all") }
        /// Where status events are pushed to. Absent: the address set in the console, if any.
        status_url: "statusUrl" => CallbackUrl { limit: Limit::documented(1, 128) }
        /// Where the CDR is pushed to. Absent: the address set in the console, if any.
        fee_url: "feeUrl" => CallbackUrl { limit: Limit::documented(1, 128) }
        /// Record the call. Recording must be enabled for the application, else result code 1012012.
        record_flag: "recordFlag" => Flag { default: Some("false") }
        /// Voice file with the hint that the call is recorded, heard by both parties. Absent: the platform's default.
        record_hint_tone: "recordHintTone" => VoiceFile {
            limit: Limit::inferred(1, 128),
            needs: Some(Dependency { field: "recordFlag", condition: Condition::IsTrue })
        }
        /// Let the `disconnect` event tell which party hung up.
        party_type_required_in_disconnect: "partyTypeRequiredInDisconnect" => Flag { default: Some("false") }
        /// Let the answer tell the number of idle call ports.
        return_idle_port: "returnIdlePort" => Flag { default: Some("false") }
        /// Free text that comes back in every push of the call. Base64-encode text with `{`, `}` or Chinese characters.
        user_data: "userData" => UserData { limit: Limit::inferred(1, 256) }
    }
}

/// The tone of the last minute exists only when the call has a longest duration.
const LIMITED_DURATION: Option<Dependency> = Some(Dependency {
    field: "maxDuration",
    condition: Condition::NotZero,
});

enumeration! {
    /// Who hears the tone of the last minute.
    pub enum LastMinToUe {
        /// The caller, A.
        ToCaller = "toa",
        /// The callee, B.
        ToCallee = "tob",
        /// Both parties.
        Both = "both",
    }
}

enumeration! {
    /// What of the callee's side the caller hears before the callee answers.
    pub enum CalleeMedia {
        /// Everything; any media from the callee ends the waiting tone.
        All = "all",
        /// Nothing: the waiting tone plays until answer or hang-up.
        None = "none",
        /// Only a failure announcement, which then ends the waiting tone.
        Fail = "fail",
    }
}
