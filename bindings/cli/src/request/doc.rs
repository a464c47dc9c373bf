//! The help of a flag, from its field's descriptor: meaning, form, range, default, dependency.

use voicecall_core::descriptor::{Condition, Dependency, Field, FieldType, Limit, Record, Sensitivity};

use super::input;
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
        (FieldType::Integer, Some(limit)) => Some(bounds(limit, field.unit)),
        _ => None,
    };
    let default = field.default.map(|default| format!("default: {default}"));
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
        field.default.map(|default| format!("Default: {default}.")),
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
        FieldType::Integer => format!("Range: {}", bounds(limit?, field.unit)),
        FieldType::Milliseconds => format!(
            "Range: {}. A time {}",
            bounds(limit?, field.unit),
            super::text::MILLISECONDS.trim_start_matches("must be a time ")
        ),
        FieldType::CallbackUrl => format!(
            "Length: {} characters of its Base64, which is 96 bytes of URL",
            bounds(limit?, None)
        ),
        FieldType::TemplateValues | FieldType::Texts | FieldType::Records(_) => match limit {
            Some(limit) => format!("Up to {}; give several behind one flag, or repeat it", limit.max),
            None => "Give several behind one flag, or repeat it".to_owned(),
        },
        _ => format!("Length: {} characters", bounds(limit?, None)),
    };
    let inferred = match limit {
        Some(limit) if !limit.enforced => " (inferred from a sister page; only the platform checks it)",
        _ => "",
    };
    Some(format!("{measured}{inferred}."))
}

fn bounds(limit: Limit, unit: Option<&str>) -> String {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    if limit.min == limit.max {
        format!("{}{unit}", limit.min)
    } else {
        format!("{} to {}{unit}", limit.min, limit.max)
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
