//! The template engine as every template finds it: strict, and with filters for names and comments.
//!
//! Filters for names: `snake`, `camel`, `pascal`, `screaming`, `kebab`.
//! Filters for documentation: `plain("camel")` takes the core's text to the language's names; `wrap("# ", 100)` breaks it
//! into lines with a prefix, and `block("    ", 100)` makes a comment between `/**` and `*/` of it, indented.
//! `xml` makes text for XML comments of it, and `javadoc` for those of Java, before it is broken into lines.
//! `quoted` writes a text as a string literal that C, C++, C#, Java, JavaScript and Python read.

use std::path::Path;
use std::sync::Arc;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, path_loader};

use crate::case::Case;
use crate::prose::{self, Names};

/// Columns of a line of generated text, if the template does not ask for others.
const WIDTH: usize = 120;

/// Reads templates from `folder`; `names` are the names of the service that documentation may mention.
pub(crate) fn environment(folder: &Path, names: Names) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_loader(path_loader(folder));
    // A misspelt name in a template is an error, never an empty text.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // A line with nothing but a tag leaves nothing behind.
    let syntax = environment
        .syntax()
        .to_builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    environment.set_syntax(syntax);
    for (name, case) in Case::ALL {
        environment.add_filter(name, move |text: String| case.apply(&text));
    }
    let names = Arc::new(names);
    environment.add_filter("plain", move |doc: String, case: String| match Case::named(&case) {
        Some(case) => Ok(prose::plain(&doc, &names, case)),
        None => Err(Error::new(ErrorKind::InvalidOperation, format!("no case {case:?}"))),
    });
    environment.add_filter("wrap", |text: String, prefix: String, width: Option<usize>| {
        prose::wrapped(&text, &prefix, width.unwrap_or(WIDTH))
    });
    environment.add_filter("block", |text: String, indent: Option<String>, width: Option<usize>| {
        prose::block_comment(&text, &indent.unwrap_or_default(), width.unwrap_or(WIDTH))
    });
    environment.add_filter("xml", |text: String| prose::xml(&text));
    environment.add_filter("javadoc", |text: String| prose::javadoc(&text));
    environment.add_filter("quoted", |text: String| quoted(&text));
    Ok(environment)
}

/// A string literal; ASCII control characters become escapes that all these languages have.
fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c => literal.push(c),
        }
    }
    literal + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str) -> Result<String, Error> {
        let names = Names::from([("callee_nbr".to_owned(), "callee_nbr".to_owned())]);
        environment(Path::new("."), names)?.render_str(template, ())
    }

    #[test]
    fn filters_chain() {
        let text = rendered(r#"{{ "See `callee_nbr`." | plain("pascal") | wrap("// ") }}"#);
        assert_eq!(text.unwrap(), "// See `CalleeNbr`.");
        assert_eq!(rendered(r#"{{ 'a"\\b' | quoted }}"#).unwrap(), r#""a\"\\b""#);
    }

    #[test]
    fn a_misspelt_name_is_an_error() {
        assert!(rendered("{{ feild }}").is_err());
        assert!(rendered(r#"{{ "text" | plain("camle") }}"#).is_err());
    }
}
