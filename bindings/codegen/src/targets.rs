//! The files that are generated: which template writes which file.

use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, Value, context};

use crate::environment::environment;
use crate::model::{Abi, Model};

/// A generated file.
#[derive(Debug)]
pub struct Generated {
    /// Where it belongs, from the root of the repository.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// A template and what comes of it.
struct Target {
    /// Path in `templates/`.
    template: &'static str,
    /// Path of the file, from the root of the repository. A template itself where [`each`](Target::each) is given.
    path: &'static str,
    /// A list of the model: one file for each of its members, which template and path know as `item`. A member for which
    /// the template writes nothing has no file.
    each: Option<&'static str>,
}

const fn one(template: &'static str, path: &'static str) -> Target {
    Target {
        template,
        path,
        each: None,
    }
}

const fn one_for_each(list: &'static str, template: &'static str, path: &'static str) -> Target {
    Target {
        template,
        path,
        each: Some(list),
    }
}

/// Java has one file for each public type.
const JAVA_TYPE: &str = "bindings/java/src/generated/java/com/voicecall/{{ item.name }}.java";

const TARGETS: &[Target] = &[
    one("c/voicecall_calls.h.j2", "include/voicecall_calls.h"),
    one("cpp/voicecall_calls.hpp.j2", "include/voicecall_calls.hpp"),
    one("c/test_fields.c.j2", "ffi/tests/c/test_fields.c"),
    one("csharp/Answers.cs.j2", "bindings/csharp/src/Generated/Answers.cs"),
    one(
        "csharp/Enumerations.cs.j2",
        "bindings/csharp/src/Generated/Enumerations.cs",
    ),
    one("csharp/Errors.cs.j2", "bindings/csharp/src/Generated/Errors.cs"),
    one("csharp/Events.cs.j2", "bindings/csharp/src/Generated/Events.cs"),
    one(
        "csharp/IntakePlacing.cs.j2",
        "bindings/csharp/src/Generated/IntakePlacing.cs",
    ),
    one("csharp/Native.cs.j2", "bindings/csharp/src/Generated/Native.cs"),
    one("csharp/Numbers.cs.j2", "bindings/csharp/src/Generated/Numbers.cs"),
    one("csharp/Operations.cs.j2", "bindings/csharp/src/Generated/Operations.cs"),
    one("csharp/Requests.cs.j2", "bindings/csharp/src/Generated/Requests.cs"),
    one("csharp/Settings.cs.j2", "bindings/csharp/src/Generated/Settings.cs"),
    one_for_each("answers", "java/Answer.java.j2", JAVA_TYPE),
    one_for_each("enumerations", "java/Enumeration.java.j2", JAVA_TYPE),
    one_for_each("events", "java/Event.java.j2", JAVA_TYPE),
    one_for_each("requests", "java/Record.java.j2", JAVA_TYPE),
    one_for_each("settings", "java/Record.java.j2", JAVA_TYPE),
    one_for_each("stores", "java/Record.java.j2", JAVA_TYPE),
    one(
        "java/Delivery.java.j2",
        "bindings/java/src/generated/java/com/voicecall/Delivery.java",
    ),
    one(
        "java/ErrorKind.java.j2",
        "bindings/java/src/generated/java/com/voicecall/ErrorKind.java",
    ),
    one(
        "java/IntakePlacing.java.j2",
        "bindings/java/src/generated/java/com/voicecall/IntakePlacing.java",
    ),
    one(
        "java/Native.java.j2",
        "bindings/java/src/generated/java/com/voicecall/internal/Native.java",
    ),
    one(
        "java/Numbers.java.j2",
        "bindings/java/src/generated/java/com/voicecall/internal/Numbers.java",
    ),
    one(
        "java/Operations.java.j2",
        "bindings/java/src/generated/java/com/voicecall/Operations.java",
    ),
    one(
        "java/Retry.java.j2",
        "bindings/java/src/generated/java/com/voicecall/Retry.java",
    ),
    one("node/enumerations.ts.j2", "bindings/node/lib/generated/enumerations.ts"),
    one("node/errors.ts.j2", "bindings/node/lib/generated/errors.ts"),
    one("node/operations.ts.j2", "bindings/node/lib/generated/operations.ts"),
    one("node/records.ts.j2", "bindings/node/lib/generated/records.ts"),
    one("node/shapes.ts.j2", "bindings/node/lib/generated/shapes.ts"),
    one("node/types.ts.j2", "bindings/node/lib/generated/types.ts"),
    one(
        "php/ConfigSettings.php.j2",
        "bindings/php/src/Internal/ConfigSettings.php",
    ),
    one("php/Delivery.php.j2", "bindings/php/src/Delivery.php"),
    one(
        "php/IntakeSettings.php.j2",
        "bindings/php/src/Internal/IntakeSettings.php",
    ),
    one("php/ErrorKind.php.j2", "bindings/php/src/ErrorKind.php"),
    one("php/Numbers.php.j2", "bindings/php/src/Internal/Numbers.php"),
    one("php/Operations.php.j2", "bindings/php/src/Internal/Operations.php"),
    one("php/Retry.php.j2", "bindings/php/src/Retry.php"),
    one(
        "php/WebhookConfigSettings.php.j2",
        "bindings/php/src/Internal/WebhookConfigSettings.php",
    ),
    one("php/exceptions.php.j2", "bindings/php/src/Internal/Exceptions.php"),
    one("php/preload.h.j2", "bindings/php/include/preload.h"),
    one("php/voicecall.h.j2", "bindings/php/include/voicecall.h"),
    one_for_each("answers", "php/Answer.php.j2", "bindings/php/src/{{ item.name }}.php"),
    one_for_each(
        "enumerations",
        "php/Enumeration.php.j2",
        "bindings/php/src/{{ item.name }}.php",
    ),
    one_for_each(
        "events",
        "php/Fields.php.j2",
        "bindings/php/src/Internal/{{ item.name }}Fields.php",
    ),
    one_for_each(
        "kinds",
        "php/Exception.php.j2",
        "bindings/php/src/Exception/{{ item.id | pascal }}Exception.php",
    ),
    one("python/_native.pyi.j2", "bindings/python/python/voicecall/_native.pyi"),
    one("python/_results.py.j2", "bindings/python/python/voicecall/_results.py"),
    one("python/_surface.py.j2", "bindings/python/python/voicecall/_surface.py"),
    one("python/enums.py.j2", "bindings/python/python/voicecall/enums.py"),
    one("python/errors.py.j2", "bindings/python/python/voicecall/errors.py"),
    one("python/field_docs.rs.j2", "bindings/python/src/field_docs.rs"),
    one("python/models.py.j2", "bindings/python/python/voicecall/models.py"),
];

/// Generates every file. `header` is the text of `voicecall.h`, for languages that declare its functions themselves.
///
/// # Errors
/// A template that does not hold: the error names template and line.
pub fn targets(header: &str) -> Result<Vec<Generated>, String> {
    all(header).map_err(|error| format!("{error:#}"))
}

fn all(header: &str) -> Result<Vec<Generated>, Error> {
    let model = Model::of_core();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let environment = environment(&folder, model.names())?;
    let abi = Value::from(Serde(Abi::of(header)));
    let signature_header = voicecall_core::webhook::SIGNATURE_HEADER;
    let model = context! { abi, signature_header, ..Value::from(Serde(model)) };
    let files: Result<Vec<_>, Error> = TARGETS
        .iter()
        .map(|target| files(target, &environment, &model))
        .collect();
    Ok(files?.into_iter().flatten().collect())
}

fn files(target: &Target, environment: &Environment<'_>, model: &Value) -> Result<Vec<Generated>, Error> {
    let Some(list) = target.each else {
        return Ok(vec![file(target, environment, model, Value::from(()))?]);
    };
    let items = model.get_attr(list)?.try_iter()?;
    let files = items.map(|item| file(target, environment, model, item));
    files
        .filter(|file| !matches!(file, Ok(file) if file.text.is_empty()))
        .collect()
}

fn file(target: &Target, environment: &Environment<'_>, model: &Value, item: Value) -> Result<Generated, Error> {
    let generated_by = generated_by(target);
    let context = context! { item, generated_by => &generated_by, ..model.clone() };
    let path = environment.render_str(target.path, &context)?;
    let text = environment.get_template(target.template)?.render(&context)?;
    let is_left_out = target.each.is_some() && text.is_empty();
    if !is_left_out && !text.lines().take(HEAD).any(|line| line.contains(&generated_by)) {
        let message = format!(
            "{} must write {{{{ generated_by }}}} in its first lines",
            target.template
        );
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    }
    Ok(Generated { path, text })
}

/// Lines among which a generated file says so. Not always the first: some formats begin with lines of their own.
const HEAD: usize = 3;

/// What these lines say.
fn generated_by(target: &Target) -> String {
    format!(
        "Generated by bindings/codegen from the core's descriptors and templates/{}; run `cargo xtask gen`",
        target.template
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_template_makes_its_file_and_no_file_is_made_twice() {
        let files = targets(include_str!("../../../include/voicecall.h")).unwrap();
        let paths: HashSet<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len());
        for file in &files {
            assert!(
                file.text.ends_with('\n') && !file.text.ends_with("\n\n"),
                "{} ends with one line end",
                file.path
            );
            let untidy = file.text.lines().find(|line| line.ends_with([' ', '\t']));
            assert_eq!(untidy, None, "{}: blanks at the end of a line", file.path);
        }
    }

    #[test]
    fn one_file_for_each_member_of_a_list() {
        let mut environment = environment(Path::new("."), crate::prose::Names::new()).unwrap();
        environment
            .add_template("each", "// {{ generated_by }}\nrecord {{ item.name }}\n")
            .unwrap();
        let model = Value::from(Serde(Model::of_core()));
        let target = one_for_each("requests", "each", "java/{{ item.name }}.java");
        let files = files(&target, &environment, &model).unwrap();
        assert_eq!(files[0].path, "java/VoiceCallback.java");
        assert!(files[0].text.ends_with("record VoiceCallback\n"));
        assert_eq!(files.len(), 6);
    }

    #[test]
    fn a_member_for_which_nothing_is_written_has_no_file() {
        let mut environment = environment(Path::new("."), crate::prose::Names::new()).unwrap();
        let template = "{% if item.name == \"Recording\" %}\n// {{ generated_by }}\n{% endif %}\n";
        environment.add_template("some", template).unwrap();
        let model = Value::from(Serde(Model::of_core()));
        let target = one_for_each("requests", "some", "java/{{ item.name }}.java");
        let files = files(&target, &environment, &model).unwrap();
        let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["java/Recording.java"]);
    }

    #[test]
    fn a_file_that_does_not_say_that_it_is_generated_is_refused() {
        let mut environment = environment(Path::new("."), crate::prose::Names::new()).unwrap();
        environment.add_template("bare", "text\n").unwrap();
        let model = Value::from(Serde(Model::of_core()));
        assert!(files(&one("bare", "x"), &environment, &model).is_err());
    }
}
