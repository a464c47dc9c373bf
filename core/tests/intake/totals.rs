//! Sums of CDRs.

use voicecall_core::intake::{CallFilter, Intake, Total, TotalBy, TotalsQuery};
use voicecall_core::sign::CreatedZone;
use voicecall_core::webhook::Tariff;

use super::pushes::{UNSIGNED, callback_cdr, cdr, fee};
use super::stores::{Place, on_every_store};

fn filled(place: &Place) -> Intake {
    let intake = place.open();
    let unanswered = cdr("no", "").replace(r#""callOutAnswerTime":"2026-01-27 03:04:31","#, "");
    let february = cdr("feb", r#","userData":"order-7""#).replace("2026-01-27 03:04:49", "2026-01-31 20:00:00");
    let endless = cdr("endless", "").replace(r#""callEndTime":"2026-01-27 03:04:49","#, "");
    intake.receive(
        UNSIGNED,
        fee(&[cdr("one", ""), callback_cdr("both", ""), unanswered, february, endless]).as_bytes(),
    );
    intake
}

fn groups<'a>(query: &TotalsQuery, totals: &'a [Total]) -> Vec<Vec<Option<&'a str>>> {
    totals
        .iter()
        .map(|total| query.by.iter().map(|by| total.group(*by)).collect())
        .collect()
}

#[test]
fn one_total_of_everything() {
    on_every_store(|place| {
        let query = TotalsQuery::new().tariff(Tariff::new("0.18", "CNY").unwrap());
        let totals = filled(place).totals(&query).unwrap();
        let [total] = totals.as_slice() else {
            panic!("one total")
        };
        assert_eq!(
            (total.calls, total.answered, total.without_minutes, total.inferred),
            (5, 4, 1, true)
        );
        // 18 s, 11 s of two legs, and from the 27th to the 31st.
        let february = 4 * 86_400 + 16 * 3600 + 55 * 60 + 29;
        assert_eq!(total.talk_seconds, 18 + 11 + february);
        assert_eq!(total.billable_minutes, 1 + 2 + february.div_ceil(60));
        let price = total.price.as_ref().unwrap();
        assert_eq!(price.amount(), format!("{:.2}", total.billable_minutes as f64 * 0.18));
    });
}

#[test]
fn totals_by_month_depend_on_the_zone() {
    on_every_store(|place| {
        let intake = filled(place);
        let query = TotalsQuery::new().by(TotalBy::Month);
        let months = |query: &TotalsQuery| {
            let totals = intake.totals(query).unwrap();
            totals
                .iter()
                .map(|total| (total.month.clone(), total.calls))
                .collect::<Vec<_>>()
        };
        assert_eq!(months(&query), [(None, 1), (Some("2026-01".to_owned()), 4)]);
        let beijing = query.zone(CreatedZone::Beijing);
        let (january, february) = (Some("2026-01".to_owned()), Some("2026-02".to_owned()));
        assert_eq!(months(&beijing), [(None, 1), (january, 3), (february, 1)]);
    });
}

#[test]
fn totals_by_application_display_number_and_user_data() {
    on_every_store(|place| {
        let intake = filled(place);
        let query = TotalsQuery::new()
            .by(TotalBy::Application)
            .by(TotalBy::DisplayNumber)
            .by(TotalBy::UserData);
        let totals = intake.totals(&query).unwrap();
        let (one, two, display) = (Some("app-key-0001"), Some("app-key-0002"), Some("+867550000001"));
        assert_eq!(
            groups(&query, &totals),
            [
                [one, display, None],
                [one, display, Some("order-7")],
                [two, display, None]
            ]
        );
        let tariff = Tariff::new("0.18", "CNY").unwrap();
        let filtered = TotalsQuery::new()
            .filter(CallFilter::new().app_key("app-key-0002"))
            .tariff(tariff);
        let json = intake.totals(&filtered).unwrap()[0].to_json();
        assert_eq!(
            (&json["billable_minutes"], &json["price"]),
            (
                &serde_json::json!(2),
                &serde_json::json!({ "currency": "CNY", "inferred": true, "amount": "0.36" })
            )
        );
    });
}
