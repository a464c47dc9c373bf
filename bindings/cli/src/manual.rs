//! `voicecall completions` and `voicecall man`: what shells and readers want to know, made from the commands themselves,
//! which are handed in: they know of this one, too.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Failure;
use crate::output;

/// Options of `voicecall completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionOptions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Options of `voicecall man`.
#[derive(Debug, Args)]
pub(crate) struct ManOptions {
    /// Write a page for each command into this folder, instead of the first one to standard output.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// Prints the completion script.
pub(crate) fn completions(options: &CompletionOptions, mut commands: Command) {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut commands, "voicecall", &mut script);
    output::text(&script);
}

/// Prints or writes the manual pages.
pub(crate) fn man(options: &ManOptions, commands: Command) -> Result<(), Failure> {
    let Some(folder) = &options.out else {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(commands).render(&mut page);
        rendered.map_err(|error| Failure::local(format!("the page cannot be written: {error}")))?;
        output::text(&page);
        return Ok(());
    };
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(commands, folder))
        .map_err(|error| Failure::local(format!("{}: {error}", folder.display())))
}
