//! What calls cost and how long they took, added up.

use serde_json::{Map, Value as Json, json};

use super::filter::CallFilter;
use super::numbers::Numbers;
use super::query::integer;
use super::store::{Reader, Row};
use crate::error::Error;
use crate::sign::CreatedZone;
use crate::webhook::{Price, Tariff};

/// What totals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TotalBy {
    /// The month in which the call ended.
    Month,
    /// The application that placed the call.
    Application,
    /// The number shown to the first called party.
    DisplayNumber,
    /// The request's user data, without the attempt tag.
    UserData,
}

impl TotalBy {
    /// Every way to group.
    pub const ALL: &'static [TotalBy] = &[
        TotalBy::Month,
        TotalBy::Application,
        TotalBy::DisplayNumber,
        TotalBy::UserData,
    ];

    /// Stable text id, the same in every language.
    pub const fn id(self) -> &'static str {
        match self {
            TotalBy::Month => "month",
            TotalBy::Application => "app_key",
            TotalBy::DisplayNumber => "display_number",
            TotalBy::UserData => "user_data",
        }
    }

    /// The way with this id.
    pub fn from_id(id: &str) -> Option<TotalBy> {
        TotalBy::ALL.iter().copied().find(|by| by.id() == id)
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
}

impl TotalsQuery {
    /// Everything in one total, in UTC.
    #[must_use]
    pub fn new() -> TotalsQuery {
        TotalsQuery {
            filter: CallFilter::new(),
            by: Vec::new(),
            zone: CreatedZone::Utc,
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
}

impl Default for TotalsQuery {
    fn default() -> TotalsQuery {
        TotalsQuery::new()
    }
}

/// One total.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Total {
    /// The group: a value for each way of grouping, in the order of the query. `None` where the records do not tell.
    pub group: Vec<(TotalBy, Option<String>)>,
    /// Calls with a CDR.
    pub calls: u64,
    /// Of these, those that reached the person they were for.
    pub answered: u64,
    /// Seconds that parties could talk.
    pub talk_seconds: u64,
    /// Billable minutes of all legs.
    pub billable_minutes: u64,
    /// Whether any of the minutes are inferred; see [`Billable`](crate::webhook::Billable).
    pub inferred: bool,
    /// Calls whose record does not tell the minutes; they are not in the sums.
    pub without_minutes: u64,
}

impl Total {
    /// What the minutes cost.
    pub fn price(&self, tariff: &Tariff) -> Price {
        tariff.price(self.billable_minutes, self.inferred)
    }

    /// With the names that every language uses; a group that the records do not tell is `null`.
    pub fn to_json(&self, tariff: Option<&Tariff>) -> Map<String, Json> {
        let mut object: Map<_, _> = self
            .group
            .iter()
            .map(|(by, value)| (by.id().to_owned(), json!(value)))
            .collect();
        let price = tariff.map(|tariff| self.price(tariff));
        let sums = [
            ("calls", Some(json!(self.calls))),
            ("answered", Some(json!(self.answered))),
            ("talk_seconds", Some(json!(self.talk_seconds))),
            ("billable_minutes", Some(json!(self.billable_minutes))),
            ("inferred", Some(json!(self.inferred))),
            (
                "without_minutes",
                Some(json!(self.without_minutes)).filter(|_| self.without_minutes > 0),
            ),
            ("price", price.as_ref().map(|price| json!(price.amount()))),
            ("currency", price.as_ref().map(|price| json!(price.currency()))),
        ];
        object.extend(
            sums.into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        );
        object
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
    Ok(rows.iter().map(|row| total(&query.by, row)).collect())
}

fn total(by: &[TotalBy], row: &Row<'static>) -> Total {
    let group = by
        .iter()
        .zip(row)
        .map(|(by, value)| (*by, value.as_text().map(str::to_owned)));
    let sum = |position: usize| {
        integer(row, by.len() + position)
            .and_then(|sum| u64::try_from(sum).ok())
            .unwrap_or(0)
    };
    Total {
        group: group.collect(),
        calls: sum(0),
        answered: sum(1),
        talk_seconds: sum(2),
        billable_minutes: sum(3),
        inferred: sum(4) > 0,
        without_minutes: sum(5),
    }
}
