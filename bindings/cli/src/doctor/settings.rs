//! Whether the settings can work at all, and what is suspicious about key and secret.

use voicecall_core::Config;

use super::report::Report;
use crate::exit::Failure;
use crate::settings::Settings;

/// Whether the rest can be looked at.
pub(super) fn examine(settings: &Settings, config: &Config, report: &mut Report) -> bool {
    if let Err(error) = config.check() {
        let told = settings.fault(error).line();
        report.bad("settings", &told, "Correct the named setting.", Failure::Usage);
        return false;
    }
    report.good("settings", &format!("for {}", config.base_url()));
    match suspicion(config) {
        Some(what) => report.note(
            "app key",
            what,
            "Compare key and secret with the console, character by character.",
        ),
        None => report.good("app key", config.app_key.as_deref().unwrap_or_default()),
    }
    true
}

/// Mistakes of copying that every rule lets through. Says nothing of the secret but what is odd about it.
fn suspicion(config: &Config) -> Option<&'static str> {
    let key = config.app_key.as_deref().unwrap_or_default();
    let secret = config
        .app_secret
        .as_ref()
        .map(|secret| secret.expose())
        .unwrap_or_default();
    let blank = |text: &str| text.trim() != text;
    let quoted = |text: &str| text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']);
    match () {
        () if blank(key) => Some("the key begins or ends with a blank"),
        () if blank(secret) => Some("the secret begins or ends with a blank or a line end"),
        () if quoted(secret) => Some("the secret stands in quotes, which then belong to it"),
        () if key == secret => Some("key and secret are the same"),
        () if !secret.is_ascii() => Some("the secret has characters beyond ASCII"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use voicecall_core::Config;

    use super::suspicion;

    #[test]
    fn mistakes_of_copying_are_suspicious() {
        let of = |key: &str, secret: &str| suspicion(&Config::new().app_key(key).app_secret(secret));
        assert_eq!(of("key", "example-secret-0001"), None);
        for (key, secret) in [
            ("key ", "s"),
            ("key", "s\n"),
            ("key", "'s'"),
            ("key", "key"),
            ("key", "sécret"),
        ] {
            assert!(of(key, secret).is_some(), "{key:?} {secret:?}");
        }
    }
}
