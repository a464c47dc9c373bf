//! What can be typed: the tree of commands with their help and examples. Each command's own options stand beside what
//! they do; those of requests are made from the core's descriptors.

use clap::{Parser, Subcommand};
use voicecall_core::calls::{VoiceNotification, VoiceVerificationCode};

use crate::calls::{CallOptions, CallsOptions};
use crate::cdr::CdrCommand;
use crate::demo::DemoOptions;
use crate::doctor::DoctorOptions;
use crate::examples;
use crate::explain::ExplainOptions;
use crate::listen::ListenOptions;
use crate::manual::{CompletionOptions, ManOptions};
use crate::place::PlaceOptions;
use crate::purge::PurgeOptions;
use crate::recording::RecordingCommand;
use crate::rejected::RejectedOptions;
use crate::replay::ReplayOptions;
use crate::sandbox::SandboxOptions;
use crate::settings::Global;
use crate::stop::StopOptions;
use crate::unsettled::UnsettledOptions;

/// What stands at the end of the first help page.
fn closing() -> String {
    format!("{}\n{CONFIGURATION}\n\n{}", examples::ALL, crate::exit::HELP)
}

const CONFIGURATION: &str = "\
Settings come from flags, then from the environment (VOICECALL_APP_KEY, VOICECALL_APP_SECRET and
so on: each setting's name in capitals), then from ~/.config/voicecall/config.toml, or from the
same below $XDG_CONFIG_HOME:
  profile = \"alerts\"      # where neither --profile nor VOICECALL_PROFILE names one
  timeout = \"10s\"         # for all profiles
  [profiles.alerts]
  app_key = \"…\"
  app_secret_command = \"pass show voicecall/alerts\"  # or app_secret_file, or app_secret";

/// VoiceCall in the shell: place calls, see what becomes of them, and a local platform to try it all on.
#[derive(Debug, Parser)]
#[command(name = "voicecall", version, after_help = closing())]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Connect two phones: call A, then B, and join them.
    ///
    /// Places one call, which costs money and rings two people. Never sent a second time by itself: when the outcome is
    /// unknown the exit code is 6.
    #[command(after_help = examples::CALL)]
    Call(CallOptions),
    /// Call one number, play files or spoken templates, perhaps collect keys.
    ///
    /// Places one call, which costs money and rings a person. Never sent a second time by itself: when the outcome is
    /// unknown the exit code is 6.
    #[command(after_help = examples::NOTIFY)]
    Notify(PlaceOptions<VoiceNotification>),
    /// Call one number and read a verification code out.
    ///
    /// Places one call, which costs money and rings a person. Never sent a second time by itself: when the outcome is
    /// unknown the exit code is 6.
    #[command(after_help = examples::VERIFY)]
    Verify(PlaceOptions<VoiceVerificationCode>),
    /// End a call and release both parties.
    ///
    /// To wait for the call's last webhooks, --listen and --public-url have to be those that the call was placed with.
    #[command(after_help = examples::STOP)]
    Stop(StopOptions),
    /// Fetch recordings.
    #[command(subcommand)]
    Recording(RecordingCommand),
    /// Receive webhooks: check them, keep them in a store or in a file.
    ///
    /// With a store: a receiver that runs for years. Each webhook is acknowledged when the store has it, and is there
    /// once, however often it comes; what is refused or cannot be read is kept beside. GET /healthz tells whether the
    /// store can write, GET /metrics counts for Prometheus, and the log is on standard error, an object a line with
    /// --json. SIGTERM and SIGINT end it after what it accepted is answered: exit code 0, or 1 where time was too short or
    /// a second signal came.
    ///
    /// Without a store, to look at webhooks: each becomes one line of JSON in the file, and is shown. It is acknowledged
    /// when its line is on disk. Duplicates are marked; what is refused or cannot be read is kept too.
    #[command(after_help = examples::LISTEN)]
    Listen(ListenOptions),
    /// List the calls in the store, the latest first, or show one.
    ///
    /// Reads the store and nothing else. Phone numbers are shown by their last four digits, and whole with --json: an
    /// object for each call, and at the end {"next": MARK} where there are more, for --after.
    #[command(after_help = examples::CALLS)]
    Calls(CallsOptions),
    /// Export CDRs from the store, and add them up.
    #[command(subcommand)]
    Cdr(CdrCommand),
    /// List calls that should have their CDR by now and do not, and attempts whose outcome nobody knows.
    ///
    /// Money that somebody should look after. Reads the store and nothing else; the oldest first.
    #[command(after_help = examples::UNSETTLED)]
    Unsettled(UnsettledOptions),
    /// List what came and could not be taken: records that cannot be read, bodies that are no push, what was refused.
    ///
    /// Each with its reason, the oldest first. Reads the store and nothing else. The texts themselves, which may hold
    /// personal data, are shown with --json: an object for each, and at the end {"next": MARK} where there are more.
    #[command(after_help = examples::REJECTED)]
    Rejected(RejectedOptions),
    /// Delete old calls from the store, for good.
    ///
    /// Each with its events, its CDR and what contradicted them; and old texts that could not be taken. Receivers go on
    /// writing meanwhile. A CDR that the platform sends again after it was deleted is taken for a new one; it may do so
    /// for six hours after the call.
    #[command(after_help = examples::PURGE)]
    Purge(PurgeOptions),
    /// Send saved webhooks again, freshly signed.
    ///
    /// Touches nothing but the address in --to. The signature is made with app_key and app_secret.
    #[command(after_help = examples::REPLAY)]
    Replay(ReplayOptions),
    /// Say what codes of the platform mean, and what to do about them.
    ///
    /// Looks in the library's tables; nothing is sent.
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainOptions),
    /// Look at everything that a call needs, and ring nobody.
    ///
    /// Touches: the configuration; the endpoint (name, connection, TLS, its clock); one signed request, which asks for
    /// the recording of a file that does not exist; and each --callback-url, by a GET from this machine. A wrong secret
    /// is one failed authentication: many of them in a row make the platform refuse this machine for 30 minutes.
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorOptions),
    /// Print the completion script for a shell.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionOptions),
    /// Print the manual page, or write those of all commands.
    #[command(after_help = examples::MAN)]
    Man(ManOptions),
    /// Show the main job on an embedded platform: calls, webhooks, a recording, CDRs and what they cost.
    ///
    /// Everything is real but the phones: a local platform, a webhook receiver on loopback, and the public API between
    /// them. No account is needed and nobody is rung. Ends within seconds.
    #[command(after_help = examples::DEMO)]
    Demo(DemoOptions),
    /// Run the local platform until standard input closes.
    ///
    /// The first line on standard output says where it listens and with which key, secret, numbers, voice files and
    /// templates it can be used.
    #[command(after_help = examples::SANDBOX)]
    Sandbox(SandboxOptions),
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
