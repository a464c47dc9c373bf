//! The short form of a fault, for command lines: `target=kind,name=value,…`.

use std::str::FromStr;

use super::{Fault, FaultKind, Target};

impl FromStr for Fault {
    type Err = String;

    /// Reads `target=kind`, and after it `count`, `probability` and the kind's details, each `,name=value`.
    fn from_str(text: &str) -> Result<Fault, String> {
        let mut parts = text.split(',');
        let (target, kind) = parts.next().and_then(|first| first.split_once('=')).ok_or_else(|| {
            format!("{text:?} is no fault: target=kind is needed, e.g. create_voice_callback=answer_lost,count=1")
        })?;
        let mut fault = Fault::new(target.parse::<Target>()?, named(kind)?);
        for part in parts {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("{part:?} should read name=value"))?;
            fault.set(name, value)?;
        }
        fault.check()?;
        Ok(fault)
    }
}

fn named(name: &str) -> Result<FaultKind, String> {
    FaultKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.name() == name)
        .ok_or_else(|| {
            let names: Vec<_> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
            format!("{name:?} is no fault; there are {}", names.join(", "))
        })
}

impl Fault {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let details = &mut self.details;
        match name {
            "count" => self.count = Some(read(name, value)?),
            "probability" => self.probability = read(name, value)?,
            "millis" => details.millis = Some(read(name, value)?),
            "seconds" => details.seconds = Some(read(name, value)?),
            "status" => details.status = Some(read(name, value)?),
            "code" => details.code = Some(value.to_owned()),
            "location" => details.location = Some(value.to_owned()),
            "bytes" => details.bytes = Some(read(name, value)?),
            "carried_out" => details.carried_out = Some(read(name, value)?),
            _ => return Err(format!("{name:?} is nothing that a fault has")),
        }
        Ok(())
    }
}

fn read<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{value:?} cannot be {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        let wrong = |text: &str| text.parse::<Fault>().unwrap_err();
        assert!(wrong("garbage").contains("target=kind"));
        assert!(wrong("nowhere=garbage").contains("nowhere"));
        assert!(wrong("calls=nothing").contains("answer_lost"));
        assert!(wrong("calls=garbage,count").contains("name=value"));
        assert!(wrong("calls=garbage,count=x").contains("\"x\" cannot be count"));
        assert!(wrong("calls=garbage,colour=red").contains("colour"));
    }

    #[test]
    fn every_kind_can_be_written() {
        for kind in FaultKind::ALL {
            let target = match (kind, kind.strikes_answers()) {
                (_, true) => "calls",
                (FaultKind::Reorder, _) => "status",
                _ => "fee",
            };
            let fault: Fault = format!("{target}={}", kind.name()).parse().unwrap();
            assert_eq!(fault.fault, *kind);
        }
    }
}
