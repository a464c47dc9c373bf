//! The CDR of a finished call, with every field that its scene carries (contract pushes.md 8.1).
//!
//! The names here are written, never read: a test holds them against the descriptors of the core, which declare them.

use serde::Serialize;
use serde_json::Value;
use voicecall_core::descriptor::{FieldType, Record};
use voicecall_core::webhook::Cdr;

use crate::call::ending::{Causes, Ending};
use crate::call::{Call, Leg, LegTimes, SceneKind, id};
use crate::choices::Choices;
use crate::moment::Moment;
use crate::recording;

/// Seconds that the conversion of one template to speech takes: the official example has one use and one second.
const SPEECH_CONVERSION_SECONDS: u32 = 1;

/// A CDR as it travels. Fields without a value are absent (contract requests.md 18, D20).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FeeInfo<'a> {
    direction: u8,
    sp_id: &'a str,
    app_key: &'a str,
    icid: String,
    bind_num: &'a str,
    session_id: String,
    caller_num: &'a str,
    callee_num: &'a str,
    #[serde(flatten)]
    second_leg: Option<SecondLeg<'a>>,
    call_end_time: String,
    fwd_unasw_rsn: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    fail_time: Option<String>,
    ul_fail_reason: u16,
    sip_status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_out_start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_out_alerting_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_out_answer_time: Option<String>,
    call_out_unasw_rsn: u16,
    #[serde(rename = "dynIVRStartTime", skip_serializing_if = "Option::is_none")]
    dyn_ivr_start_time: Option<String>,
    #[serde(rename = "dynIVRPath", skip_serializing_if = "Option::is_none")]
    dyn_ivr_path: Option<String>,
    record_flag: u8,
    #[serde(flatten)]
    recording: Option<RecordingFields>,
    tts_play_times: u32,
    tts_trans_duration: u32,
    service_type: &'static str,
    host_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_data: Option<&'a str>,
}

/// Leg B, in callbacks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SecondLeg<'a> {
    fwd_display_num: &'a str,
    fwd_dst_num: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fwd_start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fwd_alerting_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fwd_answer_time: Option<String>,
}

/// Where the recording is, in recorded callbacks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordingFields {
    record_start_time: String,
    record_object_name: String,
    record_bucket_name: &'static str,
    record_domain: &'static str,
}

/// The CDR as JSON text; `None` while the call lives.
pub(crate) fn json(call: &Call, sp_id: &str, choices: &Choices) -> Option<String> {
    let (end, ending) = call.record().end?;
    let mut record = fee_info(call, sp_id, end, ending);
    if call.order.scene == SceneKind::Callback {
        record.direction = choices.callback_direction;
    }
    if choices.empty_fields {
        return with_empty_fields(serde_json::to_value(&record).ok()?, Cdr::RECORD);
    }
    serde_json::to_string(&record).ok()
}

/// The object with an empty text in every text field that it lacks.
pub(crate) fn with_empty_fields(mut object: Value, record: &Record) -> Option<String> {
    let members = object.as_object_mut()?;
    for field in record
        .fields
        .iter()
        .filter(|field| !matches!(field.ty, FieldType::Integer))
    {
        members.entry(field.name).or_insert_with(|| Value::from(""));
    }
    serde_json::to_string(&object).ok()
}

fn fee_info<'a>(call: &'a Call, sp_id: &'a str, end: Moment, ending: Ending) -> FeeInfo<'a> {
    let (order, record) = (&call.order, call.record());
    let first = order.numbers(Leg::A);
    let causes = ending.causes();
    let recording = recording::of(call);
    let times = record.leg(Leg::A);
    FeeInfo {
        // 0 in every known example, callbacks too.
        direction: 0,
        sp_id,
        app_key: &order.app_key,
        icid: id::record_id(call.number, call.placed),
        bind_num: &first.display,
        session_id: call.session_id(),
        caller_num: &first.display,
        callee_num: &first.called,
        second_leg: second_leg(call),
        call_end_time: end.wire(),
        fwd_unasw_rsn: q850_of(record.leg(Leg::B), causes),
        fail_time: ending.unanswered.then(|| end.wire()),
        ul_fail_reason: causes.release_point,
        sip_status_code: causes.sip,
        call_out_start_time: times.start.map(Moment::wire),
        call_out_alerting_time: times.alerting.map(Moment::wire),
        call_out_answer_time: times.answer.map(Moment::wire),
        call_out_unasw_rsn: q850_of(times, causes),
        dyn_ivr_start_time: record.collection_start.map(Moment::wire),
        dyn_ivr_path: (!record.keys.is_empty()).then(|| record.keys.join("-")),
        record_flag: u8::from(recording.is_some()),
        recording: recording.map(|recording| RecordingFields {
            record_start_time: recording.start.wire(),
            record_object_name: recording.file_name,
            record_bucket_name: recording::BUCKET,
            record_domain: recording::DOMAIN,
        }),
        tts_play_times: record.speech_conversions,
        tts_trans_duration: record.speech_conversions * SPEECH_CONVERSION_SECONDS,
        service_type: order.scene.service_type(),
        host_name: id::HOST,
        user_data: order.user_data.as_deref(),
    }
}

fn second_leg(call: &Call) -> Option<SecondLeg<'_>> {
    let numbers = call.order.second.as_ref()?;
    debug_assert_eq!(call.order.scene, SceneKind::Callback);
    let times = call.record().leg(Leg::B);
    Some(SecondLeg {
        fwd_display_num: &numbers.display,
        fwd_dst_num: &numbers.called,
        fwd_start_time: times.start.map(Moment::wire),
        fwd_alerting_time: times.alerting.map(Moment::wire),
        fwd_answer_time: times.answer.map(Moment::wire),
    })
}

/// The Q.850 cause belongs to the leg that was dialled and not answered; any other leg has 0.
fn q850_of(leg: &LegTimes, causes: Causes) -> u16 {
    let failed = leg.start.is_some() && leg.answer.is_none();
    if failed { causes.q850 } else { 0 }
}
