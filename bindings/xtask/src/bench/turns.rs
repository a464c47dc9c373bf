//! Clients that are compared, each in a process of its own: what one leaves behind in a runtime (garbage, compiled code) is not
//! the other's cost. They take turns, so that both see the same machine, and the middle round counts.

use super::{Number, peer, processor};
use crate::command::Finished;

const ROUNDS: usize = 9;
/// As a program is told which client it is.
const OURS: &str = "voicecall";
const THEIRS: &str = "other";

/// What a call costs with ours, with the other, and the ratio.
pub(super) struct Told {
    pub(super) ours: &'static str,
    pub(super) theirs: &'static str,
    pub(super) ratio: &'static str,
    pub(super) at_most: f64,
}

/// Measures a call. `run` starts the program with the client's name and the platform's address; it prints `cpu 12.3 us`.
pub(super) fn calls(told: &Told, run: impl Fn(&[&str]) -> Result<Finished, String>) -> Result<Vec<Number>, String> {
    processor::on_one(|| {
        let platform = peer::start()?;
        let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (own, other) = (cpu(&run(&[OURS, &platform])?)?, cpu(&run(&[THEIRS, &platform])?)?);
            ours.push(own);
            theirs.push(other);
            ratios.push(own / other);
        }
        let number = |what, rounds, unit: &str, bar| Number {
            what,
            value: middle(rounds),
            unit: unit.to_owned(),
            bar,
        };
        Ok(vec![
            number(told.ours, ours, "us", None),
            number(told.theirs, theirs, "us", None),
            number(told.ratio, ratios, "x", Some(told.at_most)),
        ])
    })?
}

fn cpu(finished: &Finished) -> Result<f64, String> {
    let told = finished
        .lines
        .iter()
        .find_map(|line| line.strip_prefix("cpu ")?.strip_suffix(" us"));
    told.filter(|_| finished.succeeded)
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| "the program that measures failed".to_owned())
}

fn middle(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{Finished, cpu, middle};

    #[test]
    fn the_line_of_a_program_that_succeeded_is_read() {
        let finished = |succeeded| Finished {
            succeeded,
            lines: vec!["warming up".to_owned(), "cpu 12.5 us".to_owned()],
        };
        assert_eq!(cpu(&finished(true)), Ok(12.5));
        assert!(cpu(&finished(false)).is_err());
    }

    #[test]
    fn the_middle_round_counts() {
        assert_eq!(middle(vec![9.0, 1.0, 2.0]), 2.0);
    }
}
