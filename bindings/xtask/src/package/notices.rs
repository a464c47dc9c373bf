//! What the licences of others want: their texts beside a library that has their work in it.
//!
//! Of a choice of licences the MIT one is taken, which is the shortest; the same text is written once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command;

/// How the names of files with licences begin.
const LICENCES: [&str; 4] = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];

const HEAD: &str =
    "This library contains the work of others, under the licences below. SQLite, which is among it, is in the
public domain. Rust's standard library is Copyright (c) The Rust Project Contributors, under the MIT licence.
";

/// The texts for everything that is linked into a package.
pub(super) fn of(package: &str) -> Result<String, String> {
    let mut crates_by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for linked in linked(package)? {
        let texts = licences(&linked)?;
        if texts.is_empty() {
            return Err(format!("{} brings no licence", linked.name));
        }
        for text in texts {
            crates_by_text.entry(text).or_default().push(linked.name.clone());
        }
    }
    let mut sections: Vec<_> = crates_by_text
        .into_iter()
        .map(|(text, crates)| (crates, text))
        .collect();
    sections.sort();
    let ruler = "-".repeat(80);
    let sections = sections
        .iter()
        .map(|(crates, text)| format!("\n{ruler}\n{}\n\n{text}\n", crates.join(", ")));
    Ok(HEAD.to_owned() + &String::from_iter(sections))
}

/// A crate of others.
struct Linked {
    name: String,
    folder: PathBuf,
    /// Whether its licences leave a choice.
    has_choice: bool,
}

/// What cargo links into a package: no tools that only build it.
fn linked(package: &str) -> Result<Vec<Linked>, String> {
    let tree = [
        "tree",
        "--package",
        package,
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--locked",
    ];
    let tree = command::output("cargo", &tree)?;
    let metadata = command::output("cargo", &["metadata", "--format-version", "1", "--locked"])?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let foreign = packages.filter(|package| !package["source"].is_null());
    let found = foreign.filter_map(|package| {
        let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
        let begins = format!("{name} v{version}");
        let is_linked = tree.lines().any(|line| line.trim_end_matches(" (*)") == begins);
        let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
        is_linked.then(|| Linked {
            name: format!("{name} {version}"),
            folder: folder.to_path_buf(),
            has_choice: !package["license"].as_str().unwrap_or_default().contains(" AND "),
        })
    });
    Ok(found.collect())
}

/// The texts that apply to a crate.
fn licences(linked: &Linked) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", linked.folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&linked.folder)
        .map_err(failed)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_licence(path))
        .collect();
    files.sort();
    let mit = files.iter().find(|path| name(path).contains("MIT")).cloned();
    if let Some(mit) = mit.filter(|_| linked.has_choice) {
        files = vec![mit];
    }
    let texts = files.iter().map(|path| fs::read_to_string(path).map_err(failed));
    let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
    Ok(texts.iter().map(|text| text.trim().to_owned()).collect())
}

fn is_licence(path: &Path) -> bool {
    let name = name(path);
    path.is_file() && LICENCES.iter().any(|begins| name.starts_with(begins))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_uppercase()
}
