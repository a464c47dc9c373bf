//! What is read beside the library: its README, the licence, the examples.

use std::fs;
use std::io;
use std::path::Path;

use crate::command::root;

/// Folders of the repository that the README leads to, and where a reader of the installed page finds them.
const MOVED: [(&str, &str); 2] = [
    ("](../include/", "](../../../include/"),
    ("](../examples/", "](examples/"),
];

/// Lays all of it out.
pub(super) fn lay_out(documents: &Path) -> io::Result<()> {
    fs::create_dir_all(documents)?;
    fs::copy(root().join("LICENSE"), documents.join("LICENSE"))?;
    let readme = fs::read_to_string(root().join("ffi/README.md"))?;
    fs::write(documents.join("README.md"), installed(&readme))?;
    for language in ["c", "cpp"] {
        copy_folder(
            &root().join("examples").join(language),
            &documents.join("examples").join(language),
        )?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The README with links that lead somewhere from its new place. What is not installed keeps its text alone.
fn installed(readme: &str) -> String {
    let moved = MOVED
        .iter()
        .fold(readme.to_owned(), |text, (from, to)| text.replace(from, to));
    let mut text = String::new();
    let mut rest = moved.as_str();
    while let Some((link, behind)) = rest.split_once("](../") {
        // Further up lies the prefix, in which a link may lead; one folder up was the repository.
        if behind.starts_with("../") {
            text.push_str(link);
            text.push_str("](../");
            rest = behind;
            continue;
        }
        let (before, name) = link.rsplit_once('[').unwrap_or((link, ""));
        text.push_str(before);
        text.push_str(name);
        rest = behind.split_once(')').map_or("", |(_, behind)| behind);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::installed;

    #[test]
    fn links_lead_to_what_is_installed_and_nowhere_else() {
        let page =
            "See [`a.h`](../include/a.h), [C](../examples/c), the [sandbox](../sandbox/README.md) and [that](#that).";
        assert_eq!(
            installed(page),
            "See [`a.h`](../../../include/a.h), [C](examples/c), the sandbox and [that](#that)."
        );
    }
}
