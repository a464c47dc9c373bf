//! The legs of a call on a line of time.

use voicecall_core::intake::CallLeg;

/// Columns of the line.
const WIDTH: usize = 48;

/// The time that the line shows, in Unix seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    begin: i64,
    end: i64,
}

impl Axis {
    /// From the first of these moments to the last; `None` where there are not two.
    pub(super) fn new(moments: impl Iterator<Item = i64>) -> Option<Axis> {
        let (mut begin, mut end) = (i64::MAX, i64::MIN);
        moments.for_each(|moment| (begin, end) = (begin.min(moment), end.max(moment)));
        (begin < end).then_some(Axis { begin, end })
    }

    pub(super) fn seconds(self) -> i64 {
        self.end - self.begin
    }

    /// What the leg was doing when: `·` being called, `~` ringing, `━` answered.
    pub(super) fn line(self, leg: &CallLeg) -> String {
        let seconds =
            |time: &Option<voicecall_core::webhook::Timestamp<'_>>| time.as_ref().map(|time| time.unix_seconds());
        let begun = [
            (seconds(&leg.calling_at), '·'),
            (seconds(&leg.ringing_at), '~'),
            (seconds(&leg.answered_at), '━'),
        ];
        let mut line = vec![' '; WIDTH];
        for (from, sign) in begun.iter().filter_map(|(from, sign)| Some(((*from)?, *sign))) {
            // What begins in the last second is still seen.
            let column = self.column(from).min(WIDTH - 1);
            line.iter_mut().skip(column).for_each(|place| *place = sign);
        }
        line.into_iter().collect()
    }

    fn column(self, moment: i64) -> usize {
        let passed = (moment - self.begin).clamp(0, self.seconds()).unsigned_abs();
        usize::try_from(passed * WIDTH as u64 / self.seconds().unsigned_abs()).unwrap_or(0)
    }

    /// The ruler above the legs: begin and length.
    pub(super) fn ruler(self, begin: &str) -> String {
        let length = format!("{} s", self.seconds());
        let gap = WIDTH.saturating_sub(begin.len() + length.len());
        format!("{begin}{}{length}", " ".repeat(gap))
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, WIDTH};

    #[test]
    fn two_moments_make_an_axis_and_one_does_not() {
        assert!(Axis::new([5].into_iter()).is_none());
        assert!(Axis::new(std::iter::empty()).is_none());
        let axis = Axis::new([30, 10, 20].into_iter()).unwrap();
        assert_eq!((axis.seconds(), axis.column(10), axis.column(20)), (20, 0, WIDTH / 2));
        assert_eq!(axis.ruler("03:04:24").chars().count(), WIDTH);
    }
}
