//! Comments cite the contract as `requests.md 13.1` and `D27`. Every citation names a section, or a decision, that
//! `core/contract` has.

use std::collections::BTreeSet;
use std::fs;

use crate::command::root;

const PAGES: [&str; 2] = ["requests.md", "pushes.md"];
/// Text files that cite the contract.
const EXTENSIONS: [&str; 13] = [
    "rs", "md", "j2", "h", "hpp", "py", "pyi", "ts", "js", "cs", "java", "php", "csv",
];

/// Checks the citations of all tracked files.
pub(crate) fn lead_to_the_contract() -> Result<(), String> {
    let mut known = BTreeSet::new();
    for page in PAGES {
        known.extend(sections(page, &read(&format!("core/contract/{page}"))?));
    }
    known.extend(decisions(&read("core/contract/README.md")?));
    let mut dead = Vec::new();
    for file in tracked()? {
        // A file that is tracked and deleted has no citations.
        let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
        let unknown = cited(&text).into_iter().filter(|citation| !known.contains(citation));
        dead.extend(unknown.map(|citation| format!("{file}: {citation}")));
    }
    if dead.is_empty() {
        Ok(())
    } else {
        Err(format!("the contract does not have {}", dead.join(", ")))
    }
}

fn tracked() -> Result<Vec<String>, String> {
    let listed = std::process::Command::new("git")
        .args(["ls-files"])
        .current_dir(root())
        .output()
        .map_err(|error| format!("git: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    let cites = |file: &&str| file.rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.contains(&end));
    Ok(listed.lines().filter(cites).map(str::to_owned).collect())
}

fn read(page: &str) -> Result<String, String> {
    fs::read_to_string(root().join(page)).map_err(|error| format!("{page}: {error}"))
}

/// The numbered headings of a page: `requests.md 13.1` from `### 13.1 Connections`.
fn sections(page: &str, text: &str) -> Vec<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix("##"));
    let numbers = headings.map(|line| number(line.trim_start_matches(['#', ' '])));
    numbers
        .filter(|number| !number.is_empty())
        .map(|number| format!("{page} {number}"))
        .collect()
}

/// The decisions that the contract's index lists: `[D27]`.
fn decisions(text: &str) -> Vec<String> {
    let ids = text.split("[D").skip(1).filter_map(|rest| rest.split_once(']'));
    ids.map(|(id, _)| format!("D{id}")).collect()
}

/// What a text cites.
fn cited(text: &str) -> Vec<String> {
    let of_page = |page: &'static str| {
        text.match_indices(page).filter_map(move |(at, _)| {
            let section = number(text.get(at + page.len()..)?.strip_prefix(' ')?);
            (!section.is_empty()).then(|| format!("{page} {section}"))
        })
    };
    let decisions = text.match_indices("(D").filter_map(|(at, _)| {
        let rest = text.get(at + 2..)?;
        let id = number(rest);
        let closed = rest.get(id.len()..)?.starts_with([')', ',']);
        (closed && !id.is_empty() && !id.contains('.')).then(|| format!("D{id}"))
    });
    PAGES.into_iter().flat_map(of_page).chain(decisions).collect()
}

/// The section number that a text begins with.
fn number(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::{cited, decisions, sections};

    #[test]
    fn headings_and_decisions_can_be_cited() {
        let page = "# T\n## 13. Connections\n### 13.1 TLS\n## Marks\n";
        assert_eq!(sections("requests.md", page), ["requests.md 13", "requests.md 13.1"]);
        assert_eq!(decisions("[D1] zone, [D27] connections"), ["D1", "D27"]);
    }

    #[test]
    fn a_citation_is_a_page_with_a_number_or_a_decision_in_brackets() {
        let text =
            "(contract requests.md 13.1, D27) see pushes.md 6. Or (D14), (D7, D9); [requests.md](requests.md), (DNS)";
        assert_eq!(cited(text), ["requests.md 13.1", "pushes.md 6", "D14", "D7"]);
    }
}
