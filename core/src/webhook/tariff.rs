//! What a call costs: exact decimal arithmetic over billable minutes (contract pushes.md 9).

use std::fmt;

use super::Cdr;
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::result;

/// Price of one minute of one leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    per_minute: Price,
}

result! {
    /// An exact amount of money.
    #[derive(Clone, PartialEq, Eq)]
    pub struct Price: "pushes.md 9" {
        /// The tariff's currency.
        currency: String,
        /// Whether the minutes behind it are inferred; see [`Billable`](super::Billable).
        inferred: bool,
    }
    computed {
        /// The amount, with as many decimals as the tariff: `0.36`.
        amount: String as Decimal = |price| price.amount(),
    }
    own {
        /// The amount without its decimal point.
        units: u128,
        /// Digits behind the decimal point.
        decimals: usize,
    }
}

/// More digits than any price list has; keeps the product of price and minutes inside 128 bits.
const MOST_DIGITS: usize = 18;

impl Tariff {
    /// The currency in which the service bills (contract requests.md 14).
    pub const CURRENCY: &'static str = "CNY";

    /// A price per minute and leg, as decimal text: `Tariff::new("0.18", "CNY")`. The documented price list says 0.18 CNY
    /// without a date; prices change, so there is no default.
    ///
    /// # Errors
    ///
    /// `configuration` when the text is no plain decimal number of at most 18 digits.
    pub fn new(per_minute: &str, currency: &str) -> Result<Tariff, Error> {
        let (units, decimals) = decimal(per_minute).ok_or_else(|| {
            let at = Pointer::root().member("perMinute");
            Error::configuration(
                &at,
                Rule::NumberFormat,
                "must be a decimal number such as 0.18, of at most 18 digits",
            )
        })?;
        Ok(Tariff {
            per_minute: Price {
                units,
                decimals,
                currency: currency.to_owned(),
                inferred: false,
            },
        })
    }
}

impl Tariff {
    /// What so many minutes cost. `inferred`: whether the minutes are; see [`Billable`](super::Billable).
    pub fn price(&self, minutes: u64, inferred: bool) -> Price {
        let units = self.per_minute.units.saturating_mul(u128::from(minutes));
        Price {
            units,
            inferred,
            ..self.per_minute.clone()
        }
    }
}

impl Price {
    /// The exact amount as decimal text, with as many decimals as the tariff: `0.36`.
    pub fn amount(&self) -> String {
        if self.decimals == 0 {
            return self.units.to_string();
        }
        let digits = format!("{:0width$}", self.units, width = self.decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.decimals);
        format!("{whole}.{fraction}")
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

impl Cdr {
    /// What the call costs: its billable minutes, all legs together, times the tariff. `None` when the record does not
    /// tell the minutes.
    pub fn price(&self, tariff: &Tariff) -> Option<Price> {
        let billable = self.billable()?;
        Some(tariff.price(billable.minutes, billable.inferred))
    }
}

/// `0.18` → 18 and 2 decimals.
fn decimal(text: &str) -> Option<(u128, usize)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = !whole.is_empty() && plain(whole) && plain(fraction) && !text.ends_with('.');
    if !well_formed || whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    Some((format!("{whole}{fraction}").parse().ok()?, fraction.len()))
}

#[cfg(test)]
mod tests {
    use super::Tariff;
    use crate::error::ErrorKind;
    use crate::webhook::fixtures::{CALLBACK, cdr, cdr_with};

    #[test]
    fn the_official_callback_costs_two_minutes() {
        let price = cdr(CALLBACK).price(&Tariff::new("0.18", "CNY").unwrap()).unwrap();
        assert_eq!((price.to_string().as_str(), price.inferred), ("0.36 CNY", true));
    }

    #[test]
    fn amounts_are_exact() {
        let cdr = cdr_with(
            &[("callOutAnswerTime", "\"2019-01-24 03:00:00\"")],
            "2019-01-24 03:03:00",
        );
        for (per_minute, amount) in [
            ("0.1", "0.3"),
            ("0.001", "0.003"),
            ("12", "36"),
            ("0.35", "1.05"),
            ("0", "0"),
            ("0.00", "0.00"),
        ] {
            assert_eq!(
                cdr.price(&Tariff::new(per_minute, "CNY").unwrap()).unwrap().amount(),
                amount
            );
        }
    }

    #[test]
    fn what_is_no_price() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "0,18",
            "1.2.3",
            "1234567890123456789",
            "一",
        ] {
            let error = Tariff::new(text, "CNY").unwrap_err();
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::Configuration, Some("/perMinute")),
                "{text:?}"
            );
        }
    }
}
