//! The core's pure functions one by one: sign, validate, build a request, read and verify a webhook.

#![allow(
    missing_docs,
    clippy::expect_used,
    reason = "criterion writes functions; a measurement that cannot be made says so"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use voicecall_bench::{STATUS, fee_push};
use voicecall_core::calls::{CREATE_VOICE_NOTIFICATION, PlayContentInfo, VoiceNotification};
use voicecall_core::request::{self, Signer};
use voicecall_core::sign::{self, CreatedZone};
use voicecall_core::webhook::{DigestForm, Policy, PushSigner, Webhook, parse};
use voicecall_core::{Secret, validate};

const KEY: &str = "ExampleAppKey0001";
const SECRET: &str = "example-secret-0001";
const NONCE: &str = "66C92B11FF8A425FB8D4CCFE0ED9ED1F";
const NOW: i64 = 1_548_299_064;
const URL: &str = "https://push.example.com/status";

fn notification() -> VoiceNotification {
    VoiceNotification::new()
        .display_nbr("+8675500000001")
        .callee_nbr("+8613800000021")
        .play_info_list(vec![
            PlayContentInfo::new()
                .template_id("alert")
                .template_paras(["3", "building 1"]),
        ])
        .status_url("https://example.com/voice/status")
        .fee_url("https://example.com/voice/fee")
        .user_data("alarm-4711")
}

fn requests(criterion: &mut Criterion) {
    let created = sign::created(NOW, &CreatedZone::Utc);
    criterion.bench_function("sign", |bencher| {
        bencher.iter(|| sign::x_aksk(KEY, SECRET, black_box(NONCE), &created));
    });
    let request = notification();
    criterion.bench_function("validate", |bencher| {
        bencher.iter(|| validate(&CREATE_VOICE_NOTIFICATION, black_box(&request)).expect("a valid request"));
    });
    let (secret, zone) = (Secret::from(SECRET), CreatedZone::Utc);
    criterion.bench_function("build", |bencher| {
        bencher.iter(|| {
            let signer = Signer {
                app_key: KEY,
                app_secret: &secret,
                zone: &zone,
            };
            request::build(
                &CREATE_VOICE_NOTIFICATION,
                black_box(&request),
                "https://a.example.com",
                signer,
                NONCE,
                NOW,
            )
        });
    });
}

fn webhooks(criterion: &mut Criterion) {
    criterion.bench_function("parse_status", |bencher| {
        bencher.iter(|| parse(black_box(STATUS.as_bytes())).expect("a push"));
    });
    let fee = fee_push(1);
    criterion.bench_function("parse_fee", |bencher| {
        bencher.iter(|| parse(black_box(fee.as_bytes())).expect("a push"));
    });
    let app_secret = &Secret::from(SECRET);
    let signer = PushSigner {
        app_key: KEY,
        app_secret,
        url: URL,
        form: DigestForm::Newest,
    };
    let headers = signer.headers(NONCE, &sign::created(NOW, &CreatedZone::Utc));
    let webhook = Webhook::builder()
        .url(URL)
        .application(KEY, SECRET)
        .policy(Policy::Require);
    let webhook = webhook.build().expect("a receiver");
    criterion.bench_function("receive_status", |bencher| {
        bencher.iter(|| {
            let pushed = headers.iter().map(|(name, value)| (*name, value.as_str()));
            let received = webhook.receive_at(pushed, STATUS.as_bytes(), NOW);
            assert!(received.verdict.is_accepted(), "{received:?}");
        });
    });
}

criterion_group!(benches, requests, webhooks);
criterion_main!(benches);
