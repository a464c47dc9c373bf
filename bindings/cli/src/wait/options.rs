//! What can be typed about waiting.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use crate::exit::Failure;
use crate::http::Target;
use crate::request::text;

/// Options of commands that can wait for the end of a call.
#[derive(Debug, Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct WaitOptions {
    /// Receive the call's webhooks, show what they tell, and end when the call's CDR has come.
    ///
    /// The exit code then tells how the call ended: 0 it succeeded, 7 it did not, 6 its end was not told in time. With
    /// --json there is an object per line, each with one key that says what it is: placed, event, cdr or outcome.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Address on this machine to receive webhooks on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", requires = "wait")]
    pub(crate) listen: SocketAddr,
    /// How the platform reaches that address, e.g. through a tunnel; `/status` and `/fee` are added to it.
    ///
    /// Without it the platform is told the address itself, which only a platform on this machine can reach.
    #[arg(long, value_name = "URL", requires = "wait")]
    public_url: Option<String>,
    /// Longest time to wait for the end of the call.
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = time, requires = "wait")]
    pub(crate) wait_timeout: Duration,
}

impl WaitOptions {
    /// The address that the platform is told, when the receiver listens at this one.
    pub(super) fn base(&self, address: SocketAddr) -> Result<String, Failure> {
        match &self.public_url {
            Some(url) => match Target::parse(url) {
                Ok(_) => Ok(url.trim_end_matches('/').to_owned()),
                Err(why) => Err(Failure::usage(format!("--public-url: {why}"))),
            },
            None if address.ip().is_unspecified() => Err(Failure::usage(format!(
                "--listen {address}: that is every address of this machine; say with --public-url which one the platform reaches"
            ))),
            None => Ok(format!("http://{address}")),
        }
    }
}

pub(crate) fn time(text: &str) -> Result<Duration, &'static str> {
    text::milliseconds(text)
        .map(Duration::from_millis)
        .ok_or(text::MILLISECONDS)
}
