//! How a few types are written in settings files that have no form of their own there.

/// A length of time as a number of seconds.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::de::{Deserialize, Deserializer, Error};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map_err(D::Error::custom)
    }
}

/// A zone of `Created`.
pub(crate) mod zone {
    use serde::de::{Deserialize, Deserializer, Error};
    use voicecall_core::sign::CreatedZone;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CreatedZone, D::Error> {
        match CreatedZone::from(String::deserialize(deserializer)?.as_str()) {
            CreatedZone::Unknown(text) => Err(D::Error::custom(format!("{text:?} is no zone: utc or beijing"))),
            zone => Ok(zone),
        }
    }
}
