//! Whether what a request names exists and may be used: what only the platform can know.

use voicecall_core::calls::PlayContentInfo;
use voicecall_core::descriptor::FieldType;
use voicecall_core::record::{FieldValue, Fields};

use crate::call::{LegNumbers, PlacingRequest, Scene};
use crate::choices::Choices;
use crate::destiny;
use crate::provisioning::{Account, Application, Misfit};
use crate::refusal::{self, Refusal};

/// Checks a valid request against the account, in the order: capability, numbers, recording, voice files, templates; last
/// comes what the numbers themselves bring about.
pub(crate) fn placing<T: PlacingRequest>(
    request: &T,
    scene: &Scene,
    account: &Account,
    application: &Application,
    choices: &Choices,
) -> Result<(), Refusal> {
    if application.scene.is_some_and(|only| only != scene.kind()) {
        return Err(Refusal::new(refusal::NO_CAPABILITY));
    }
    let (first, second) = request.numbers();
    for leg in [Some(&first), second.as_ref()].into_iter().flatten() {
        display_number(leg, account, application)?;
    }
    if matches!(scene, Scene::Callback(script) if script.record) && !application.recording {
        return Err(Refusal::new(refusal::RECORDING_OFF));
    }
    voice_files(request, account)?;
    request
        .play_items()
        .iter()
        .try_for_each(|item| template(item, account, choices))?;
    addresses(request, choices)?;
    // The callee first: it is the number that a test varies.
    let numbers = second.iter().chain([&first]).map(|leg| &*leg.called);
    match numbers.into_iter().find_map(destiny::refusal_of) {
        Some(code) => Err(Refusal::new(code)),
        None => Ok(()),
    }
}

fn display_number(leg: &LegNumbers, account: &Account, application: &Application) -> Result<(), Refusal> {
    let number = &*leg.display;
    let bound_to = |application: &Application| application.display_numbers.contains(number);
    let code = if bound_to(application) {
        let suspended = application.suspended_numbers.contains(number);
        if !suspended || application.usable_numbers().next().is_some() {
            return Ok(());
        }
        refusal::NUMBER_SUSPENDED
    } else if account.applications.values().any(bound_to) {
        refusal::NUMBER_NOT_BOUND
    } else if account.unordered_numbers.contains(number) {
        refusal::NUMBER_NOT_ORDERED
    } else {
        refusal::DISPLAY_NUMBER
    };
    Err(Refusal::new(code))
}

/// Rules for callback addresses that some texts have and others do not (contract requests.md 9).
fn addresses<T: PlacingRequest>(request: &T, choices: &Choices) -> Result<(), Refusal> {
    let documented = |byte: u8| byte.is_ascii_alphanumeric() || b"-:./".contains(&byte);
    for (name, url) in [("statusUrl", request.status_url()), ("feeUrl", request.fee_url())] {
        let Some(url) = url else { continue };
        let plain = choices.https_callbacks_only && !url.starts_with("https://");
        let unusual = choices.documented_url_characters && !url.bytes().all(documented);
        if plain || unusual {
            return Err(Refusal::invalid_request(&format!("{name} is invalid.")));
        }
    }
    Ok(())
}

/// Every voice file that the request names, in nested records too, has to be there.
fn voice_files(record: &dyn Fields, account: &Account) -> Result<(), Refusal> {
    for (index, field) in record.record().fields.iter().enumerate() {
        match (field.ty, record.get(index)) {
            (FieldType::VoiceFile, Some(FieldValue::Text(name))) if !account.voice_files.contains(name) => {
                return Err(Refusal::invalid_request(&format!("{name} does not exist")));
            }
            (_, Some(FieldValue::Records(records))) => {
                let nested = (0..records.count()).filter_map(|index| records.at(index));
                for record in nested {
                    voice_files(record, account)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn template(item: &PlayContentInfo, account: &Account, choices: &Choices) -> Result<(), Refusal> {
    let Some(id) = &item.template_id else { return Ok(()) };
    let template = account
        .templates
        .get(id)
        .ok_or_else(|| Refusal::new(refusal::TEMPLATE_UNKNOWN))?;
    if !template.approved {
        return Err(Refusal::new(refusal::TEMPLATE_NOT_APPROVED));
    }
    template
        .check(item.template_paras.as_deref(), choices.template_unit)
        .map_err(|misfit| match misfit {
            Misfit::Missing => Refusal::invalid_request("templateParas is missing."),
            Misfit::Count => Refusal::new(refusal::TEMPLATE_COUNT),
            Misfit::Value { variable } => Refusal::template_value(&variable),
        })
}
