//! The value API of the C ABI, as a C program uses it. An input is a program: the first line is a document, each further
//! line an order such as `set /a/0 {"b":1}`. After each order the document has to be what serde_json's own values and
//! pointers make of it, and every text that is handed out has to be a text of that document, with a NUL behind it.

use std::ffi::{CString, c_char, c_void};
use std::ptr::null_mut;

use serde_json::{Map, Value, json};

use crate::Seed;

// The library is linked for its C functions alone.
use voicecall as _;

const OK: i32 = 0;
const ABSENT: i32 = 1;
/// Deepest nesting that can be set.
const MAX_DEPTH: usize = 128;

/// Panics when a property does not hold.
pub fn check(input: &[u8]) {
    let Ok(program) = std::str::from_utf8(input) else {
        return;
    };
    let mut lines = program.lines();
    let Some(document) = Document::parse(lines.next().unwrap_or_default()) else {
        return;
    };
    lines.take(64).fold(document, Document::obey);
}

/// The document in both worlds.
struct Document {
    handle: *mut c_void,
    model: Value,
}

impl Document {
    /// Both readers accept a text, or both refuse it.
    fn parse(text: &str) -> Option<Document> {
        let mut handle = null_mut();
        // SAFETY: the text has this length; the out-parameter is writable.
        let status = unsafe { voicecall_value_parse(text.as_ptr().cast(), text.len(), &mut handle, null_mut()) };
        let model = serde_json::from_str(text).ok();
        assert_eq!(status == OK, model.is_some(), "{text}");
        let document = Document { handle, model: model? };
        document.is_the_same("");
        Some(document)
    }

    fn obey(mut self, line: &str) -> Document {
        let mut words = line.splitn(3, ' ');
        let (order, pointer, rest) = (
            words.next(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let Ok(c_pointer) = CString::new(pointer) else {
            return self;
        };
        let before = self.model.clone();
        let (status, expected) = match order {
            Some("get") => {
                self.reads(pointer, &c_pointer);
                return self;
            }
            Some("set") => self.set_json(pointer, &c_pointer, rest),
            Some("text") => self.set_text(pointer, &c_pointer, rest),
            Some("integer") => self.set_integer(pointer, &c_pointer, rest.parse().unwrap_or(i64::MIN)),
            Some("flag") => self.set_flag(pointer, &c_pointer, rest == "true"),
            Some("remove") => self.remove(pointer, &c_pointer),
            _ => return self,
        };
        assert_eq!(status == OK, expected, "{line}");
        if !expected {
            assert_eq!(self.model, before);
        }
        self.is_the_same("");
        self.reads(pointer, &c_pointer);
        self
    }

    fn set_json(&mut self, pointer: &str, c_pointer: &CString, text: &str) -> (i32, bool) {
        let handle = self.handle;
        // SAFETY: the handle lives; the pointer ends with a NUL; the text has this length.
        let status = unsafe {
            voicecall_value_set_json(handle, c_pointer.as_ptr(), text.as_ptr().cast(), text.len(), null_mut())
        };
        let value = serde_json::from_str(text).ok();
        (status, value.is_some_and(|value| put(&mut self.model, pointer, value)))
    }

    fn set_text(&mut self, pointer: &str, c_pointer: &CString, text: &str) -> (i32, bool) {
        let handle = self.handle;
        // SAFETY: as above.
        let status = unsafe {
            voicecall_value_set_text(handle, c_pointer.as_ptr(), text.as_ptr().cast(), text.len(), null_mut())
        };
        (status, put(&mut self.model, pointer, json!(text)))
    }

    fn set_integer(&mut self, pointer: &str, c_pointer: &CString, integer: i64) -> (i32, bool) {
        // SAFETY: the handle lives; the pointer ends with a NUL.
        let status = unsafe { voicecall_value_set_integer(self.handle, c_pointer.as_ptr(), integer, null_mut()) };
        (status, put(&mut self.model, pointer, json!(integer)))
    }

    fn set_flag(&mut self, pointer: &str, c_pointer: &CString, flag: bool) -> (i32, bool) {
        // SAFETY: the handle lives; the pointer ends with a NUL.
        let status = unsafe { voicecall_value_set_flag(self.handle, c_pointer.as_ptr(), flag, null_mut()) };
        (status, put(&mut self.model, pointer, json!(flag)))
    }

    fn remove(&mut self, pointer: &str, c_pointer: &CString) -> (i32, bool) {
        // SAFETY: the handle lives; the pointer ends with a NUL.
        let status = unsafe { voicecall_value_remove(self.handle, c_pointer.as_ptr(), null_mut()) };
        (status, take(&mut self.model, pointer))
    }

    /// Prints what is at the pointer and compares.
    fn is_the_same(&self, pointer: &str) {
        let c_pointer = CString::new(pointer).expect("no NUL");
        let (mut text, mut length) = (std::ptr::null(), 0);
        // SAFETY: the handle lives; the pointer ends with a NUL; the out-parameters are writable.
        let status =
            unsafe { voicecall_value_print(self.handle, c_pointer.as_ptr(), &mut text, &mut length, null_mut()) };
        let printed = self.model.pointer(pointer).map(Value::to_string);
        assert_eq!(status == OK, printed.is_some(), "{pointer}");
        if let Some(printed) = printed {
            assert_eq!(handed_out(text, length), printed);
        }
    }

    /// Asks everything that can be asked at a pointer.
    fn reads(&self, pointer: &str, c_pointer: &CString) {
        self.is_the_same(pointer);
        let found = self.model.pointer(pointer);
        let (handle, at) = (self.handle, c_pointer.as_ptr());
        let (mut kind, mut count, mut integer, mut flag) = (-1, usize::MAX, 0, false);
        let (mut text, mut length) = (std::ptr::null(), 0);
        // SAFETY: the handle lives; the pointer ends with a NUL; the out-parameters are writable.
        let (typed, counted, read, whole, truth) = unsafe {
            (
                voicecall_value_type(handle, at, &mut kind, null_mut()),
                voicecall_value_length(handle, at, &mut count, null_mut()),
                voicecall_value_get_text(handle, at, &mut text, &mut length, null_mut()),
                voicecall_value_get_integer(handle, at, &mut integer, null_mut()),
                voicecall_value_get_flag(handle, at, &mut flag, null_mut()),
            )
        };
        assert_eq!((typed == OK, kind >= 0), (found.is_some(), found.is_some()));
        if matches!(found, None | Some(Value::Null)) && (pointer.is_empty() || pointer.starts_with('/')) {
            assert_eq!([counted, read, whole, truth], [ABSENT; 4], "{pointer}");
        }
        let items = found.and_then(|value| {
            value
                .as_array()
                .map(Vec::len)
                .or_else(|| value.as_object().map(Map::len))
        });
        assert_eq!((counted == OK).then_some(count), items);
        assert_eq!((whole == OK).then_some(integer), found.and_then(Value::as_i64));
        assert_eq!((truth == OK).then_some(flag), found.and_then(Value::as_bool));
        assert_eq!(
            (read == OK).then(|| handed_out(text, length)),
            found.and_then(Value::as_str)
        );
        self.names_are_the_same(found.and_then(Value::as_object), at);
    }

    /// The names of an object's members, one by one and in order; behind the last one there is none.
    fn names_are_the_same(&self, members: Option<&Map<String, Value>>, at: *const c_char) {
        let names: Vec<_> = members.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        for index in 0..=names.len() {
            let (mut text, mut length) = (std::ptr::null(), 0);
            // SAFETY: the handle lives; the pointer ends with a NUL; the out-parameters are writable.
            let status = unsafe { voicecall_value_key(self.handle, at, index, &mut text, &mut length, null_mut()) };
            assert_eq!(
                (status == OK).then(|| handed_out(text, length)),
                names.get(index).copied()
            );
        }
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        // SAFETY: made by voicecall_value_parse() and freed once.
        unsafe { voicecall_value_free(self.handle) }
    }
}

/// A borrowed text: as long as it says, and with a NUL behind it.
fn handed_out<'a>(text: *const c_char, length: usize) -> &'a str {
    // SAFETY: the library promises this many bytes and a NUL; that they are there is what the address sanitizer checks.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length + 1) };
    assert_eq!(bytes.last(), Some(&0));
    std::str::from_utf8(&bytes[..length]).expect("UTF-8")
}

/// The rules of voicecall_value_set_text() on serde_json's values; `false`: refused, and nothing has changed.
fn put(document: &mut Value, pointer: &str, value: Value) -> bool {
    let Some(steps) = steps(pointer).filter(|steps| steps.len() + depth(&value) <= MAX_DEPTH) else {
        return false;
    };
    let mut changed = document.clone();
    let mut here = &mut changed;
    for step in &steps {
        if here.is_null() {
            *here = if step == "0" || step == "-" {
                json!([])
            } else {
                json!({})
            };
        }
        here = match here {
            Value::Object(members) => members.entry(step.clone()).or_insert(Value::Null),
            Value::Array(items) => {
                let index = if step == "-" { Some(items.len()) } else { position(step) };
                let Some(index) = index.filter(|index| *index <= items.len()) else {
                    return false;
                };
                if index == items.len() {
                    items.push(Value::Null);
                }
                &mut items[index]
            }
            _ => return false,
        };
    }
    *here = value;
    *document = changed;
    true
}

/// The rules of voicecall_value_remove().
fn take(document: &mut Value, pointer: &str) -> bool {
    let Some((last, parents)) = steps(pointer)
        .as_deref()
        .and_then(<[String]>::split_last)
        .map(|(last, parents)| {
            let parents: String = parents
                .iter()
                .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
                .collect();
            (last.clone(), parents)
        })
    else {
        return false;
    };
    match document.pointer_mut(&parents) {
        Some(Value::Object(members)) => members.shift_remove(&last).is_some(),
        Some(Value::Array(items)) => match position(&last).filter(|index| *index < items.len()) {
            Some(index) => {
                items.remove(index);
                true
            }
            None => false,
        },
        _ => false,
    }
}

fn steps(pointer: &str) -> Option<Vec<String>> {
    let steps = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"));
    (pointer.is_empty() || pointer.starts_with('/')).then(|| steps.collect())
}

fn position(step: &str) -> Option<usize> {
    let plain = step == "0" || !step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| step.parse().ok())?
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Programs that use every order.
pub fn seeds() -> Vec<Seed> {
    let programs = [
        (
            "reads",
            "{\"a\":[1,-1,0.5,true,null,\"t\"],\"b\":{\"c\":\"语音\"}}\nget /a/0\nget /a/2\nget /a/5\nget /b\nget /b/c\nget /x",
        ),
        (
            "way-is-made",
            "{\"n\":null}\nset /a/b 1\nset /l/0/x true\nset /l/- []\ntext /l/1/0 t\nset /n/- {}\nflag /d/1 true",
        ),
        (
            "escapes",
            "{\"a/b\":{\"c~d\":1},\"\":2,\"~1\":3}\nget /a~1b/c~0d\nget /\nget /~01\ntext /a~1b/e~1f g",
        ),
        (
            "refusals",
            "{\"t\":\"text\",\"l\":[1]}\nset a 1\nset /t/x 1\nset /l/2 1\nset /l/01 1\nset /l/x 1\nset /l/0/x 1\nset /l/0 {",
        ),
        (
            "removals",
            "{\"a\":1,\"b\":[1,2,3],\"c\":3}\nremove /b/1\nremove /b/2\nremove /b/-\nremove /a\nremove /a\nremove \nremove /c/x",
        ),
        ("whole-value", "[]\nset  {\"a\":{}}\ninteger /a/b -9\ntext  whole\nget "),
        ("twice", "{\"a\":1,\"b\":2,\"a\":3}\nget /a\nget "),
        (
            "escaped-texts",
            "{\"a\":\"\\u0000\\ud83d\\ude00\\\"\"}\nget /a\ntext /b \\u0000",
        ),
        (
            "numbers",
            "[9223372036854775807,9223372036854775808,1e300,-0,1.0]\nget /0\nget /1\nget /2\nget /3\nget /4",
        ),
    ];
    let deep = format!("{}\nset {} 1", "{}", "/x".repeat(MAX_DEPTH));
    let deeper = format!("{}\nset {} []", "{}", "/x".repeat(MAX_DEPTH));
    let programs = programs.iter().map(|(name, program)| (*name, (*program).to_owned()));
    let programs = programs.chain([("deep", deep), ("too-deep", deeper)]);
    programs
        .map(|(name, program)| (name.to_owned(), program.into_bytes()))
        .collect()
}

/// Orders and steps.
pub fn words() -> Vec<String> {
    let words = [
        "\nget ",
        "\nset ",
        "\ntext ",
        "\ninteger ",
        "\nflag ",
        "\nremove ",
        "/0",
        "/-",
        "/a",
        "/~0",
        "/~1",
        " null",
        " {}",
        " []",
    ];
    words.map(str::to_owned).to_vec()
}

// Handles and out-parameters as C has them; see include/voicecall.h.
unsafe extern "C" {
    fn voicecall_value_parse(
        json: *const c_char,
        length: usize,
        value: *mut *mut c_void,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_print(
        value: *mut c_void,
        pointer: *const c_char,
        json: *mut *const c_char,
        length: *mut usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_type(
        value: *const c_void,
        pointer: *const c_char,
        r#type: *mut i32,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_length(
        value: *const c_void,
        pointer: *const c_char,
        length: *mut usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_key(
        value: *const c_void,
        pointer: *const c_char,
        index: usize,
        key: *mut *const c_char,
        length: *mut usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_get_text(
        value: *const c_void,
        pointer: *const c_char,
        text: *mut *const c_char,
        length: *mut usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_get_integer(
        value: *const c_void,
        pointer: *const c_char,
        integer: *mut i64,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_get_flag(
        value: *const c_void,
        pointer: *const c_char,
        flag: *mut bool,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_set_text(
        value: *mut c_void,
        pointer: *const c_char,
        text: *const c_char,
        length: usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_set_integer(
        value: *mut c_void,
        pointer: *const c_char,
        integer: i64,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_set_flag(value: *mut c_void, pointer: *const c_char, flag: bool, error: *mut *mut c_void)
    -> i32;
    fn voicecall_value_set_json(
        value: *mut c_void,
        pointer: *const c_char,
        json: *const c_char,
        length: usize,
        error: *mut *mut c_void,
    ) -> i32;
    fn voicecall_value_remove(value: *mut c_void, pointer: *const c_char, error: *mut *mut c_void) -> i32;
    fn voicecall_value_free(value: *mut c_void);
}
