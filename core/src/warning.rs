//! Valid requests that may not do what their author expects: fields without effect, and addresses with characters that
//! the service does not list. The request is sent as it is (contract requests.md 18, D16 and D21).

use std::collections::BTreeSet;
use std::fmt;

use crate::descriptor::{Condition, Dependency, Field, FieldType};
use crate::error::Rule;
use crate::operation::Operation;
use crate::pointer::Pointer;
use crate::record::{FieldValue, Fields};

/// Something odd in a valid request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The field, as a JSON pointer into the request.
    pub field: String,
    /// The rule that the field would break if it was one: [`Rule::DependsOn`] or [`Rule::Characters`].
    pub rule: Rule,
    /// What is odd.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// The warnings about a request, in the order of its fields.
pub fn warnings(request: &dyn Fields) -> Vec<Warning> {
    let mut found = Vec::new();
    collect(request, &Pointer::root(), &mut found);
    found
}

/// Writes the warnings to the debug log.
pub(crate) fn log(operation: &Operation, request: &dyn Fields) {
    if log::log_enabled!(log::Level::Debug) {
        for warning in warnings(request) {
            log::debug!("{}: {warning}", operation.name);
        }
    }
}

fn collect(record: &dyn Fields, around: &Pointer, found: &mut Vec<Warning>) {
    for (index, field) in record.record().fields.iter().enumerate() {
        let Some(value) = record.get(index) else { continue };
        let at = around.member(field.name);
        let mut warn = |rule, message| {
            found.push(Warning {
                field: at.to_string(),
                rule,
                message,
            });
        };
        // A flag that is off asks for nothing.
        if let Some(needs) = unmet(record, field).filter(|_| !matches!(value, FieldValue::Flag(false))) {
            let wanted = match needs.condition {
                Condition::Present => "set",
                Condition::NotZero => "other than 0",
                Condition::IsTrue => "true",
            };
            warn(
                Rule::DependsOn,
                format!("has no effect unless {} is {wanted}", needs.field),
            );
        }
        match value {
            FieldValue::Text(url) if matches!(field.ty, FieldType::CallbackUrl) => {
                let odd = undocumented_characters(url);
                if !odd.is_empty() {
                    let message = format!("has characters that the service does not list: {odd}");
                    warn(Rule::Characters, message);
                }
            }
            FieldValue::Records(records) => {
                for (index, nested) in (0..records.count()).filter_map(|index| Some((index, records.at(index)?))) {
                    collect(nested, &at.index(index), found);
                }
            }
            _ => {}
        }
    }
}

/// The condition that keeps a field from having an effect; `None`: it has one. A field on which it depends may depend on
/// another.
pub(crate) fn unmet(record: &dyn Fields, field: &Field) -> Option<Dependency> {
    let needs = field.needs?;
    let other = record.record().index_of(needs.field);
    let value = other.and_then(|index| record.get(index));
    let holds = match (needs.condition, value) {
        (Condition::Present, value) => value.is_some(),
        (Condition::NotZero, Some(FieldValue::Integer(number))) => number != 0,
        (Condition::IsTrue, Some(FieldValue::Flag(flag))) => flag,
        _ => false,
    };
    if !holds {
        return Some(needs);
    }
    unmet(record, record.record().fields.get(other?)?)
}

/// Characters of the address that the service's list does not have, each once. They may work: the list of a sister
/// service is longer (contract requests.md 9).
fn undocumented_characters(url: &str) -> String {
    let documented = |c: char| c.is_ascii_alphanumeric() || "-:./".contains(c);
    url.chars()
        .filter(|c| !documented(*c))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::warnings;
    use crate::calls::{PlayContentInfo, VoiceNotification};

    fn told(request: &VoiceNotification) -> Vec<String> {
        warnings(request).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_trigger_without_collection_names_the_condition_at_the_root() {
        let item = PlayContentInfo::new()
            .notify_voice("a.wav")
            .collect_ind(0)
            .replay_after_collection(true)
            .collect_content_trigger_replaying("12");
        assert_eq!(
            told(&VoiceNotification::new().play_info_list(vec![item])),
            [
                "/playInfoList/0/replayAfterCollection: has no effect unless collectInd is other than 0",
                "/playInfoList/0/collectContentTriggerReplaying: has no effect unless collectInd is other than 0",
            ]
        );
    }

    #[test]
    fn characters_outside_the_services_list_are_named_once() {
        let at = |url: &str| told(&VoiceNotification::new().status_url(url));
        assert!(at("https://push.example.com:9330/fee-1").is_empty());
        assert_eq!(
            at("https://h/a_b_c?d=%20"),
            ["/statusUrl: has characters that the service does not list: %=?_"]
        );
    }
}
