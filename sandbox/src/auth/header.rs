//! The two authentication headers, and the code for each thing that can be wrong with them (contract requests.md 2.6).

use voicecall_core::sign;

use crate::refusal;

/// Name of the header that tells the scheme.
pub(crate) const AUTHORIZATION: &str = "authorization";
/// Name of the header that carries the signature.
pub(crate) const X_AKSK: &str = "x-aksk";

/// `Nonce` has 1 to 128 digits and letters.
const LONGEST_NONCE: usize = 128;
const MISSING_NONCE: &str = "1023035";

/// What `X-AKSK` carries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) username: &'a str,
    pub(crate) digest: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) created: &'a str,
}

/// Reads both headers; the error is the code of the first fault.
pub(crate) fn token<'a>(authorization: Option<&str>, x_aksk: Option<&'a str>) -> Result<Token<'a>, &'static str> {
    scheme(authorization.ok_or("1023006")?)?;
    let x_aksk = x_aksk.ok_or("1023033")?;
    let part = |name: &str, missing: &'static str| attribute(x_aksk, name).ok_or(missing);
    Ok(Token {
        username: part("Username", "1023034")?,
        nonce: part("Nonce", MISSING_NONCE)?,
        created: part("Created", "1023036")?,
        digest: part("PasswordDigest", "1023037")?,
    })
}

/// Whether the headers have their fixed values, whatever else is in them. Which codes the service gives is not known
/// (contract requests.md 18, D25).
pub(crate) fn fixed_values(content_type: Option<&str>, authorization: &str, nonce: &str) -> Result<(), &'static str> {
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    // The Java SDK sends it without a charset (contract requests.md 2.1).
    if !["application/json", "application/json;charset=utf-8"].contains(&content_type.as_str()) {
        return Err(refusal::INVALID_REQUEST);
    }
    if authorization != sign::AUTHORIZATION {
        return Err(refusal::AUTHORIZATION);
    }
    let letters = nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !letters || nonce.len() > LONGEST_NONCE {
        return Err(MISSING_NONCE);
    }
    Ok(())
}

fn scheme(authorization: &str) -> Result<(), &'static str> {
    for (name, value, missing, wrong) in [
        ("realm", "SDP", "1023007", "1023009"),
        ("profile", "UsernameToken", "1023008", "1023010"),
        ("type", "Appkey", "1023012", "1023011"),
    ] {
        match attribute(authorization, name) {
            None => return Err(missing),
            Some(found) if found != value => return Err(wrong),
            Some(_) => {}
        }
    }
    Ok(())
}

/// The value of `name="value"` in a header of the form `SCHEME name="value",name="value"`; blanks after the commas are
/// accepted (D2). An empty value is as good as missing.
fn attribute<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let (_, pairs) = header.trim().split_once(' ')?;
    pairs
        .split(',')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .and_then(|(_, quoted)| quoted.strip_prefix('"')?.strip_suffix('"'))
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use voicecall_core::sign;

    use super::*;

    const GOOD: &str = r#"UsernameToken Username="key",PasswordDigest="abc=",Nonce="n",Created="2018-02-12T15:30:20Z""#;

    #[test]
    fn both_separators_are_read() {
        let token = token(Some(sign::AUTHORIZATION), Some(GOOD)).unwrap();
        assert_eq!((token.username, token.digest, token.nonce), ("key", "abc=", "n"));
        let blanks = GOOD.replace(',', ", ");
        assert_eq!(super::token(Some(sign::AUTHORIZATION), Some(&blanks)).unwrap(), token);
    }

    #[test]
    fn each_fault_of_authorization_has_its_code() {
        for (cut, put, code) in [
            (r#"realm="SDP","#, "", "1023007"),
            (r#"profile="UsernameToken","#, "", "1023008"),
            (r#"type="Appkey""#, "", "1023012"),
            ("SDP", "sdp", "1023009"),
            (r#""UsernameToken""#, r#""x""#, "1023010"),
            ("Appkey", "app_key", "1023011"),
        ] {
            let header = sign::AUTHORIZATION.replace(cut, put);
            assert_eq!(token(Some(&header), Some(GOOD)), Err(code), "{header}");
        }
        assert_eq!(token(None, Some(GOOD)), Err("1023006"));
    }

    #[test]
    fn fixed_values_are_those_of_the_documentation() {
        let json = Some("application/json;charset=UTF-8");
        let nonce = "66C92B11FF8A425FB8D4CCFE0ED9ED1F";
        assert_eq!(fixed_values(json, sign::AUTHORIZATION, nonce), Ok(()));
        assert_eq!(
            fixed_values(Some("application/json"), sign::AUTHORIZATION, nonce),
            Ok(())
        );
        assert_eq!(
            fixed_values(Some("text/plain"), sign::AUTHORIZATION, nonce),
            Err("1010002")
        );
        assert_eq!(fixed_values(None, sign::AUTHORIZATION, nonce), Err("1010002"));
        let wsse = sign::AUTHORIZATION.replace("AKSK", "WSSE");
        assert_eq!(fixed_values(json, &wsse, nonce), Err("1023006"));
        for nonce in ["a-b", &"a".repeat(129)] {
            assert_eq!(fixed_values(json, sign::AUTHORIZATION, nonce), Err("1023035"));
        }
    }

    #[test]
    fn each_part_of_x_aksk_that_is_missing_has_its_code() {
        for (part, code) in [
            ("Username=", "1023034"),
            ("Nonce=", "1023035"),
            ("Created=", "1023036"),
            ("PasswordDigest=", "1023037"),
        ] {
            let header = GOOD.replace(part, "Other=");
            assert_eq!(token(Some(sign::AUTHORIZATION), Some(&header)), Err(code));
        }
        assert_eq!(token(Some(sign::AUTHORIZATION), None), Err("1023033"));
        assert_eq!(token(Some(sign::AUTHORIZATION), Some("")), Err("1023034"));
    }
}
