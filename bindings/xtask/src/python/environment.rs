//! Virtual environments under the target folder: nothing is installed anywhere else.

use std::fs;
use std::path::{Path, PathBuf};

use super::{folder, interpreters, text};
use crate::command::{self, root};
use crate::package::notices;

/// A virtual environment.
pub(crate) struct Environment {
    folder: PathBuf,
}

/// Paths of wheels.
pub(crate) struct Wheels {
    /// `voicecall`.
    pub(crate) package: String,
    /// `voicecall-cli`, which brings the local platform.
    pub(crate) command: String,
}

impl Environment {
    /// A new environment of this interpreter; one of the same name is gone afterwards.
    pub(crate) fn fresh(name: &str, interpreter: &str) -> Result<Environment, String> {
        let folder = command::target().join("python").join(name);
        command::must(interpreter, &["-m", "venv", "--clear", &text(&folder)])?;
        Ok(Environment { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program that was installed here.
    pub(crate) fn program(&self, name: &str) -> String {
        text(&self.folder.join("bin").join(name))
    }

    pub(crate) fn python(&self) -> String {
        self.program("python")
    }

    /// Installs packages by name, or wheels by path.
    pub(crate) fn install(&self, packages: &[&str]) -> Result<(), String> {
        self.pip(packages)
    }

    /// Installs the package and, by its extra, the command: from these wheels, and not from where they are published.
    pub(crate) fn install_with_command(&self, wheels: &Wheels) -> Result<(), String> {
        let folder = |wheel: &str| text(Path::new(wheel).parent().unwrap_or(Path::new(".")));
        let (package, command) = (folder(&wheels.package), folder(&wheels.command));
        let links = ["--no-index", "--find-links", &package, "--find-links", &command];
        self.pip(&[&links[..], &["voicecall[cli]"]].concat())
    }

    /// Installs what a file in the package's folder lists.
    pub(crate) fn install_requirements(&self, file: &str) -> Result<(), String> {
        self.pip(&["--requirement", &text(&folder().join(file))])
    }

    /// Builds the package as it is shipped, and the command in cargo's quickest way: it only serves the tests.
    pub(crate) fn build_wheels(&self) -> Result<Wheels, String> {
        Ok(Wheels {
            package: self.build_wheel("bindings/python", "dist")?,
            command: self.build_wheel("bindings/cli", "dev")?,
        })
    }

    /// Builds the wheel of the package in this folder of the repository; gives its path.
    pub(crate) fn build_wheel(&self, package: &str, profile: &str) -> Result<String, String> {
        let wheels = self.folder.join("wheels").join(package);
        let _ = fs::remove_dir_all(&wheels);
        let manifest = text(&root().join(package).join("Cargo.toml"));
        let name = package.replace("bindings/", "voicecall-");
        notices::write(&name, &root().join(package).join("THIRD-PARTY"))?;
        let (out, target) = (text(&wheels), text(&command::target()));
        // Not that of an environment: what is built for one would be built again for the next.
        let (maturin, python) = (self.program("maturin"), interpreters::main()?);
        let mut arguments = vec![
            "build",
            "--locked",
            "--manifest-path",
            &manifest,
            "--profile",
            profile,
            "--out",
            &out,
        ];
        arguments.extend(["--interpreter", python]);
        if !command::run(&maturin, &arguments, &[("CARGO_TARGET_DIR", &target)])?.succeeded {
            return Err(format!("the wheel of {package} cannot be built"));
        }
        let mut built = fs::read_dir(&wheels)
            .map_err(|error| error.to_string())?
            .filter_map(Result::ok);
        let wheel = built
            .next()
            .ok_or_else(|| format!("maturin built no wheel of {package}"))?;
        Ok(text(&wheel.path()))
    }

    fn pip(&self, arguments: &[&str]) -> Result<(), String> {
        let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        command::fetch(&self.python(), &[&quiet, arguments].concat())
    }
}

/// The length of a file in bytes.
pub(crate) fn size(file: &str) -> Result<u64, String> {
    let metadata = fs::metadata(file).map_err(|error| format!("{file}: {error}"))?;
    Ok(metadata.len())
}
