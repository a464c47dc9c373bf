//! The functions of the C ABI as templates see them, read from `include/voicecall.h`: what C#, Java and PHP declare once
//! more, in their own words.
//!
//! Reads the form that cbindgen and xtask write, no other C.

use serde::Serialize;

/// What `voicecall.h` declares.
#[derive(Debug, Serialize)]
pub(crate) struct Abi {
    /// `client`, `error`, …: the opaque types without their prefix.
    handles: Vec<String>,
    functions: Vec<Function>,
    /// Constants that are plain integers.
    numbers: Vec<Number>,
}

#[derive(Debug, Serialize)]
struct Function {
    /// `voicecall_client_new`.
    name: String,
    /// `voicecall_status`, `const char *` and so on.
    returns: String,
    parameters: Vec<Parameter>,
}

#[derive(Debug, Serialize)]
struct Parameter {
    name: String,
    /// `const char *`, `voicecall_error **` and so on.
    ty: String,
}

#[derive(Debug, Serialize)]
struct Number {
    /// `DELIVERY_NOT_SENT`: without the prefix of the library.
    name: String,
    value: i64,
}

impl Abi {
    /// Reads the text of `voicecall.h`.
    pub(crate) fn of(header: &str) -> Abi {
        let code = without_comments(header);
        Abi {
            handles: code.lines().filter_map(handle).collect(),
            functions: code.split_inclusive(';').filter_map(function).collect(),
            numbers: code.lines().filter_map(number).collect(),
        }
    }
}

fn without_comments(header: &str) -> String {
    let mut pieces = header.split("/*");
    let mut code = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        code += piece.split_once("*/").map_or("", |(_, after)| after);
    }
    code
}

/// `typedef struct voicecall_client voicecall_client;`
fn handle(line: &str) -> Option<String> {
    let (_, name) = line
        .strip_prefix("typedef struct ")?
        .strip_suffix(';')?
        .split_once(' ')?;
    Some(name.strip_prefix("voicecall_")?.to_owned())
}

/// `voicecall_status voicecall_value_new(voicecall_value **value, voicecall_error **error);`, over any number of lines.
fn function(statement: &str) -> Option<Function> {
    let words: Vec<_> = statement
        .lines()
        .filter(|line| !line.starts_with(['#', '}']) && !line.starts_with("extern"))
        .flat_map(str::split_whitespace)
        .collect();
    let statement = words.join(" ");
    if statement.starts_with("typedef") || statement.contains('{') {
        return None;
    }
    let (head, parameters) = statement.strip_suffix(");")?.split_once('(')?;
    let Parameter { name, ty } = declared(head);
    let parameters = parameters.split(", ").filter(|parameter| *parameter != "void");
    Some(Function {
        name,
        returns: ty,
        parameters: parameters.map(declared).collect(),
    })
}

/// `const char *name` is the name and what stands before it.
fn declared(text: &str) -> Parameter {
    let begin = text.rfind([' ', '*']).map_or(0, |at| at + 1);
    let (ty, name) = text.split_at(begin);
    Parameter {
        name: name.to_owned(),
        ty: ty.trim_end().to_owned(),
    }
}

/// `VOICECALL_OK = 0,` or `#define VOICECALL_ABI_VERSION 0`.
fn number(line: &str) -> Option<Number> {
    let (name, value) = match line.strip_prefix("#define ") {
        Some(macro_) => macro_.split_once(' ')?,
        None => line.trim().strip_suffix(',')?.split_once(" = ")?,
    };
    Some(Number {
        name: name.strip_prefix("VOICECALL_")?.to_owned(),
        value: value.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::Abi;

    const HEADER: &str = include_str!("../../../../include/voicecall.h");

    #[test]
    fn every_function_of_the_header_is_read() {
        let abi = Abi::of(HEADER);
        let declared = HEADER.lines().filter(|line| {
            line.starts_with(|c: char| c.is_ascii_lowercase()) && !line.starts_with("typedef") && line.contains('(')
        });
        assert_eq!(abi.functions.len(), declared.count());
        assert_eq!(
            abi.handles,
            [
                "client", "error", "event", "intake", "receipt", "received", "value", "webhook"
            ]
        );
    }

    #[test]
    fn types_and_names_are_told_apart() {
        let abi = Abi::of(
            "typedef struct voicecall_x voicecall_x;\n/** a; */\nconst char *voicecall_f(void);\n#ifdef X\nvoid voicecall_g(const char *const *a,\n      size_t b);\n#define VOICECALL_N 7\n    VOICECALL_M = 3,\n",
        );
        let [f, g] = abi.functions.as_slice() else {
            panic!("{abi:?}")
        };
        assert_eq!(
            (f.name.as_str(), f.returns.as_str(), f.parameters.len()),
            ("voicecall_f", "const char *", 0)
        );
        assert_eq!(
            (g.parameters[0].ty.as_str(), g.parameters[0].name.as_str()),
            ("const char *const *", "a")
        );
        assert_eq!(
            (g.parameters[1].ty.as_str(), g.parameters[1].name.as_str()),
            ("size_t", "b")
        );
        let numbers: Vec<_> = abi
            .numbers
            .iter()
            .map(|number| (number.name.as_str(), number.value))
            .collect();
        assert_eq!(numbers, [("N", 7), ("M", 3)]);
    }
}
