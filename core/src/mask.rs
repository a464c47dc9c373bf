//! Hides personal data in texts that people and log files will see.

/// What stands in the place of a value that may not be shown at all.
pub const HIDDEN: &str = "***";
/// Runs of digits at least this long are taken for a phone number: shorter ones are codes, ports and years.
const SHORTEST_NUMBER: usize = 7;
/// How many digits stay readable.
const SHOWN: usize = 4;

/// Masks all digits of a phone number but the last four: `+8613800000021` becomes `+*********0021`.
pub fn phone_number(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    mask_digits(number, digits.saturating_sub(SHOWN))
}

/// Masks every run of seven or more digits in a text but its last four, so that a text written by the platform can be
/// shown: it may quote the number that was dialled.
pub fn numbers_in(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from_digit) = rest.split_at(start);
        let end = from_digit
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(from_digit.len());
        let (run, after) = from_digit.split_at(end);
        masked.push_str(before);
        let hidden = if run.len() >= SHORTEST_NUMBER {
            run.len() - SHOWN
        } else {
            0
        };
        masked.push_str(&mask_digits(run, hidden));
        rest = after;
    }
    masked.push_str(rest);
    masked
}

fn mask_digits(text: &str, mut hidden: usize) -> String {
    text.chars()
        .map(|c| {
            if hidden > 0 && c.is_ascii_digit() {
                hidden -= 1;
                '*'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{numbers_in, phone_number};

    #[test]
    fn last_four_digits_stay() {
        assert_eq!(phone_number("+8613800000021"), "+*********0021");
        assert_eq!(phone_number("+86138****0021"), "+*****".to_owned() + "****0021");
        assert_eq!(phone_number("123"), "123");
        assert_eq!(phone_number(""), "");
    }

    #[test]
    fn long_runs_in_a_text_are_masked_and_short_ones_stay() {
        assert_eq!(
            numbers_in("Callee +8613800000021 in blacklist, code 1013, 2026-01-27"),
            "Callee +*********0021 in blacklist, code 1013, 2026-01-27"
        );
        assert_eq!(numbers_in("用户13800000021在黑名单"), "用户*******0021在黑名单");
    }
}
