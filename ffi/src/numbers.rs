//! The numbers of the ABI and the words they stand for. The header's constants are generated from here.
//!
//! A number keeps its meaning for ever; a retired one stays as a comment. Statuses are the numbers of the core's kinds.

use voicecall_core::{Delivery, ErrorKind, Retry};

/// One constant of the header.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its value.
    pub number: i32,
    /// Its name in lower case without prefix, e.g. `not_sent`.
    pub id: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// What entry points return.
pub type voicecall_status = i32;

/// Success.
pub(crate) const OK: voicecall_status = 0;
/// No such value; not an error.
pub(crate) const ABSENT: voicecall_status = 1;

/// Every status: success, absence, and the core's kinds of error.
pub fn statuses() -> Vec<Member> {
    let own = [
        Member {
            number: OK,
            id: "ok",
            doc: "Success.",
        },
        Member {
            number: ABSENT,
            id: "absent",
            doc: "There is no such value, record or member. Not an error: no voicecall_error is made.",
        },
    ];
    let kinds = ErrorKind::ALL.iter().map(|kind| Member {
        number: kind.number(),
        id: kind.id(),
        doc: kind.doc(),
    });
    own.into_iter().chain(kinds).collect()
}

/// Every number of a delivery.
pub fn deliveries() -> Vec<Member> {
    let member = |delivery: &Delivery| Member {
        number: delivery_number(*delivery),
        id: delivery.id(),
        doc: delivery.doc(),
    };
    Delivery::ALL.iter().map(member).collect()
}

/// Every number of a retry advice.
pub fn retries() -> Vec<Member> {
    let member = |retry: &Retry| Member {
        number: retry_number(*retry),
        id: retry.id(),
        doc: retry.doc(),
    };
    Retry::ALL.iter().map(member).collect()
}

pub(crate) fn delivery_number(delivery: Delivery) -> i32 {
    match delivery {
        Delivery::NotSent => 1,
        Delivery::Answered => 2,
        Delivery::Unknown => 3,
        _ => UNNUMBERED,
    }
}

pub(crate) fn retry_number(retry: Retry) -> i32 {
    match retry {
        Retry::Never => 1,
        Retry::Later => 2,
        Retry::AfterFix => 3,
        _ => UNNUMBERED,
    }
}

/// A word that got no number: a test fails, and callers see a number that no constant has.
const UNNUMBERED: i32 = -1;

macro_rules! numbers {
    (
        $(#[doc = $outer:literal])+
        $Name:ident { $( $(#[doc = $doc:literal])+ $variant:ident = $number:literal, $id:literal; )+ }
    ) => {
        $(#[doc = $outer])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $Name {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl $Name {
            /// Every member.
            pub const ALL: &'static [$Name] = &[$( $Name::$variant ),+];

            /// The constants of the header.
            pub const MEMBERS: &'static [Member] = &[$( Member { number: $number, id: $id, doc: concat!($($doc, "\n"),+) } ),+];

            pub(crate) const fn number(self) -> i32 {
                match self { $( $Name::$variant => $number, )+ }
            }

            #[allow(dead_code, reason = "only some lists have ids that are read")]
            pub(crate) const fn id(self) -> &'static str {
                match self { $( $Name::$variant => $id, )+ }
            }

            #[allow(dead_code, reason = "only some numbers come in")]
            pub(crate) fn from_number(number: i32) -> Option<$Name> {
                Self::ALL.iter().copied().find(|member| member.number() == number)
            }
        }
    };
}

numbers! {
    /// The texts that an error holds; the ids are the members of its value.
    Attribute {
        /// Stable text id of the kind, e.g. `invalid_argument`. Always there.
        ErrorKind = 1, "kind";
        /// One English sentence. Holds no secret and no full phone number. Always there.
        Message = 2, "message";
        /// `not_sent`, `answered` or `unknown`. Always there.
        Delivery = 3, "delivery";
        /// `never`, `later` or `after_fix`. Always there.
        Retry = 4, "retry";
        /// What to do. Always there.
        Advice = 5, "advice";
        /// JSON pointer to the argument or setting at fault, e.g. `/playInfoList/2/templateParas`.
        Field = 6, "field";
        /// The rule that the field breaks, e.g. `length`.
        Rule = 7, "rule";
        /// What was found at the field, in the unit of the rule.
        Measured = 8, "measured";
        /// The platform's result code; on VOICECALL_INVALID_ARGUMENT the code that the platform would have answered.
        ResultCode = 9, "result_code";
        /// The platform's text for the result code, phone numbers masked.
        ResultDesc = 10, "result_desc";
        /// What the result code means.
        Meaning = 11, "meaning";
        /// The mark that the request carried in its user data; only with the setting attemptTag.
        AttemptTag = 12, "attempt_tag";
    }
}

numbers! {
    /// The types of a JSON value.
    Type {
        /// `null`.
        Null = 1, "null";
        /// `true` or `false`.
        Flag = 2, "flag";
        /// A whole number of 64 bits.
        Integer = 3, "integer";
        /// Any other number.
        Fraction = 4, "fraction";
        /// A text.
        Text = 5, "text";
        /// A list.
        List = 6, "list";
        /// An object.
        Object = 7, "object";
    }
}

numbers! {
    /// The kinds of event.
    EventKind {
        /// Something happened in a call that still lives, or it ended. One record.
        Status = 1, "status";
        /// The records (CDRs) of finished calls, none to many.
        Fee = 2, "fee";
        /// A kind of push that this version does not know. No record; acknowledge it like any other.
        Unknown = 3, "unknown";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Attribute, EventKind, Member, Type, deliveries, retries, statuses};

    #[test]
    fn numbers_and_ids_are_unique_and_every_word_has_one() {
        let lists: [Vec<Member>; 6] = [
            statuses(),
            deliveries(),
            retries(),
            Attribute::MEMBERS.to_vec(),
            Type::MEMBERS.to_vec(),
            EventKind::MEMBERS.to_vec(),
        ];
        for list in lists {
            let numbers: HashSet<_> = list.iter().map(|member| member.number).collect();
            let ids: HashSet<_> = list.iter().map(|member| member.id).collect();
            assert_eq!((numbers.len(), ids.len()), (list.len(), list.len()), "{list:?}");
            assert!(
                numbers.iter().all(|number| *number >= 0),
                "a word without a number: {list:?}"
            );
        }
    }
}
