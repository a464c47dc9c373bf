//! What calls cost and how long they took, added up.

use super::filter::CallFilter;
use super::numbers::Numbers;
use super::query::integer;
use super::store::{Reader, Row};
use crate::error::Error;
use crate::result;
use crate::result::closed_set;
use crate::sign::CreatedZone;
use crate::webhook::{Price, Tariff};

closed_set! {
    /// What totals are grouped by.
    pub enum TotalBy {
        /// The month in which the call ended.
        Month = "month",
        /// The application that placed the call.
        Application = "app_key",
        /// The number shown to the first called party.
        DisplayNumber = "display_number",
        /// The request's user data, without the attempt tag.
        UserData = "user_data",
    }
}

/// How to add up.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TotalsQuery {
    /// Which records; by the time at which the calls ended.
    pub filter: CallFilter,
    /// What to group by; nothing gives one total.
    pub by: Vec<TotalBy>,
    /// The zone in which a month begins. The platform's pages do not say in which zone it settles; its times are UTC.
    pub zone: CreatedZone,
    /// What a minute costs; without it totals have no price.
    pub tariff: Option<Tariff>,
}

impl TotalsQuery {
    /// Everything in one total, in UTC.
    #[must_use]
    pub fn new() -> TotalsQuery {
        TotalsQuery {
            filter: CallFilter::new(),
            by: Vec::new(),
            zone: CreatedZone::Utc,
            tariff: None,
        }
    }

    /// Only these records.
    #[must_use]
    pub fn filter(mut self, filter: CallFilter) -> TotalsQuery {
        self.filter = filter;
        self
    }

    /// Groups by this too.
    #[must_use]
    pub fn by(mut self, by: TotalBy) -> TotalsQuery {
        self.by.push(by);
        self
    }

    /// The zone in which a month begins.
    #[must_use]
    pub fn zone(mut self, zone: CreatedZone) -> TotalsQuery {
        self.zone = zone;
        self
    }

    /// Adds the price of the minutes.
    #[must_use]
    pub fn tariff(mut self, tariff: Tariff) -> TotalsQuery {
        self.tariff = Some(tariff);
        self
    }
}

impl Default for TotalsQuery {
    fn default() -> TotalsQuery {
        TotalsQuery::new()
    }
}

result! {
    /// CDRs, added up. Of the first four attributes those can be present that the query grouped by.
    #[derive(Clone, Default, PartialEq, Eq)]
    pub struct Total: "pushes.md 9" {
        /// The month in which the calls ended: `2026-01`.
        month: Option<String>,
        /// Key of the application. Absent for records that do not contain it.
        app_key: Option<String>,
        /// The number shown to the first called party. Absent for records that do not contain it.
        display_number: Option<String> as PhoneNumber,
        /// The request's user data, without the attempt tag. Absent for calls without.
        user_data: Option<String> as UserData,
        /// Calls with a CDR.
        calls: u64,
        /// Of these, calls that reached the person they were for.
        answered: u64,
        /// Seconds that the parties could talk.
        talk_seconds: u64,
        /// Billable minutes of all legs, each started minute counted.
        billable_minutes: u64,
        /// Whether any of the minutes are inferred: the official formula covers leg B of a callback only (D12).
        inferred: bool,
        /// Calls whose record does not contain the minutes; they are not in the sums.
        without_minutes: u64,
        /// What the minutes cost. Absent without a tariff.
        price: Option<Price>,
    }
}

impl Total {
    /// The value that the total is grouped by; `None` where the records do not contain it.
    pub fn group(&self, by: TotalBy) -> Option<&str> {
        match by {
            TotalBy::Month => self.month.as_deref(),
            TotalBy::Application => self.app_key.as_deref(),
            TotalBy::DisplayNumber => self.display_number.as_deref(),
            TotalBy::UserData => self.user_data.as_deref(),
        }
    }
}

/// Adds up in the store.
pub(super) fn totals(reader: &mut dyn Reader, query: &TotalsQuery, numbers: &Numbers) -> Result<Vec<Total>, Error> {
    let conditions = query.filter.cdrs(numbers)?;
    let dialect = reader.dialect();
    let groups = query.by.iter().map(|by| match by {
        TotalBy::Month => (dialect.month)("nullif(cdr.end_at, 0)", query.zone.offset_seconds()),
        TotalBy::Application => "cdr.app_key".to_owned(),
        TotalBy::DisplayNumber => "cdr.a_display".to_owned(),
        TotalBy::UserData => "cdr.user_data".to_owned(),
    });
    let groups: Vec<String> = groups.collect();
    let sums = "count(DISTINCT cdr.call_id), CAST(coalesce(sum(cdr.answered), 0) AS BIGINT), \
                CAST(coalesce(sum(cdr.talk_seconds), 0) AS BIGINT), CAST(coalesce(sum(cdr.minutes), 0) AS BIGINT), \
                coalesce(max(cdr.inferred), 0), count(*) - count(cdr.minutes)";
    let columns = groups
        .iter()
        .map(String::as_str)
        .chain([sums])
        .collect::<Vec<_>>()
        .join(", ");
    let grouping = match groups.len() {
        0 => String::new(),
        width => {
            let list = |suffix: &str| {
                (1..=width)
                    .map(|group| format!("{group}{suffix}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            format!(" GROUP BY {} ORDER BY {}", list(""), list(" NULLS FIRST"))
        }
    };
    let sql = format!(
        "SELECT {columns} FROM intake_cdr AS cdr{}{grouping}",
        conditions.clause()
    );
    reader.take_time()?;
    let rows = reader.query(&sql, &conditions.parameters)?;
    Ok(rows.iter().map(|row| total(query, row)).collect())
}

fn total(query: &TotalsQuery, row: &Row<'static>) -> Total {
    let width = query.by.len();
    let sum = |position: usize| {
        integer(row, width + position)
            .and_then(|sum| u64::try_from(sum).ok())
            .unwrap_or(0)
    };
    let mut total = Total {
        calls: sum(0),
        answered: sum(1),
        talk_seconds: sum(2),
        billable_minutes: sum(3),
        inferred: sum(4) > 0,
        without_minutes: sum(5),
        ..Total::default()
    };
    for (by, value) in query.by.iter().zip(row) {
        let group = match by {
            TotalBy::Month => &mut total.month,
            TotalBy::Application => &mut total.app_key,
            TotalBy::DisplayNumber => &mut total.display_number,
            TotalBy::UserData => &mut total.user_data,
        };
        *group = value.as_text().map(str::to_owned);
    }
    let price = |tariff: &Tariff| tariff.price(total.billable_minutes, total.inferred);
    total.price = query.tariff.as_ref().map(price);
    total
}
