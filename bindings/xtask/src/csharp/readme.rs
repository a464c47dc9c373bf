//! The programs in the READMEs at work, as a reader would run them, against the local platform.

use std::fs;

use super::assemblies::{self, Assemblies};
use super::examples::command;
use super::runtimes::Runtime;
use crate::c::readme::fenced;
use crate::command::root;
use crate::examples::output;
use crate::sandbox::Sandbox;
use crate::tally::Tally;

/// What the statements of a program stand in: readers have it around them already.
const AROUND_PROGRAM: (&str, &str) = (
    "using System;\nusing System.Threading.Tasks;\nusing VoiceCall;\n\ninternal static class Snippet\n{\n\
     private static void Main() { RunAsync().GetAwaiter().GetResult(); }\n\
     private static async Task RunAsync()\n{\n",
    "\n}\n}\n",
);

/// What other statements find around them.
const AROUND_STATEMENTS: (&str, &str) = (
    "using System;\nusing System.Collections.Generic;\nusing VoiceCall;\n\ninternal static class Snippet\n{\n\
     private static void Main() { }\n\
     private static void Answer(Reply reply) { }\n\
     private static void Run(\n\
     string key, string secret, IEnumerable<KeyValuePair<string, string>> headers, byte[] body)\n{\n",
    "\n}\n}\n",
);

pub(super) fn test(assemblies: &Assemblies, runtimes: &[Runtime], tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for (readme, name) in [("README.md", "Readme"), ("bindings/csharp/README.md", "PackageReadme")] {
        let text = fs::read_to_string(root().join(readme)).map_err(|error| format!("{readme}: {error}"))?;
        let snippets = fenced(&text, "csharp");
        let Some((program, others)) = snippets.split_first() else {
            tally.check(&format!("{readme} has C# in it"), Err("it has none".to_owned()));
            continue;
        };
        let built = build(assemblies, name, program, AROUND_PROGRAM);
        for runtime in runtimes {
            let result = built.clone().and_then(|()| {
                let printed = output(&mut command(assemblies, runtime, &sandbox, name))?;
                match printed.strip_prefix("calling: ") {
                    Some(session) if !session.trim().is_empty() => Ok(()),
                    _ => Err(format!("it printed {printed:?}")),
                }
            });
            let fact = format!("the program in C# in {readme} places a call on {}", runtime.name());
            tally.check(&fact, result);
        }
        for (index, statements) in others.iter().enumerate() {
            let fact = format!("C# number {} in {readme} compiles", index + 2);
            tally.check(
                &fact,
                build(assemblies, &format!("{name}Statements"), statements, AROUND_STATEMENTS),
            );
        }
    }
    Ok(())
}

/// Builds a snippet, unless it is whole with what stands around it.
fn build(assemblies: &Assemblies, name: &str, snippet: &str, around: (&str, &str)) -> Result<(), String> {
    let is_whole = snippet.starts_with("using System;");
    let code = if is_whole {
        snippet.to_owned()
    } else {
        [around.0, snippet, around.1].concat()
    };
    let source = assemblies.file(&format!("{name}.cs"));
    fs::write(&source, code).map_err(|error| format!("{}: {error}", source.display()))?;
    assemblies::compile_program(&assemblies.file("."), name, &[&source.to_string_lossy()])
}
