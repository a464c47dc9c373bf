//! `voicecall cdr totals`: CDRs added up.

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use serde_json::Value;
use voicecall_core::intake::{CallFilter, Total, TotalBy, TotalsQuery};
use voicecall_core::mask;
use voicecall_core::sign::CreatedZone;

use crate::exit::Failure;
use crate::output::{self, FAINT, styled};
use crate::request::fault;
use crate::settings::Global;
use crate::store::{CdrFlags, StoreOptions, TariffOptions};

/// Options of `voicecall cdr totals`.
#[derive(Debug, Args)]
pub(crate) struct TotalsOptions {
    /// What to group by; without it there is one total. Can be repeated, or separated by commas.
    #[arg(long, value_name = "WORD", value_delimiter = ',', value_parser = ways())]
    by: Vec<String>,
    /// The zone in which a month begins. The platform's pages do not say in which zone it settles.
    #[arg(long, value_name = "ZONE", value_enum, default_value_t = Zone::Utc)]
    zone: Zone,
    #[command(flatten)]
    filter: CdrFlags,
    #[command(flatten)]
    tariff: TariffOptions,
    #[command(flatten)]
    store: StoreOptions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Zone {
    /// UTC, as the times in CDRs.
    Utc,
    /// UTC+8.
    Beijing,
}

fn ways() -> PossibleValuesParser {
    PossibleValuesParser::new(TotalBy::ALL.iter().map(|by| by.id()))
}

/// Adds up and shows.
pub(super) fn run(options: &TotalsOptions, global: &Global) -> Result<(), Failure> {
    let zone = match options.zone {
        Zone::Utc => CreatedZone::Utc,
        Zone::Beijing => CreatedZone::Beijing,
    };
    let mut query = TotalsQuery::new().filter(options.filter.filter()?).zone(zone);
    query.tariff = options.tariff.tariff()?;
    let ways = options.by.iter().filter_map(|id| TotalBy::from_id(id));
    let query = ways.fold(query, TotalsQuery::by);
    let totals = options.store.open(global)?.totals(&query);
    let totals = totals.map_err(|error| fault::of(CallFilter::RECORD, error))?;
    if global.json {
        let objects = totals.iter().map(|total| total.to_json());
        objects.for_each(|object| output::json(&Value::Object(object)));
    } else {
        table(&query, &totals);
    }
    Ok(())
}

fn table(query: &TotalsQuery, totals: &[Total]) {
    let mut heading: Vec<String> = query.by.iter().map(|by| by.id().replace('_', " ")).collect();
    let sums = ["calls", "answered", "talk", "minutes"].map(str::to_owned);
    heading.extend(sums);
    heading.extend(query.tariff.iter().map(|_| "price".to_owned()));
    let rows: Vec<Vec<String>> = totals.iter().map(|total| row(query, total)).collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&heading]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    // Names are read from the left, figures from the right.
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let blank = " ".repeat(width - cell.chars().count());
            match column < query.by.len() {
                true => format!("{cell}{blank}"),
                false => format!("{blank}{cell}"),
            }
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  "))
            .trim_end()
            .to_owned()
    };
    output::line(&styled(FAINT, &line(&heading)));
    rows.iter().for_each(|row| output::line(&line(row)));
    if totals.iter().any(|total| total.inferred) {
        output::line(&styled(
            FAINT,
            "Minutes of leg A and of calls with one leg are inferred from the price list.",
        ));
    }
    let without: u64 = totals.iter().map(|total| total.without_minutes).sum();
    if without > 0 {
        output::note(&format!(
            "{without} CDRs do not tell their minutes; they are not in the sums"
        ));
    }
}

fn row(query: &TotalsQuery, total: &Total) -> Vec<String> {
    let groups = query.by.iter().map(|by| match (by, total.group(*by)) {
        (_, None) => "-".to_owned(),
        (TotalBy::DisplayNumber, Some(number)) if !number.starts_with('#') => mask::phone_number(number),
        (_, Some(value)) => output::one_line(value),
    });
    let mut row: Vec<String> = groups.collect();
    row.extend([total.calls, total.answered].map(|sum| sum.to_string()));
    row.push(format!("{} s", total.talk_seconds));
    row.push(total.billable_minutes.to_string());
    row.extend(total.price.as_ref().map(ToString::to_string));
    row
}
