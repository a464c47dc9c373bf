//! Whether what a process holds has grown: pure.
//!
//! A leak grows with what is done, at one rate and for ever. What else makes a process larger ends, or comes in steps: caches
//! fill, a compiler has been over the code, a collector takes another page. So the first half of a run counts for nothing,
//! and the second is cut into parts: what memory grows by is the median of the steps from each part's median to the next.
//! One large step among them says nothing, where a comparison of beginning and end would call it growth, and a line that is
//! fitted by least squares would follow it.

use super::process::Held;

/// The first part of the run, which counts for nothing.
const WARM_UP: f64 = 0.5;
/// Parts of the rest: with as many, steps between two pairs of them do not count.
const PARTS: usize = 6;
/// Looks in a part, at least.
const LOOKS: usize = 3;
/// Memory for an operation, in bytes: the smallest piece of memory that an allocator gives, 32 bytes, lost with every second
/// operation is twice as much.
const PER_OPERATION: f64 = 8.0;
/// Growth that says nothing, in KiB: pages are 4 KiB, and freed memory is given back in whole ones only.
const NOISE: f64 = 256.0;

/// A look at a process, and how many operations it had performed by then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) done: u64,
    pub(super) held: Held,
}

/// What has come of a process after its warm-up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    /// Medians of the first and of the last part.
    pub(super) early: Held,
    pub(super) late: Held,
    /// Memory for an operation, in bytes.
    pub(super) per_operation: f64,
    /// Operations between them.
    pub(super) done: u64,
}

impl Growth {
    /// Of these samples, which were taken at regular times.
    pub(super) fn of(samples: &[Sample]) -> Result<Growth, String> {
        let warm = (samples.len() as f64 * WARM_UP) as usize;
        let counted = samples.get(warm..).unwrap_or_default();
        let size = counted.len() / PARTS;
        if size < LOOKS {
            return Err("too short to tell anything".to_owned());
        }
        let parts: Vec<Sample> = counted.chunks_exact(size).map(middle).collect();
        let steps = parts.windows(2).filter_map(|pair| match pair {
            [one, next] => Some((next.held.memory - one.held.memory) / (next.done - one.done).max(1) as f64),
            _ => None,
        });
        let per_operation = median(steps.collect()) * 1024.0;
        match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => Ok(Growth {
                early: first.held,
                late: last.held,
                per_operation,
                done: last.done - first.done,
            }),
            _ => Err("no parts".to_owned()),
        }
    }

    /// What has grown.
    pub(super) fn verdict(&self) -> Result<(), String> {
        // A leak is in every step and in their sum; what is given back is not in the sum.
        let steady = self.per_operation * self.done as f64 / 1024.0;
        let grown = steady.min(self.late.memory - self.early.memory);
        if grown > NOISE && self.per_operation > PER_OPERATION {
            return Err(format!(
                "memory grows by {:.1} bytes an operation: {grown:.0} KiB in {}",
                self.per_operation, self.done
            ));
        }
        for (what, early, late) in [
            ("descriptors", self.early.descriptors, self.late.descriptors),
            ("threads", self.early.threads, self.late.threads),
        ] {
            if late > early {
                return Err(format!("{early} {what} have become {late}"));
            }
        }
        Ok(())
    }
}

/// The medians of a part.
fn middle(part: &[Sample]) -> Sample {
    let of = |number: fn(&Sample) -> f64| median(part.iter().map(number).collect());
    Sample {
        done: of(|sample| sample.done as f64) as u64,
        held: Held {
            memory: of(|sample| sample.held.memory),
            descriptors: of(|sample| sample.held.descriptors),
            threads: of(|sample| sample.held.threads),
        },
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{Growth, Held, Sample};

    const SECONDS: u64 = 600;
    const OPERATIONS: u64 = 230;

    fn run(held: impl Fn(u64) -> Held) -> Growth {
        let samples: Vec<_> = (0..SECONDS)
            .map(|second| Sample {
                done: second * OPERATIONS,
                held: held(second),
            })
            .collect();
        Growth::of(&samples).unwrap()
    }

    fn steady(second: u64) -> Held {
        Held {
            // A collector's teeth.
            memory: 40_000.0 + (second % 7) as f64 * 300.0,
            descriptors: 9.0 + f64::from(u8::from(second.is_multiple_of(5))),
            threads: 4.0,
        }
    }

    /// More than in a steady process, in KiB.
    fn more(second: u64, memory: f64) -> Held {
        let steady = steady(second);
        Held {
            memory: steady.memory + memory,
            ..steady
        }
    }

    #[test]
    fn what_goes_up_and_down_has_not_grown() {
        run(steady).verdict().unwrap();
    }

    #[test]
    fn what_fills_in_the_first_half_may_stay() {
        run(|second| more(second, 20_000.0 * (second as f64 / 290.0).min(1.0)))
            .verdict()
            .unwrap();
    }

    #[test]
    fn one_step_is_no_growth_wherever_it_comes() {
        for step in (300..600).step_by(7) {
            run(|second| more(second, if second > step { 4096.0 } else { 0.0 }))
                .verdict()
                .unwrap();
        }
    }

    #[test]
    fn what_is_given_back_in_the_end_has_not_grown() {
        run(|second| more(second, (second % 250) as f64 * 8.0))
            .verdict()
            .unwrap();
    }

    #[test]
    fn a_leak_is_seen_among_the_teeth() {
        let leaks: [fn(u64) -> Held; 3] = [
            // 32 bytes for every second operation.
            |second| more(second, (second * OPERATIONS / 2 * 32) as f64 / 1024.0),
            |second| Held {
                descriptors: steady(second).descriptors + (second / 100) as f64,
                ..steady(second)
            },
            |second| Held {
                threads: 4.0 + (second / 100) as f64,
                ..steady(second)
            },
        ];
        for leak in leaks {
            assert!(run(leak).verdict().is_err());
        }
    }

    #[test]
    fn a_run_that_is_too_short_tells_nothing() {
        assert!(Growth::of(&[]).is_err());
    }
}
