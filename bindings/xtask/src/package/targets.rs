//! The platforms that packages are made for: the one table, which the workflow that publishes is compared with.

use std::path::PathBuf;

use crate::{command, tools};

/// A platform.
#[derive(Debug)]
pub(crate) struct Target {
    /// As archives, NuGet and the jar name it.
    pub(crate) name: &'static str,
    /// As Rust names it, here. What is published for Windows is built with Microsoft's linker.
    pub(crate) triple: &'static str,
    /// As Debian names the processor; nothing where Debian does not run.
    pub(super) debian: Option<&'static str>,
    /// As PHP names system and processor.
    pub(super) php: &'static str,
    /// What its compiler's and its tools' names begin with, and the package of Debian that brings them.
    tools: Option<(&'static str, &'static str)>,
}

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "linux-x64",
        triple: "x86_64-unknown-linux-gnu",
        debian: Some("amd64"),
        php: "linux-x86_64",
        tools: Some(("x86_64-linux-gnu-", "gcc-x86-64-linux-gnu")),
    },
    Target {
        name: "linux-arm64",
        triple: "aarch64-unknown-linux-gnu",
        debian: Some("arm64"),
        php: "linux-aarch64",
        tools: Some(("aarch64-linux-gnu-", "gcc-aarch64-linux-gnu")),
    },
    Target {
        name: "linux-musl-x64",
        triple: "x86_64-unknown-linux-musl",
        debian: None,
        php: "linux-musl-x86_64",
        tools: None,
    },
    Target {
        name: "linux-musl-arm64",
        triple: "aarch64-unknown-linux-musl",
        debian: None,
        php: "linux-musl-aarch64",
        tools: None,
    },
    Target {
        name: "osx-x64",
        triple: "x86_64-apple-darwin",
        debian: None,
        php: "darwin-x86_64",
        tools: None,
    },
    Target {
        name: "osx-arm64",
        triple: "aarch64-apple-darwin",
        debian: None,
        php: "darwin-arm64",
        tools: None,
    },
    Target {
        name: "win-x64",
        triple: "x86_64-pc-windows-gnu",
        debian: None,
        php: "windows-AMD64",
        tools: Some(("x86_64-w64-mingw32-", "gcc-mingw-w64-x86-64")),
    },
];

/// The compiler of Debian that can build Rust's standard library for any target.
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

impl Target {
    /// The platform of this name.
    pub(super) fn named(name: &str) -> Result<&'static Target, String> {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        TARGETS
            .iter()
            .find(|target| target.name == name)
            .ok_or_else(|| format!("no target {name:?}; there are {}", names.join(" ")))
    }

    /// The platform of this machine.
    pub(crate) fn host() -> Result<&'static Target, String> {
        TARGETS
            .iter()
            .find(|target| target.is_host())
            .ok_or_else(|| "no packages are made for the platform of this machine".to_owned())
    }

    pub(crate) fn is_host(&self) -> bool {
        let system = if cfg!(target_os = "macos") { "osx" } else { "linux" };
        let musl = if cfg!(target_env = "musl") { "-musl" } else { "" };
        let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
        self.name == format!("{system}{musl}-{processor}")
    }

    pub(super) fn is_windows(&self) -> bool {
        self.name.starts_with("win-")
    }

    /// The file of a library called `stem`: `libSTEM.so`, `STEM.dll`.
    pub(crate) fn library(&self, stem: &str) -> String {
        match self.name.split('-').next() {
            Some("win") => format!("{stem}.dll"),
            Some("osx") => format!("lib{stem}.dylib"),
            _ => format!("lib{stem}.so"),
        }
    }

    /// The file of a program.
    pub(super) fn program(&self, stem: &str) -> String {
        format!("{stem}{}", if self.is_windows() { ".exe" } else { "" })
    }

    /// A tool for files of this platform, `objcopy` say.
    pub(crate) fn tool(&self, name: &str) -> String {
        match self.tools {
            Some((prefix, _)) if !self.is_host() => format!("{prefix}{name}"),
            _ => name.to_owned(),
        }
    }

    /// Builds a crate for this platform; gives the folder with what came of it.
    pub(super) fn build(&self, package: &str, profile: &str) -> Result<PathBuf, String> {
        let folder = if profile == "dev" { "debug" } else { profile };
        let what = ["build", "--package", package, "--profile", profile, "--locked"];
        if self.is_host() {
            command::must("cargo", &what)?;
            return Ok(command::target().join(folder));
        }
        let Some((prefix, debian)) = self.tools else {
            return Err(format!(
                "packages for {} are made where they are published, and not on this machine",
                self.name
            ));
        };
        let compiler = format!("{prefix}gcc");
        tools::require(&compiler, debian)?;
        if self.name == "linux-arm64" {
            let root = "/usr/aarch64-linux-gnu/lib/libc.so.6";
            tools::require_that(|| PathBuf::from(root).exists(), root, "libc6-dev-arm64-cross")?;
        }
        let (cargo, rustc, own_std) = self.rust()?;
        let linker = format!("CARGO_TARGET_{}_LINKER", self.triple.replace('-', "_").to_uppercase());
        let (cc, archiver) = (format!("CC_{}", self.triple), format!("AR_{}", self.triple));
        let archive = format!("{prefix}ar");
        let mut environment = vec![(&*linker, &*compiler), (&*cc, &*compiler), (&*archiver, &*archive)];
        if own_std {
            environment.extend([("RUSTC_BOOTSTRAP", "1"), ("RUSTC", rustc)]);
        }
        // Not between those of the other compiler: each would build what the other has built.
        let target = command::target().join("platforms").to_string_lossy().into_owned();
        let mut arguments = [&what[..], &["--target", self.triple, "--target-dir", &target]].concat();
        if own_std {
            arguments.push("-Zbuild-std=std,panic_unwind");
        }
        match command::run(cargo, &arguments, &environment)?.succeeded {
            true => Ok(PathBuf::from(target).join(self.triple).join(folder)),
            false => Err(format!("{package} cannot be built for {}", self.name)),
        }
    }

    /// cargo and rustc, and whether they have to build the standard library: that of rustup's compiler is taken where it is.
    fn rust(&self) -> Result<(&'static str, &'static str, bool), String> {
        let folder = command::output("rustc", &["--print", "target-libdir", "--target", self.triple]);
        if folder.is_ok_and(|folder| PathBuf::from(folder.trim()).exists()) {
            return Ok(("cargo", "rustc", false));
        }
        for (file, package) in [
            (DEBIAN_CARGO, "cargo-web"),
            (DEBIAN_RUSTC, "rustc-web"),
            ("/usr/lib/rustlib/src/rust/library/Cargo.lock", "rust-web-src"),
        ] {
            tools::require_that(|| PathBuf::from(file).exists(), file, package)?;
        }
        Ok((DEBIAN_CARGO, DEBIAN_RUSTC, true))
    }
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, Target};
    use crate::command::root;

    #[test]
    fn an_unknown_target_is_refused_with_those_that_there_are() {
        let complaint = Target::named("plan9-x64").unwrap_err();
        assert!(
            complaint.contains("\"plan9-x64\"") && complaint.contains("linux-arm64"),
            "{complaint}"
        );
    }

    /// What is published has the platforms of this table, under the same names.
    #[test]
    fn the_workflow_that_publishes_has_the_same_platforms() {
        let workflow = std::fs::read_to_string(root().join(".github/workflows/release.yml")).unwrap();
        for target in TARGETS {
            let line = workflow
                .lines()
                .find(|line| line.contains(&format!("- {{ name: {},", target.name)))
                .unwrap_or_else(|| panic!("{} is not published", target.name));
            let triple = target.triple.replace("windows-gnu", "windows-msvc");
            assert!(line.contains(&format!("target: {triple},")), "{line}");
        }
    }
}
