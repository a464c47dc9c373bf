//! `--extra NAME=JSON`: body fields that the contract does not describe, sent as they are.

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::{Map, Value};

use super::flag::REQUEST;

/// The key of natural JSON that holds them, and the flag's name.
const EXTRA: &str = "extra";

pub(super) fn argument() -> Arg {
    Arg::new(EXTRA)
        .long(EXTRA)
        .value_name("NAME=JSON")
        .action(ArgAction::Append)
        .help_heading(REQUEST)
        .help("Send a field that the service's documentation does not describe")
        .long_help(
            "Send a field that the service's documentation does not describe, as it is. The value is JSON, so a text \
             has quotes: --extra 'bindNbr=\"+867550000088\"'. Can be repeated.",
        )
}

/// The fields, under the key that the core reads them from; nothing when there are none.
pub(super) fn read(matches: &ArgMatches) -> Result<Option<(String, Value)>, clap::Error> {
    let mut fields = Map::new();
    // Requests without a body do not have the flag.
    let pairs = matches.try_get_many::<String>(EXTRA).ok().flatten();
    for pair in pairs.into_iter().flatten() {
        let (name, value) = pair
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| wrong("it is NAME=JSON"))?;
        let value = serde_json::from_str(value).map_err(|_| {
            wrong(&format!(
                "the value of {name} is not JSON; a text needs quotes: --extra '{name}=\"…\"'"
            ))
        })?;
        fields.insert(name.to_owned(), value);
    }
    Ok((!fields.is_empty()).then(|| (EXTRA.to_owned(), Value::Object(fields))))
}

fn wrong(why: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("--{EXTRA}: {why}\n"))
}
