//! What the command line parser complains about, in one line.

use std::process::ExitCode;

use clap::error::ErrorKind;
use voicecall_core::mask;

use crate::exit::Failure;

/// Shows the help that was asked for, or tells what was typed wrong.
pub(crate) fn report(error: &clap::Error, json: bool) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
        _ => Failure::usage(line(&error.render().to_string())).report(json),
    }
}

/// The parser writes a paragraph: what is wrong, tips, the usage. The first two are kept, without phone numbers: who
/// mistyped a flag did not want its value in a log. Of the usage the command's name is kept, to say where its help is.
fn line(paragraph: &str) -> String {
    let lines = || paragraph.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines().take_while(|line| !line.starts_with(USAGE) && !line.starts_with("For more information"));
    let told = told.collect::<Vec<_>>().join(" ");
    let told = told.strip_prefix("error: ").unwrap_or(&told).replace(" tip: ", "; ");
    let usage = lines()
        .find_map(|line| line.strip_prefix(USAGE))
        .unwrap_or(" voicecall");
    let name = usage
        .split_whitespace()
        .take_while(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let help = name.collect::<Vec<_>>().join(" ");
    format!("{}. See {help} --help", mask::numbers_in(told.trim_end_matches('.')))
}

const USAGE: &str = "Usage:";

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_complaint_and_its_tip_fit_in_a_line_without_numbers() {
        let paragraph = "error: unexpected argument '+8613800000021' found\n\n  tip: to pass it as a value, use '--'\n\n\
                         Usage: voicecall call [OPTIONS]\n\nFor more information, try '--help'.\n";
        assert_eq!(
            line(paragraph),
            "unexpected argument '+*********0021' found; to pass it as a value, use '--'. See voicecall call --help"
        );
    }
}
