//! Which nonce belongs to which body (contract pushes.md 3.3, D26): kept in the store, so that all receivers know it and a
//! restart forgets none, and written in the transaction of the push itself, so that a push that could not be stored has not
//! spent it.

use std::collections::HashSet;

use super::entry::{Batch, column_text};
use super::query::{integer, text};
use super::store::table::NONCE;
use super::store::{Row, Transaction, Value};
use super::variant::fingerprint;
use crate::error::Error;
use crate::webhook::Nonce;

/// What a push claims: that its nonce belongs to its body.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    row: Row<'static>,
    now: i64,
    /// A body that is not whole comes again with the rest; it only must not be another's.
    spends: bool,
}

/// What is known of a push's nonce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Known {
    /// There is none, or it comes for the first time.
    #[default]
    New,
    /// It came with the same body.
    SameBody,
    /// It came with another body.
    OtherBody,
}

const STORED: &str = "SELECT body, kept_until FROM intake_nonce WHERE app_key = ?1 AND nonce = ?2";
const REPLACE: &str = "UPDATE intake_nonce SET body = ?3, kept_until = ?4 WHERE app_key = ?1 AND nonce = ?2";
const FORGET: &str = "DELETE FROM intake_nonce WHERE kept_until < ?1";

impl Claim {
    pub(super) fn new(nonce: &Nonce, body: &[u8], now: i64, spends: bool) -> Claim {
        let row = vec![
            Value::text(column_text(&nonce.app_key).into_owned()),
            Value::text(nonce.nonce.clone()),
            Value::text(fingerprint(body)),
            Value::Integer(nonce.until),
        ];
        Claim { row, now, spends }
    }

    fn key(&self) -> &[Value<'static>] {
        self.row.get(..NONCE.key).unwrap_or_default()
    }

    fn body(&self) -> &str {
        text(&self.row, 2)
    }

    /// The expired ones are deleted once in 256 pushes: often enough, and nobody has to remember when.
    fn is_time_to_forget(&self) -> bool {
        self.body().starts_with("00")
    }
}

/// Claims the nonces of all messages; tells of each what is known.
pub(super) fn claim(tx: &mut dyn Transaction, batches: &[Batch]) -> Result<Vec<Known>, Error> {
    let claims: Vec<Option<&Claim>> = batches.iter().map(|batch| batch.claim.as_ref()).collect();
    let mut spent: Vec<&Claim> = claims.iter().flatten().copied().filter(|claim| claim.spends).collect();
    // In the order of their keys, so that two writers of the same ones wait for each other; of one key the first counts.
    spent.sort_by(|one, other| one.key().cmp(other.key()));
    spent.dedup_by(|later, earlier| later.key() == earlier.key());
    let mut first = HashSet::new();
    if !spent.is_empty() {
        let rows: Vec<&Row<'static>> = spent.iter().map(|claim| &claim.row).collect();
        let inserted = tx.insert_new(&NONCE, &rows)?;
        first.extend(
            spent
                .iter()
                .zip(inserted)
                .filter(|(_, new)| *new)
                .map(|(claim, _)| claim.row.clone()),
        );
    }
    if let Some(claim) = spent.iter().find(|claim| claim.is_time_to_forget()) {
        tx.execute(FORGET, &[Value::Integer(claim.now)])?;
    }
    let known = claims.into_iter().map(|claim| match claim {
        Some(claim) if !first.remove(&claim.row) => known(tx, claim),
        _ => Ok(Known::New),
    });
    known.collect()
}

/// Compares a claim with what is stored.
fn known(tx: &mut dyn Transaction, claim: &Claim) -> Result<Known, Error> {
    let stored = tx.query(STORED, claim.key())?;
    let Some(stored) = stored.first() else {
        return Ok(Known::New);
    };
    if integer(stored, 1).is_none_or(|until| until < claim.now) {
        if claim.spends {
            tx.execute(REPLACE, &claim.row)?;
        }
        return Ok(Known::New);
    }
    Ok(if text(stored, 0) == claim.body() {
        Known::SameBody
    } else {
        Known::OtherBody
    })
}
