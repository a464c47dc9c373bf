//! What a call costs: each started minute of each leg (contract requests.md 14 and pushes.md 9, D12).

use crate::call::{Call, Leg};

/// Fen per started minute and leg: 0.18 CNY in all three scenes.
const FEN_PER_MINUTE: i64 = 18;

/// The price of a finished call in fen.
pub(crate) fn price(call: &Call, lone_leg_costs: bool) -> i64 {
    let record = call.record();
    let Some((end, _)) = record.end else { return 0 };
    let minutes = |leg| {
        let answer = record.leg(leg).answer?;
        let seconds = end.unix_seconds() - answer.unix_seconds();
        Some((seconds + 59).div_euclid(60).max(0))
    };
    let is_callback = call.order.second.is_some();
    let (a, b) = (minutes(Leg::A), minutes(Leg::B));
    let a = a.filter(|_| !is_callback || b.is_some() || lone_leg_costs);
    (a.unwrap_or(0) + b.unwrap_or(0)) * FEN_PER_MINUTE
}
