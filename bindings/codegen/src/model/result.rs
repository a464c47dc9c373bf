//! Results and closed sets as templates see them.

use serde::Serialize;
use voicecall_core::descriptor::{FieldType, Sensitivity};
use voicecall_core::result::{self, AttributeType};

/// A type of result.
#[derive(Debug, Serialize)]
pub(super) struct ResultType {
    /// `CallLeg`.
    pub(super) name: &'static str,
    doc: &'static str,
    /// Where the contract describes it.
    contract: &'static str,
    pub(super) attributes: Vec<Attribute>,
}

/// One attribute of a result.
#[derive(Debug, Serialize)]
pub(super) struct Attribute {
    /// `talk_seconds`: the name in JSON. Other cases by filter.
    pub(super) name: &'static str,
    doc: &'static str,
    /// `text`, `integer`, `flag`, `time`, `decimal`, `set`, `result` or `record`.
    shape: &'static str,
    /// The name of the set, the result or the record, for these shapes.
    of: Option<&'static str>,
    /// Whether the value is a list of such values.
    list: bool,
    /// Whether it may be absent. Lists are empty instead.
    optional: bool,
    /// How much of the value may be shown: `plain`, `last_four` or `hidden`.
    shown: &'static str,
}

impl From<&'static result::ResultType> for ResultType {
    fn from(result: &'static result::ResultType) -> ResultType {
        ResultType {
            name: result.name,
            doc: result.doc,
            contract: result.contract,
            attributes: result.attributes.iter().map(Attribute::from).collect(),
        }
    }
}

impl From<&'static result::Attribute> for Attribute {
    fn from(attribute: &'static result::Attribute) -> Attribute {
        let (item, list) = item(&attribute.ty);
        Attribute {
            name: attribute.name,
            doc: attribute.doc,
            shape: shape(item),
            of: of(item),
            list,
            optional: attribute.optional && !list,
            shown: match item.sensitivity() {
                Sensitivity::Plain => "plain",
                Sensitivity::LastFour => "last_four",
                Sensitivity::Hidden => "hidden",
            },
        }
    }
}

/// The type of a value, or of the values of a list.
fn item(ty: &'static AttributeType) -> (&'static AttributeType, bool) {
    match ty {
        AttributeType::List(item) => (item, true),
        single => (single, false),
    }
}

fn shape(ty: &AttributeType) -> &'static str {
    match ty {
        AttributeType::Set(_) => "set",
        AttributeType::Result(_) => "result",
        AttributeType::Record(_) => "record",
        AttributeType::Value(FieldType::Integer) => "integer",
        AttributeType::Value(FieldType::Flag) => "flag",
        AttributeType::Value(FieldType::Time) => "time",
        AttributeType::Value(FieldType::Decimal) => "decimal",
        _ => "text",
    }
}

fn of(ty: &AttributeType) -> Option<&'static str> {
    match ty {
        AttributeType::Set(set) => Some(set.name),
        AttributeType::Result(result) => Some(result.name),
        AttributeType::Record(record) => Some(record.name),
        _ => None,
    }
}

/// A closed set of words.
#[derive(Debug, Serialize)]
pub(super) struct Set {
    /// `LegState`.
    pub(super) name: &'static str,
    doc: &'static str,
    values: Vec<SetValue>,
}

#[derive(Debug, Serialize)]
struct SetValue {
    /// `CsvForSpreadsheets`.
    name: &'static str,
    /// `csv_for_spreadsheets`.
    id: &'static str,
    doc: &'static str,
}

impl From<&'static result::ClosedSet> for Set {
    fn from(set: &'static result::ClosedSet) -> Set {
        let value = |value: &'static result::SetValue| SetValue {
            name: value.ident,
            id: value.id,
            doc: value.doc,
        };
        Set {
            name: set.name,
            doc: set.doc,
            values: set.values.iter().map(value).collect(),
        }
    }
}

/// The results and those in their attributes, each once, nested ones first.
pub(super) fn results(roots: &[&'static result::ResultType]) -> Vec<&'static result::ResultType> {
    let mut all = Vec::new();
    roots.iter().for_each(|root| add(&mut all, root));
    all
}

fn add(all: &mut Vec<&'static result::ResultType>, result: &'static result::ResultType) {
    for attribute in result.attributes {
        if let AttributeType::Result(nested) = item(&attribute.ty).0 {
            add(all, nested);
        }
    }
    if all.iter().all(|known| known.name != result.name) {
        all.push(result);
    }
}

/// The sets of these results' attributes, then `others`, each once.
pub(super) fn sets(
    results: &[&'static result::ResultType],
    others: &[&'static result::ClosedSet],
) -> Vec<&'static result::ClosedSet> {
    let attributes = results.iter().flat_map(|result| result.attributes);
    let used = attributes.filter_map(|attribute| match item(&attribute.ty).0 {
        AttributeType::Set(set) => Some(*set),
        _ => None,
    });
    let mut all: Vec<&'static result::ClosedSet> = Vec::new();
    for set in used.chain(others.iter().copied()) {
        if all.iter().all(|known| known.name != set.name) {
            all.push(set);
        }
    }
    all
}
