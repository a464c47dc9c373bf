//! One field as templates see it: its names, the shape of its value, and its rules, as data and as sentences.

use serde::Serialize;
use voicecall_core::descriptor::{self, Condition, Dependency, FieldType, Limit, Presence, Sensitivity};

#[derive(Debug, Serialize)]
pub(super) struct Field {
    /// `display_nbr`: the name in snake case; a length of time has its unit in it, e.g. `timeout_ms`. Other cases by
    /// filter.
    pub(super) name: String,
    /// The name in Rust, where types have units: `timeout`.
    pub(super) ident: &'static str,
    /// `displayNbr`: the name on the wire and in the JSON that the library takes and gives.
    pub(super) wire: &'static str,
    /// What a language's type follows from: `text`, `integer`, `flag`, `enumeration`, `texts`, `records`, `time` or
    /// `milliseconds`.
    shape: &'static str,
    /// The enumeration's or the nested record's name, for these shapes.
    of: Option<&'static str>,
    /// The exact type, e.g. `phone_number`.
    ty: &'static str,
    doc: &'static str,
    /// What else a caller has to know, one sentence each: presence, form, range, default, dependency.
    rules: Vec<String>,
    mandatory: bool,
    /// Exactly one of this field and the named one is set.
    one_of_two_with: Option<String>,
    min: Option<i64>,
    max: Option<i64>,
    /// Whether the library checks `min` and `max`, or leaves that to the platform.
    enforced: bool,
    unit: Option<&'static str>,
    /// What the platform, or the client, takes when the field is not set, as text.
    default: Option<&'static str>,
    /// How much of the value may be shown: `plain`, `last_four` or `hidden`.
    shown: &'static str,
}

impl Field {
    pub(super) fn new(record: &'static descriptor::Record, field: &'static descriptor::Field) -> Field {
        let enforced = |limit: &Limit| limit.enforced || matches!(field.ty, FieldType::PhoneNumber);
        Field {
            name: name(field),
            ident: field.ident,
            wire: field.name,
            shape: shape(&field.ty),
            of: match field.ty {
                FieldType::Enumeration(enumeration) => Some(enumeration.name),
                FieldType::Records(record) => Some(record.name),
                _ => None,
            },
            ty: ty(&field.ty),
            doc: field.doc,
            rules: rules(record, field),
            mandatory: field.presence == Presence::Mandatory,
            one_of_two_with: match field.presence {
                Presence::OneOfTwo(other) => Some(sibling(record, other)),
                _ => None,
            },
            min: field.limit.map(|limit| limit.min),
            max: field.limit.map(|limit| limit.max),
            enforced: field.limit.as_ref().is_some_and(enforced),
            unit: field.unit,
            default: field.default,
            shown: match field.sensitivity() {
                Sensitivity::Plain => "plain",
                Sensitivity::LastFour => "last_four",
                Sensitivity::Hidden => "hidden",
            },
        }
    }
}

/// A number without its unit is read wrong one day: where a type does not carry it, the name does.
fn name(field: &descriptor::Field) -> String {
    match field.ty {
        FieldType::Milliseconds => format!("{}_ms", field.ident),
        _ => field.ident.to_owned(),
    }
}

fn shape(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Integer => "integer",
        FieldType::Flag => "flag",
        FieldType::Enumeration(_) => "enumeration",
        FieldType::TemplateValues | FieldType::Texts => "texts",
        FieldType::Records(_) => "records",
        FieldType::Time => "time",
        FieldType::Milliseconds => "milliseconds",
        _ => "text",
    }
}

fn ty(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::SessionId => "session_id",
        FieldType::PhoneNumber => "phone_number",
        FieldType::VoiceFile => "voice_file",
        FieldType::UserData => "user_data",
        FieldType::VerifyCode => "verify_code",
        FieldType::Digits => "digits",
        FieldType::CallbackUrl => "callback_url",
        FieldType::TemplateValues => "template_values",
        FieldType::Secret => "secret",
        other => shape(other),
    }
}

/// The rules as sentences. What the documentation of a field says itself (which field excludes it) is not said again.
fn rules(record: &descriptor::Record, field: &descriptor::Field) -> Vec<String> {
    let mandatory = (field.presence == Presence::Mandatory).then(|| "Mandatory.".to_owned());
    let form = field.ty.form().map(|form| format!("Form: {form}."));
    let range = match &field.limit {
        Some(limit) => range(field, limit),
        None => field.unit.map(|unit| format!("Unit: {unit}.")),
    };
    let default = field.default.map(|default| format!("Default: {default}."));
    let needs = field.needs.map(|needs| dependency(record, needs));
    [mandatory, form, range, default, needs].into_iter().flatten().collect()
}

fn range(field: &descriptor::Field, limit: &Limit) -> Option<String> {
    let Limit { min, max, .. } = *limit;
    let bounds = if min == max {
        min.to_string()
    } else {
        format!("{min} to {max}")
    };
    let inferred = if limit.enforced {
        ""
    } else {
        " (inferred from a sister page; not checked here)"
    };
    let counted = match field.ty {
        // Its form says it all.
        FieldType::PhoneNumber => return None,
        FieldType::Integer | FieldType::Milliseconds => {
            let unit = field.unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            return Some(format!("Range: {bounds}{unit}{inferred}."));
        }
        // Pushed as text of a fixed form; the documented limit tells a reader nothing.
        FieldType::Time => return None,
        FieldType::CallbackUrl => return Some(format!("At most {} bytes.", max / 4 * 3)),
        FieldType::VerifyCode => "digits",
        FieldType::Records(_) | FieldType::TemplateValues | FieldType::Texts => "items",
        _ => "characters",
    };
    Some(format!("Length: {bounds} {counted}{inferred}."))
}

fn dependency(record: &descriptor::Record, needs: Dependency) -> String {
    let condition = match needs.condition {
        Condition::Present => "is set",
        Condition::NotZero => "is set and not 0",
        Condition::IsTrue => "is true",
    };
    format!("Only where `{}` {condition}.", sibling(record, needs.field))
}

/// The name of another field of the record, given by its wire name.
fn sibling(record: &descriptor::Record, wire: &str) -> String {
    record.field(wire).map_or_else(|| wire.to_owned(), name)
}

#[cfg(test)]
mod tests {
    use voicecall_core::calls::{PlayContentInfo, VoiceCallback, VoiceNotification};
    use voicecall_core::{Config, descriptor::Record};

    use super::Field;

    fn field(record: &'static Record, wire: &str) -> Field {
        Field::new(record, record.field(wire).unwrap())
    }

    #[test]
    fn rules_are_told_in_full() {
        let max_duration = field(VoiceCallback::RECORD, "maxDuration");
        assert_eq!(max_duration.rules, ["Range: 0 to 1440 minutes.", "Default: 0."]);
        let last_min_voice = field(VoiceCallback::RECORD, "lastMinVoice");
        assert_eq!(
            last_min_voice.rules[1..],
            [
                "Length: 1 to 128 characters.",
                "Only where `max_duration` is set and not 0."
            ]
        );
        assert_eq!(
            field(VoiceNotification::RECORD, "feeUrl").rules[1..],
            ["At most 96 bytes."]
        );
        assert_eq!(
            field(VoiceNotification::RECORD, "playInfoList").rules,
            ["Mandatory.", "Length: 1 to 5 items."]
        );
    }

    #[test]
    fn a_length_of_time_has_its_unit_in_its_name() {
        let timeout = field(Config::RECORD, "timeoutMs");
        assert_eq!(
            (timeout.name.as_str(), timeout.ident, timeout.shape),
            ("timeout_ms", "timeout", "milliseconds")
        );
    }

    #[test]
    fn a_field_that_excludes_another_says_so_itself() {
        for wire in ["notifyVoice", "templateId"] {
            let field = field(PlayContentInfo::RECORD, wire);
            let other = field.one_of_two_with.unwrap();
            assert!(field.doc.contains(&format!("`{other}`")), "{wire}: {}", field.doc);
        }
    }
}
