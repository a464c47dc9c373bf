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

/// It has the MIT licence's terms.
const OWN_LICENCE: &str = include_str!("../../../../LICENSE");

const HEAD: &str =
    "This library contains the work of others, under the licences below. SQLite, which is among it, is in the
public domain. Rust's standard library is Copyright (c) The Rust Project Contributors, under the MIT licence.
";

/// Writes the texts for a crate's package into a file.
pub(crate) fn write(package: &str, file: &Path) -> Result<(), String> {
    let texts = of(package)?;
    fs::write(file, texts).map_err(|error| format!("{}: {error}", file.display()))
}

/// The texts for everything that is linked into a package.
pub(super) fn of(package: &str) -> Result<String, String> {
    let mut crates_by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for linked in linked(package)? {
        let mut texts = licences(&linked)?;
        if texts.is_empty() {
            let declared = linked.declared_mit();
            texts.push(declared.ok_or_else(|| format!("{} brings no licence", linked.name))?);
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
    /// As its manifest says, e.g. `MIT OR Apache-2.0`.
    licence: String,
    authors: Vec<String>,
}

impl Linked {
    /// The MIT licence, of a crate that names it and forgot the text.
    fn declared_mit(&self) -> Option<String> {
        let terms = OWN_LICENCE.get(OWN_LICENCE.find("Permission is hereby granted")?..)?;
        let terms = terms.split("\n---").next()?.trim_end();
        let holders = match self.authors.as_slice() {
            [] => format!("the authors of {}", self.name),
            authors => authors.join(", "),
        };
        let is_mit = self.licence.split([' ', '/']).any(|word| word == "MIT");
        is_mit.then(|| format!("MIT License\n\nCopyright (c) {holders}\n\n{terms}"))
    }
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
            licence: package["license"].as_str().unwrap_or_default().to_owned(),
            authors: package["authors"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|author| author.as_str().map(str::to_owned))
                .collect(),
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
    if let Some(mit) = mit.filter(|_| !linked.licence.contains(" AND ")) {
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

#[cfg(test)]
mod tests {
    use super::{Linked, PathBuf};

    #[test]
    fn a_crate_that_forgot_the_text_has_the_licence_it_names() {
        let text = |licence: &str, authors: &[&str]| {
            Linked {
                name: "forgetful 1.0.0".to_owned(),
                folder: PathBuf::new(),
                licence: licence.to_owned(),
                authors: authors.iter().map(|author| (*author).to_owned()).collect(),
            }
            .declared_mit()
        };
        let named = text("MIT OR Apache-2.0", &["A. Author"]).unwrap();
        assert!(named.starts_with("MIT License\n\nCopyright (c) A. Author\n\nPermission is hereby granted"));
        assert!(named.ends_with("SOFTWARE."));
        assert!(text("MIT", &[]).unwrap().contains("the authors of forgetful 1.0.0"));
        assert_eq!(text("Apache-2.0", &[]), None);
    }
}
