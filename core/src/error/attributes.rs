//! The closed lists that an error carries beside its kind.

macro_rules! closed_list {
    (
        $(#[doc = $outer:literal])+
        $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $id:literal, )+ }
    ) => {
        $(#[doc = $outer])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $name {
            /// Every member.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),+];

            /// Stable text id, the same in every language.
            pub const fn id(self) -> &'static str {
                match self { $( $name::$variant => $id, )+ }
            }

            /// The member with this id.
            pub fn from_id(id: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|member| member.id() == id)
            }

            /// What it means.
            pub const fn doc(self) -> &'static str {
                match self { $( $name::$variant => concat!($($doc, "\n"),+), )+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }
    };
}

closed_list! {
    /// What is known about the request's arrival at the platform: the question "may a phone have rung?".
    Delivery {
        /// Nothing reached the platform. Placing the call again rings nobody twice.
        NotSent = "not_sent",
        /// The platform answered, and its answer is the outcome.
        Answered = "answered",
        /// Bytes may have arrived and no complete answer came: the phone may be ringing. The library never repeats such
        /// a request; wait for a webhook, or ask the person, before placing the call again.
        Unknown = "unknown",
    }
}

closed_list! {
    /// Whether placing the call again makes sense. Advice to whoever decides; the library itself does not act on it.
    Retry {
        /// It would end the same way, or might ring a second time.
        Never = "never",
        /// The condition may pass: wait, then place a new call.
        Later = "later",
        /// Something has to be corrected first.
        AfterFix = "after_fix",
    }
}

closed_list! {
    /// The rule that an argument or a setting breaks.
    Rule {
        /// A mandatory field is missing.
        Required = "required",
        /// A value of another type belongs here.
        Type = "type",
        /// Too short or too long; a list with too few or too many items.
        Length = "length",
        /// A whole number out of its range.
        Range = "range",
        /// Not a telephone number in global format.
        NumberFormat = "number_format",
        /// Not one of the listed values.
        Enumeration = "enumeration",
        /// A character that is not allowed here.
        Characters = "characters",
        /// Not an absolute http or https address.
        Url = "url",
        /// Without the named other field this one has no effect.
        DependsOn = "depends_on",
        /// Only one of two fields may be given.
        Exclusive = "exclusive",
        /// No such field.
        UnknownField = "unknown_field",
        /// Repeats something that is already there: a declared field, an existing file.
        Conflict = "conflict",
    }
}
