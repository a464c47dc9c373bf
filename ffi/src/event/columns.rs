//! Many fields of many records in one call.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

use voicecall_core::webhook::PushedValue;

use super::{VOICECALL_NO_INTEGER, field_index, voicecall_event};
use crate::boundary::Failure;

/// Arrays to be filled, the fields of the first record first; `None`: not wanted.
pub(super) struct Columns<'a> {
    pub(super) texts: Option<&'a mut [MaybeUninit<*const c_char>]>,
    pub(super) lengths: Option<&'a mut [MaybeUninit<usize>]>,
    pub(super) integers: Option<&'a mut [MaybeUninit<i64>]>,
}

impl Columns<'_> {
    pub(super) fn fill(
        mut self,
        event: &voicecall_event,
        records: Range<usize>,
        names: &[&str],
    ) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        // All records of an event are of one type. Names are looked up before anything is written.
        let first = event.record(records.start)?;
        let fields = names
            .iter()
            .map(|name| field_index(first.pushed(), name))
            .collect::<Result<Vec<_>, _>>()?;
        let mut cell = 0;
        for index in records {
            let record = event.record(index)?;
            for field in &fields {
                self.write(cell, event, (index, *field), record.pushed().value(*field));
                cell += 1;
            }
        }
        Ok(())
    }

    fn write(&mut self, cell: usize, event: &voicecall_event, key: (usize, usize), value: Option<PushedValue<'_>>) {
        let integer = match &value {
            Some(PushedValue::Integer(number)) => *number,
            Some(PushedValue::Time(time)) => time.unix_seconds(),
            _ => VOICECALL_NO_INTEGER,
        };
        put(&mut self.integers, cell, integer);
        if self.texts.is_none() && self.lengths.is_none() {
            return;
        }
        let (text, length) = match value {
            Some(PushedValue::Integer(_)) | None => (ptr::null(), 0),
            Some(value) => event.text(key.0, key.1, &value),
        };
        put(&mut self.texts, cell, text);
        put(&mut self.lengths, cell, length);
    }
}

fn put<T>(column: &mut Option<&mut [MaybeUninit<T>]>, cell: usize, value: T) {
    if let Some(place) = column.as_mut().and_then(|column| column.get_mut(cell)) {
        place.write(value);
    }
}
