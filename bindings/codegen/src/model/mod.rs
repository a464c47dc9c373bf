//! What templates see: the core's declarations, put together and named, without anything of a target language.
//!
//! Names are the core's; where a language has another case, its template says so with a filter. A value that is not there
//! is `none` in a template.

mod abi;
mod field;
mod record;
mod result;
mod word;

use std::collections::BTreeMap;

use serde::Serialize;
use voicecall_core::calls::{OPERATIONS, PlacedCall};
use voicecall_core::codes::Table;
use voicecall_core::descriptor::{self, FieldType};
use voicecall_core::intake::{
    CallFilter, CallPage, ExportFormat, IntakeConfig, Purged, RejectedPage, Retried, Total, TotalBy,
};
use voicecall_core::webhook::{Cdr, CdrSummary, EventType, StatusEvent, StatusSummary, WebhookConfig};
use voicecall_core::{Config, Delivery, ErrorKind, Retry, Rule};

use crate::prose::Names;
pub(crate) use abi::Abi;
use field::Field;
use record::{Enumeration, Operation, Record};
use result::{ResultType, Set};
use word::{CodeTable, Word};

/// Everything that a template may use.
#[derive(Debug, Serialize)]
pub struct Model {
    /// Version of the library.
    version: &'static str,
    /// The five operations, in the order of the documentation.
    operations: Vec<Operation>,
    /// The settings of clients and of webhook receivers; a nested record stands before the one that holds it.
    settings: Vec<Record>,
    /// The settings of an intake, and what its questions are narrowed by. Apart from the other settings: not every language
    /// takes them as a structure.
    stores: Vec<Record>,
    /// What operations take; nested records first here too.
    requests: Vec<Record>,
    /// What operations give back.
    answers: Vec<Record>,
    /// What webhooks hold.
    events: Vec<Record>,
    /// What the library returns, nested results first.
    results: Vec<ResultType>,
    /// The closed sets of words that settings take and results contain.
    sets: Vec<Set>,
    /// Every enumeration of a field, and `EventType`.
    enumerations: Vec<Enumeration>,
    /// The kinds of error, in the order of their numbers.
    kinds: Vec<Word>,
    /// What is known about a request's arrival.
    deliveries: Vec<Word>,
    /// Whether placing a call again makes sense.
    retries: Vec<Word>,
    /// The rules that an argument can break.
    rules: Vec<Word>,
    /// The platform's code tables.
    tables: Vec<CodeTable>,
}

impl Model {
    /// Reads the core's declarations.
    pub fn of_core() -> Model {
        let requests = with_nested(OPERATIONS.iter().map(|operation| operation.request));
        let settings = with_nested([Config::RECORD, WebhookConfig::RECORD].into_iter());
        let stores = with_nested([IntakeConfig::RECORD, CallFilter::RECORD].into_iter());
        let answers = vec![PlacedCall::RECORD];
        let results = result::results(&[
            CallPage::RESULT,
            CdrSummary::RESULT,
            StatusSummary::RESULT,
            Total::RESULT,
            Purged::RESULT,
            RejectedPage::RESULT,
            Retried::RESULT,
        ]);
        let sets = result::sets(&results, &[ExportFormat::SET, TotalBy::SET]);
        let events = vec![StatusEvent::RECORD, Cdr::RECORD];
        let records = requests
            .iter()
            .chain(&answers)
            .chain(&events)
            .chain(&settings)
            .chain(&stores);
        Model {
            version: env!("CARGO_PKG_VERSION"),
            operations: OPERATIONS.iter().map(|operation| Operation::from(*operation)).collect(),
            enumerations: enumerations(records.copied()),
            results: results.iter().map(|result| ResultType::from(*result)).collect(),
            sets: sets.iter().map(|set| Set::from(*set)).collect(),
            settings: described(&settings),
            stores: described(&stores),
            requests: described(&requests),
            answers: described(&answers),
            events: described(&events),
            kinds: ErrorKind::ALL.iter().map(Word::from).collect(),
            deliveries: Delivery::ALL.iter().map(Word::from).collect(),
            retries: Retry::ALL.iter().map(Word::from).collect(),
            rules: Rule::ALL.iter().map(Word::from).collect(),
            tables: Table::ALL.iter().map(CodeTable::from).collect(),
        }
    }

    fn records(&self) -> impl Iterator<Item = &Record> {
        self.settings
            .iter()
            .chain(&self.stores)
            .chain(&self.requests)
            .chain(&self.answers)
            .chain(&self.events)
    }

    /// The names that documentation mentions in backticks: fields under the core's and the wire's name, and operations.
    pub(crate) fn names(&self) -> Names {
        let mut names = BTreeMap::new();
        for Field { ident, name, wire, .. } in self.records().flat_map(|record| &record.fields) {
            names.insert((*ident).to_owned(), name.clone());
            names.insert((*wire).to_owned(), name.clone());
        }
        names.extend(
            self.operations
                .iter()
                .map(|operation| (operation.name.to_owned(), operation.name.to_owned())),
        );
        names
    }
}

/// The records and those in their fields, each once, nested ones first.
fn with_nested(records: impl Iterator<Item = &'static descriptor::Record>) -> Vec<&'static descriptor::Record> {
    let mut all = Vec::new();
    for record in records {
        add_with_nested(&mut all, record);
    }
    all
}

fn add_with_nested(all: &mut Vec<&'static descriptor::Record>, record: &'static descriptor::Record) {
    for field in record.fields {
        if let FieldType::Records(nested) = field.ty {
            add_with_nested(all, nested);
        }
    }
    if all.iter().all(|known| known.name != record.name) {
        all.push(record);
    }
}

fn described(records: &[&'static descriptor::Record]) -> Vec<Record> {
    let in_lists = |record: &descriptor::Record| {
        let mut fields = records.iter().flat_map(|holder| holder.fields);
        fields.any(|field| matches!(field.ty, FieldType::Records(nested) if nested.name == record.name))
    };
    records
        .iter()
        .map(|record| Record::new(record, in_lists(record)))
        .collect()
}

/// The enumerations of all fields, each once, then the kinds of event: these stand beside the record, in no field.
fn enumerations(records: impl Iterator<Item = &'static descriptor::Record>) -> Vec<Enumeration> {
    let mut all: Vec<&'static descriptor::Enumeration> = Vec::new();
    for field in records.flat_map(|record| record.fields) {
        if let FieldType::Enumeration(enumeration) = field.ty
            && all.iter().all(|known| known.name != enumeration.name)
        {
            all.push(enumeration);
        }
    }
    all.push(EventType::ENUMERATION);
    all.into_iter().map(Enumeration::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_records_stand_before_the_record_that_holds_them() {
        let model = Model::of_core();
        let names: Vec<_> = model.requests.iter().map(|record| record.name).collect();
        assert_eq!(
            names,
            [
                "VoiceCallback",
                "PlayContentInfo",
                "VoiceNotification",
                "VoiceVerificationCode",
                "TerminateCall",
                "Recording"
            ]
        );
    }

    #[test]
    fn records_that_stand_in_lists_are_marked() {
        let model = Model::of_core();
        let nested: Vec<_> = model
            .records()
            .filter(|record| record.nested)
            .map(|record| record.name)
            .collect();
        assert_eq!(nested, ["Application", "PlayContentInfo"]);
    }

    #[test]
    fn every_enumeration_of_a_field_is_there_once() {
        let model = Model::of_core();
        let names: Vec<_> = model.enumerations.iter().map(|enumeration| enumeration.name).collect();
        assert_eq!(
            names,
            [
                "LastMinToUe",
                "CalleeMedia",
                "ConnectionReuse",
                "CreatedZone",
                "Validation",
                "Policy",
                "Freshness",
                "DigestForm",
                "EventType"
            ]
        );
    }

    #[test]
    fn a_name_means_the_same_field_name_everywhere() {
        let model = Model::of_core();
        assert_eq!(model.names().get("timeout").map(String::as_str), Some("timeout_ms"));
        assert_eq!(
            model.names().get("recordObjectName").map(String::as_str),
            Some("record_object_name")
        );
        for field in model.records().flat_map(|record| &record.fields) {
            assert_eq!(
                model.names().get(field.ident),
                Some(&field.name),
                "{} has two names",
                field.ident
            );
        }
    }
}
