//! The one thing of a certificate that somebody has to know beforehand: when it ends. Whether it is to be trusted is for
//! the TLS library to say.

use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

/// Last moment of its validity, in seconds of Unix time; `None` where it cannot be read.
pub(super) fn end(der: &[u8]) -> Option<i64> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    Some(certificate.validity().not_after.timestamp())
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn what_is_no_certificate_has_no_end() {
        assert_eq!(end(b"certificate"), None);
        assert_eq!(end(b""), None);
    }
}
