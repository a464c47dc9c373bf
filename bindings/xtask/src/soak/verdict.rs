//! Whether what a process holds has grown: pure.
//!
//! A leak grows with what is done, noise does not. So medians of an early and of a late part of the run are compared, and
//! memory by what was done between them.

use super::process::Held;

/// The beginning of the run, which counts for nothing: caches fill, collectors find their size.
const WARM_UP: f64 = 0.25;
/// Memory for an operation, in bytes: an error or a connection that is kept for each is more.
const PER_OPERATION: f64 = 24.0;
/// Growth that says nothing, in KiB: pages of an allocator, steps of a collector.
const NOISE: f64 = 1536.0;

/// A look at a process, and how many operations it had performed by then.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) done: u64,
    pub(super) held: Held,
}

/// Early and late medians.
#[derive(Debug, Clone, Copy)]
pub(super) struct Growth {
    pub(super) early: Held,
    pub(super) late: Held,
    /// Operations between them.
    pub(super) done: f64,
}

impl Growth {
    /// Of these samples, which were taken at regular times.
    pub(super) fn of(samples: &[Sample]) -> Result<Growth, String> {
        let warm = (samples.len() as f64 * WARM_UP) as usize;
        let counted = samples.get(warm..).unwrap_or_default();
        let third = counted.len() / 3;
        if third < 3 {
            return Err("too short to tell anything".to_owned());
        }
        let (early, late) = (counted.get(..third), counted.get(counted.len() - third..));
        let (early, late) = (early.unwrap_or_default(), late.unwrap_or_default());
        let done = |samples: &[Sample]| median(samples.iter().map(|sample| sample.done as f64));
        Ok(Growth {
            early: middle(early),
            late: middle(late),
            done: done(late) - done(early),
        })
    }

    /// Memory for an operation, in bytes.
    pub(super) fn per_operation(&self) -> f64 {
        (self.late.memory - self.early.memory) * 1024.0 / self.done.max(1.0)
    }

    /// What has grown.
    pub(super) fn verdict(&self) -> Result<(), String> {
        let grown = self.late.memory - self.early.memory;
        if grown > NOISE && self.per_operation() > PER_OPERATION {
            let bytes = self.per_operation();
            return Err(format!(
                "memory has grown by {grown:.0} KiB, {bytes:.0} bytes an operation"
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

fn middle(samples: &[Sample]) -> Held {
    let of = |part: fn(&Held) -> f64| median(samples.iter().map(|sample| part(&sample.held)));
    Held {
        memory: of(|held| held.memory),
        descriptors: of(|held| held.descriptors),
        threads: of(|held| held.threads),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{Growth, Held, Sample};

    fn run(held: impl Fn(u64) -> Held) -> Growth {
        let samples: Vec<_> = (0..200)
            .map(|second| Sample {
                done: second * 500,
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

    #[test]
    fn what_goes_up_and_down_has_not_grown() {
        run(steady).verdict().unwrap();
        // What is there after the warm-up may stay.
        run(|second| Held {
            memory: 20_000.0 * (second as f64 / 10.0).min(1.0),
            ..steady(second)
        })
        .verdict()
        .unwrap();
    }

    #[test]
    fn a_leak_is_seen_among_the_teeth() {
        let leaks: [fn(u64) -> Held; 3] = [
            // 64 bytes for each of 500 operations a second.
            |second| Held {
                memory: steady(second).memory + second as f64 * 500.0 * 64.0 / 1024.0,
                ..steady(second)
            },
            |second| Held {
                descriptors: steady(second).descriptors + (second / 20) as f64,
                ..steady(second)
            },
            |second| Held {
                threads: 4.0 + (second / 60) as f64,
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
