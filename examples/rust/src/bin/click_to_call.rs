//! Connects two people, waits for the CDR, says what the call costs, and fetches its recording.
//!
//! `click_to_call DISPLAY_NUMBER CALLER CALLEE RECORDING_FILE`

#![allow(clippy::print_stdout, reason = "a program for people")]

use std::time::Duration;

use voicecall_core::DownloadOptions;
use voicecall_core::calls::VoiceCallback;
use voicecall_core::webhook::{Cdr, Event, Tariff};
use voicecall_examples::{Failure, Receiver, Settings};

/// People talk for a while.
const PATIENCE: Duration = Duration::from_secs(3600);

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [display_number, caller, callee, file] = arguments.as_slice() else {
        return Err("usage: click_to_call DISPLAY_NUMBER CALLER CALLEE RECORDING_FILE".into());
    };
    let settings = Settings::from_env()?;
    let client = settings.client()?;
    let receiver = Receiver::start(&settings)?;
    let request = VoiceCallback::new()
        .display_nbr(display_number)
        .caller_nbr(caller)
        .display_callee_nbr(display_number)
        .callee_nbr(callee)
        .record_flag(true)
        .fee_url(receiver.fee_url());
    let call = client.create_voice_callback(&request)?;

    let cdr = cdr_of(&call.session_id.unwrap_or_default(), &receiver)?;
    for leg in cdr.legs() {
        println!("leg {}: {} s", leg.leg.id(), leg.talk_seconds().unwrap_or_default());
    }
    if let Some(price) = cdr.price(&Tariff::new("0.18", "CNY")?) {
        println!("price: {price}");
    }
    if let Some(why) = cdr.explain() {
        println!("ended: {why}");
    }
    match cdr.recording() {
        Some(recording) => {
            let fetched = client.download_recording(recording, file, DownloadOptions::new())?;
            println!("recording: {} bytes", fetched.bytes);
        }
        None => println!("no recording: nobody talked for 3 seconds"),
    }
    Ok(())
}

/// Waits for the call's record; others may come first, several in one message.
fn cdr_of(session_id: &str, receiver: &Receiver) -> Result<Cdr, Failure> {
    loop {
        if let Event::Fee(event) = receiver.next(PATIENCE)?
            && let Some(cdr) = event.cdrs().iter().find(|cdr| cdr.session_id() == session_id)
        {
            return Ok(cdr.clone());
        }
    }
}
