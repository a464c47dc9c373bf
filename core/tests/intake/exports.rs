//! CDRs for other programs.

use voicecall_core::intake::{CallFilter, ExportFormat, Intake};
use voicecall_core::webhook::Tariff;

use super::pushes::{A, UNSIGNED, callback_cdr, cdr, fee};
use super::stores::on_every_store;

fn exported(intake: &Intake, filter: &CallFilter, format: ExportFormat) -> (u64, String) {
    let mut output = Vec::new();
    let tariff = Tariff::new("0.18", "CNY").unwrap();
    let count = intake.export(filter, format, Some(&tariff), &mut output).unwrap();
    (count, String::from_utf8(output).unwrap())
}

#[test]
fn ndjson_has_the_columns_and_the_whole_record() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(
            UNSIGNED,
            fee(&[callback_cdr("s-1", r#","newField":{"a":[1]}"#)]).as_bytes(),
        );
        let (count, text) = exported(&intake, &CallFilter::new(), ExportFormat::Ndjson);
        let line: serde_json::Value = serde_json::from_str(text.strip_suffix('\n').unwrap()).unwrap();
        assert_eq!(
            (count, &line["price"], &line["record"]["newField"]["a"][0]),
            (1, &"0.36".into(), &1.into())
        );
        assert_eq!(
            (&line["ended_at"], &line["scene"]),
            (&"2026-01-27T03:04:49Z".into(), &"callback".into())
        );
        assert!(line.get("recording").is_none());
    });
}

#[test]
fn csv_is_as_rfc_4180_has_it() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(
            UNSIGNED,
            fee(&[cdr("s-1", r#","userData":"a,\"b\"\r\n=1+1""#)]).as_bytes(),
        );
        let (_, text) = exported(&intake, &CallFilter::new(), ExportFormat::Csv);
        assert!(text.starts_with("session_id,icid,") && text.ends_with("\r\n"));
        assert!(text.contains("\"a,\"\"b\"\"\r\n=1+1\""));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let record = reader.records().next().unwrap().unwrap();
        let value = |name: &str| &record[headers.iter().position(|header| header == name).unwrap()];
        assert_eq!(
            (value("a_number"), value("b_number"), value("billable_minutes")),
            (A, "", "1")
        );
        assert_eq!(value("user_data"), "a,\"b\"\r\n=1+1");
    });
}

#[test]
fn spreadsheets_get_a_mark_and_no_formulas() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(
            UNSIGNED,
            fee(&[cdr("s-1", r#","userData":"=HYPERLINK(1)""#)]).as_bytes(),
        );
        let (_, text) = exported(&intake, &CallFilter::new(), ExportFormat::CsvForSpreadsheets);
        assert!(text.starts_with("\u{FEFF}session_id,"));
        assert!(text.contains(",'=HYPERLINK(1),") && text.contains(&format!(",'{A},")));
    });
}

#[test]
fn more_records_than_a_page_come_once_each_and_in_order() {
    on_every_store(|place| {
        let intake = place.open();
        // Most of them end in one second, some before it and some after it.
        for (message, end) in [49, 49, 58, 49, 49, 31, 49, 49, 49, 49, 49, 57].into_iter().enumerate() {
            let record =
                |number| cdr(&format!("s-{message}-{number}"), "").replace(":04:49\"", &format!(":04:{end}\""));
            let records: Vec<_> = (0..100).map(record).collect();
            intake.receive(UNSIGNED, fee(&records).as_bytes());
        }
        let (count, text) = exported(&intake, &CallFilter::new(), ExportFormat::Ndjson);
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.is_sorted_by_key(|line| line["ended_at"].as_str().unwrap().to_owned()));
        let mut sessions: Vec<_> = lines.iter().map(|line| line["session_id"].to_string()).collect();
        sessions.sort_unstable();
        sessions.dedup();
        assert_eq!((count, sessions.len()), (1200, 1200));
        assert_eq!(
            exported(&intake, &CallFilter::new().from("2026-01-28"), ExportFormat::Ndjson),
            (0, String::new())
        );
    });
}

#[test]
fn an_output_that_fails_is_an_error() {
    on_every_store(|place| {
        let intake = place.open();
        intake.receive(UNSIGNED, fee(&[cdr("s-1", "")]).as_bytes());
        let error = intake.export(
            &CallFilter::new(),
            ExportFormat::Ndjson,
            None,
            &mut [0_u8; 3].as_mut_slice(),
        );
        assert_eq!(error.unwrap_err().kind(), voicecall_core::ErrorKind::Storage);
    });
}
