//! Builds the assembly, its tests and the examples with Mono's compiler, which needs no SDK; warnings are errors.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::command::{self, root};
use crate::{built, replace};

/// The oldest language that users of the package may have.
const LANGUAGE: &str = "-langversion:7.2";
const EXAMPLES: &[&str] = &["PlaceCalls", "WebhookReceiver"];
/// What a program needs beside it to be started by .NET. Invariant: the runtime has no data of cultures with it.
const RUNTIME_CONFIG: &str = r#"{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"8.0.0"},"configProperties":{"System.Globalization.Invariant":true}}}"#;

/// What was built.
pub(super) struct Assemblies {
    /// The assembly, the programs, and the library that they load.
    folder: PathBuf,
}

impl Assemblies {
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.exe"))
    }

    /// A file for what a program leaves behind.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What every program needs: the library, and, for the tests, the command and the vectors.
    pub(super) fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        vec![
            ("LD_LIBRARY_PATH", text(&self.folder)),
            ("VOICECALL_COMMAND", text(&command::target().join("debug/voicecall"))),
            ("VOICECALL_VECTORS", text(&root().join("core/tests/vectors"))),
        ]
    }
}

/// Builds the library, the command, the assembly, the tests and the examples.
pub(super) fn build() -> Result<Assemblies, String> {
    let folder = build_library()?;
    compile_program(&folder, "VoiceCall.Tests", &["-recurse:bindings/csharp/tests/*.cs"])?;
    for example in EXAMPLES {
        compile_program(&folder, example, &[&format!("examples/csharp/{example}.cs")])?;
    }
    Ok(Assemblies { folder })
}

/// Builds the library, the command and, once in a run, the assembly; gives their folder.
pub(super) fn build_library() -> Result<PathBuf, String> {
    static ASSEMBLY: OnceLock<Result<(), String>> = OnceLock::new();
    built::libvoicecall(&[])?;
    built::voicecall()?;
    let folder = command::target().join("csharp");
    lay_native(&command::target().join("debug/libvoicecall.so"), &folder)?;
    ASSEMBLY.get_or_init(|| compile_assembly(&folder)).clone()?;
    Ok(folder)
}

/// Copies the library into a folder, under the name by which the assembly looks for it.
fn lay_native(library: &Path, folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .and_then(|()| replace::copy(library, &folder.join("libvoicecall_native.so")))
        .map_err(|error| format!("libvoicecall cannot be copied: {error}"))
}

/// Builds the assembly and the program that measures into a folder with libvoicecall in it.
pub(super) fn build_bench(folder: &Path) -> Result<PathBuf, String> {
    lay_native(&folder.join("libvoicecall.so"), folder)?;
    compile_assembly(folder)?;
    let sources = ["-recurse:bindings/csharp/bench/*.cs", "-r:System.Net.Http.dll"];
    compile_program(folder, "VoiceCall.Bench", &sources)?;
    Ok(folder.join("VoiceCall.Bench.exe"))
}

/// With its documentation, so that a public member without one is an error too.
fn compile_assembly(folder: &Path) -> Result<(), String> {
    compile(&[
        "-target:library",
        "-unsafe",
        &format!("-doc:{}", folder.join("VoiceCall.xml").display()),
        &format!("-out:{}", folder.join("VoiceCall.dll").display()),
        "-recurse:bindings/csharp/src/*.cs",
    ])
}

/// Compiles a program against the assembly in the folder.
pub(super) fn compile_program(folder: &Path, name: &str, sources: &[&str]) -> Result<(), String> {
    let config = folder.join(format!("{name}.runtimeconfig.json"));
    fs::write(config, RUNTIME_CONFIG).map_err(|error| format!("{name}.runtimeconfig.json: {error}"))?;
    let (assembly, program) = (
        format!("-r:{}", folder.join("VoiceCall.dll").display()),
        format!("-out:{}", folder.join(format!("{name}.exe")).display()),
    );
    compile(&[&["-debug", &assembly, &program], sources].concat())
}

fn compile(arguments: &[&str]) -> Result<(), String> {
    let arguments = [&[LANGUAGE, "-warnaserror", "-warn:4"], arguments].concat();
    command::output("mcs", &arguments).map(drop)
}
