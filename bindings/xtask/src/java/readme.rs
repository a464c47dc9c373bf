//! The Java in the READMEs: the quick start runs against the local platform, and everything else compiles.

use std::fs;

use super::build::{Archive, folder};
use super::examples::program;
use crate::c::readme::fenced;
use crate::command::root;
use crate::examples::output;
use crate::sandbox::Sandbox;
use crate::tally::Tally;

/// What snippets that are no whole programs find around them.
const BEFORE_SNIPPET: &str = "import com.voicecall.*;
import com.voicecall.testing.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

abstract class Snippet {
    VoiceCallClient client;
    VoiceNotification request;
    String key;
    String secret;
    byte[] body;
    Map<String, List<String>> headers;

    abstract boolean store(WebhookEvent event);

    void snippet() throws Exception {
";
const BEHIND_SNIPPET: &str = "
    }
}
";

pub(super) fn test(archive: &Archive, tally: &mut Tally) -> Result<(), String> {
    let sandbox = Sandbox::start()?;
    for readme in ["README.md", "bindings/java/README.md"] {
        let text = fs::read_to_string(root().join(readme)).map_err(|error| format!("{readme}: {error}"))?;
        let snippets = fenced(&text, "java");
        if snippets.is_empty() {
            tally.check(&format!("{readme} has Java in it"), Err("it has none".to_owned()));
        }
        for (index, snippet) in snippets.iter().enumerate() {
            tally.check(
                &format!("Java number {} in {readme} works", index + 1),
                works(archive, &sandbox, snippet),
            );
        }
    }
    Ok(())
}

fn works(archive: &Archive, sandbox: &Sandbox, snippet: &str) -> Result<(), String> {
    let (name, text) = match class_name(snippet) {
        Some(name) => (name, snippet.to_owned()),
        None => ("Snippet", format!("{BEFORE_SNIPPET}{snippet}{BEHIND_SNIPPET}")),
    };
    let source = folder().join(format!("{name}.java"));
    fs::write(&source, text).map_err(|error| format!("{}: {error}", source.display()))?;
    let classes = archive.compile("readme", &[source.to_string_lossy().into_owned()])?;
    if !snippet.contains("void main(") {
        return Ok(());
    }
    let printed = output(&mut program(&archive.class_path(&[&classes]), sandbox, name))?;
    if printed.starts_with("calling: ") {
        Ok(())
    } else {
        Err(format!("{printed:?} was printed"))
    }
}

/// The name of the class that a whole program is.
fn class_name(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("public class ")?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::class_name;

    #[test]
    fn a_whole_program_has_a_name() {
        assert_eq!(class_name("import a.b;\n\npublic class Alarm {\n}"), Some("Alarm"));
        assert_eq!(class_name("client.close();"), None);
    }
}
