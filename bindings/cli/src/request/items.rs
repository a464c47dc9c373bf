//! Nested records: their fields are flags of the command, and the order of the flags says to which item each belongs.

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use serde_json::{Map, Value};
use voicecall_core::descriptor::{Field, FieldType, Presence, Record};

use super::flag;
use crate::spelling;

/// Adds the flags of the record nested in `list`.
pub(super) fn augment(command: Command, list: &'static Field, items: &'static Record) -> Command {
    let heading = heading(list, items);
    let command = items.fields.iter().fold(command, |command, field| {
        let arg = flag::plain(items, field);
        command.arg(repeatable(arg).help_heading(heading.clone()))
    });
    let group = ArgGroup::new(list.name)
        .args(openers(items).map(|field| field.name))
        .multiple(true)
        .required(list.presence == Presence::Mandatory);
    command.group(group)
}

/// A flag of which each item may have one.
fn repeatable(arg: Arg) -> Arg {
    arg.action(ArgAction::Append)
}

fn heading(list: &Field, items: &'static Record) -> String {
    let openers: Vec<_> = openers(items)
        .map(|field| format!("--{}", spelling::flag(field)))
        .collect();
    let most = list
        .limit
        .map(|limit| format!(" (up to {})", limit.max))
        .unwrap_or_default();
    format!(
        "What is played{most}: each {} begins an item, what follows belongs to it",
        openers.join(" or ")
    )
}

/// The fields of which an item has one, and with which it begins.
fn openers(items: &'static Record) -> impl Iterator<Item = &'static Field> {
    items.fields.iter().filter(|field| field.presence != Presence::Optional)
}

/// The items in the order in which they were typed.
pub(super) fn read(matches: &ArgMatches, items: &'static Record) -> Result<Option<Value>, clap::Error> {
    let mut list: Vec<Map<String, Value>> = Vec::new();
    for (field, value) in typed(matches, items) {
        if field.presence != Presence::Optional {
            list.push(Map::new());
        }
        let number = list.len();
        let Some(item) = list.last_mut() else {
            return Err(misplaced(field, items));
        };
        match (&field.ty, item.get_mut(field.name)) {
            (_, None) => drop(item.insert(field.name.to_owned(), first(field, value))),
            (_, Some(Value::Array(values))) => values.push(value),
            _ => {
                return Err(usage(&format!(
                    "--{} stands twice for item {number}",
                    spelling::flag(field)
                )));
            }
        }
    }
    Ok((!list.is_empty()).then(|| list.into_iter().map(Value::Object).collect()))
}

/// Every value with its field, in the order of the command line.
fn typed(matches: &ArgMatches, items: &'static Record) -> Vec<(&'static Field, Value)> {
    let mut typed = Vec::new();
    for field in items.fields {
        let values = matches.get_many::<Value>(field.name).into_iter().flatten().cloned();
        let places = matches.indices_of(field.name).into_iter().flatten();
        typed.extend(places.zip(values).map(|(place, value)| (place, field, value)));
    }
    typed.sort_by_key(|(place, ..)| *place);
    typed.into_iter().map(|(_, field, value)| (field, value)).collect()
}

fn first(field: &Field, value: Value) -> Value {
    match field.ty {
        FieldType::TemplateValues | FieldType::Texts => Value::Array(vec![value]),
        _ => value,
    }
}

fn misplaced(field: &Field, items: &'static Record) -> clap::Error {
    let openers: Vec<_> = openers(items)
        .map(|field| format!("--{}", spelling::flag(field)))
        .collect();
    usage(&format!(
        "put --{} behind {}: it belongs to an item",
        spelling::flag(field),
        openers.join(" or ")
    ))
}

fn usage(message: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ArgumentConflict, format!("{message}\n"))
}
