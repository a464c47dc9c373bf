"""What the store tells: pages of calls, sums, files for other programs; and what is deleted."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

from support.records import CALLEE, cdr, fee, status
from voicecall import CreatedZone, Intake, errors


def test_calls_are_found_and_read_in_pages(intake: Intake) -> None:
    for day in range(1, 6):
        start, end = f"2026-01-0{day} 10:00:00", f"2026-01-0{day} 10:01:00"
        record = cdr(str(day), callOutStartTime=start, callOutAlertingTime="", callOutAnswerTime=start, callEndTime=end)
        intake.receive({}, fee({**record, "userData": f"ticket-{day}"}))
    intake.receive({}, status("callout", "6", timestamp="2026-01-06 10:00:00", called="+8613800000022"))
    ids = [call.session_id for call in intake.calls()]
    assert ids == ["6", "5", "4", "3", "2", "1"]
    page = intake.page(limit=4)
    assert [call.session_id for call in page.calls] == ids[:4]
    rest = intake.page(limit=4, after=page.next)
    assert [call.session_id for call in rest.calls] == ids[4:] and rest.next is None

    def found(**filter: Any) -> list[str | None]:
        return [call.session_id for call in intake.calls(**filter)]

    assert found(state="calling") == ["6"]
    assert found(number=CALLEE) == ids[1:] and found(number="+8613800000022") == ["6"]
    assert found(user_data="ticket-3") == ["3"] and found(app_key="another") == []
    noon = datetime(2026, 1, 2, 18, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    assert found(from_=noon, until=date(2026, 1, 4)) == ["3"] and found(from_="2026-01-06") == ["6"]


def test_more_calls_than_a_page_holds_are_read(intake: Intake) -> None:
    for first in range(0, 250, 50):
        intake.receive({}, fee(*(cdr(str(number)) for number in range(first, first + 50))))
    assert Counter(call.session_id for call in intake.calls()) == Counter(map(str, range(250)))


def test_records_are_added_up(intake: Intake) -> None:
    unanswered = cdr("2", callOutAnswerTime="", ulFailReason=31, callEndTime="2026-02-01 00:00:30")
    intake.receive({}, fee(cdr("1"), unanswered))
    (total,) = intake.totals(per_minute=Decimal("0.180"))
    assert (total.calls, total.answered, total.talk_seconds, total.billable_minutes) == (2, 1, 61, 2)
    assert total.price is not None and (total.price.amount, total.price.currency) == (Decimal("0.360"), "CNY")
    months = intake.totals("month")
    assert [(total.month, total.calls, total.price) for total in months] == [("2026-01", 1, None), ("2026-02", 1, None)]
    grouped = intake.totals(["month", "display_number"], until="2026-02-01")
    assert [(total.month, total.display_number) for total in grouped] == [("2026-01", "+867550000088")]
    assert "867550000088" not in repr(grouped)


def test_a_month_begins_where_one_wants(intake: Intake) -> None:
    late = cdr("1", callOutStartTime="2026-01-31 16:30:00", callOutAnswerTime="", callEndTime="2026-01-31 16:30:30")
    intake.receive({}, fee(late))
    zones: list[CreatedZone | Literal["utc", "beijing"]] = ["utc", "beijing", CreatedZone.UTC, CreatedZone.BEIJING]
    months = [intake.totals("month", zone=zone)[0].month for zone in zones]
    assert months == ["2026-01", "2026-02"] * 2


def test_records_are_written_for_other_programs(intake: Intake, tmp_path: Path) -> None:
    intake.receive({}, fee(cdr("1", userData="票, 一"), cdr("2")))
    file = tmp_path / "cdrs.csv"
    assert intake.export(file, "csv_for_spreadsheets", per_minute="0.18") == 2
    assert file.read_bytes().startswith(b"\xef\xbb\xbfsession_id,")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [(row["session_id"], row["user_data"], row["price"]) for row in rows] == [
        ("1", "票, 一", "0.36"),
        ("2", "ticket-1", "0.36"),
    ]
    output = io.BytesIO()
    assert intake.export(output, user_data="ticket-1") == 1
    assert json.loads(output.getvalue())["record"]["sessionId"] == "2"


def test_what_a_file_object_raises_is_raised(intake: Intake, tmp_path: Path) -> None:
    intake.receive({}, fee(cdr("1")))
    with pytest.raises(TypeError):
        intake.export(io.StringIO())  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        intake.export(tmp_path / "no folder" / "cdrs.csv")


def test_a_file_object_may_take_a_little_at_a_time(intake: Intake) -> None:
    class Slow(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: Any) -> int:
            self.taken += bytes(piece[:7])
            return min(len(piece), 7)

    intake.receive({}, fee(cdr("1")))
    slow = Slow()
    assert intake.export(slow) == 1  # type: ignore[arg-type]
    assert json.loads(slow.taken)["session_id"] == "1"


def test_what_is_old_is_deleted(intake: Intake) -> None:
    intake.receive({}, fee(cdr("1"), cdr("2", callEndTime="2026-03-01 00:00:00")))
    purged = intake.purge(datetime(2026, 2, 1, tzinfo=timezone.utc))
    assert (purged.calls, purged.attempts) == (1, 0)
    assert [call.session_id for call in intake.calls()] == ["2"]
    with pytest.raises(ValueError, match="before has no time zone"):
        intake.purge(datetime(2026, 2, 1))


def test_numbers_can_be_hashed(store: str, tmp_path: Path) -> None:
    settings = {"numbers_key": "example-secret-0001", "plain_numbers": ["+867550000088"]}
    with Intake(store, **settings) as intake:  # type: ignore[arg-type]
        receipt = intake.receive({}, fee(cdr("1")))
        assert receipt.new_cdrs[0].callee_num == CALLEE  # What came is told as it came.
        call = intake.call("1")
        assert call is not None and call.legs[0].number == intake.stored_number(CALLEE) != CALLEE
        assert call.legs[0].display_number == "+867550000088"
        assert [call.session_id for call in intake.calls(number=CALLEE)] == ["1"]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert CALLEE[1:].encode() not in kept and b"icid-1" in kept
    with pytest.raises(errors.ConfigurationError) as raised:
        Intake(store)
    assert raised.value.field == "/numbersKey"
