//! A request that carries an attempt's mark, without being copied.
//!
//! Apart from the mark itself: requests know of errors, and an error tells the mark of its attempt.

use serde_json::{Map, Value};

use crate::attempt_tag::AttemptTag;
use crate::descriptor::{FieldType, Record};
use crate::record::{FieldValue, Fields};

/// A request as it is, but for its `userData`, which carries the tag.
pub(crate) struct Tagged<'a> {
    request: &'a dyn Fields,
    position: usize,
    user_data: String,
}

impl<'a> Tagged<'a> {
    /// `None` for a request that has no `userData`: it rings nobody. Also for one whose extra fields replace it, which goes
    /// out only without validation: the tag would not be in it.
    pub(crate) fn new(request: &'a dyn Fields, tag: &AttemptTag) -> Option<Tagged<'a>> {
        let position =
            request.record().fields.iter().position(|field| {
                matches!(field.ty, FieldType::UserData) && !request.extra().contains_key(field.name)
            })?;
        let own = match request.get(position) {
            Some(FieldValue::Text(text)) => Some(text),
            _ => None,
        };
        Some(Tagged {
            request,
            position,
            user_data: tag.append_to(own),
        })
    }
}

impl Fields for Tagged<'_> {
    fn record(&self) -> &'static Record {
        self.request.record()
    }

    fn get(&self, index: usize) -> Option<FieldValue<'_>> {
        if index == self.position {
            Some(FieldValue::Text(&self.user_data))
        } else {
            self.request.get(index)
        }
    }

    fn extra(&self) -> &Map<String, Value> {
        self.request.extra()
    }
}

#[cfg(test)]
mod tests {
    use super::Tagged;
    use crate::attempt_tag::AttemptTag;
    use crate::calls::{TerminateCall, VoiceNotification};
    use crate::record::wire::to_wire;

    #[test]
    fn only_the_user_data_of_a_request_changes() {
        let tag = AttemptTag::random().unwrap();
        let request = VoiceNotification::new()
            .callee_nbr("+8613800000021")
            .user_data("order-7")
            .extra("x", 1);
        let tagged = to_wire(&Tagged::new(&request, &tag).unwrap(), &[]);
        let mut expected = to_wire(&request, &[]);
        expected.insert("userData".to_owned(), format!("order-7-{tag}").into());
        assert_eq!(tagged, expected);
        assert!(Tagged::new(&TerminateCall::new(), &tag).is_none());
        assert!(Tagged::new(&request.extra("userData", "other"), &tag).is_none());
    }
}
