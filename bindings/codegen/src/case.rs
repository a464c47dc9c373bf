//! Names in each language's case.
//!
//! The platform's words stay the platform's words (design §4): only their case changes.

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// A way to write a name of several words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `callee_nbr`
    Snake,
    /// `calleeNbr`
    Camel,
    /// `CalleeNbr`
    Pascal,
    /// `CALLEE_NBR`
    Screaming,
    /// `callee-nbr`
    Kebab,
}

impl Case {
    pub(crate) const ALL: [(&'static str, Case); 5] = [
        ("snake", Case::Snake),
        ("camel", Case::Camel),
        ("pascal", Case::Pascal),
        ("screaming", Case::Screaming),
        ("kebab", Case::Kebab),
    ];

    /// The case that templates know by this name.
    pub(crate) fn named(name: &str) -> Option<Case> {
        Case::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, case)| *case)
    }

    /// The name in this case, whatever its own case is.
    pub(crate) fn apply(self, name: &str) -> String {
        match self {
            Case::Snake => name.to_snake_case(),
            Case::Camel => name.to_lower_camel_case(),
            Case::Pascal => name.to_pascal_case(),
            Case::Screaming => name.to_shouty_snake_case(),
            Case::Kebab => name.to_kebab_case(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn wire_names_and_idents_meet_in_every_case() {
        for (wire, ident) in [
            ("displayNbr", "display_nbr"),
            ("dynIVRStartTime", "dyn_ivr_start_time"),
            ("lastMinToUE", "last_min_to_ue"),
        ] {
            for (name, case) in Case::ALL {
                assert_eq!(case.apply(wire), case.apply(ident), "{name}");
            }
        }
        assert_eq!(Case::Pascal.apply("callee_nbr"), "CalleeNbr");
        assert_eq!(Case::Screaming.apply("LastMinToUe"), "LAST_MIN_TO_UE");
    }
}
