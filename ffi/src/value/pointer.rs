//! JSON pointers (RFC 6901) into a [`Tree`]: looking, making the way, and removing.

use std::borrow::Cow;

use super::tree::{MAX_DEPTH, Tree};
use crate::arguments::invalid;
use crate::boundary::Failure;
use crate::text::Text;

/// The step that stands for the place behind a list's last item.
const END: &str = "-";

impl Tree {
    /// What is at the pointer; `None` when there is nothing.
    pub(crate) fn find(&self, pointer: &str) -> Result<Option<&Tree>, Failure> {
        let mut here = self;
        for step in steps(pointer)? {
            let next = match here {
                Tree::Object(members) => members.get(step.as_ref()),
                Tree::List(items) => index(&step).and_then(|index| items.get(index)),
                _ => None,
            };
            let Some(next) = next else { return Ok(None) };
            here = next;
        }
        Ok(Some(here))
    }

    /// Puts a value at the pointer. What is missing on the way is made: a list where the next step is `0` or `-`, an
    /// object otherwise; `null` counts as missing. On an error nothing has changed.
    pub(crate) fn set(&mut self, pointer: &str, value: Tree) -> Result<(), Failure> {
        if steps(pointer)?.count() + value.depth() > MAX_DEPTH {
            return Err(invalid(format!("`pointer` leads deeper than {MAX_DEPTH} levels")));
        }
        let mut here = self;
        for step in steps(pointer)? {
            // Only what was there before can refuse, and the way goes through all of that first.
            here = here.entered(&step, pointer)?;
        }
        *here = value;
        Ok(())
    }

    /// Takes away what is at the pointer; `false` when there is nothing.
    pub(crate) fn remove(&mut self, pointer: &str) -> Result<bool, Failure> {
        let Some((parent, _)) = pointer.rsplit_once('/') else {
            return Err(invalid("`pointer` is the whole value, which cannot be removed"));
        };
        let Some(step) = steps(pointer)?.last() else {
            return Ok(false);
        };
        Ok(match self.find_mut(parent)? {
            Some(Tree::Object(members)) => members.shift_remove(step.as_ref()).is_some(),
            Some(Tree::List(items)) => match index(&step) {
                Some(index) if index < items.len() => {
                    items.remove(index);
                    true
                }
                _ => false,
            },
            _ => false,
        })
    }

    fn find_mut(&mut self, pointer: &str) -> Result<Option<&mut Tree>, Failure> {
        let mut here = self;
        for step in steps(pointer)? {
            let next = match here {
                Tree::Object(members) => members.get_mut(step.as_ref()),
                Tree::List(items) => index(&step).and_then(|index| items.get_mut(index)),
                _ => None,
            };
            let Some(next) = next else { return Ok(None) };
            here = next;
        }
        Ok(Some(here))
    }

    /// The child at this step; made when it is missing.
    fn entered(&mut self, step: &str, pointer: &str) -> Result<&mut Tree, Failure> {
        if matches!(self, Tree::Null) {
            *self = if matches!(step, "0" | END) {
                Tree::List(Vec::new())
            } else {
                Tree::Object(Default::default())
            };
        }
        match self {
            Tree::Object(members) => Ok(members.entry(Text::new(step)).or_insert(Tree::Null)),
            Tree::List(items) => {
                let length = items.len();
                let index = if step == END { Some(length) } else { index(step) };
                let index = index.filter(|index| *index <= length).ok_or_else(|| {
                    invalid(format!(
                        "{pointer}: a list of {length} items can be set from 0 to {length}, the end also as -"
                    ))
                })?;
                if index == length {
                    items.push(Tree::Null);
                }
                items.get_mut(index).ok_or_else(|| invalid("the list has no such item"))
            }
            other => Err(invalid(format!(
                "{pointer}: leads through a value of type {}",
                other.kind().id()
            ))),
        }
    }
}

/// The unescaped steps of a pointer; none for the whole document.
fn steps(pointer: &str) -> Result<impl Iterator<Item = Cow<'_, str>>, Failure> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(invalid("`pointer` must be empty or begin with /"));
    }
    Ok(pointer.split('/').skip(1).map(unescaped))
}

fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') {
        Cow::Owned(step.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(step)
    }
}

/// A position in a list: digits without a needless zero.
fn index(step: &str) -> Option<usize> {
    let plain = step == "0" || !step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| step.parse().ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tree(value: Value) -> Tree {
        Tree::from(value)
    }

    fn set(tree: &mut Tree, pointer: &str) -> bool {
        tree.set(pointer, Tree::Flag(true)).is_ok()
    }

    #[test]
    fn what_is_missing_on_the_way_is_made() {
        let mut made = tree(json!({"n": null}));
        for pointer in [
            "/a/b",
            "/l/0/x",
            "/l/-/x",
            "/l/1/y",
            "/n/-",
            "/d/1",
            "/a~1b/c~0d",
            "/e//f",
        ] {
            assert!(set(&mut made, pointer), "{pointer}");
        }
        let expected = json!({
            "n": [true], "a": {"b": true}, "l": [{"x": true}, {"x": true, "y": true}],
            "d": {"1": true}, "a/b": {"c~d": true}, "e": {"": {"f": true}},
        });
        assert_eq!(made.to_json(), expected);
    }

    #[test]
    fn a_setting_that_fails_changes_nothing() {
        let before = json!({"t": "text", "l": [1]});
        let mut document = tree(before.clone());
        let deep = "/x".repeat(MAX_DEPTH + 1);
        for pointer in ["a", "/t/x", "/t/0", "/l/2", "/l/01", "/l/x", "/l/0/x", &deep] {
            assert!(!set(&mut document, pointer), "{pointer}");
            assert_eq!(document.to_json(), before, "{pointer}");
        }
    }

    #[test]
    fn the_whole_value_can_be_set_and_not_removed() {
        let mut document = tree(json!({}));
        assert!(document.remove("").is_err());
        assert!(set(&mut document, ""));
        assert_eq!(document.to_json(), json!(true));
    }

    #[test]
    fn removing_closes_the_gap_and_keeps_the_order() {
        let mut document = tree(json!({"a": 1, "b": [1, 2, 3], "c": 3}));
        for (pointer, removed) in [
            ("/b/1", true),
            ("/b/2", false),
            ("/b/-", false),
            ("/a", true),
            ("/a", false),
            ("/c/x", false),
        ] {
            assert_eq!(document.remove(pointer).ok(), Some(removed), "{pointer}");
        }
        assert_eq!(document.to_json().to_string(), r#"{"b":[1,3],"c":3}"#);
    }

    #[test]
    fn finding_follows_rfc_6901() {
        let document = tree(json!({"": 0, "a/b": 1, "m~n": 2, "~1": 3, "l": [4]}));
        let at = |pointer: &str| document.find(pointer).ok().flatten().map(Tree::to_json);
        assert_eq!(at("/"), Some(json!(0)));
        assert_eq!(at("/a~1b"), Some(json!(1)));
        assert_eq!(at("/m~0n"), Some(json!(2)));
        assert_eq!(at("/~01"), Some(json!(3)));
        assert_eq!(
            (at("/l/0"), at("/l/1"), at("/l/-"), at("/l/00")),
            (Some(json!(4)), None, None, None)
        );
        assert!(document.find("l").is_err());
    }
}
