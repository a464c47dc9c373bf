//! Where the contract is open or in conflict with itself, each other way is a setting.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail the test")]

mod support;

use serde_json::{Value, json};
use support::client::{
    CALLBACK, Client, NOTIFICATION, RECORDING, STOP, VERIFICATION, base64, callback, notification, verification, with,
};
use support::receiver::{Received, Receiver};
use support::{DISPLAY, DISPLAY_TO_B, PATIENCE, fast, start};
use voicecall_core::sign;
use voicecall_sandbox::{Options, PushSignature, TemplateUnit};

/// What a receiver gets of one call under these settings.
fn pushes(set: impl FnOnce(&mut Options), path: &str, body: Value) -> (Receiver, Vec<Received>) {
    let receiver = Receiver::start();
    let mut options = fast();
    set(&mut options);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    let (status, fee) = (receiver.url("/status"), receiver.url("/fee"));
    let order = json!({ "statusUrl": base64(&status), "feeUrl": base64(&fee) });
    client.post(path, &with(body, order)).session_id();
    let pushes = receiver.wait_for_fee();
    (receiver, pushes)
}

fn client(set: impl FnOnce(&mut Options)) -> (voicecall_sandbox::blocking::Sandbox, Client) {
    let mut options = fast();
    set(&mut options);
    let sandbox = start(options);
    let client = Client::new(sandbox.ready());
    (sandbox, client)
}

fn of<'a>(pushes: &'a [Received], event: &str) -> Vec<&'a Received> {
    pushes.iter().filter(|push| push.event() == event).collect()
}

fn part<'a>(header: &'a str, name: &str) -> &'a str {
    header
        .split_once(&format!("{name}=\""))
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0
}

#[test]
fn pushes_are_signed_in_the_older_form() {
    let set = |options: &mut Options| options.push.signature = PushSignature::Older;
    let (receiver, pushes) = pushes(set, VERIFICATION, verification());
    let header = pushes[0].header("x-aksk");
    let (nonce, created) = (part(header, "Nonce"), part(header, "Created"));
    let url = receiver.url("/status");
    let secret = Options::default()
        .account
        .applications
        .into_values()
        .next()
        .unwrap()
        .secret;
    let digest = part(header, "PasswordDigest");
    assert!(sign::verify(secret.expose(), &[&url, nonce, created], digest));
    assert!(!sign::verify(
        secret.expose(),
        &[&url, "\n", nonce, "\n", created],
        digest
    ));
}

#[test]
fn pushes_are_not_signed() {
    let set = |options: &mut Options| options.push.signature = PushSignature::None;
    let (_, pushes) = pushes(set, VERIFICATION, verification());
    for push in pushes {
        let named = |name: &str| push.headers.iter().any(|(found, _)| found == name);
        assert!(!named("x-aksk") && !named("authorization") && named("content-type"));
    }
}

#[test]
fn status_pushes_are_signed_for_the_cdr_address() {
    let set = |options: &mut Options| options.push.status_signed_for_fee_url = true;
    let (receiver, pushes) = pushes(set, VERIFICATION, verification());
    let header = pushes[0].header("x-aksk");
    let message = [
        &*receiver.url("/fee"),
        "\n",
        part(header, "Nonce"),
        "\n",
        part(header, "Created"),
    ];
    let secret = Options::default()
        .account
        .applications
        .into_values()
        .next()
        .unwrap()
        .secret;
    assert!(sign::verify(secret.expose(), &message, part(header, "PasswordDigest")));
}

#[test]
fn the_header_has_no_blanks_after_its_commas() {
    let (_, pushes) = pushes(
        |options| options.push.compact_header = true,
        VERIFICATION,
        verification(),
    );
    let header = pushes[0].header("x-aksk");
    assert!(
        header.contains("\",PasswordDigest=\"") && !header.contains(", "),
        "{header}"
    );
}

#[test]
fn a_cdr_that_comes_again_keeps_its_signature() {
    for keeps in [false, true] {
        let receiver = Receiver::answering(|number, _| (if number == 0 { 500 } else { 200 }, ""));
        let (_sandbox, client) = client(|options| {
            options.speed = 100_000.0;
            options.push.repush_keeps_signature = keeps;
        });
        let fee = json!({ "feeUrl": base64(&receiver.url("/fee")) });
        client.post(VERIFICATION, &with(verification(), fee));
        let pushes = receiver.wait_for(2, |_| true);
        assert_eq!(pushes[0].header("x-aksk") == pushes[1].header("x-aksk"), keeps);
    }
}

#[test]
fn each_party_has_a_disconnect() {
    let (_, pushes) = pushes(|options| options.choices.two_disconnects = true, CALLBACK, callback());
    let ends = of(&pushes, "disconnect");
    let callers: Vec<_> = ends.iter().map(|push| push.info()["caller"].clone()).collect();
    assert_eq!(callers, [json!(DISPLAY_TO_B), json!(DISPLAY)]);
}

#[test]
fn party_types_have_other_texts() {
    let body = with(callback(), json!({ "partyTypeRequiredInDisconnect": "true" }));
    let set = |options: &mut Options| options.choices.party_types.callee = "1".to_owned();
    let (_, pushes) = pushes(set, CALLBACK, body);
    assert_eq!(of(&pushes, "disconnect")[0].info()["partyType"], "1");
}

#[test]
fn no_key_is_told_as_an_empty_text() {
    let items = json!([{ "notifyVoice": "notifyvoice.wav", "collectInd": 1 }]);
    let body = with(
        notification(),
        json!({ "calleeNbr": "+8613800008008", "playInfoList": items }),
    );
    let (_, pushes) = pushes(|options| options.choices.empty_digit_info = true, NOTIFICATION, body);
    assert_eq!(of(&pushes, "collectInfo")[0].info()["digitInfo"], "");
}

#[test]
fn fields_without_a_value_are_empty() {
    let body = with(callback(), json!({ "calleeNbr": "+8613800008102" }));
    let (_, pushes) = pushes(|options| options.choices.empty_fields = true, CALLBACK, body);
    assert_eq!(pushes[0].info()["userData"], "");
    let cdr = &pushes.last().unwrap().body["feeLst"][0];
    assert_eq!(
        (&cdr["fwdAnswerTime"], &cdr["recordObjectName"]),
        (&json!(""), &json!(""))
    );
    assert_eq!(cdr["sipStatusCode"], 486);
    let read = voicecall_core::webhook::parse(&pushes.last().unwrap().raw).unwrap();
    assert!(matches!(read, voicecall_core::webhook::Event::Fee(event) if event.rejected().is_empty()));
}

#[test]
fn a_callback_has_direction_1() {
    let (_, pushes) = pushes(|options| options.choices.callback_direction = 1, CALLBACK, callback());
    assert_eq!(pushes.last().unwrap().body["feeLst"][0]["direction"], 1);
}

#[test]
fn a_lone_leg_costs_unless_a_setting_says_otherwise() {
    for (costs, left) in [(true, 82), (false, 100)] {
        let (sandbox, client) = client(|options| {
            options.choices.lone_leg_costs = costs;
            options.account.balance_fen = Some(100);
        });
        let unreached = with(callback(), json!({ "calleeNbr": "+8613800008102" }));
        let session_id = client.post(CALLBACK, &unreached).session_id();
        sandbox.wait_for_end(&session_id, PATIENCE).unwrap();
        assert_eq!(client.admin("/account")["balance_fen"], left);
    }
}

#[test]
fn provisioned_addresses_win() {
    let provisioned = Receiver::start();
    let url = provisioned.url("/fee");
    let requested = Receiver::start();
    let (_sandbox, client) = client(|options| {
        options.choices.provisioned_addresses_win = true;
        options
            .account
            .applications
            .values_mut()
            .for_each(|application| application.fee_url = Some(url.clone()));
    });
    let own = json!({ "feeUrl": base64(&requested.url("/fee")) });
    client.post(VERIFICATION, &with(verification(), own));
    provisioned.wait_for_fee();
    assert_eq!(requested.pushes().len(), 0);
}

#[test]
fn callback_addresses_are_https_only() {
    let (_sandbox, client) = client(|options| options.choices.https_callbacks_only = true);
    let to = |url: &str| client.post(VERIFICATION, &with(verification(), json!({ "feeUrl": base64(url) })));
    let refused = to("http://127.0.0.1:9/fee");
    assert_eq!(refused.code().1, "1010002");
    assert_eq!(refused.json()["resultdesc"], "Invalid request.feeUrl is invalid.");
    assert_eq!(to("https://127.0.0.1:9/fee").code().1, "0");
}

#[test]
fn callback_addresses_have_documented_characters_only() {
    let (_sandbox, client) = client(|options| options.choices.documented_url_characters = true);
    let to = |url: &str| {
        let answer = client.post(VERIFICATION, &with(verification(), json!({ "statusUrl": base64(url) })));
        answer.code().1
    };
    assert_eq!(to("http://127.0.0.1:9/status"), "0");
    assert_eq!(to("http://127.0.0.1:9/my_status"), "1010002");
    assert_eq!(to("http://127.0.0.1:9/status?x=1"), "1010002");
}

#[test]
fn a_parameter_without_effect_is_refused_when_set_to() {
    let alone = with(callback(), json!({ "lastMinToUE": "both" }));
    let (_sandbox, tolerant) = client(|_| {});
    assert_eq!(tolerant.post(CALLBACK, &alone).code().1, "0");
    let (_sandbox, strict) = client(|options| options.choices.strict_dependencies = true);
    let refused = strict.post(CALLBACK, &alone);
    assert_eq!(refused.code(), (403, "1010002".to_owned()));
    assert_eq!(refused.json()["resultdesc"], "Invalid request.lastMinToUE is invalid.");
    let odd = with(
        verification(),
        json!({ "statusUrl": base64("http://127.0.0.1:9/my_status") }),
    );
    assert_eq!(strict.post(VERIFICATION, &odd).code().1, "0", "another matter");
}

#[test]
fn empty_addresses_and_json_booleans_are_refused_when_set_to() {
    let empty = with(verification(), json!({ "statusUrl": "", "feeUrl": "" }));
    let booleans = with(callback(), json!({ "recordFlag": false, "returnIdlePort": true }));
    let item = json!({ "notifyVoice": "notifyvoice.wav", "collectInd": 1, "replayAfterCollection": true });
    let nested = with(notification(), json!({ "playInfoList": [item] }));
    let (_sandbox, tolerant) = client(|_| {});
    assert_eq!(tolerant.post(VERIFICATION, &empty).code().1, "0");
    let answer = tolerant.post(CALLBACK, &booleans);
    assert!(
        answer.json()["idlePort"].is_number(),
        "the flag is read: {}",
        answer.json()
    );
    assert_eq!(tolerant.post(NOTIFICATION, &nested).code().1, "0");
    let (_sandbox, strict) = client(|options| {
        options.choices.strict_addresses = true;
        options.choices.strict_flags = true;
    });
    assert_eq!(strict.post(VERIFICATION, &empty).code().1, "1010002");
    assert_eq!(strict.post(CALLBACK, &booleans).code().1, "1010002");
    assert_eq!(strict.post(NOTIFICATION, &nested).code().1, "1010002");
}

#[test]
fn headers_have_their_documented_values_when_set_to() {
    let path = |client: &Client, content_type: &str| {
        let mut headers = client.good_headers();
        headers.authorization = headers.authorization.map(|value| value.replace("AKSK", "WSSE"));
        let wrong_word = client.post_with(VERIFICATION, verification().to_string().as_bytes(), &headers);
        let wrong_type = client.post_as(content_type, VERIFICATION, &verification());
        (wrong_word.code().1, wrong_type.code().1)
    };
    let (_sandbox, tolerant) = client(|_| {});
    assert_eq!(path(&tolerant, "text/plain"), ("0".to_owned(), "0".to_owned()));
    let (_sandbox, strict) = client(|options| options.choices.strict_headers = true);
    assert_eq!(
        path(&strict, "text/plain"),
        ("1023006".to_owned(), "1010002".to_owned())
    );
    assert_eq!(path(&strict, "application/json").1, "0");
    assert_eq!(strict.post(VERIFICATION, &verification()).code().1, "0");
}

#[test]
fn keys_with_a_replay_are_not_pushed_when_set_to() {
    let body = || {
        let item = json!({
            "notifyVoice": "notifyvoice.wav", "collectInd": 1, "replayAfterCollection": "true",
            "collectContentTriggerReplaying": "9",
        });
        with(notification(), json!({ "playInfoList": [item] }))
    };
    let (_receiver, told) = pushes(|_| {}, NOTIFICATION, body());
    assert_eq!(of(&told, "collectInfo").len(), 1);
    let (_receiver, told) = pushes(|options| options.choices.replay_hides_keys = true, NOTIFICATION, body());
    assert_eq!(of(&told, "collectInfo").len(), 0);
}

#[test]
fn texts_of_templates_are_counted_in_characters_when_set_to() {
    let three = || {
        let item = json!({ "templateId": "t", "templateParas": ["李先生"] });
        with(notification(), json!({ "playInfoList": [item] }))
    };
    let with_unit = |unit| {
        let (_sandbox, client) = client(|options| {
            options.choices.template_unit = unit;
            let template = voicecall_sandbox::Template::new("您好${TXT_3}。");
            options.account.templates.insert("t".to_owned(), template);
        });
        let answer = client.post(NOTIFICATION, &three());
        (answer.code().1, answer.json()["resultdesc"].clone())
    };
    let refusal = "TXT_3 of templateParas does not meet template requirements";
    assert_eq!(with_unit(TemplateUnit::Bytes), ("1012005".to_owned(), json!(refusal)));
    assert_eq!(with_unit(TemplateUnit::Characters).0, "0");
}

#[test]
fn refusals_come_with_200_or_with_an_empty_session() {
    let (_sandbox, client) = client(|options| {
        options.choices.refusals_with_200 = true;
        options.choices.empty_session_id = true;
    });
    let wrong = with(verification(), json!({ "displayNbr": "+867559999999" }));
    let answer = client.post(VERIFICATION, &wrong);
    assert_eq!(answer.code(), (200, "1010023".to_owned()));
    assert_eq!(answer.json()["sessionId"], "");
}

#[test]
fn a_status_that_is_not_known_is_the_one_that_is_set() {
    let (_sandbox, client) = client(|options| options.choices.unknown_status = 500);
    let stop = json!({ "sessionid": "x", "signal": "call_stop" });
    assert_eq!(client.post(STOP, &stop).code(), (500, "1020152".to_owned()));
}

#[test]
fn a_wrong_request_gets_no_answer_at_all() {
    let (_sandbox, client) = client(|options| options.choices.silent_on_wrong_requests = true);
    let short = ureq::Agent::config_builder()
        .timeout_global(Some(std::time::Duration::from_millis(100)))
        .http_status_as_error(false)
        .build();
    let agent: ureq::Agent = short.into();
    for path in [CALLBACK, "/rest/nothing"] {
        let error = agent
            .post(format!("{}{path}", client.ready.endpoint))
            .send("{}")
            .unwrap_err();
        assert!(matches!(error, ureq::Error::Timeout(_)), "{error}");
    }
    let wrong = with(verification(), json!({ "displayNbr": "+867559999999" }));
    assert_eq!(
        client.post(VERIFICATION, &wrong).code().1,
        "1010023",
        "what it asks for is another matter"
    );
}

#[test]
fn a_recording_has_an_address_for_half_an_hour() {
    let (sandbox, client) = client(|options| {
        options.speed = 1.0;
        options.recording_link_life = std::time::Duration::from_secs(1800);
        options.all_phones.alerting_seconds = Some(0);
        options.all_phones.answer_seconds = Some(0);
        options.all_phones.talk_seconds = Some(3);
    });
    client.admin_put("/clock", &json!({ "paused": true }));
    let session_id = client
        .post(CALLBACK, &with(callback(), json!({ "recordFlag": "true" })))
        .session_id();
    client.admin_post("/clock/step", &json!({ "seconds": 10 }));
    let file = sandbox.call(&session_id).unwrap().recording.unwrap();
    let asked = format!("{RECORDING}?fileName={file}&recordDomain=ostor.sandbox.invalid");
    let url = client.get(&asked).header("location").unwrap().to_owned();
    client.admin_post("/clock/step", &json!({ "seconds": 1799 }));
    assert_eq!(client.fetch(&url, &[]).status, 200);
    client.admin_post("/clock/step", &json!({ "seconds": 1 }));
    assert_eq!(client.fetch(&url, &[]).status, 403);
}
