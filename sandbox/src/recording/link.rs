//! Addresses of recordings: they carry their own end of life and a signature, so that none has to be remembered.

use voicecall_core::sign;

use crate::moment::Moment;

/// Path under which recordings are fetched; no path of the service.
pub(crate) const PATH: &str = "/_recordings";

/// Makes and checks addresses.
#[derive(Debug)]
pub(crate) struct Links {
    /// Known to this platform alone, new at every start.
    key: String,
}

/// The query of an address.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Ticket {
    expires: i64,
    signature: String,
}

impl Links {
    pub(crate) fn new(key: String) -> Links {
        Links { key }
    }

    /// Path and query of a file's address that is good until then.
    pub(crate) fn make(&self, file_name: &str, until: Moment) -> String {
        let expires = until.unix_seconds();
        let signature = self.signature(file_name, expires);
        format!("{PATH}/{file_name}?expires={expires}&signature={signature}")
    }

    /// Whether the address was made here and is still good.
    pub(crate) fn accept(&self, file_name: &str, ticket: &Ticket, now: Moment) -> bool {
        let genuine = self.signature(file_name, ticket.expires) == ticket.signature;
        genuine && now.unix_seconds() < ticket.expires
    }

    /// Letters and digits only, so that no escape is needed.
    fn signature(&self, file_name: &str, expires: i64) -> String {
        let digest = sign::digest(&self.key, &[file_name, "\n", &expires.to_string()]);
        digest.chars().filter(char::is_ascii_alphanumeric).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(address: &str) -> Ticket {
        let (_, query) = address.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        Ticket {
            expires: expires.parse().unwrap(),
            signature: signature.to_owned(),
        }
    }

    #[test]
    fn an_address_is_good_for_its_file_until_its_time_is_over() {
        let links = Links::new("key".to_owned());
        let until = Moment::from_unix_millis(1_000_000);
        let before = Moment::from_unix_millis(999_999);
        let ticket = ticket(&links.make("a.wav", until));
        assert!(links.accept("a.wav", &ticket, before));
        assert!(!links.accept("a.wav", &ticket, until));
        assert!(!links.accept("b.wav", &ticket, before));
        assert!(!Links::new("other".to_owned()).accept("a.wav", &ticket, before));
    }
}
