//! Where what is measured runs. Of two processes that talk, each wakes the other: where the system happens to put them decides
//! more of the time than what they do, and differs from run to run. On one processor it does not.

#[cfg(target_os = "linux")]
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Does the work with this thread, and all threads and processes that it starts, on one processor; on Linux alone.
#[cfg(target_os = "linux")]
pub(super) fn on_one<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let all = sched_getaffinity(None).map_err(|error| format!("the processors are not told: {error}"))?;
    let first = (0..CpuSet::MAX_CPU).find(|number| all.is_set(*number)).unwrap_or(0);
    let mut one = CpuSet::new();
    one.set(first);
    let place = |processors: &CpuSet| {
        sched_setaffinity(None, processors).map_err(|error| format!("the processors cannot be chosen: {error}"))
    };
    place(&one)?;
    let done = work();
    place(&all)?;
    Ok(done)
}

/// Does the work where the system places it.
#[cfg(not(target_os = "linux"))]
pub(super) fn on_one<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    Ok(work())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::thread;

    use rustix::thread::sched_getaffinity;

    #[test]
    fn threads_of_the_work_share_one_processor_and_later_ones_do_not() {
        let processors = || sched_getaffinity(None).unwrap().count();
        let before = processors();
        let within = super::on_one(|| thread::spawn(processors).join().unwrap()).unwrap();
        assert_eq!((within, processors()), (1, before));
    }
}
