//! A text template: the variables in its content, and whether values fit them (contract requests.md 11).

use serde::{Deserialize, Serialize};

use crate::choices::TemplateUnit;

/// A template of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// The text with its variables, e.g. `尊敬的${TXT_8}您的初始密码为${NUM_6}。`.
    pub content: String,
    /// Whether the template was approved; else 1012002. Default: yes.
    #[serde(default = "yes")]
    pub approved: bool,
}

/// Why values do not fit a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// The template has variables and no values came.
    Missing,
    /// Values and variables differ in number.
    Count,
    /// A value does not fit this variable.
    Value { variable: String },
}

impl Template {
    /// An approved template.
    pub fn new(content: impl Into<String>) -> Template {
        Template {
            content: content.into(),
            approved: true,
        }
    }

    /// Whether these values fit the variables, in order.
    pub(crate) fn check(&self, values: Option<&[String]>, unit: TemplateUnit) -> Result<(), Misfit> {
        let variables = variables(&self.content);
        let values = match values {
            None if variables.is_empty() => return Ok(()),
            None => return Err(Misfit::Missing),
            Some(values) => values,
        };
        if values.len() != variables.len() {
            return Err(Misfit::Count);
        }
        match variables
            .iter()
            .zip(values)
            .find(|(variable, value)| !variable.takes(value, unit))
        {
            Some((variable, _)) => Err(Misfit::Value {
                variable: variable.to_string(),
            }),
            None => Ok(()),
        }
    }
}

/// A variable of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    /// `${TXT_n}`: text of at most n bytes or characters (contract requests.md 18, D24).
    Text(usize),
    /// `${NUM_n}`: at most n digits.
    Digits(usize),
    /// `${DATE}`: `YYYY/MM/DD`.
    Date,
    /// `${TIME}`: `HH:MM` or `HH:MM:SS`.
    Time,
}

/// Largest n of a variable (contract requests.md 18, D18).
const LONGEST: usize = 32;

impl Variable {
    /// The variable with this name between `${` and `}`; other names are plain text.
    fn parse(name: &str) -> Option<Variable> {
        let length = |text: &str| text.parse().ok().filter(|n| (1..=LONGEST).contains(n));
        match name {
            "DATE" => Some(Variable::Date),
            "TIME" => Some(Variable::Time),
            _ => match name.split_once('_')? {
                ("TXT", n) => length(n).map(Variable::Text),
                ("NUM", n) => length(n).map(Variable::Digits),
                _ => None,
            },
        }
    }

    fn takes(self, value: &str, unit: TemplateUnit) -> bool {
        match self {
            Variable::Text(longest) => match unit {
                TemplateUnit::Bytes => value.len() <= longest,
                TemplateUnit::Characters => value.chars().count() <= longest,
            },
            Variable::Digits(longest) => value.len() <= longest && value.bytes().all(|byte| byte.is_ascii_digit()),
            Variable::Date => matches!(*numbers(value, '/', &[4, 2, 2]), [_, 1..=12, 1..=31]),
            Variable::Time => matches!(
                *numbers(value, ':', &[2, 2, 2]),
                [0..=23, 0..=59] | [0..=23, 0..=59, 0..=59]
            ),
        }
    }
}

impl std::fmt::Display for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Variable::Text(longest) => write!(f, "TXT_{longest}"),
            Variable::Digits(longest) => write!(f, "NUM_{longest}"),
            Variable::Date => f.write_str("DATE"),
            Variable::Time => f.write_str("TIME"),
        }
    }
}

fn variables(content: &str) -> Vec<Variable> {
    let after_openings = content.split("${").skip(1);
    after_openings
        .filter_map(|rest| Variable::parse(rest.split_once('}')?.0))
        .collect()
}

/// The numbers of a text like `2017/07/16`, each with as many digits as `widths` says; nothing when one has not.
fn numbers(text: &str, separator: char, widths: &[usize]) -> Vec<u32> {
    let parts: Vec<_> = text.split(separator).collect();
    let fits = parts.len() <= widths.len()
        && parts
            .iter()
            .zip(widths)
            .all(|(part, width)| part.len() == *width && part.bytes().all(|byte| byte.is_ascii_digit()));
    if fits {
        parts.iter().filter_map(|part| part.parse().ok()).collect()
    } else {
        Vec::new()
    }
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, values: &[&str]) -> Result<(), Misfit> {
        let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).collect();
        Template::new(content).check(Some(&values), TemplateUnit::Bytes)
    }

    fn misfit(variable: &str) -> Result<(), Misfit> {
        let variable = variable.to_owned();
        Err(Misfit::Value { variable })
    }

    #[test]
    fn a_text_is_measured_in_bytes() {
        assert_eq!(check("尊敬的${TXT_6}", &["李雷"]), Ok(()));
        assert_eq!(check("尊敬的${TXT_6}", &["李雷a"]), misfit("TXT_6"));
        assert_eq!(check("温度${TXT_4}", &["36.5"]), Ok(()));
    }

    #[test]
    fn digits_are_digits() {
        assert_eq!(check("密码${NUM_6}", &["123456"]), Ok(()));
        assert_eq!(check("密码${NUM_6}", &["1234567"]), misfit("NUM_6"));
        assert_eq!(check("密码${NUM_6}", &["36.5"]), misfit("NUM_6"));
    }

    #[test]
    fn dates_and_times_have_one_form_each() {
        for (value, fits) in [
            ("2017/07/16", true),
            ("2017-07-16", false),
            ("2017/7/16", false),
            ("2017/13/01", false),
        ] {
            assert_eq!(check("于${DATE}", &[value]).is_ok(), fits, "{value}");
        }
        for (value, fits) in [
            ("14:30", true),
            ("14:30:30", true),
            ("24:00", false),
            ("14", false),
            ("1:30", false),
        ] {
            assert_eq!(check("于${TIME}", &[value]).is_ok(), fits, "{value}");
        }
    }

    #[test]
    fn the_number_of_values_is_the_number_of_variables() {
        let two = "请于${DATE},${TIME}前领取。";
        assert_eq!(check(two, &["2017/07/16", "14:30"]), Ok(()));
        assert_eq!(check(two, &["2017/07/16"]), Err(Misfit::Count));
        assert_eq!(
            Template::new(two).check(None, TemplateUnit::Bytes),
            Err(Misfit::Missing)
        );
        assert_eq!(Template::new("您好").check(None, TemplateUnit::Bytes), Ok(()));
        assert_eq!(check("您好", &["x"]), Err(Misfit::Count));
    }

    #[test]
    fn what_looks_like_a_variable_and_is_none_is_text() {
        assert_eq!(
            variables("价${TXT_0}${TXT_33}${NAME}${NUM_}${TXT_32}${NUM_1"),
            [Variable::Text(32)]
        );
    }
}
