//! `voicecall_value`: a JSON document for programs that have no JSON library.

mod pointer;
mod tree;

use std::ffi::c_char;
use std::mem::MaybeUninit;

use serde_json::{Map, Value};
use voicecall_core::Rule;

use crate::arguments::{c_text, given, invalid, text};
use crate::boundary::{Failure, release, run};
use crate::error::voicecall_error;
use crate::numbers::voicecall_status;
use crate::text::Text;
pub(crate) use tree::Tree;

/// A JSON document: settings, arguments, answers, records. One thread at a time, may move between threads; while
/// nobody changes it, any number of threads may read it. Its memory is wiped when it is freed.
pub struct voicecall_value {
    pub(crate) tree: Tree,
    /// What was printed last, for the caller to read.
    printed: Option<Text>,
}

impl voicecall_value {
    /// A new value, owned by the caller from now on.
    pub(crate) fn hand_over(value: Value) -> *mut voicecall_value {
        Box::into_raw(Box::new(voicecall_value {
            tree: Tree::from(value),
            printed: None,
        }))
    }

    /// The same for an object whose text the caller may want at once; it is borrowed from the value.
    pub(crate) fn hand_over_printed(
        members: Map<String, Value>,
        json: Option<&mut MaybeUninit<*const c_char>>,
        length: Option<&mut MaybeUninit<usize>>,
    ) -> *mut voicecall_value {
        let members = Value::Object(members);
        let printed = json.map(|json| {
            // Writing what was read into memory cannot fail.
            let printed = Text::from(serde_json::to_string(&members).unwrap_or_default());
            printed.hand_out(json, length);
            printed
        });
        Box::into_raw(Box::new(voicecall_value {
            tree: Tree::from(members),
            printed,
        }))
    }

    /// The members of an object, as the core takes them.
    pub(crate) fn object(&self, name: &str) -> Result<Map<String, Value>, Failure> {
        self.tree
            .to_object()
            .ok_or_else(|| invalid(format!("`{name}` is not an object but {}", self.tree.kind().id())))
    }

    /// What is at the pointer and not null.
    fn present(&self, pointer: &str) -> Result<&Tree, Failure> {
        match self.tree.find(pointer)? {
            None | Some(Tree::Null) => Err(Failure::Absent),
            Some(tree) => Ok(tree),
        }
    }
}

/// Tells the types, never the value: that may be a secret.
fn wrong_type(pointer: &str, expected: &str, got: &Tree) -> Failure {
    invalid(format!("{pointer}: expected {expected}, got {}", got.kind().id()))
}

/// Makes a value: an empty object.
///
/// `value`: gets the new value, owned by the caller, free with voicecall_value_free().
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_value_new(
    value: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        given(value, "value")?.write(voicecall_value::hand_over(Value::Object(Map::new())));
        Ok(())
    })
}

/// Reads JSON text into a new value. Of a member that comes twice the last one counts; no more than 128 levels of
/// nesting.
///
/// `json`, `length`: the text, copied before return.
/// `value`: gets the new value, owned by the caller, free with voicecall_value_free().
///
/// # Safety
/// `json` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED it ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_parse(
    json: *const c_char,
    length: usize,
    value: Option<&mut MaybeUninit<*mut voicecall_value>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        // SAFETY: this function's contract.
        let json = unsafe { text(json, length, "json") }?;
        given(value, "value")?.write(voicecall_value::hand_over(parsed(json)?));
        Ok(())
    })
}

/// Prints a value, or what is at a pointer in it, as compact JSON.
///
/// `json`: gets a text that is borrowed until the value is changed, printed again or freed.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns VOICECALL_ABSENT when there is nothing at the pointer.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_print(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    json: Option<&mut MaybeUninit<*const c_char>>,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let json = given(json, "json")?;
        let tree = value.tree.find(pointer)?.ok_or(Failure::Absent)?;
        let printed = serde_json::to_string(tree).map_err(|error| invalid(error.to_string()))?;
        value.printed.insert(Text::from(printed)).hand_out(json, length);
        Ok(())
    })
}

/// Tells the type of what is at a pointer.
///
/// `type`: gets one of VOICECALL_TYPE_NULL and so on.
///
/// Returns VOICECALL_ABSENT when there is nothing at the pointer.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_type(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    r#type: Option<&mut MaybeUninit<i32>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let out = given(r#type, "type")?;
        out.write(value.tree.find(pointer)?.ok_or(Failure::Absent)?.kind().number());
        Ok(())
    })
}

/// Counts the items of the list, or the members of the object, at a pointer.
///
/// Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
/// types.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_length(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let out = given(length, "length")?;
        out.write(match value.present(pointer)? {
            Tree::List(items) => items.len(),
            Tree::Object(members) => members.len(),
            other => return Err(wrong_type(pointer, "a list or an object", other)),
        });
        Ok(())
    })
}

/// Gives the name of a member of the object at a pointer. Members keep the order in which they came:
///
///     for (i = 0; voicecall_value_key(value, "", i, &key, NULL, NULL) == VOICECALL_OK; i++) ...
///
/// In a pointer, write ~ in a name as ~0 and / as ~1.
///
/// `key`: gets a text that is borrowed until the value is changed or freed.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns VOICECALL_ABSENT behind the last member, and when there is nothing, or null, at the pointer;
/// VOICECALL_INVALID_ARGUMENT for other types.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_key(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    index: usize,
    key: Option<&mut MaybeUninit<*const c_char>>,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let key = given(key, "key")?;
        match value.present(pointer)? {
            Tree::Object(members) => members.get_index(index).ok_or(Failure::Absent)?.0.hand_out(key, length),
            other => return Err(wrong_type(pointer, "an object", other)),
        }
        Ok(())
    })
}

/// Reads the text at a pointer.
///
/// `text`: gets a text that is borrowed until the value is changed or freed.
/// `length`: gets the number of bytes; may be NULL.
///
/// Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
/// types.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_get_text(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    text: Option<&mut MaybeUninit<*const c_char>>,
    length: Option<&mut MaybeUninit<usize>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let out = given(text, "text")?;
        match value.present(pointer)? {
            Tree::Text(text) => text.hand_out(out, length),
            other => return Err(wrong_type(pointer, "text", other)),
        }
        Ok(())
    })
}

/// Reads the whole number at a pointer.
///
/// Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
/// types, fractions and numbers of more than 64 bits.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_get_integer(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    integer: Option<&mut MaybeUninit<i64>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let out = given(integer, "integer")?;
        let found = value.present(pointer)?;
        let integer = match found {
            Tree::Number(number) => number.as_i64(),
            _ => None,
        };
        out.write(integer.ok_or_else(|| wrong_type(pointer, "integer", found))?);
        Ok(())
    })
}

/// Reads the truth value at a pointer.
///
/// Returns VOICECALL_ABSENT when there is nothing, or null, at the pointer; VOICECALL_INVALID_ARGUMENT for other
/// types.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_get_flag(
    value: Option<&voicecall_value>,
    pointer: *const c_char,
    flag: Option<&mut MaybeUninit<bool>>,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let out = given(flag, "flag")?;
        match value.present(pointer)? {
            Tree::Flag(flag) => out.write(*flag),
            other => return Err(wrong_type(pointer, "flag", other)),
        };
        Ok(())
    })
}

/// Puts a text at a pointer. What is missing on the way is made: a list where the next step is 0 or -, an object
/// otherwise; null counts as missing. The step - stands for the end of a list. A list gets no holes: only an item that
/// is there, or the end, can be set. On an error nothing has changed.
///
/// `text`, `length`: the text, copied before return.
///
/// Returns VOICECALL_INVALID_ARGUMENT, with the pointer in VOICECALL_ERROR_FIELD, for what is no UTF-8.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL. `text` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED
/// it ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_set_text(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    text: *const c_char,
    length: usize,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        let broken = if text.is_null() { Rule::Type } else { Rule::Characters };
        // SAFETY: this function's contract.
        let text = unsafe { crate::arguments::text(text, length, "text") };
        let text = text.map_err(|failure| failure.at(pointer, broken))?;
        value.tree.set(pointer, Tree::Text(Text::new(text)))
    })
}

/// Puts a whole number at a pointer; see voicecall_value_set_text().
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_set_integer(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    integer: i64,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        value.tree.set(pointer, Tree::Number(integer.into()))
    })
}

/// Puts a truth value at a pointer; see voicecall_value_set_text().
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_set_flag(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    flag: bool,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        value.tree.set(pointer, Tree::Flag(flag))
    })
}

/// Reads JSON text and puts it at a pointer: null, fractions, whole lists and objects; see voicecall_value_set_text().
///
/// `json`, `length`: the text, copied before return.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL. `json` is NULL or has `length` bytes; with VOICECALL_NUL_TERMINATED
/// it ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_set_json(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    json: *const c_char,
    length: usize,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let (pointer, json) = unsafe { (c_text(pointer, "pointer")?, text(json, length, "json")) };
        let parsed = json
            .and_then(parsed)
            .map_err(|failure| failure.at(pointer, Rule::Type))?;
        value.tree.set(pointer, Tree::from(parsed))
    })
}

/// Removes what is at a pointer; later items of a list move up. The whole value ("") cannot be removed.
///
/// Returns VOICECALL_ABSENT when there is nothing at the pointer.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn voicecall_value_remove(
    value: Option<&mut voicecall_value>,
    pointer: *const c_char,
    error: Option<&mut MaybeUninit<*mut voicecall_error>>,
) -> voicecall_status {
    run(error, || {
        let value = given(value, "value")?;
        // SAFETY: this function's contract.
        let pointer = unsafe { c_text(pointer, "pointer") }?;
        if value.tree.remove(pointer)? {
            Ok(())
        } else {
            Err(Failure::Absent)
        }
    })
}

/// Frees a value. NULL is fine. Must not be called twice with the same value.
#[unsafe(no_mangle)]
pub extern "C" fn voicecall_value_free(value: Option<Box<voicecall_value>>) {
    release(value);
}

/// The parser's message names position and reason, not the text.
fn parsed(json: &str) -> Result<Value, Failure> {
    serde_json::from_str(json).map_err(|error| invalid(format!("`json` cannot be read: {error}")))
}
