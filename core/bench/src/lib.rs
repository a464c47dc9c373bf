//! What the programs of this package share: the message they read, the clock they trust, and how they tell a number.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot be made says so"
)]

pub mod platform;

/// A CDR with every documented field.
const RECORD: &str = r#"{"direction":1,"spId":"CaaS_Test_01","appKey":"ExampleAppKey0001","icid":"ba171f34e6953fcd751edc77127748f4.3757223714.337238282.9","bindNum":"+8675500000003","sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com","callerNum":"+8675500000001","calleeNum":"+8613800000021","fwdDisplayNum":"+8675500000002","fwdDstNum":"+8613800000022","fwdUnaswRsn":16,"ulFailReason":8010,"sipStatusCode":200,"callOutUnaswRsn":31,"dynIVRPath":"0-2-3","recordFlag":1,"recordObjectName":"1200_366_0.wav","recordBucketName":"bucket1","recordDomain":"ostor.huawei.com","recordFileDownloadUrl":"https://obs.example.com/1200_366_0.wav?x=1","ttsPlayTimes":2,"ttsTransDuration":3,"serviceType":"002","hostName":"callenabler245.huaweicaas.com","userData":"customerId123","fwdStartTime":"2019-01-24 03:04:31","fwdAlertingTime":"2019-01-24 03:04:36","fwdAnswerTime":"2019-01-24 03:04:38","callEndTime":"2019-01-24 03:06:01","failTime":"2019-01-24 03:06:02","callOutStartTime":"2019-01-24 03:04:24","callOutAlertingTime":"2019-01-24 03:04:27","callOutAnswerTime":"2019-01-24 03:04:31","dynIVRStartTime":"2019-01-24 03:04:32","recordStartTime":"2019-01-24 03:04:39"}"#;

/// A status push.
pub const STATUS: &str = r#"{"eventType":"callout","statusInfo":{"timestamp":"2019-01-24 03:04:24","sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com","caller":"+8613800000022","called":"+8613800000021"}}"#;

/// A push of this many CDRs, each with every documented field.
pub fn fee_push(records: usize) -> String {
    let list = vec![RECORD; records].join(",");
    format!(r#"{{"eventType":"fee","feeLst":[{list}]}}"#)
}

/// Microseconds of a processor that this thread has used: what other programs do beside it does not count.
pub fn thread_cpu_us() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e6 + used.tv_nsec as f64 / 1e3
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One line a number: name, value, unit. `cargo xtask bench core` says what they mean and what they have to keep.
pub fn tell(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}
