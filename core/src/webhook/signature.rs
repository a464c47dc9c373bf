//! The signature of a push: what stands in its headers, and how it is made (contract pushes.md 3.2, D4).
//!
//! Two forms of the digest: the pages of 2026-01-27 put a line feed between the parts, the pages before do not.

use crate::enumeration;
use crate::sign::{self, AUTHORIZATION};

use super::time::created_seconds;

/// The header that carries the signature. Letter case of header names does not matter.
pub const HEADER: &str = "X-AKSK";
const SCHEME: &str = "UsernameToken";
const LONGEST_NONCE: usize = 128;

enumeration! {
    /// What a push's digest is made over.
    pub enum DigestForm {
        /// URL, nonce and time with a line feed between them, as the pages of 2026-01-27 say.
        Newest = "newest",
        /// URL, nonce and time without anything between them, as the older pages say.
        Older = "older",
    }
}

impl DigestForm {
    /// Every known form.
    pub(super) const ALL: [DigestForm; 2] = [DigestForm::Newest, DigestForm::Older];

    /// Whether `digest` is that of a push to `url`. Takes the same time whatever differs.
    pub(super) fn verify(&self, secret: &str, url: &str, credentials: &Credentials<'_>) -> bool {
        let Credentials {
            nonce, created, digest, ..
        } = *credentials;
        match self {
            DigestForm::Older => sign::verify(secret, &[url, nonce, created], digest),
            _ => sign::verify(secret, &[url, "\n", nonce, "\n", created], digest),
        }
    }

    fn digest(&self, secret: &str, url: &str, nonce: &str, created: &str) -> String {
        match self {
            DigestForm::Older => sign::digest(secret, &[url, nonce, created]),
            _ => sign::digest(secret, &[url, "\n", nonce, "\n", created]),
        }
    }
}

/// Signs pushes as the platform does; for whoever plays the platform, and for tests of a receiver.
#[derive(Debug, Clone)]
pub struct PushSigner<'a> {
    /// APP_Key of the application that the push is about.
    pub app_key: &'a str,
    /// Its APP_Secret.
    pub app_secret: &'a crate::Secret,
    /// The registered address that the push goes to.
    pub url: &'a str,
    /// What the digest is made over.
    pub form: DigestForm,
}

impl PushSigner<'_> {
    /// The three headers of a push. `created` as [`sign::created`] writes it. A blank follows each comma, as the pages
    /// print it.
    pub fn headers(&self, nonce: &str, created: &str) -> [(&'static str, String); 3] {
        let digest = self.form.digest(self.app_secret.expose(), self.url, nonce, created);
        let key = self.app_key;
        let token =
            format!(r#"{SCHEME} Username="{key}", PasswordDigest="{digest}", Nonce="{nonce}", Created="{created}""#);
        [
            ("Content-Type", "application/json;charset=UTF-8".to_owned()),
            ("Authorization", AUTHORIZATION.to_owned()),
            (HEADER, token),
        ]
    }
}

/// What stands in `X-AKSK`.
#[derive(Clone, Copy)]
pub(super) struct Credentials<'a> {
    pub(super) app_key: &'a str,
    pub(super) digest: &'a str,
    pub(super) nonce: &'a str,
    pub(super) created: &'a str,
    /// `created` as seconds, read as if it were UTC.
    pub(super) created_seconds: i64,
}

impl<'a> Credentials<'a> {
    /// Reads the header: `key="value"` pairs in any order, with or without blanks after the commas (D2), unknown ones
    /// ignored. `None` when a part is missing, twice there, or not of its form.
    ///
    /// Nonce and time have to keep their form exactly: the older digest joins them without a separator, so a looser
    /// reading would let a captured signature pass again with some characters moved from one to the other.
    pub(super) fn read(header: &'a str) -> Option<Credentials<'a>> {
        let (mut app_key, mut digest, mut nonce, mut created) = (None, None, None, None);
        let mut rest = without_scheme(header.trim());
        while !rest.is_empty() {
            let (name, value, after) = pair(rest)?;
            let part = match name.to_ascii_lowercase().as_str() {
                "username" => Some(&mut app_key),
                "passworddigest" => Some(&mut digest),
                "nonce" => Some(&mut nonce),
                "created" => Some(&mut created),
                _ => None,
            };
            if part.is_some_and(|part| part.replace(value).is_some()) {
                return None;
            }
            rest = after;
        }
        let (nonce, created): (&str, &str) = (nonce?, created?);
        let well_formed =
            (1..=LONGEST_NONCE).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_alphanumeric());
        well_formed.then_some(())?;
        Some(Credentials {
            app_key: app_key?,
            digest: digest?,
            nonce,
            created,
            created_seconds: created_seconds(created)?,
        })
    }
}

fn without_scheme(header: &str) -> &str {
    match header.split_at_checked(SCHEME.len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(SCHEME) => rest.trim_start(),
        _ => header,
    }
}

/// The first `name="value"`, and what follows its separator.
fn pair(text: &str) -> Option<(&str, &str, &str)> {
    let (name, after) = text.split_once('=')?;
    let (value, after) = after.trim_start().strip_prefix('"')?.split_once('"')?;
    let rest = after.trim_start_matches([' ', '\t', ',']);
    let separated = after.is_empty() || rest.len() < after.len();
    // A quote in a name is one too many, or one too few before it: where values begin is then anybody's guess.
    (separated && !name.contains('"')).then(|| (name.trim(), value, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Credentials, DigestForm, PushSigner};
    use crate::secret::Secret;

    /// The vectors of contract pushes.md 3.3.
    const URL: &str = "https://push.example.com/fee";
    const NONCE: &str = "66C92B11FF8A425FB8D4CCFE0ED9ED1F";
    const CREATED: &str = "2018-02-12T15:30:20Z";

    fn token(form: DigestForm) -> String {
        let secret = Secret::from("example-secret-0001");
        let signer = PushSigner {
            app_key: "app-key-0001",
            app_secret: &secret,
            url: URL,
            form,
        };
        let [_, _, (_, token)] = signer.headers(NONCE, CREATED);
        token
    }

    #[test]
    fn both_forms_give_the_contracts_digests() {
        assert!(token(DigestForm::Newest).contains("M2PXKYziN/rey30GfEOcUREXyHldz+mnM6qkcSTpRqY="));
        assert!(token(DigestForm::Older).contains("1GV5369txlQBJfjVRv3x7oQXjCzm7aAs4Nv8MppOeOw="));
    }

    #[test]
    fn a_form_verifies_its_own_digests_only() {
        for form in DigestForm::ALL {
            let token = token(form.clone());
            let credentials = Credentials::read(&token).unwrap();
            for other in DigestForm::ALL {
                assert_eq!(
                    other.verify("example-secret-0001", URL, &credentials),
                    other == form,
                    "{form} {other}"
                );
            }
        }
    }

    #[test]
    fn pairs_are_read_in_any_order_and_spacing() {
        for header in [
            r#"UsernameToken Username="k",PasswordDigest="d",Nonce="n",Created="2018-02-12T15:30:20Z""#,
            r#"usernametoken  Created="2018-02-12T15:30:20Z" ,  Nonce="n", Version="1",PasswordDigest="d", UserName="k" "#,
            r#"Username="k", PasswordDigest="d", Nonce="n", Created = "2018-02-12T15:30:20Z""#,
        ] {
            let credentials = Credentials::read(header).unwrap();
            assert_eq!(
                (credentials.app_key, credentials.digest, credentials.nonce),
                ("k", "d", "n"),
                "{header}"
            );
        }
    }

    #[test]
    fn a_part_that_is_missing_twice_there_or_misshapen_is_unreadable() {
        let good = r#"Username="k",PasswordDigest="d",Nonce="n",Created="2018-02-12T15:30:20Z""#;
        assert!(Credentials::read(good).is_some());
        for header in [
            "",
            "hello",
            "UsernameToken",
            "=",
            &good.replace(r#"Nonce="n","#, ""),
            &good.replace("Nonce", "Username"),
            &good.replace(r#""n""#, "n"),
            &good.replace(r#""n""#, r#""""#),
            &good.replace(r#""n""#, r#""n-1""#),
            &good.replace(r#""n""#, &format!("\"{}\"", "n".repeat(129))),
            &good.replace("\",Nonce", "\"Nonce"),
            &good.replace("20Z", "20"),
            &good.replace("20Z\"", "20Z"),
            &good.replace("Nonce", "x\"y Nonce"),
            &good.replace("Username", "a\"b=\"c\",Username"),
        ] {
            assert!(Credentials::read(header).is_none(), "{header}");
        }
    }

    #[test]
    fn characters_cannot_move_between_nonce_and_time() {
        let moved = token(DigestForm::Older).replace(r#"1F", Created="2018"#, r#"1F2", Created="018"#);
        assert!(Credentials::read(&moved).is_none());
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(header in prop_oneof![".{0,80}", r#"(UsernameToken )?((Username|Nonce|Created)="[a-z0-9]{0,9}"[ ,]{0,2}){0,5}"#]) {
            let _ = Credentials::read(&header);
        }
    }
}
