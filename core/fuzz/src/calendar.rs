//! Days and hours, by hand: a second opinion on the times of pushes and signatures.

/// Unix seconds of `yyyy-MM-dd` and `HH:mm:ss`; `None` for what no calendar has.
pub(crate) fn unix_seconds(date: &str, clock: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let in_month = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    if !in_month || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let before_year: i64 = (0..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let before_month: i64 = (1..month).map(|month| days_of(year, month)).sum();
    // 0000-01-01 is this many days before 1970-01-01.
    let days = before_year + before_month + day - 1 - 719_528;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let parts: Vec<_> = text.split(separator).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |part: &str, length| {
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok())?
    };
    Some([number(a, lengths[0])?, number(b, lengths[1])?, number(c, lengths[2])?])
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::unix_seconds;

    #[test]
    fn known_moments() {
        assert_eq!(unix_seconds("1970-01-01", "00:00:00"), Some(0));
        assert_eq!(unix_seconds("2019-01-24", "03:04:24"), Some(1_548_299_064));
        assert_eq!(unix_seconds("2000-02-29", "23:59:59"), Some(951_868_799));
        assert_eq!(unix_seconds("1900-02-29", "00:00:00"), None);
        assert_eq!(unix_seconds("2019-01-24", "24:00:00"), None);
    }
}
