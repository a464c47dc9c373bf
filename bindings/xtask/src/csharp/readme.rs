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

/// What the statements of a snippet stand in: readers have it around them already.
const FRAME: (&str, &str) = (
    "using System;\nusing System.Threading.Tasks;\nusing VoiceCall;\n\ninternal static class Snippet\n{\n\
     private static void Main() { RunAsync().GetAwaiter().GetResult(); }\n\
     private static async Task RunAsync()\n{\n",
    "\n}\n}\n",
);

pub(super) fn test(assemblies: &Assemblies, runtimes: &[Runtime], tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for (readme, program) in [("README.md", "Readme"), ("bindings/csharp/README.md", "PackageReadme")] {
        let built = build(assemblies, readme, program);
        for runtime in runtimes {
            let result = built.clone().and_then(|()| {
                let printed = output(&mut command(assemblies, runtime, &sandbox, program))?;
                match printed.strip_prefix("calling: ") {
                    Some(session) if !session.trim().is_empty() => Ok(()),
                    _ => Err(format!("it printed {printed:?}")),
                }
            });
            let fact = format!("the program in C# in {readme} places a call on {}", runtime.name());
            tally.check(&fact, result);
        }
    }
    Ok(())
}

/// Builds the only program of a README.
fn build(assemblies: &Assemblies, readme: &str, program: &str) -> Result<(), String> {
    let text = fs::read_to_string(root().join(readme)).map_err(|error| format!("{readme}: {error}"))?;
    let [snippet] = fenced(&text, "csharp")[..] else {
        return Err("it does not have one program in C#".to_owned());
    };
    let is_whole = snippet.starts_with("using System;");
    let code = if is_whole {
        snippet.to_owned()
    } else {
        [FRAME.0, snippet, FRAME.1].concat()
    };
    let source = assemblies.file(&format!("{program}.cs"));
    fs::write(&source, code).map_err(|error| format!("{}: {error}", source.display()))?;
    assemblies::compile_program(&assemblies.file("."), program, &[&source.to_string_lossy()])
}
