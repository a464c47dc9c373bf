//! Maven: it fetches what it needs into a folder of its own below the target folder, and stays off the network once it has
//! all that the project file asks for.

use std::fs;
use std::path::{Path, PathBuf};

use super::build::folder;
use crate::command::{self, Finished, root};
use crate::tally::Tally;

/// A project file, and the folder that it builds in.
struct Project {
    file: &'static str,
    build: &'static str,
}

const PACKAGE: Project = Project {
    file: "bindings/java/pom.xml",
    build: "build",
};

const FRAMEWORKS: &str = "bindings/java/frameworks/pom.xml";

type Variables<'a> = [(&'a str, String)];

/// Builds the archive and runs its tests.
pub(super) fn package(environment: &Variables<'_>) -> Result<Tally, String> {
    Ok(counted(&run(&PACKAGE, &["package"], environment)?))
}

/// Receives webhooks in web frameworks with the archive; in two versions of Spring Boot, whose headers differ.
pub(super) fn frameworks(archive: &Path, environment: &Variables<'_>) -> Result<Tally, String> {
    let archive = format!("-Darchive={}", archive.display());
    let projects = ["frameworks", "frameworks-spring-boot-3"].map(|build| Project {
        file: FRAMEWORKS,
        build,
    });
    let older = ["test", &archive, "-Dtest=SpringTest", "-Dspring.boot=3.5.16"];
    let mut tally = counted(&run(&projects[0], &["test", &archive], environment)?);
    tally.add(counted(&run(&projects[1], &older, environment)?));
    Ok(tally)
}

/// Builds the archive.
pub(super) fn package_untested() -> Result<(), String> {
    if run(&PACKAGE, &["package", "-Dmaven.test.skip=true"], &[])?.succeeded {
        Ok(())
    } else {
        Err("the archive cannot be built".to_owned())
    }
}

/// The profile that publishes looks for the native files of all platforms.
pub(super) fn refuses_incomplete() -> Result<(), String> {
    let validated = run(&PACKAGE, &["validate", "-Prelease"], &[])?;
    let told = "a native library is missing from the archive";
    if !validated.succeeded && validated.lines.iter().any(|line| line.contains(told)) {
        Ok(())
    } else {
        Err("see above".to_owned())
    }
}

/// First without the network, if the project file has not changed since all it asks for was fetched.
fn run(project: &Project, goals: &[&str], environment: &Variables<'_>) -> Result<Finished, String> {
    let marker = marker(project, goals);
    let wanted = fs::read_to_string(root().join(project.file)).map_err(|error| format!("{}: {error}", project.file))?;
    if fs::read_to_string(&marker).is_ok_and(|fetched| fetched == wanted) {
        let finished = maven(project, &[goals, &["--offline"]].concat(), environment)?;
        if !finished.lines.iter().any(|line| line.contains("offline mode")) {
            return Ok(finished);
        }
    }
    let finished = maven(project, goals, environment)?;
    // Where tests ran, everything was there.
    if finished.succeeded || counted(&finished).passed > 0 {
        fs::write(&marker, wanted).map_err(|error| format!("{}: {error}", marker.display()))?;
    }
    Ok(finished)
}

fn marker(project: &Project, goals: &[&str]) -> PathBuf {
    folder().join(format!(
        "fetched-{}-{}",
        project.build,
        goals.concat().replace(|c: char| !c.is_alphanumeric(), "-")
    ))
}

fn maven(project: &Project, goals: &[&str], environment: &Variables<'_>) -> Result<Finished, String> {
    let environment: Vec<_> = environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let property = |name: &str, below: &str| format!("-D{name}={}", folder().join(below).display());
    let properties = [
        property("maven.repo.local", "repository"),
        property("build.folder", project.build),
        property("natives.folder", "natives"),
    ];
    let mut arguments = vec!["--batch-mode", "--no-transfer-progress", "-Dstyle.color=never"];
    arguments.extend(["--file", project.file]);
    arguments.extend(properties.iter().map(String::as_str));
    arguments.extend(goals);
    let run = || command::run("mvn", &arguments, &environment);
    let finished = run()?;
    match could_not_fetch(&finished) {
        true => command::once_more("Maven could not fetch all that it needs", run),
        false => Ok(finished),
    }
}

/// Whether it is the network's fault, as far as Maven tells.
fn could_not_fetch(finished: &Finished) -> bool {
    !finished.succeeded
        && finished
            .lines
            .iter()
            .any(|line| line.contains("Could not transfer artifact"))
}

/// The closing line of the tests; the lines of single classes also tell how long they took.
fn counted(finished: &Finished) -> Tally {
    let mut tally = Tally::default();
    let closing = finished
        .lines
        .iter()
        .rfind(|line| line.contains("Tests run: ") && !line.contains("Time elapsed"));
    if let Some(line) = closing {
        tally.failed = after(line, "Failures: ") + after(line, "Errors: ");
        tally.passed = after(line, "Tests run: ").saturating_sub(tally.failed + after(line, "Skipped: "));
    }
    if !finished.succeeded || tally.passed + tally.failed == 0 {
        tally.failed = tally.failed.max(1);
    }
    tally
}

/// The number behind a word.
fn after(line: &str, word: &str) -> usize {
    let digits = line.split_once(word).map_or("", |(_, rest)| rest);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Finished, counted};

    fn told(succeeded: bool, lines: &[&str]) -> (usize, usize) {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        let tally = counted(&Finished { succeeded, lines });
        (tally.passed, tally.failed)
    }

    #[test]
    fn the_closing_line_counts() {
        let one = "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.8 s -- in x.Test";
        let all = "[ERROR] Tests run: 72, Failures: 3, Errors: 1, Skipped: 2";
        assert_eq!(told(false, &[one, all]), (66, 4));
        assert_eq!(
            told(true, &[one, "[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 0"]),
            (4, 0)
        );
    }

    #[test]
    fn a_build_without_tests_has_failed() {
        assert_eq!(told(false, &["[ERROR] COMPILATION ERROR"]), (0, 1));
        assert_eq!(told(true, &[]), (0, 1));
    }
}
