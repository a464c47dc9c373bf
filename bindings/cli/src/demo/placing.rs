//! Places the calls of the demonstration: five that are accepted, two that are refused.

use voicecall_core::calls::{PlacedCall, PlayContentInfo, VoiceCallback, VoiceNotification, VoiceVerificationCode};
use voicecall_core::{Client, Error, ErrorKind};

use crate::demo::cast::{ALICE, BLACKLISTED, BOB, BUSY, CAROL, Call, Calls, DAVE, Role};
use crate::demo::screen::Screen;
use crate::demo::stage::Stage;
use crate::exit::Failure;
use crate::receiver::{fee_url, status_url};

/// Places every call; each is told on the screen.
pub(crate) fn place(stage: &Stage, screen: &mut Screen) -> Result<Calls, Failure> {
    let mut calls = Calls {
        placed: Vec::new(),
        refused_by_validation: 0,
        refused_by_platform: 0,
    };
    let client = &stage.client;
    let callback = |role, callee: &str, request: VoiceCallback| {
        let placed = client.create_voice_callback(&request)?;
        Ok::<_, Error>(call(role, Some(ALICE), callee, placed))
    };
    let recorded = callback_to(stage, BOB)
        .record_flag(true)
        .party_type_required_in_disconnect(true);
    calls.placed.push(callback(Role::Recorded, BOB, recorded)?);
    calls.placed.push(notification(stage)?);
    calls.placed.push(verification_code(stage)?);
    calls.placed.push(callback(Role::Busy, BUSY, callback_to(stage, BUSY))?);
    calls
        .placed
        .push(callback(Role::Terminated, DAVE, callback_to(stage, DAVE))?);
    calls.placed.iter().for_each(|call| screen.placed(call));

    let without_plus = BOB.trim_start_matches('+');
    refused(
        client,
        &callback_to(stage, without_plus),
        ErrorKind::InvalidArgument,
        screen,
    )?;
    calls.refused_by_validation += 1;
    refused(client, &callback_to(stage, BLACKLISTED), ErrorKind::Rejected, screen)?;
    calls.refused_by_platform += 1;
    Ok(calls)
}

fn callback_to(stage: &Stage, callee: &str) -> VoiceCallback {
    VoiceCallback::new()
        .display_nbr(display_number(stage))
        .caller_nbr(ALICE)
        .display_callee_nbr(display_number(stage))
        .callee_nbr(callee)
        .status_url(status_url(&stage.base))
        .fee_url(fee_url(&stage.base))
        .user_data("demo")
}

fn notification(stage: &Stage) -> Result<Call, Failure> {
    let item = PlayContentInfo::new()
        .template_id("sandbox_pickup")
        .template_paras(["李先生", "2026/11/22", "14:30"])
        .collect_ind(1);
    let request = VoiceNotification::new()
        .display_nbr(display_number(stage))
        .callee_nbr(CAROL)
        .play_info_list(vec![item])
        .status_url(status_url(&stage.base))
        .fee_url(fee_url(&stage.base));
    Ok(call(
        Role::Notification,
        None,
        CAROL,
        stage.client.create_voice_notification(&request)?,
    ))
}

fn verification_code(stage: &Stage) -> Result<Call, Failure> {
    let request = VoiceVerificationCode::new()
        .display_nbr(display_number(stage))
        .callee_nbr(CAROL)
        .language_type(2)
        .pre_tone("pretone.wav")
        .verify_code("83726150")
        .status_url(status_url(&stage.base))
        .fee_url(fee_url(&stage.base));
    Ok(call(
        Role::VerificationCode,
        None,
        CAROL,
        stage.client.create_voice_verification_code(&request)?,
    ))
}

/// A callback that has to fail in this way.
fn refused(client: &Client, request: &VoiceCallback, kind: ErrorKind, screen: &mut Screen) -> Result<(), Failure> {
    match client.create_voice_callback(request) {
        Err(error) if error.kind() == kind => {
            screen.refused(&error);
            Ok(())
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(Failure::Local(
            "a call that should have been refused was placed".to_owned(),
        )),
    }
}

fn call(role: Role, caller: Option<&str>, callee: &str, placed: PlacedCall) -> Call {
    Call {
        role,
        session_id: placed.session_id.unwrap_or_default(),
        caller: caller.map(str::to_owned),
        callee: callee.to_owned(),
    }
}

fn display_number(stage: &Stage) -> String {
    stage
        .sandbox
        .ready()
        .display_numbers
        .into_iter()
        .next()
        .unwrap_or_default()
}
