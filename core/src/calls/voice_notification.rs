//! 语音通知: play files or spoken templates to one phone and collect keys (contract requests.md 6).

use crate::calls::{read, read_json};
use crate::descriptor::{Condition, Dependency, Limit, Presence, refusal};
use crate::operation::{AnswerKind, Method, Operation};
use crate::record;

/// `create_voice_notification`: calls one number, plays up to five items, may collect keys.
pub static CREATE_VOICE_NOTIFICATION: Operation = Operation {
    name: "create_voice_notification",
    method: Method::Post,
    // The path parameter `version` has one documented value (D9: v1.0 is not implemented).
    path: "/rest/httpsessions/callnotify/v2.0",
    doc: "Calls one number, plays up to five items, may collect keys.",
    contract: "requests.md 6",
    request: VoiceNotification::RECORD,
    fixed: &[],
    answer: AnswerKind::PlacedCall,
    rings: true,
    read: read::<VoiceNotification>,
    read_json: read_json::<VoiceNotification>,
};

record! {
    /// A call that plays voice files or spoken templates to one phone.
    pub struct VoiceNotification: "requests.md 6" {
        /// Fixed-line number shown on the callee's phone. Ordered beforehand; exactly as in number management.
        display_nbr: "displayNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::documented(4, 31), refusal: refusal::DISPLAY_NUMBER
        }
        /// The callee. Many callees are many requests.
        callee_nbr: "calleeNbr" => PhoneNumber {
            presence: Presence::Mandatory, limit: Limit::documented(4, 31)
        }
        /// What is played, in order; files and templates may be mixed.
        play_info_list: "playInfoList" => Records(PlayContentInfo) {
            presence: Presence::Mandatory, limit: Limit::documented(1, 5)
        }
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

record! {
    /// One thing to play: a voice file or a template with its values, and whether keys are collected after it.
    pub struct PlayContentInfo: "requests.md 6, PlayContentInfo" {
        /// An uploaded and approved voice file. Exactly one of this and `template_id`.
        notify_voice: "notifyVoice" => VoiceFile {
            presence: Presence::OneOfTwo("templateId"), limit: Limit::documented(1, 128)
        }
        /// An approved template. Exactly one of this and `notify_voice`.
        template_id: "templateId" => Text {
            presence: Presence::OneOfTwo("notifyVoice"), limit: Limit::documented(1, 32)
        }
        /// The values of the template's variables, in order; each at most 32 bytes of UTF-8, at most as long as its
        /// variable, and of its kind: text, digits, `YYYY/MM/DD`, `HH:MM` or `HH:MM:SS`.
        template_paras: "templateParas" => TemplateValues {
            needs: Some(Dependency { field: "templateId", condition: Condition::Present }),
            refusal: refusal::TEMPLATE_VALUE
        }
        /// How many keys are collected after playing; 0: none. Keys have to be pressed within 5 seconds after the end.
        collect_ind: "collectInd" => Integer {
            limit: Limit::documented(0, 32), unit: Some("digits"), default: Some("0")
        }
        /// Play the item again after collection.
        replay_after_collection: "replayAfterCollection" => Flag {
            default: Some("false"),
            needs: Some(Dependency { field: "collectInd", condition: Condition::NotZero })
        }
        /// Play again only if the collected keys equal this text; it has as many keys as `collect_ind` says.
        collect_content_trigger_replaying: "collectContentTriggerReplaying" => Text {
            limit: Limit::documented(1, 32),
            needs: Some(Dependency { field: "replayAfterCollection", condition: Condition::IsTrue }),
            fits: Some("collectInd")
        }
    }
}
