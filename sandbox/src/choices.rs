//! Where the contract is open or in conflict with itself: what this platform does by default, and what else it can do.
//!
//! The defaults are those of contract requests.md 18, D20; each setting names the place that leaves the choice. How
//! requests are authenticated and pushes signed has settings of its own beside the code that does it.

use serde::{Deserialize, Serialize};

/// Choices that the contract leaves to a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Choices {
    /// A callback tells `disconnect` for each party that was called. Default: no, one for the call (pushes.md 7.1).
    pub two_disconnects: bool,
    /// The application's callback addresses win over those of the request. Default: no (requests.md 9).
    pub provisioned_addresses_win: bool,
    /// `https://` only, as the newer text of the parameters says. Default: no, both schemes (requests.md 9, D10).
    pub https_callbacks_only: bool,
    /// Callback addresses are made of `a-z A-Z 0-9 - : . /` only. Default: no (requests.md 9, D16).
    pub documented_url_characters: bool,
    /// A parameter without effect is refused, such as `lastMinToUE` without `maxDuration`. Default: no, it is ignored
    /// (requests.md 18, D21).
    pub strict_dependencies: bool,
    /// An empty `statusUrl` or `feeUrl` is refused. Default: no, it counts as absent (requests.md 18, D23).
    pub strict_addresses: bool,
    /// A JSON `true` or `false` where the documentation has a text is refused. Default: no (requests.md 18, D23).
    pub strict_flags: bool,
    /// The documented values are expected of `Content-Type`, of `Authorization` with its first word and without other
    /// parts, and of `Nonce`. Default: no (requests.md 18, D25).
    pub strict_headers: bool,
    /// Keys are not pushed where the item is played again after collection. Default: no, they are (requests.md 18, D24).
    pub replay_hides_keys: bool,
    /// What `n` in `${TXT_n}` counts. Default: bytes of UTF-8 (requests.md 18, D18 and D24).
    pub template_unit: TemplateUnit,
    /// Texts of `partyType`, which are not known (pushes.md 7.2).
    pub party_types: PartyTypes,
    /// `digitInfo` is there and empty when no key was pressed. Default: no, it is absent (pushes.md 7.2).
    pub empty_digit_info: bool,
    /// Text fields without a value are there and empty. Default: no, they are absent (pushes.md 6).
    pub empty_fields: bool,
    /// `direction` of a callback's CDR: one table has 1, the examples have 0. Default: 0 (pushes.md 8.1).
    pub callback_direction: u8,
    /// Leg A costs money also when B never answered. Default: yes (pushes.md 9).
    pub lone_leg_costs: bool,
    /// callStop ends notification and verification calls too, which is documented for callbacks only. Default: no, it
    /// answers 1020152 for them (requests.md 4).
    pub stop_ends_every_scene: bool,
    /// HTTP status of refusals whose status is not known. Default: 403 (requests.md 13.2).
    pub unknown_status: u16,
    /// Refusals come with HTTP 200; their code alone tells that they are some. Default: no (requests.md 13.2).
    pub refusals_with_200: bool,
    /// Refusals of calls that were to be placed carry an empty `sessionId`. Default: no, none (requests.md 13.2).
    pub empty_session_id: bool,
    /// A wrong method, path or header gets no answer at all. Default: no, a refusal (requests.md 13.1).
    pub silent_on_wrong_requests: bool,
}

impl Default for Choices {
    fn default() -> Choices {
        Choices {
            two_disconnects: false,
            provisioned_addresses_win: false,
            https_callbacks_only: false,
            documented_url_characters: false,
            strict_dependencies: false,
            strict_addresses: false,
            strict_flags: false,
            strict_headers: false,
            replay_hides_keys: false,
            template_unit: TemplateUnit::Bytes,
            party_types: PartyTypes::default(),
            empty_digit_info: false,
            empty_fields: false,
            callback_direction: 0,
            lone_leg_costs: true,
            stop_ends_every_scene: false,
            unknown_status: 403,
            refusals_with_200: false,
            empty_session_id: false,
            silent_on_wrong_requests: false,
        }
    }
}

/// What the length of a text in a template counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateUnit {
    /// Bytes of UTF-8: a Chinese character counts 3.
    Bytes,
    /// Characters.
    Characters,
}

/// The three texts of `partyType`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PartyTypes {
    /// The caller hung up. Default: `caller`.
    pub caller: String,
    /// The callee did. Default: `callee`.
    pub callee: String,
    /// The platform did. Default: `platform`.
    pub platform: String,
}

impl Default for PartyTypes {
    fn default() -> PartyTypes {
        PartyTypes {
            caller: "caller".to_owned(),
            callee: "callee".to_owned(),
            platform: "platform".to_owned(),
        }
    }
}
