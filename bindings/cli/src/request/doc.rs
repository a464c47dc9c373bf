//! The help of a flag, from its field's descriptor: meaning, form, range, default, dependency.

use voicecall_core::descriptor::{Condition, Dependency, Field, FieldType, Limit, Record, Sensitivity};

use super::{input, text};
use crate::spelling;

/// One line: what the field means, its bounds and its default.
pub(super) fn short(record: &Record, field: &Field) -> String {
    let first = paragraph(record, field)
        .split(". ")
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut line = first.trim_end_matches('.').to_owned();
    let bounds = match (&field.ty, field.limit) {
        (FieldType::Integer, Some(limit)) => Some(bounds(limit, field)),
        _ => None,
    };
    let default = default(field).map(|default| format!("default: {default}"));
    for fact in [bounds, default].into_iter().flatten() {
        line.push_str(&format!(" [{fact}]"));
    }
    line
}

/// Everything that the descriptor knows.
pub(super) fn long(record: &Record, field: &Field) -> String {
    let facts = [
        field.ty.form().map(|form| format!("Form: {}.", form.replace('`', ""))),
        measure(field),
        (field.ty.sensitivity() == Sensitivity::Hidden).then(|| input::HELP.to_owned()),
        default(field).map(|default| format!("Default: {default}.")),
        field.needs.map(|needs| dependency(record, needs)),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    if facts.is_empty() {
        return paragraph(record, field);
    }
    format!("{}\n\n{}", paragraph(record, field), facts.join(" "))
}

/// Documentation of an enumeration's word, without the full stop that would stand in the middle of a list.
pub(super) fn sentence(doc: &str) -> String {
    words(doc).trim_end_matches('.').to_owned()
}

/// The field's documentation, with the names of its sisters as the flags that a reader can type.
fn paragraph(record: &Record, field: &Field) -> String {
    let doc = words(field.doc);
    let pieces = doc
        .split('`')
        .enumerate()
        .map(|(index, piece)| match sister(record, piece) {
            // Every second piece stood between backticks.
            Some(sister) if index % 2 == 1 => format!("--{}", spelling::flag(sister)),
            _ => piece.to_owned(),
        });
    pieces.collect()
}

/// The words, without the targets of rustdoc's links: ``[`x`](y)`` and ``[`x`]`` are `x`.
fn words(doc: &str) -> String {
    let doc = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = doc.split("[`");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("`]").unwrap_or((piece, ""));
        let target = rest.strip_prefix('(').and_then(|target| target.split_once(')'));
        plain.push_str(&format!("`{name}`{}", target.map_or(rest, |(_, rest)| rest)));
    }
    plain
}

fn sister(record: &Record, ident: &str) -> Option<&'static Field> {
    record.fields.iter().find(|field| field.ident == ident)
}

/// What the bounds count depends on the type.
fn measure(field: &Field) -> Option<String> {
    let limit = field.limit;
    let measured = match field.ty {
        // Its form says it all.
        FieldType::PhoneNumber => return None,
        FieldType::Integer => format!("Range: {}", bounds(limit?, field)),
        FieldType::Milliseconds => format!(
            "Range: {}. A time {}",
            bounds(limit?, field),
            text::MILLISECONDS.trim_start_matches("must be a time ")
        ),
        FieldType::CallbackUrl => format!(
            "Length: {} characters of its Base64, which is 96 bytes of URL",
            bounds_of(limit?, |bound| bound.to_string())
        ),
        FieldType::TemplateValues | FieldType::Texts | FieldType::Records(_) => match limit {
            Some(limit) => format!("Up to {}; give several behind one flag, or repeat it", limit.max),
            None => "Give several behind one flag, or repeat it".to_owned(),
        },
        _ => format!("Length: {} characters", bounds_of(limit?, |bound| bound.to_string())),
    };
    let inferred = match limit {
        Some(limit) if !limit.enforced => " (inferred from a sister page; only the platform checks it)",
        _ => "",
    };
    Some(format!("{measured}{inferred}."))
}

/// The default, as it would be typed.
fn default(field: &Field) -> Option<String> {
    let default = field.default?;
    match (&field.ty, default.parse()) {
        (FieldType::Milliseconds, Ok(milliseconds)) => Some(text::time(milliseconds)),
        _ => Some(default.to_owned()),
    }
}

/// The range of a number or a time, as it would be typed.
fn bounds(limit: Limit, field: &Field) -> String {
    match (&field.ty, field.unit) {
        (FieldType::Milliseconds, _) => bounds_of(limit, |bound| text::time(u64::try_from(bound).unwrap_or_default())),
        (_, Some(unit)) => format!("{} {unit}", bounds_of(limit, |bound| bound.to_string())),
        _ => bounds_of(limit, |bound| bound.to_string()),
    }
}

fn bounds_of(limit: Limit, shown: impl Fn(i64) -> String) -> String {
    match limit.min == limit.max {
        true => shown(limit.min),
        false => format!("{} to {}", shown(limit.min), shown(limit.max)),
    }
}

fn dependency(record: &Record, needs: Dependency) -> String {
    let other = record
        .field(needs.field)
        .map_or_else(|| needs.field.to_owned(), spelling::flag);
    let wanted = match needs.condition {
        Condition::Present => "given",
        Condition::NotZero => "other than 0",
        Condition::IsTrue => "true",
    };
    format!("Has no effect unless --{other} is {wanted}.")
}
