//! Faults: what a network or a platform may do wrong, brought about on purpose.
//!
//! A fault is data: where it strikes, what it does, how often. [`book`] keeps the faults that are armed and decides which
//! one strikes; [`script`] is what a faulty connection carries; `answer` and the push sender carry it out.

pub(crate) mod answer;
pub(crate) mod book;
mod kind;
mod parse;
pub(crate) mod script;
pub(crate) mod target;

pub use book::ArmedFault;
pub use kind::FaultKind;
use serde::{Deserialize, Serialize};
pub use target::Target;

/// A fault, as settings, the admin API and the command line write it.
///
/// ```
/// let fault: voicecall_sandbox::Fault = "create_voice_notification=answer_lost,count=1".parse()?;
/// assert_eq!(fault.count, Some(1));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// Where it strikes.
    pub on: Target,
    /// What happens.
    pub fault: FaultKind,
    /// How often it strikes before it is gone. `None`: until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// How likely it strikes each time, from 0 to 1. Default: 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// What the kind needs to know beside that.
    #[serde(flatten)]
    pub details: Details,
}

/// What some kinds of faults need to know; each has a default. [`FaultKind::takes`] tells which kind takes what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Details {
    /// Milliseconds of real time. `delay`: how long, default 1000. `slow_body`: between two of at most 32 pieces, default
    /// 50. `silent_close`: from the answer to the end of the connection, default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub millis: Option<u64>,
    /// `refuse`: for how many seconds of real time, default 1. `skewed_clock`: by how much `Created` is ahead, default
    /// -3600.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    /// `status`: the HTTP status. Default: 503.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `refusal`: the result code. Default: 1010001.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `redirect`: where to. Default: the address that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// `wrong_content_length`: by how many bytes the header is off. Default: -1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<i64>,
    /// Whether the platform does what the request asked for before the fault strikes. Default: as
    /// [`FaultKind::is_carried_out`] says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried_out: Option<bool>,
}

impl Fault {
    /// A fault that strikes every time until it is removed.
    pub fn new(on: Target, fault: FaultKind) -> Fault {
        Fault {
            on,
            fault,
            count: None,
            probability: always(),
            details: Details::default(),
        }
    }

    /// The same fault, striking once.
    #[must_use]
    pub fn once(mut self) -> Fault {
        self.count = Some(1);
        self
    }

    pub(crate) fn is_carried_out(&self) -> bool {
        self.details.carried_out.unwrap_or(self.fault.is_carried_out())
    }

    /// Why this fault makes no sense, if it makes none.
    pub(crate) fn check(&self) -> Result<(), String> {
        let kind = self.fault.name();
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(format!("probability is from 0 to 1, not {}", self.probability));
        }
        if self.count == Some(0) {
            return Err("a fault with count 0 never strikes".to_owned());
        }
        if self.on.is_push() && !self.fault.strikes_pushes() {
            return Err(format!("{kind} strikes answers, not pushes"));
        }
        if !self.on.is_push() && !self.fault.strikes_answers() {
            return Err(format!("{kind} strikes pushes, not answers"));
        }
        if self.fault == FaultKind::BadRecord && self.on != Target::Fee {
            return Err("bad_record strikes fee only: no other push has records".to_owned());
        }
        if self.fault == FaultKind::Reorder && self.on == Target::Fee {
            return Err("fee is the last push of a call, and has no next one to change places with".to_owned());
        }
        let immediate = self.count.is_none() && self.probability >= 1.0 && self.on == Target::Calls;
        if self.fault == FaultKind::Refuse && !immediate {
            return Err(
                "refuse closes the door of all calls at once: on is calls, without count and probability".into(),
            );
        }
        match self.given().find(|name| !self.fault.takes().contains(name)) {
            Some(name) => Err(format!("{kind} does not take {name}")),
            None => self.check_values(),
        }
    }

    fn check_values(&self) -> Result<(), String> {
        let Details {
            status, code, seconds, ..
        } = &self.details;
        if status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status is from 200 to 599".to_owned());
        }
        if code
            .as_deref()
            .is_some_and(|code| voicecall_core::codes::Table::Result.find_text(code).is_none())
        {
            return Err("code is none of the result codes".to_owned());
        }
        if self.fault == FaultKind::Refuse && seconds.is_some_and(|seconds| !(0..=3600).contains(&seconds)) {
            return Err("a door is closed for 0 to 3600 seconds".to_owned());
        }
        Ok(())
    }

    /// Names of the details that are there.
    fn given(&self) -> impl Iterator<Item = &'static str> {
        let details = &self.details;
        [
            ("millis", details.millis.is_some()),
            ("seconds", details.seconds.is_some()),
            ("status", details.status.is_some()),
            ("code", details.code.is_some()),
            ("location", details.location.is_some()),
            ("bytes", details.bytes.is_some()),
            ("carried_out", details.carried_out.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
    }
}

fn always() -> f64 {
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        text.parse::<Fault>().unwrap_err()
    }

    #[test]
    fn a_fault_that_makes_no_sense_is_told_why() {
        assert!(refused("calls=wrong_digest").contains("pushes, not answers"));
        assert!(refused("fee=redirect").contains("answers, not pushes"));
        assert!(refused("disconnect=bad_record").contains("fee only"));
        assert!(refused("calls=garbage,status=500").contains("does not take status"));
        assert!(refused("calls=status,status=99").contains("200 to 599"));
        assert!(refused("calls=refusal,code=42").contains("result codes"));
        assert!(refused("calls=garbage,probability=2").contains("0 to 1"));
        assert!(refused("calls=garbage,count=0").contains("never strikes"));
        assert!(refused("terminate_call=refuse").contains("all calls at once"));
    }

    #[test]
    fn json_and_the_short_form_say_the_same() {
        let json = r#"{"on":"calls","fault":"status","count":2,"probability":0.5,"status":502}"#;
        let fault: Fault = serde_json::from_str(json).unwrap();
        assert_eq!(
            fault,
            "calls=status,count=2,probability=0.5,status=502".parse().unwrap()
        );
        assert_eq!(serde_json::to_string(&fault).unwrap(), json);
    }

    #[test]
    fn an_unknown_member_is_refused() {
        let json = r#"{"on":"calls","fault":"status","stauts":502}"#;
        assert!(serde_json::from_str::<Fault>(json).is_err());
    }
}
