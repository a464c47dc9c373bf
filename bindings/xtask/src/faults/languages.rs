//! How each language's driver is built against its package, and started. What other parts of the run have built is used.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::cli::Cli;
use super::driver::{Driver, Program};
use super::rust::Rust;
use crate::c::library;
use crate::command::{self, root};
use crate::{csharp, java, node, php, python, tools};

/// A language: its name, and what gets its driver ready.
pub(super) struct Language {
    pub(super) name: &'static str,
    pub(super) prepare: fn() -> Result<Recipe, String>,
}

pub(super) const LANGUAGES: &[Language] = &[
    Language {
        name: "rust",
        prepare: || Ok(Recipe::Rust),
    },
    Language { name: "c", prepare: c },
    Language {
        name: "c++",
        prepare: cpp,
    },
    Language {
        name: "python",
        prepare: python,
    },
    Language {
        name: "node",
        prepare: node,
    },
    Language {
        name: "c#",
        prepare: csharp,
    },
    Language {
        name: "java",
        prepare: java,
    },
    Language {
        name: "php",
        prepare: php,
    },
    Language {
        name: "cli",
        prepare: || Ok(Recipe::Cli(command::target().join("debug/voicecall"))),
    },
];

/// How a driver is started.
pub(crate) enum Recipe {
    Rust,
    Cli(PathBuf),
    Program {
        /// The program and its arguments.
        line: Vec<String>,
        /// Where libvoicecall lies.
        library: Option<PathBuf>,
    },
}

impl Recipe {
    /// Starts the driver with these settings. `name` is for what it leaves behind.
    pub(super) fn start(&self, name: &str, environment: &[(&'static str, String)]) -> Result<Box<dyn Driver>, String> {
        Ok(match self {
            Recipe::Rust => Box::new(Rust::start(environment)?),
            Recipe::Cli(program) => {
                let folder = command::target().join("faults").join(name);
                Box::new(Cli::start(program, environment, folder)?)
            }
            Recipe::Program { .. } => Box::new(self.start_program(environment)?),
        })
    }

    /// The same for a driver that is a program of its own.
    pub(crate) fn start_program(&self, environment: &[(&'static str, String)]) -> Result<Program, String> {
        let Recipe::Program { line, library } = self else {
            return Err("no program of its own".to_owned());
        };
        let (program, arguments) = line.split_first().ok_or("nothing to run")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
        if let Some(folder) = library {
            command.env("LD_LIBRARY_PATH", folder);
        }
        Program::start(command)
    }
}

pub(crate) fn c() -> Result<Recipe, String> {
    compiled("gcc", &["-std=c11"], "driver.c")
}

fn cpp() -> Result<Recipe, String> {
    compiled("g++", &["-std=c++17"], "driver.cpp")
}

fn compiled(compiler: &str, standard: &[&str], source: &str) -> Result<Recipe, String> {
    tools::require(compiler, compiler)?;
    let library = library::build("plain", &[])?;
    let (program, source) = (library.folder.join(source.replace('.', "-")), drivers().join(source));
    let (program, source) = (text(&program), text(&source));
    let include = format!("-I{}", text(&root().join("include")));
    let folder = format!("-L{}", text(&library.folder));
    let strict = ["-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"];
    let rest = [&include, &source, "-o", &program, &folder, "-lvoicecall", "-lpthread"];
    command::output(compiler, &[standard, &strict, &rest].concat())?;
    Ok(Recipe::Program {
        line: vec![program],
        library: Some(library.folder),
    })
}

pub(crate) fn python() -> Result<Recipe, String> {
    Ok(Recipe::Program {
        line: vec![
            python::installed()?,
            "-B".to_owned(),
            text(&drivers().join("driver.py")),
        ],
        library: None,
    })
}

/// The driver lies beside the package, where Node finds it.
pub(crate) fn node() -> Result<Recipe, String> {
    let driver = node::installed()?.join("driver.mjs");
    std::fs::copy(drivers().join("driver.mjs"), &driver).map_err(|error| format!("{}: {error}", driver.display()))?;
    Ok(Recipe::Program {
        line: vec!["node".to_owned(), text(&driver)],
        library: None,
    })
}

fn csharp() -> Result<Recipe, String> {
    let (program, arguments, folder) = csharp::driver("bindings/xtask/drivers/Driver.cs")?;
    Ok(Recipe::Program {
        line: [vec![program], arguments].concat(),
        library: Some(folder),
    })
}

fn java() -> Result<Recipe, String> {
    let archive = java::archive()?;
    let classes = archive.compile("driver", &[text(&drivers().join("Driver.java"))])?;
    let line = ["java", "-cp", &archive.class_path(&[&classes]), "Driver"];
    Ok(Recipe::Program {
        line: line.map(str::to_owned).into(),
        library: None,
    })
}

fn php() -> Result<Recipe, String> {
    php::require()?;
    let library = library::build("plain", &[])?;
    Ok(Recipe::Program {
        line: vec!["php".to_owned(), text(&drivers().join("driver.php"))],
        library: Some(library.folder),
    })
}

fn drivers() -> PathBuf {
    root().join("bindings/xtask/drivers")
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
