//! A push of 50 CDRs: read by the core, and into borrowed structs by sonic-rs and by serde_json. In turns, in one thread.

#![allow(clippy::expect_used, reason = "a measurement that cannot be made says so")]

use std::hint::black_box;

use serde::Deserialize;
use voicecall_bench::{fee_push, median, tell, thread_cpu_us};
use voicecall_core::webhook::parse;

const ROUNDS: usize = 301;
/// Messages in a row for each reader: less than a tick of the scheduler.
const MESSAGES: usize = 10;

/// What a user would write who reads the fields into types.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Push<'a> {
    #[serde(borrow)]
    #[allow(dead_code, reason = "it is the reading that is measured")]
    event_type: &'a str,
    fee_lst: Vec<Cdr<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "it is the reading that is measured")]
struct Cdr<'a> {
    direction: Option<i64>,
    sp_id: Option<&'a str>,
    app_key: Option<&'a str>,
    icid: Option<&'a str>,
    bind_num: Option<&'a str>,
    session_id: &'a str,
    caller_num: Option<&'a str>,
    callee_num: Option<&'a str>,
    fwd_display_num: Option<&'a str>,
    fwd_dst_num: Option<&'a str>,
    fwd_unasw_rsn: Option<i64>,
    ul_fail_reason: Option<i64>,
    sip_status_code: Option<i64>,
    call_out_unasw_rsn: Option<i64>,
    #[serde(rename = "dynIVRPath")]
    dyn_ivr_path: Option<&'a str>,
    record_flag: Option<i64>,
    record_object_name: Option<&'a str>,
    record_bucket_name: Option<&'a str>,
    record_domain: Option<&'a str>,
    record_file_download_url: Option<&'a str>,
    tts_play_times: Option<i64>,
    tts_trans_duration: Option<i64>,
    service_type: Option<&'a str>,
    host_name: Option<&'a str>,
    user_data: Option<&'a str>,
    fwd_start_time: Option<&'a str>,
    fwd_alerting_time: Option<&'a str>,
    fwd_answer_time: Option<&'a str>,
    call_end_time: Option<&'a str>,
    fail_time: Option<&'a str>,
    call_out_start_time: Option<&'a str>,
    call_out_alerting_time: Option<&'a str>,
    call_out_answer_time: Option<&'a str>,
    #[serde(rename = "dynIVRStartTime")]
    dyn_ivr_start_time: Option<&'a str>,
    record_start_time: Option<&'a str>,
}

fn main() {
    let message = fee_push(50);
    let body = message.as_bytes();
    type Reader = fn(&[u8]) -> usize;
    let readers: [Reader; 3] = [ours, with_sonic_rs, with_serde_json];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (reader, times) in readers.iter().zip(&mut times) {
            let begun = thread_cpu_us();
            for _ in 0..MESSAGES {
                assert_eq!(black_box(reader(black_box(body))), 50);
            }
            times.push((thread_cpu_us() - begun) / MESSAGES as f64);
        }
    }
    let [ours, sonic, serde] = times.map(median);
    tell("cdrs_bytes", body.len() as f64 / 1e3, "kB");
    tell("cdrs", ours, "us");
    tell("cdrs_sonic_rs", sonic, "us");
    tell("cdrs_serde_json", serde, "us");
    tell("cdrs_to_sonic_rs", ours / sonic, "x");
    tell("cdrs_to_serde_json", ours / serde, "x");
}

fn ours(body: &[u8]) -> usize {
    match parse(body).expect("a push") {
        voicecall_core::webhook::Event::Fee(event) => event.cdrs().len(),
        _ => 0,
    }
}

fn with_sonic_rs(body: &[u8]) -> usize {
    sonic_rs::from_slice::<Push<'_>>(body).expect("a push").fee_lst.len()
}

fn with_serde_json(body: &[u8]) -> usize {
    serde_json::from_slice::<Push<'_>>(body).expect("a push").fee_lst.len()
}
