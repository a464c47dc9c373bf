//! Reads back what could not be taken, for whoever looks after it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::filter::Conditions;
use super::query::{integer, text};
use super::rejected::RejectedClass;
use super::store::{Reader, Row, Value};
use crate::descriptor::Limit;
use crate::error::{Error, Rule};
use crate::pointer::Pointer;
use crate::record;
use crate::result;
use crate::validate::validate_record;
use crate::webhook::{Timestamp, time};

record! {
    /// Which of the texts that could not be taken are meant: those that fit everything that is set.
    pub struct RejectedFilter: "pushes.md 4 and 5" {
        /// Why they were not taken: `record`, `malformed` or `refused`.
        class: "class" => Text { limit: Limit::documented(1, 32) }
        /// How many texts are given at most. A page ends before that when its texts grow large.
        limit: "limit" => Integer { default: Some("100"), limit: Limit::documented(1, 1000), unit: Some("texts") }
        /// Go on behind the page that gave this mark as its `next`.
        after: "after" => Text { limit: Limit::documented(1, 20) }
    }
}

result! {
    /// A text that could not be stored as records, and why. Contains whatever was sent: personal data, too.
    #[derive(Clone, PartialEq, Eq)]
    pub struct RejectedText: "pushes.md 5" {
        /// Identifies the text for [`admit_rejected`](super::Intake::admit_rejected).
        id: i64,
        /// Why it was not stored: the class.
        class: RejectedClass,
        /// When it arrived first.
        received_at: Timestamp<'static>,
        /// Its position in its CDR webhook. Absent for a whole body.
        position: Option<usize>,
        /// The field at fault, as a JSON pointer into the webhook.
        field: Option<String>,
        /// What is wrong with it. Quotes nothing of it.
        reason: String,
        /// The verdict on the signature.
        verdict: String,
        /// Bytes that arrived. More than are kept if it was too long to be kept whole.
        size: u64,
    }
    computed {
        /// What is kept of it, if that is valid UTF-8. With hashed numbers it is without the numbers that arrived.
        raw: Option<String> as Secret = |text| text.text().map(str::to_owned),
        /// What is kept of it in Base64, if that is not valid UTF-8.
        raw_base64: Option<String> as Secret = |text| text.text().is_none().then(|| STANDARD.encode(&text.raw)),
    }
    own {
        /// What is kept of it. With hashed numbers it is without the numbers that arrived.
        pub raw: Vec<u8>,
    }
}

result! {
    /// A page of texts that could not be stored as records.
    #[derive(Clone)]
    pub struct RejectedPage: "pushes.md 5" {
        /// The texts, the oldest first.
        texts: Vec<RejectedText>,
        /// `after` of the query for the next page. Absent on the last page.
        next: Option<String>,
    }
}

/// Bytes of all texts of a page together, but for the first: each may have a million.
const PAGE_BYTES: i64 = 4 * 1024 * 1024;

/// A page of what fits the filter.
pub(super) fn page(reader: &mut dyn Reader, filter: &RejectedFilter) -> Result<RejectedPage, Error> {
    let (conditions, limit) = (filter.conditions()?, filter.page_size());
    let Some(found) = extent(reader, &conditions, limit)? else {
        return Ok(RejectedPage {
            texts: Vec::new(),
            next: None,
        });
    };
    let mut conditions = conditions;
    conditions.add("id <= {}", [Value::Integer(found.last)]);
    let sql = format!(
        "SELECT {COLUMNS} FROM intake_rejected{} ORDER BY id",
        conditions.clause()
    );
    let rows = reader.query(&sql, &conditions.parameters)?;
    Ok(RejectedPage {
        texts: rows.into_iter().filter_map(RejectedText::of_row).collect(),
        next: found.more.then(|| found.last.to_string()),
    })
}

const COLUMNS: &str = "id, class, received_at, position, field, reason, verdict, size, raw";

/// The text with this id.
pub(super) fn one(reader: &mut dyn Reader, id: i64) -> Result<Option<RejectedText>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM intake_rejected WHERE id = ?1");
    let mut rows = reader.query(&sql, &[Value::Integer(id)])?;
    Ok(rows.pop().and_then(RejectedText::of_row))
}

/// How far a page reaches.
struct Extent {
    last: i64,
    more: bool,
}

/// Looks at sizes before it reads texts: a page must not fill the memory.
fn extent(reader: &mut dyn Reader, conditions: &Conditions, limit: i64) -> Result<Option<Extent>, Error> {
    let most = limit.saturating_add(1);
    let sql = format!(
        "SELECT id, length(raw) FROM intake_rejected{} ORDER BY id LIMIT {most}",
        conditions.clause()
    );
    let rows = reader.query(&sql, &conditions.parameters)?;
    let (mut last, mut bytes, mut taken) = (None, 0_i64, 0_i64);
    for row in &rows {
        let (Some(id), Some(size)) = (integer(row, 0), integer(row, 1)) else {
            continue;
        };
        bytes = bytes.saturating_add(size);
        if taken == limit || (taken > 0 && bytes > PAGE_BYTES) {
            return Ok(last.map(|last| Extent { last, more: true }));
        }
        (last, taken) = (Some(id), taken + 1);
    }
    Ok(last.map(|last| Extent { last, more: false }))
}

impl RejectedFilter {
    fn conditions(&self) -> Result<Conditions, Error> {
        validate_record(self)?;
        let at = |name: &str| Pointer::root().member(name);
        if let Some(name) = self.extra.keys().next() {
            return Err(Error::invalid_argument(&at(name), Rule::UnknownField, "no such filter"));
        }
        let mut conditions = Conditions::default();
        if let Some(id) = &self.class {
            let class = RejectedClass::from_id(id).ok_or_else(|| {
                let known: Vec<_> = RejectedClass::ALL.iter().map(|class| class.id()).collect();
                let message = format!("must be one of {}", known.join(", "));
                Error::invalid_argument(&at("class"), Rule::Enumeration, message)
            })?;
            conditions.add("class = {}", [Value::text(class.id())]);
        }
        if let Some(after) = &self.after {
            let mark: i64 = after
                .parse()
                .map_err(|_| Error::invalid_argument(&at("after"), Rule::DependsOn, "is not the mark of a page"))?;
            conditions.add("id > {}", [Value::Integer(mark)]);
        }
        Ok(conditions)
    }

    fn page_size(&self) -> i64 {
        let default = || {
            Self::RECORD
                .field("limit")
                .and_then(|field| field.default)?
                .parse()
                .ok()
        };
        self.limit.or_else(default).unwrap_or(1)
    }
}

impl RejectedText {
    /// `None` for a row that this version does not understand.
    fn of_row(mut row: Row<'static>) -> Option<RejectedText> {
        let raw = match row.pop()? {
            Value::Bytes(bytes) => bytes.into_owned(),
            _ => return None,
        };
        Some(RejectedText {
            id: integer(&row, 0)?,
            class: RejectedClass::from_id(text(&row, 1))?,
            received_at: Timestamp::parse(time::pushed(integer(&row, 2)? / 1000))?,
            position: integer(&row, 3).and_then(|position| usize::try_from(position).ok()),
            field: row.get(4)?.as_text().map(str::to_owned),
            reason: text(&row, 5).to_owned(),
            verdict: text(&row, 6).to_owned(),
            size: integer(&row, 7).and_then(|size| u64::try_from(size).ok())?,
            raw,
        })
    }

    /// What is kept of it, if that is valid UTF-8.
    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.raw).ok()
    }
}
