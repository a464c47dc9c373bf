//! The platform's signature: a pure function of key, secret, nonce and time (contract requests.md 2, D2, D3).
//!
//! It covers neither URL nor body; TLS protects those.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::enumeration;

/// Value of the `Authorization` header; always the same.
pub const AUTHORIZATION: &str = r#"AKSK realm="SDP",profile="UsernameToken",type="Appkey""#;

enumeration! {
    /// Time zone in which `Created` is written; the letter at its end is `Z` in both (contract requests.md 2.3, D1).
    pub enum CreatedZone {
        /// UTC, as the older pages and the recording page say.
        Utc = "utc",
        /// UTC+8, as the pages of 2026-01-27 for ending calls and verification codes say.
        Beijing = "beijing",
    }
}

impl CreatedZone {
    /// Seconds that the zone is ahead of UTC.
    pub fn offset_seconds(&self) -> i64 {
        match self {
            CreatedZone::Beijing => 8 * 3600,
            _ => 0,
        }
    }
}

/// Base64 of HMAC-SHA256 with the app secret as key. The message is the given parts, joined without separator.
pub fn digest(secret: &str, parts: &[&str]) -> String {
    BASE64.encode(mac(secret, parts).finalize().into_bytes())
}

/// Whether `digest` is the signature of these parts; takes the same time whatever differs.
pub fn verify(secret: &str, parts: &[&str], digest: &str) -> bool {
    BASE64
        .decode(digest)
        .is_ok_and(|raw| mac(secret, parts).verify_slice(&raw).is_ok())
}

fn mac(secret: &str, parts: &[&str]) -> Hmac<Sha256> {
    let key = secret.as_bytes();
    // HMAC takes keys of any length, so the other arm is never reached; it would give a signature nobody accepts.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    mac
}

/// The `X-AKSK` header of a request: digest over nonce and time.
pub fn x_aksk(app_key: &str, secret: &str, nonce: &str, created: &str) -> String {
    x_aksk_with(app_key, &digest(secret, &[nonce, created]), nonce, created)
}

/// The `X-AKSK` header with a digest made elsewhere. No blank follows the commas (D2).
pub fn x_aksk_with(app_key: &str, digest: &str, nonce: &str, created: &str) -> String {
    [
        r#"UsernameToken Username=""#,
        app_key,
        r#"",PasswordDigest=""#,
        digest,
        r#"",Nonce=""#,
        nonce,
        r#"",Created=""#,
        created,
        "\"",
    ]
    .concat()
}

/// A time as `Created` writes it: whole seconds, local to the zone, literal `Z`.
pub fn created(unix_seconds: i64, zone: &CreatedZone) -> String {
    let shifted = unix_seconds.saturating_add(zone.offset_seconds());
    // Outside years 0-9999 there is no such text; the platform would refuse any.
    let time = time::OffsetDateTime::from_unix_timestamp(shifted).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let parts = [
        (time.year().unsigned_abs(), 1000, '-'),
        (u8::from(time.month()).into(), 10, '-'),
        (time.day().into(), 10, 'T'),
        (time.hour().into(), 10, ':'),
        (time.minute().into(), 10, ':'),
        (time.second().into(), 10, 'Z'),
    ];
    let mut text = String::with_capacity("2018-02-12T15:30:20Z".len());
    // By hand: it is made for every call, and the formatting machinery takes longer than the digest.
    for (number, mut unit, mark) in parts {
        while unit > 0 {
            text.extend(char::from_digit(number / unit % 10, 10));
            unit /= 10;
        }
        text.push(mark);
    }
    text
}

/// A new nonce: 32 hexadecimal digits from the operating system's random source.
pub fn nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let mut nonce = String::with_capacity(2 * bytes.len());
    for digit in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
        nonce.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
    }
    Ok(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "example-secret-0001";
    const NONCE: &str = "66C92B11FF8A425FB8D4CCFE0ED9ED1F";
    const CREATED: &str = "2018-02-12T15:30:20Z";

    #[test]
    fn digest_of_the_contracts_vector() {
        assert_eq!(
            digest(SECRET, &[NONCE, CREATED]),
            "YodpJyc3ex2WS06bNi81ILxVngdnk/KPzmt2hMkju84="
        );
    }

    #[test]
    fn a_digest_verifies_only_over_the_same_message() {
        let good = digest(SECRET, &[NONCE, CREATED]);
        assert!(verify(SECRET, &[NONCE, CREATED], &good));
        assert!(!verify(SECRET, &[NONCE, "2018-02-12T15:30:21Z"], &good));
        assert!(!verify("example-secret-0002", &[NONCE, CREATED], &good));
        assert!(!verify(SECRET, &[NONCE, CREATED], "not base64"));
        assert!(!verify(SECRET, &[NONCE, CREATED], ""));
    }

    #[test]
    fn created_in_both_zones() {
        assert_eq!(created(1_518_449_420, &CreatedZone::Utc), CREATED);
        assert_eq!(created(1_518_449_420, &CreatedZone::Beijing), "2018-02-12T23:30:20Z");
    }

    #[test]
    fn nonces_are_32_hexadecimal_digits_and_differ() {
        let (first, second) = (nonce().unwrap(), nonce().unwrap());
        assert_eq!(first.len(), 32);
        assert!(first.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(first, second);
    }
}
