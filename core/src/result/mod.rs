//! What the library returns: each result type is declared once, by `result!`, next to the type that Rust programs use.
//!
//! The declaration gives the struct, its descriptor ([`ResultType`]), its JSON form and its `Debug`. The types of the other
//! languages and the reference documentation are generated from the descriptors.

mod closed_set;
mod debug;
mod value;

use serde_json::{Map, Value};

pub(crate) use closed_set::closed_set;
pub use closed_set::{ClosedSet, SetValue};
pub(crate) use debug::result as debug_result;
pub use value::{AttributeValue, Form};

use crate::descriptor::{FieldType, Record, Sensitivity};

/// A type of result: what it is called, and what it consists of.
#[derive(Debug)]
#[non_exhaustive]
pub struct ResultType {
    /// Type name in every language, e.g. `CallLeg`.
    pub name: &'static str,
    /// What the result is.
    pub doc: &'static str,
    /// Where the contract describes it, e.g. `pushes.md 9`.
    pub contract: &'static str,
    /// Its attributes, in the order of the documentation.
    pub attributes: &'static [Attribute],
}

impl ResultType {
    /// The attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// One attribute of a result.
#[derive(Debug)]
pub struct Attribute {
    /// Name in JSON, Rust and Python, e.g. `talk_seconds`; other languages derive theirs from it.
    pub name: &'static str,
    /// Meaning, unit, and when it is absent.
    pub doc: &'static str,
    /// Type of the value.
    pub ty: AttributeType,
    /// Whether the attribute may be absent. Lists never are: they are empty.
    pub optional: bool,
}

/// The type of an attribute's value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum AttributeType {
    /// A single value.
    Value(FieldType),
    /// One of a closed set of words.
    Set(&'static ClosedSet),
    /// Another result.
    Result(&'static ResultType),
    /// A record of the service, such as a CDR.
    Record(&'static Record),
    /// A list.
    List(&'static AttributeType),
}

impl AttributeType {
    /// How much of a value of this type may be shown.
    pub const fn sensitivity(&self) -> Sensitivity {
        match self {
            AttributeType::Value(ty) => ty.sensitivity(),
            _ => Sensitivity::Plain,
        }
    }
}

/// A result whose attributes can be read without knowing its type.
pub trait Attributes {
    /// The result's descriptor.
    fn result_type(&self) -> &'static ResultType;
    /// The value of the attribute at this position of [`ResultType::attributes`]; `None` when it is absent.
    fn attribute(&self, index: usize, form: Form) -> Option<Value>;
}

/// The result as a JSON object; absent attributes are left out.
pub fn to_object(result: &dyn Attributes, form: Form) -> Map<String, Value> {
    let attributes = result.result_type().attributes.iter().enumerate();
    attributes
        .filter_map(|(index, attribute)| Some((attribute.name.to_owned(), result.attribute(index, form)?)))
        .collect()
}

/// The attribute's type: what its Rust type says, or what the declaration says with `as`.
#[doc(hidden)]
#[macro_export]
macro_rules! attribute_type {
    ($ty:ty) => {
        <$ty as $crate::result::AttributeValue>::TYPE
    };
    ($ty:ty, $kind:ident) => {
        $crate::result::AttributeType::Value($crate::descriptor::FieldType::$kind)
    };
}

/// Declares a result: its attributes with type and documentation, once.
///
/// `computed` lists attributes that are derived from the others when they are asked for. `own` lists members of the struct
/// that are no attributes: the languages present them in their own way.
#[doc(hidden)]
#[macro_export]
macro_rules! result {
    (
        $(#[doc = $result_doc:literal])+
        #[derive($($derive:ident),*)]
        pub struct $Name:ident $(<$lifetime:lifetime>)? : $contract:literal {
            $( $(#[doc = $doc:literal])+ $name:ident : $ty:ty $(as $kind:ident)? , )*
        }
        $(computed {
            $( $(#[doc = $computed_doc:literal])+
               $computed:ident : $computed_ty:ty $(as $computed_kind:ident)? = |$this:ident| $compute:expr , )*
        })?
        $(own {
            $( $(#[doc = $own_doc:literal])+ $own_visibility:vis $own:ident : $own_ty:ty , )*
        })?
    ) => {
        $(#[doc = $result_doc])+
        #[doc = concat!("\n\nContract: ", $contract, ".")]
        #[derive($($derive),*)]
        #[non_exhaustive]
        pub struct $Name $(<$lifetime>)? {
            $( $(#[doc = $doc])+ pub $name: $ty, )*
            $( $( $(#[doc = $own_doc])+ $own_visibility $own: $own_ty, )* )?
        }

        impl $(<$lifetime>)? $Name $(<$lifetime>)? {
            /// What each attribute is.
            pub const RESULT: &'static $crate::result::ResultType = &$crate::result::ResultType {
                    name: stringify!($Name),
                    doc: concat!($($result_doc, "\n"),+),
                    contract: $contract,
                    attributes: &[
                        $( $crate::result::Attribute {
                            name: stringify!($name),
                            doc: concat!($($doc, "\n"),+),
                            ty: $crate::attribute_type!($ty $(, $kind)?),
                            optional: <$ty as $crate::result::AttributeValue>::OPTIONAL,
                        }, )*
                        $( $( $crate::result::Attribute {
                            name: stringify!($computed),
                            doc: concat!($($computed_doc, "\n"),+),
                            ty: $crate::attribute_type!($computed_ty $(, $computed_kind)?),
                            optional: <$computed_ty as $crate::result::AttributeValue>::OPTIONAL,
                        }, )* )?
                    ],
                };

            /// The attributes under the names that every language uses; absent ones are left out.
            pub fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
                $crate::result::to_object(self, $crate::result::Form::Natural)
            }
        }

        impl $(<$lifetime>)? $crate::result::Attributes for $Name $(<$lifetime>)? {
            fn result_type(&self) -> &'static $crate::result::ResultType {
                $Name::RESULT
            }

            #[allow(unused_assignments, reason = "nobody reads the position after the last attribute")]
            fn attribute(&self, index: usize, form: $crate::result::Form) -> Option<serde_json::Value> {
                let mut position = 0;
                $(
                    if index == position {
                        return $crate::result::AttributeValue::value(&self.$name, form);
                    }
                    position += 1;
                )*
                $( $(
                    if index == position {
                        let $this = self;
                        let computed: $computed_ty = $compute;
                        return $crate::result::AttributeValue::value(&computed, form);
                    }
                    position += 1;
                )* )?
                None
            }
        }

        impl $(<$lifetime>)? $crate::result::AttributeValue for $Name $(<$lifetime>)? {
            const TYPE: $crate::result::AttributeType = $crate::result::AttributeType::Result($Name::RESULT);

            fn value(&self, form: $crate::result::Form) -> Option<serde_json::Value> {
                Some(serde_json::Value::Object($crate::result::to_object(self, form)))
            }
        }

        impl $(<$lifetime>)? std::fmt::Debug for $Name $(<$lifetime>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::result::debug_result(self, f)
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros declare public types")]
mod tests;
