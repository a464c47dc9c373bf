//! The findings of the doctor, a line each, and the exit code that follows from them.

use serde_json::{Value, json};

use crate::exit::Failure;
use crate::output::{self, BAD, FAINT, GOOD, ODD, styled};

/// What was found.
pub(super) struct Report {
    json: bool,
    first_fault: Option<Failure>,
}

impl Report {
    pub(super) fn new(json: bool) -> Report {
        Report {
            json,
            first_fault: None,
        }
    }

    pub(super) fn good(&self, what: &str, detail: &str) {
        self.tell(what, "ok", detail, None);
    }

    /// Something that works here and may not elsewhere.
    pub(super) fn note(&self, what: &str, detail: &str, mend: &str) {
        self.tell(what, "note", detail, Some(mend));
    }

    /// Something that cannot work; `as_failure` gives it an exit code.
    pub(super) fn bad(&mut self, what: &str, detail: &str, mend: &str, as_failure: fn(String) -> Failure) {
        self.tell(what, "bad", detail, Some(mend));
        if self.first_fault.is_none() {
            self.first_fault = Some(as_failure(format!("{what}: {detail}")));
        }
    }

    fn tell(&self, what: &str, state: &str, detail: &str, mend: Option<&str>) {
        if self.json {
            let mut check = json!({ "check": what, "state": state, "detail": detail });
            if let (Some(mend), Some(check)) = (mend, check.as_object_mut()) {
                check.insert("mend".to_owned(), Value::from(mend));
            }
            return output::json(&check);
        }
        let style = match state {
            "ok" => GOOD,
            "note" => ODD,
            _ => BAD,
        };
        output::line(&format!(
            "{}  {what:<14} {}",
            styled(style, &format!("{state:<4}")),
            output::one_line(detail)
        ));
        if let Some(mend) = mend {
            output::line(&format!("      {:<14} {}", "", styled(FAINT, &output::one_line(mend))));
        }
    }

    /// The first fault is the cause of those after it.
    pub(super) fn conclude(self) -> Result<(), Failure> {
        self.first_fault.map_or(Ok(()), Err)
    }
}
