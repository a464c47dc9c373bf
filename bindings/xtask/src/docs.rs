//! `cargo xtask test docs`: what people read. The crates' documentation is built, both READMEs have one structure and the
//! same programs, and every relative link of every page leads somewhere.
//!
//! Programs are run by the parts of their languages; since they are the same in both READMEs, one run counts for both.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::citations;
use crate::command::{self, root};
use crate::tally::Tally;

const ENGLISH: &str = "README.md";
const CHINESE: &str = "README.zh-CN.md";

/// Folders whose pages are not ours, beside those whose names begin with a dot.
const FOREIGN: [&str; 4] = ["target", "node_modules", "vendor", "corpus"];

/// Everything that people read.
pub(crate) fn test() -> Result<Tally, String> {
    let cargo = ["doc", "--workspace", "--no-deps", "--locked"];
    let documented = command::run("cargo", &cargo, &[("RUSTDOCFLAGS", "-D warnings")])?;
    let mut tally = Tally::of(&documented);
    tally.check(
        "both READMEs have the same headings and programs",
        read(&root().join(ENGLISH)).and_then(|english| {
            let chinese = read(&root().join(CHINESE))?;
            same_structure(&structure(&english), &structure(&chinese))
        }),
    );
    tally.check(
        "citations of the contract lead to it",
        citations::lead_to_the_contract(),
    );
    for page in pages(&root())? {
        let shown = page.strip_prefix(root()).unwrap_or(&page).display().to_string();
        tally.check(&format!("the links of {shown} lead somewhere"), links_lead(&page));
    }
    Ok(tally)
}

/// What a translation keeps.
#[derive(Debug, PartialEq)]
enum Element {
    Heading(HeadingLevel),
    /// A block of code: its language and text.
    Code(String, String),
    Table {
        columns: usize,
    },
}

fn structure(text: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut code: Option<(String, String)> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => elements.push(Element::Heading(level)),
            Event::Start(Tag::Table(columns)) => elements.push(Element::Table { columns: columns.len() }),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                code = Some((language.to_string(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, block)) = &mut code {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                elements.extend(code.take().map(|(language, text)| Element::Code(language, text)));
            }
            _ => {}
        }
    }
    elements
}

fn same_structure(one: &[Element], other: &[Element]) -> Result<(), String> {
    if let Some((position, (one, other))) = one.iter().zip(other).enumerate().find(|(_, (one, other))| one != other) {
        return Err(format!(
            "number {position} is {one:?} in {ENGLISH}, {other:?} in {CHINESE}"
        ));
    }
    if one.len() == other.len() {
        return Ok(());
    }
    Err(format!(
        "{ENGLISH} has {} headings, blocks and tables, {CHINESE} {}",
        one.len(),
        other.len()
    ))
}

/// The pages below a folder.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let is_foreign = FOREIGN.contains(&name.as_str()) || (name.starts_with('.') && name != ".github");
        if path.is_dir() && !is_foreign {
            found.extend(pages(&path)?);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether every relative link of a page does.
pub(crate) fn links_lead(page: &Path) -> Result<(), String> {
    let text = read(page)?;
    let dead: Vec<_> = links(&text).into_iter().filter(|link| !leads(page, link)).collect();
    if dead.is_empty() {
        Ok(())
    } else {
        Err(format!("these do not: {}", dead.join(", ")))
    }
}

fn links(text: &str) -> Vec<String> {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES);
    let targets = events.filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    targets.collect()
}

/// Whether a link of a page leads to a file or folder, and to a heading where it names one. The internet is not asked.
fn leads(page: &Path, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        return true;
    }
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = match file {
        "" => page.to_path_buf(),
        file => page.parent().unwrap_or(page).join(file),
    };
    if !target.exists() {
        return false;
    }
    heading.is_empty() || read(&target).is_ok_and(|text| anchors(&text).iter().any(|anchor| anchor == heading))
}

/// The names of a page's headings in links to it, as the usual hosts make them.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor(&heading))),
            _ => {}
        }
    }
    anchors
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{anchors, leads, links, root, same_structure, structure};

    const PAGE: &str = "# A\n\ntext\n\n```sh\nls\n```\n\n## B\n\n| x | y |\n| - | - |\n| 1 | 2 |\n";

    #[test]
    fn a_translation_keeps_headings_blocks_and_tables() {
        let of = |text: &str| structure(text);
        let translated = PAGE.replace("text", "文").replace("# A", "# 甲");
        assert_eq!(same_structure(&of(PAGE), &of(&translated)), Ok(()));
        for (from, to) in [
            ("ls", "ls -l"),
            ("```sh", "```bash"),
            ("## B", "### B"),
            ("## B\n", ""),
            ("| x | y |\n| - | - |", "| x |\n| - |"),
        ] {
            let changed = PAGE.replace(from, to);
            assert!(same_structure(&of(PAGE), &of(&changed)).is_err(), "{from:?} is {to:?}");
        }
        assert!(same_structure(&of(PAGE), &of(&format!("{PAGE}\n## C\n"))).is_err());
    }

    #[test]
    fn links_in_tables_count_and_those_in_code_do_not() {
        assert_eq!(links("| a |\n| - |\n| [b](c.md) |\n\n`[d](e.md)`\n"), ["c.md"]);
    }

    #[test]
    fn a_link_leads_to_a_file_and_to_one_of_its_headings() {
        let page = root().join("README.md");
        for good in ["core/", "LICENSE", "https://example.com/no-such-page", "#two-commands"] {
            assert!(leads(&page, good), "{good}");
        }
        for dead in [
            "no-such-file.md",
            "#no-such-heading",
            "sandbox/README.md#no-such-heading",
        ] {
            assert!(!leads(&page, dead), "{dead}");
        }
    }

    #[test]
    fn a_heading_is_named_by_its_letters() {
        assert_eq!(
            anchors("## Errors and `delivery`\n\n## 错误 (2)\n"),
            ["errors-and-delivery", "错误-2"]
        );
    }
}
