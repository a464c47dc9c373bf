//! What is told about a callback URL beyond the rules that the library enforces (contract requests.md 9 and 18, D16).

use std::collections::BTreeSet;

/// Characters of the URL that the service's list does not have, each once. They may work: the list of a sister service is
/// longer.
pub(crate) fn undocumented_characters(url: &str) -> String {
    let documented = |c: char| c.is_ascii_alphanumeric() || "-:./".contains(c);
    url.chars()
        .filter(|c| !documented(*c))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::undocumented_characters;

    #[test]
    fn characters_outside_the_services_list_are_named_once() {
        assert_eq!(undocumented_characters("https://push.example.com:9330/fee-1"), "");
        assert_eq!(undocumented_characters("https://h/a_b_c?d=%20"), "%=?_");
    }
}
