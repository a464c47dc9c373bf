//! The driver in Rust: the core, without a process between.

use std::time::Duration;

use voicecall_core::calls::{PlayContentInfo, Recording, VoiceCallback, VoiceNotification, VoiceVerificationCode};
use voicecall_core::{CallOptions, Client, Config, Error};

use super::driver::Driver;

/// A client of the core.
pub(super) struct Rust(Client);

impl Rust {
    /// Settings are those that other drivers find in their environment.
    pub(super) fn start(environment: &[(&str, String)]) -> Result<Rust, String> {
        let setting = |name: &str| {
            environment
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.as_str())
        };
        let mut config = Config::new()
            .app_key(setting("VOICECALL_APP_KEY").unwrap_or_default())
            .app_secret(setting("VOICECALL_APP_SECRET").unwrap_or_default())
            .endpoint(setting("VOICECALL_ENDPOINT").unwrap_or_default());
        if let Some(file) = setting("VOICECALL_CA_FILE") {
            config = config.ca_file(file);
        }
        Client::new(config).map(Rust).map_err(|error| error.to_string())
    }
}

impl Driver for Rust {
    fn command(&mut self, words: &[String]) -> Result<Vec<String>, String> {
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        Ok(match perform(&self.0, &words) {
            Ok(answer) => vec!["ok".to_owned(), answer],
            Err(error) => vec![error.kind().id().to_owned(), error.delivery().id().to_owned()],
        })
    }
}

fn perform(client: &Client, words: &[&str]) -> Result<String, Error> {
    let word = |position: usize| words.get(position).copied().unwrap_or_default();
    let timeout = Duration::from_millis(word(1).parse().unwrap_or_default());
    let options = CallOptions::new().timeout(timeout);
    let placed = match word(0) {
        "create_voice_callback" => {
            let request = VoiceCallback::new()
                .display_nbr(word(2))
                .caller_nbr(word(3))
                .display_callee_nbr(word(2))
                .callee_nbr(word(4));
            client.create_voice_callback_with(&request, &options)?
        }
        "create_voice_notification" => {
            let request = VoiceNotification::new()
                .display_nbr(word(2))
                .callee_nbr(word(3))
                .play_info_list([PlayContentInfo::new().notify_voice("notifyvoice.wav")]);
            client.create_voice_notification_with(&request, &options)?
        }
        "create_voice_verification_code" => {
            let request = VoiceVerificationCode::new()
                .display_nbr(word(2))
                .callee_nbr(word(3))
                .language_type(2)
                .pre_tone("pretone.wav")
                .verify_code("20408");
            client.create_voice_verification_code_with(&request, &options)?
        }
        "terminate_call" => {
            client.terminate_call_with(word(2), &options)?;
            return Ok(String::new());
        }
        _ => {
            let recording = Recording::new().file_name(word(2)).record_domain(word(3));
            let url = client.get_recording_download_url_with(&recording, &options)?;
            return Ok(url.to_string());
        }
    };
    Ok(placed.session_id.unwrap_or_default())
}
