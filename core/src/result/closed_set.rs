//! Closed sets of words: states, conditions, formats. One declaration gives the Rust enumeration, its text ids and its
//! descriptor.

/// A closed set of words.
#[derive(Debug)]
#[non_exhaustive]
pub struct ClosedSet {
    /// Type name in every language, e.g. `CallState`.
    pub name: &'static str,
    /// What the words are about.
    pub doc: &'static str,
    /// The words, in order.
    pub values: &'static [SetValue],
}

impl ClosedSet {
    #[doc(hidden)]
    pub const fn new(name: &'static str, doc: &'static str, values: &'static [SetValue]) -> ClosedSet {
        ClosedSet { name, doc, values }
    }
}

/// One word of a [`ClosedSet`].
#[derive(Debug)]
pub struct SetValue {
    /// Stable text id, the same in every language.
    pub id: &'static str,
    /// Name in Rust, e.g. `LegAnswered`; other languages derive theirs from it.
    pub ident: &'static str,
    /// Meaning.
    pub doc: &'static str,
}

/// Declares a closed set.
macro_rules! closed_set {
    (
        $(#[doc = $set_doc:literal])+
        pub enum $Name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $id:literal, )+ }
    ) => {
        $(#[doc = $set_doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $Name {
            /// Every value, in order.
            pub const ALL: &'static [$Name] = &[$( $Name::$variant ),+];
            /// The values with their text ids and meanings.
            pub const SET: &'static $crate::result::ClosedSet = {
                const SET: &$crate::result::ClosedSet = &$crate::result::ClosedSet::new(
                    stringify!($Name),
                    concat!($($set_doc, "\n"),+),
                    &[$( $crate::result::SetValue {
                        id: $id,
                        ident: stringify!($variant),
                        doc: concat!($($doc, "\n"),+),
                    } ),+],
                );
                SET
            };

            /// Stable text id, the same in every language.
            pub const fn id(self) -> &'static str {
                match self { $( $Name::$variant => $id, )+ }
            }

            /// The value with this id.
            pub fn from_id(id: &str) -> Option<$Name> {
                $Name::ALL.iter().copied().find(|value| value.id() == id)
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }

        impl $crate::result::AttributeValue for $Name {
            const TYPE: $crate::result::AttributeType = $crate::result::AttributeType::Set($Name::SET);

            fn value(&self, _: $crate::result::Form) -> Option<serde_json::Value> {
                Some(serde_json::Value::from(self.id()))
            }
        }
    };
}

pub(crate) use closed_set;
