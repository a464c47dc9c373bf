//! `voicecall purge`: retention. Deletes what is old.

use std::time::{Duration, SystemTime};

use clap::Args;
use serde_json::json;
use voicecall_core::webhook::Timestamp;

use crate::exit::Failure;
use crate::output;
use crate::settings::Global;
use crate::store::StoreOptions;
use crate::wait::time;

/// Options of `voicecall purge`.
#[derive(Debug, Args)]
pub(crate) struct PurgeOptions {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    store: StoreOptions,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// What ended, or was received, longer ago than this, e.g. 180d.
    #[arg(long, value_name = "TIME", value_parser = time)]
    older_than: Option<Duration>,
    /// What ended, or was received, before this day or time in UTC: 2026-01-27 or 2026-01-27T15:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    before: Option<SystemTime>,
}

/// Deletes and says how much.
pub(crate) fn run(options: &PurgeOptions, global: &Global) -> Result<(), Failure> {
    let before = match (options.which.before, options.which.older_than) {
        (Some(before), _) => Some(before),
        (None, Some(age)) => SystemTime::now().checked_sub(age),
        (None, None) => None,
    };
    let before = before.ok_or_else(|| Failure::usage("--older-than: longer than there has been time"))?;
    let purged = options.store.open(global)?.purge(before)?;
    if global.json {
        output::json(&json!({ "deleted": purged.to_json() }));
    } else {
        output::line(&format!(
            "deleted {} calls, {} attempts, {} other texts",
            purged.calls, purged.attempts, purged.others
        ));
    }
    Ok(())
}

/// A day, or a time, in UTC.
fn moment(text: &str) -> Result<SystemTime, &'static str> {
    let plain = text.strip_suffix('Z').unwrap_or(text).replacen('T', " ", 1);
    let plain = match plain.contains(' ') {
        true => plain,
        false => plain + " 00:00:00",
    };
    Timestamp::parse(plain)
        .and_then(|time| time.to_system_time())
        .ok_or("must be a day such as 2026-01-27 or a time such as 2026-01-27T15:30:00Z")
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::moment;

    #[test]
    fn days_and_times_are_read_in_utc() {
        let noon = UNIX_EPOCH + Duration::from_secs(12 * 3600);
        assert_eq!(moment("1970-01-01T12:00:00Z"), Ok(noon));
        assert_eq!(moment("1970-01-01"), Ok(UNIX_EPOCH));
        assert!(moment("27.01.2026").is_err());
    }
}
