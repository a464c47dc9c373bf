//! The columns: a record's fields as pairs of 32-bit integers that JavaScript reads without further calls.
//!
//! Two integers for the record's own place in the message, then two for each field of its descriptor. The second integer 0
//! means that the field is absent. Else
//! - text: start and end in the message, or -1 as end and the position among the others as start;
//! - integer: its value and 1, or the position among the others and -1;
//! - time: the seconds since 1970 without their lowest 30 bits, and these bits plus 1.

use serde_json::Value;
use voicecall_core::webhook::{Pushed, PushedValue};

use super::units::Units;

/// Bits of a time that stand in the second integer.
const LOW_BITS: u32 = 30;

/// Writes records; what no pair of integers can say is kept for JavaScript as it is.
pub(super) struct Cells<'a> {
    units: Units<'a>,
    cells: Vec<i32>,
    others: Vec<Value>,
}

impl<'a> Cells<'a> {
    /// For records of this message.
    pub(super) fn of(message: &'a str) -> Cells<'a> {
        Cells {
            units: Units::of(message),
            cells: Vec::new(),
            others: Vec::new(),
        }
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.units.is_ascii()
    }

    /// How many integers a record takes.
    pub(super) fn stride(record: &Pushed) -> usize {
        2 + 2 * record.record().fields.len()
    }

    pub(super) fn reserve(&mut self, records: &[&Pushed]) {
        let stride = records.first().map_or(0, |record| Cells::stride(record));
        self.cells.reserve(stride * records.len());
    }

    pub(super) fn push(&mut self, record: &Pushed) {
        self.pair(self.units.span(record.raw()).unwrap_or_default());
        for index in 0..record.record().fields.len() {
            let pair = record.value(index).map_or((0, 0), |value| self.value(value));
            self.pair(pair);
        }
    }

    /// The integers, and what they refer to.
    pub(super) fn into_parts(self) -> (Vec<i32>, Vec<Value>) {
        (self.cells, self.others)
    }

    fn pair(&mut self, (first, second): (i32, i32)) {
        self.cells.extend([first, second]);
    }

    #[inline]
    fn value(&mut self, value: PushedValue<'_>) -> (i32, i32) {
        match value {
            PushedValue::Text(text) => match self.units.span(&text) {
                Some(span) => span,
                // It had escapes, and is no part of the message.
                None => self.other(Value::from(text.as_ref())),
            },
            PushedValue::Integer(number) => match i32::try_from(number) {
                Ok(number) => (number, 1),
                Err(_) => self.other(Value::from(number)),
            },
            PushedValue::Time(time) => {
                let seconds = time.unix_seconds();
                let low = seconds & ((1 << LOW_BITS) - 1);
                // The calendar has four digits for the year, so the upper bits fit too.
                let fits = |part: i64| i32::try_from(part).unwrap_or_default();
                (fits(seconds >> LOW_BITS), fits(low + 1))
            }
            _ => (0, 0),
        }
    }

    #[cold]
    fn other(&mut self, value: Value) -> (i32, i32) {
        self.others.push(value);
        (i32::try_from(self.others.len() - 1).unwrap_or_default(), -1)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use voicecall_core::webhook::{Cdr, Event, parse};

    use super::Cells;

    /// The pair of integers of one field, and the others.
    fn cells(record: &str, field: &str) -> ((i32, i32), Vec<Value>, String) {
        let message = format!(r#"{{"eventType":"fee","feeLst":[{{"sessionId":"1",{record}}}]}}"#);
        let Ok(Event::Fee(event)) = parse(message.as_bytes()) else {
            panic!("a CDR push")
        };
        let mut cells = Cells::of(event.raw());
        cells.push(event.cdrs()[0].pushed());
        let (cells, others) = cells.into_parts();
        let index = 2 + 2 * Cdr::RECORD.index_of(field).unwrap();
        ((cells[index], cells[index + 1]), others, message)
    }

    #[test]
    fn a_text_is_a_place_in_the_message() {
        let ((start, end), others, message) = cells(r#""hostName":"语音 host""#, "hostName");
        let units: Vec<_> = message.encode_utf16().collect();
        let text = &units[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        assert_eq!(String::from_utf16(text).unwrap(), "语音 host");
        assert!(others.is_empty());
    }

    #[test]
    fn what_no_place_can_say_stands_among_the_others() {
        let escaped = cells(r#""hostName":"a\nb""#, "hostName");
        assert_eq!((escaped.0, escaped.1), ((0, -1), vec![json!("a\nb")]));
        let large = cells(r#""ttsPlayTimes":2147483648"#, "ttsPlayTimes");
        assert_eq!((large.0, large.1), ((0, -1), vec![json!(2_147_483_648_i64)]));
    }

    #[test]
    fn numbers_and_times_are_values_and_0_is_not_absent() {
        assert_eq!(cells(r#""direction":0"#, "direction").0, (0, 1));
        assert_eq!(cells(r#""direction":"-5""#, "direction").0, (-5, 1));
        assert_eq!(cells(r#""direction":null"#, "direction").0, (0, 0));
        assert_eq!(cells(r#""callEndTime":"1970-01-01 00:00:00""#, "callEndTime").0, (0, 1));
        assert_eq!(
            cells(r#""callEndTime":"1969-12-31 23:59:59""#, "callEndTime").0,
            (-1, 1 << 30)
        );
        let (high, low) = cells(r#""callEndTime":"9999-12-31 23:59:59""#, "callEndTime").0;
        assert_eq!((i64::from(high) << 30) + i64::from(low) - 1, 253_402_300_799);
    }
}
