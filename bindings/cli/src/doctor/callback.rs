//! A callback URL: whether a request may carry it, and whether somebody answers there.

use std::net::IpAddr;

use voicecall_core::calls::{CREATE_VOICE_NOTIFICATION, PlayContentInfo, VoiceNotification};
use voicecall_core::{validate, warnings};

use super::report::Report;
use crate::exit::Failure;
use crate::http::{Http, Target};

const WHAT: &str = "callback URL";

pub(super) fn examine(http: &Http, url: &str, endpoint: &str, report: &mut Report) {
    // The library's own rule for the field, asked by way of a request that is otherwise right and never sent.
    let request = VoiceNotification::new()
        .display_nbr("+867550000088")
        .callee_nbr("+8613800000021")
        .play_info_list(vec![PlayContentInfo::new().notify_voice("test.wav")])
        .status_url(url);
    if let Err(error) = validate(&CREATE_VOICE_NOTIFICATION, &request) {
        let why = error.message().trim_start_matches("/statusUrl: ").to_owned();
        return report.bad(WHAT, &why, "Use a shorter or plainer address.", Failure::Usage);
    }
    for warning in warnings(&request) {
        report.note(WHAT, &warning.message, "Listed are letters, digits and - : . /");
    }
    match Target::parse(url) {
        Ok(target) => reach(http, url, &target, endpoint, report),
        Err(why) => report.bad(WHAT, why, "Correct the address.", Failure::Usage),
    }
}

fn reach(http: &Http, url: &str, target: &Target, endpoint: &str, report: &mut Report) {
    if !target.https {
        report.note(
            WHAT,
            "http: the newest pages of the service name https only",
            "Use https.",
        );
    }
    let local_platform = Target::parse(endpoint).is_ok_and(|endpoint| is_private(&endpoint.host));
    if is_private(&target.host) && !local_platform {
        let detail = "an address of this machine or network, which the platform cannot reach";
        report.bad(
            WHAT,
            detail,
            "Use an address that the public internet reaches.",
            Failure::Local,
        );
    }
    // Whatever is answered to a GET, somebody is there; an event would be stored by them.
    match http.get(target) {
        Ok(answer) => report.good(WHAT, &format!("{url} answers from here: HTTP {}", answer.status)),
        Err(why) => report.bad(
            WHAT,
            &why,
            "Start the receiver, and check name, certificate and firewall.",
            Failure::Local,
        ),
    }
}

fn is_private(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    match host.parse() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => false,
    }
}
