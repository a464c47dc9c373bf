//! Whether a sender who has shown who it is may send requests at all: state of application and account, address, and how
//! many requests there were (contract requests.md 2.5, 13 and 14).

use std::net::IpAddr;

use crate::auth::Authenticated;
use crate::moment::Moment;
use crate::provisioning::Account;
use crate::rates::Rates;
use crate::refusal::{self, Refusal};

/// Admits a request, and counts it.
pub(crate) fn admit(
    sender: &Authenticated<'_>,
    address: IpAddr,
    account: &Account,
    rates: &Rates,
    now: Moment,
) -> Result<(), Refusal> {
    let application = sender.application;
    let code = if application.ip_black_list.contains(&address) {
        Some(refusal::ON_BLACK_LIST)
    } else if application
        .ip_white_list
        .as_ref()
        .is_some_and(|list| !list.contains(&address))
    {
        Some(refusal::NOT_ON_WHITE_LIST)
    } else if account.balance_fen.is_some_and(|balance| balance <= 0) {
        Some(refusal::IN_ARREARS)
    } else {
        application.state.refusal()
    };
    match code {
        Some(code) => Err(Refusal::new(code)),
        None => rates.request(&account.limits, address, sender.app_key, now),
    }
}
