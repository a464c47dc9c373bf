//! The legs of finished calls as a table: who talked how long, the minutes that are billed, what it costs, why it ended.

use voicecall_core::webhook::{Cdr, Leg, Tariff};

use crate::output::{self, FAINT, styled};

/// How the table is laid out.
pub(crate) struct Legs<'a> {
    /// Columns for the name of the call; 0 where there is only one.
    pub(crate) label_width: usize,
    /// With it the table has a price.
    pub(crate) tariff: Option<&'a Tariff>,
}

impl Legs<'_> {
    pub(crate) fn heading(&self) {
        output::line(&styled(
            FAINT,
            &self.row("call", "leg", "talk", "minutes", "price", "why it ended"),
        ));
    }

    /// One row per leg; what concerns the whole call stands in the first.
    pub(crate) fn rows(&self, label: &str, cdr: &Cdr) {
        let price = self
            .tariff
            .and_then(|tariff| cdr.price(tariff))
            .map(|price| price.to_string());
        let why = cdr.explain().map(|why| why.to_string()).unwrap_or_default();
        for (index, leg) in cdr.legs().iter().enumerate() {
            let first = index == 0;
            let minutes = leg
                .billable()
                .map_or_else(|| "?".to_owned(), |billable| billable.minutes.to_string());
            output::line(&self.row(
                if first { label } else { "" },
                leg.leg.id(),
                &talk(leg),
                &minutes,
                price.as_deref().filter(|_| first).unwrap_or_default(),
                if first { &why } else { "" },
            ));
        }
    }

    /// What a reader has to know about the minutes.
    pub(crate) fn footnote(&self) {
        output::line(&styled(
            FAINT,
            "Minutes of leg A and of calls with one leg are inferred from the price list.",
        ));
    }

    fn row(&self, call: &str, leg: &str, talk: &str, minutes: &str, price: &str, why: &str) -> String {
        let call = match self.label_width {
            0 => String::new(),
            width => format!("{call:<width$} "),
        };
        let price = if self.tariff.is_some() {
            format!(" {price:>10}")
        } else {
            String::new()
        };
        format!("  {call}{leg:<4} {talk:>12} {minutes:>8}{price}  {why}")
            .trim_end()
            .to_owned()
    }
}

fn talk(leg: &Leg<'_>) -> String {
    match leg.talk_seconds() {
        Some(seconds) if leg.answered() => format!("{seconds} s"),
        Some(_) => "not answered".to_owned(),
        None => "?".to_owned(),
    }
}
