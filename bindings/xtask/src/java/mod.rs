//! `cargo xtask test java`: the archive with the native library in it, its tests, its documentation, the examples and the
//! programs in the READMEs.

mod build;
mod examples;
mod maven;
mod readme;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::command::{self, root};
use crate::tally::Tally;
use crate::tools;
pub(crate) use build::{Archive, fresh_natives};

/// Everything about Java.
pub(crate) fn test() -> Result<Tally, String> {
    require_tools()?;
    let mut tally = Tally::default();
    build::natives("debug")?;
    tally.add(maven::package(&build::environment()?)?);
    let Ok(archive) = Archive::built() else {
        tally.check(
            "there is an archive to test further",
            Err("there is none, see above".to_owned()),
        );
        return Ok(tally);
    };
    PACKAGED.store(true, Ordering::Relaxed);
    tally.check("the documentation is complete", document(&archive));
    tally.check(
        "an archive without its native files is refused",
        maven::refuses_incomplete(),
    );
    tally.add(maven::frameworks(archive.path(), &build::environment()?)?);
    examples::test(&archive, &mut tally)?;
    readme::test(&archive, &mut tally)?;
    Ok(tally)
}

/// The archive of the tests where they have run, else one that is quickly built.
pub(crate) fn archive() -> Result<Archive, String> {
    if !PACKAGED.load(Ordering::Relaxed) {
        require_tools()?;
        build::natives("debug")?;
        maven::package_untested()?;
    }
    Archive::built()
}

static PACKAGED: AtomicBool = AtomicBool::new(false);

/// Builds the archive with the library as it is shipped, for measurements.
pub(crate) fn ship() -> Result<Archive, String> {
    require_tools()?;
    build::natives("dist")?;
    maven::package_untested()?;
    Archive::built()
}

/// What is published, of the libraries that lie there: files, and how their names end.
pub(crate) fn publishable() -> Result<Vec<(PathBuf, &'static str)>, String> {
    require_tools()?;
    maven::package_untested()?;
    let archive = Archive::built()?;
    document(&archive)?;
    let project = root().join("bindings/java");
    let pack = |name: &str, folders: &[PathBuf]| {
        let jar = build::folder().join(name);
        let mut arguments = vec!["--create".to_owned(), "--file".to_owned(), jar.display().to_string()];
        for folder in folders {
            arguments.extend(["-C".to_owned(), folder.display().to_string(), ".".to_owned()]);
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        command::output("jar", &arguments).map(|_| jar)
    };
    let sources = ["src/main/java", "src/generated/java"].map(|folder| project.join(folder));
    Ok(vec![
        (archive.path().to_path_buf(), ".jar"),
        (pack("sources.jar", &sources)?, "-sources.jar"),
        (pack("javadoc.jar", &[build::folder().join("javadoc")])?, "-javadoc.jar"),
        (project.join("pom.xml"), ".pom"),
    ])
}

fn require_tools() -> Result<(), String> {
    tools::require("javac", "default-jdk-headless")?;
    tools::require("mvn", "maven")
}

/// As it is published: what programs may use, and nothing inside.
fn document(archive: &Archive) -> Result<(), String> {
    let folder = command::target().join("java/javadoc").to_string_lossy().into_owned();
    let arguments = [
        "-quiet",
        "-Xdoclint:all",
        "-Werror",
        "-encoding",
        "UTF-8",
        "--release",
        "11",
        "-d",
        &folder,
        "-classpath",
        &archive.class_path(&[]),
        "-sourcepath",
        "bindings/java/src/main/java:bindings/java/src/generated/java",
        "com.voicecall",
        "com.voicecall.testing",
    ];
    command::output("javadoc", &arguments).map(drop)
}
