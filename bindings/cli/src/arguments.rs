//! What can be typed: commands, options and their help.

use clap::{Args, Parser, Subcommand};

/// VoiceCall in the shell: a local platform to develop against, and a demonstration.
#[derive(Debug, Parser)]
#[command(name = "voicecall", version, propagate_version = true, after_help = crate::exit::HELP)]
pub(crate) struct Arguments {
    /// Print data as JSON, one object per line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the main job on an embedded platform: calls, webhooks, a recording, CDRs and what they cost.
    ///
    /// Everything is real but the phones: a local platform, a webhook receiver on loopback, and the public API between
    /// them. No account is needed and nobody is rung. Ends within seconds.
    #[command(after_help = "Example:\n  voicecall demo --json | tail -n 1")]
    Demo(DemoOptions),
    /// Run the local platform until standard input closes.
    ///
    /// The first line on standard output says where it listens and with which key, secret, numbers, voice files and
    /// templates it can be used.
    #[command(after_help = "Example:\n  voicecall sandbox --port 8080 --speed 10")]
    Sandbox(SandboxOptions),
}

/// Options of `voicecall demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// How many times faster than real time the platform's clock runs.
    #[arg(long, value_name = "X", default_value_t = 30.0, value_parser = speed)]
    pub(crate) speed: f64,
}

/// Options of `voicecall sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxOptions {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// How many times faster than real time the platform's clock runs.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = speed)]
    pub(crate) speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.01..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("a number from 0.01 to 10000 is needed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_commands_are_declared_consistently() {
        Arguments::command().debug_assert();
    }
}
