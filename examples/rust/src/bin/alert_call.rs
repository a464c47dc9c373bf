//! Rings a person, reads an alarm, and waits for the key that confirms it.
//!
//! `alert_call DISPLAY_NUMBER CALLEE TEMPLATE`

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::time::Duration;

use voicecall_core::Delivery;
use voicecall_core::calls::{PlayContentInfo, VoiceNotification};
use voicecall_core::webhook::{Event, EventType};
use voicecall_examples::{Failure, Receiver, Settings};

/// Longer than any phone rings.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [display_number, callee, template] = arguments.as_slice() else {
        return Err("usage: alert_call DISPLAY_NUMBER CALLEE TEMPLATE".into());
    };
    let settings = Settings::from_env()?;
    let receiver = Receiver::start(&settings)?;
    let request = VoiceNotification::new()
        .display_nbr(display_number)
        .callee_nbr(callee)
        .play_info_list(vec![PlayContentInfo::new().template_id(template).collect_ind(1)])
        .status_url(receiver.status_url())
        .fee_url(receiver.fee_url());

    let call = match settings.client()?.create_voice_notification(&request) {
        Ok(call) => call,
        // The phone may be ringing: whoever calls this program again must not ring it a second time.
        Err(error) if error.delivery() == Delivery::Unknown => return Err(format!("do not repeat: {error}").into()),
        Err(error) => return Err(format!("{error}. {}", error.advice()).into()),
    };
    println!("calling");

    let mut confirmed = false;
    loop {
        let Event::Status(event) = receiver.next(PATIENCE)? else {
            continue;
        };
        if Some(event.session_id().as_ref()) != call.session_id.as_deref() {
            continue;
        }
        match event.event_type() {
            EventType::Alerting => println!("ringing"),
            EventType::Answer => println!("answered"),
            EventType::CollectInfo => confirmed = event.digit_info().as_deref() == Some("1"),
            EventType::Disconnect => break,
            _ => {}
        }
    }
    println!("{}", if confirmed { "confirmed" } else { "not confirmed" });
    Ok(())
}
