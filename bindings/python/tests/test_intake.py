"""The store of pushes: what is answered with 200 is in it once, and tells the story of each call."""

from __future__ import annotations

import io
import json
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import voicecall
from support.records import CALLEE, URL, cdr, counts, fee, status
from voicecall import Application, Intake, Webhook, errors
from voicecall.enums import State
from voicecall.intake import Call
from voicecall.testing import sign_push
from voicecall.webhook import FeeEvent


def test_what_comes_twice_is_stored_once(intake: Intake) -> None:
    first = intake.receive({}, fee(cdr("1"), cdr("2")))
    assert counts(first) == (200, 2, 0, 0, 0)
    assert first.reply.body == b'{"resultcode":"0","resultdesc":"Success"}'
    assert isinstance(first.new_event, FeeEvent) and first.new_event is first.event
    again = intake.receive({}, fee(cdr("2"), cdr("3")))
    assert counts(again) == (200, 1, 1, 0, 0)
    assert [record.session_id for record in again.new_cdrs] == ["3"]
    known = intake.receive({}, fee(cdr("1")))
    assert counts(known) == (200, 0, 1, 0, 0)
    assert known.new_event is None and known.new_cdrs == () and known.event is not None
    assert [len(call.cdrs) for call in intake.calls()] == [1, 1, 1]


def test_a_record_that_contradicts_a_known_one_is_kept_beside_it(intake: Intake) -> None:
    intake.receive({}, fee(cdr("1")))
    assert counts(intake.receive({}, fee(cdr("1", ulFailReason=31)))) == (200, 0, 1, 1, 0)
    call = intake.call("1")
    assert call is not None and call.conflicts == 1 and len(call.cdrs) == 1


def test_a_bad_record_costs_none_of_its_neighbours(intake: Intake, tmp_path: Path) -> None:
    bad = cdr("", callEndTime="soon")
    receipt = intake.receive({}, fee(cdr("1"), bad, cdr("3")))
    assert counts(receipt) == (200, 2, 0, 0, 1)
    assert counts(intake.receive({}, b"{")) == (500, 0, 0, 0, 1)
    intake.close()
    with closing(sqlite3.connect(tmp_path / "calls.db")) as connection:
        raw = [row[0] for row in connection.execute("SELECT raw FROM intake_rejected ORDER BY id")]
    assert [json.loads(raw[0])["callEndTime"], bytes(raw[1])] == ["soon", b"{"]


def test_a_push_without_a_valid_signature_is_refused(store: str) -> None:
    application = Application(app_key="app-key-0001", app_secret="example-secret-0001")
    webhook = Webhook(urls=[URL], applications=[application], policy="require")
    with Intake(store, webhook=webhook) as intake:
        refused = intake.receive({}, fee(cdr("1")))
        assert counts(refused) == (401, 0, 0, 0, 1)
        assert isinstance(refused.error, errors.SignatureError) and refused.event is None
        headers = sign_push("app-key-0001", "example-secret-0001", URL)
        receipt = intake.receive(headers, fee(cdr("1")))
        assert counts(receipt) == (200, 1, 0, 0, 0)
        assert receipt.verdict.verdict == "valid" and receipt.error is None
        assert str(receipt).startswith("200 valid: 1 new") and "<Receipt 200 valid" in repr(receipt)


def test_the_story_of_a_call_is_the_same_in_any_order(store: str, tmp_path: Path) -> None:
    pushes = [
        status("callout", "1"),
        status("alerting", "1"),
        status("answer", "1", timestamp="2026-01-27 15:30:10"),
        status("collectInfo", "1", timestamp="2026-01-27 15:30:20", digitInfo="7"),
        status("disconnect", "1", timestamp="2026-01-27 15:31:11", stateCode=0),
        fee(cdr("1")),
    ]
    stories: list[Call | None] = []
    for number, order in enumerate([pushes, pushes[::-1], pushes[3:] + pushes[:4]]):
        with Intake(f"sqlite:{tmp_path / f'{number}.db'}") as intake:
            for push in order:
                assert intake.receive({}, push).reply.status == 200
            stories.append(intake.call("1"))
    assert stories[0] == stories[1] == stories[2]
    call = stories[0]
    assert call is not None and (call.state, call.answered, call.talk_seconds) == ("billed", True, 61)
    assert [moment.what for moment in call.timeline] == ["calling", "ringing", "answered", "digits", "ended"]
    assert call.timeline[2].at == datetime(2026, 1, 27, 15, 30, 10, tzinfo=timezone.utc)
    (leg,) = call.legs
    assert (leg.leg, leg.number, leg.state) == ("a", CALLEE, "answered")
    assert [digits.keys for digits in call.digits] == ["7"]
    assert call.ending is not None and call.ending.explanation is not None and call.ending.explanation.succeeded
    price = call.price("0.18")
    assert (
        call.billable_minutes is not None
        and price is not None
        and price.amount == call.billable_minutes * Decimal("0.18")
    )


def test_a_story_is_a_value(intake: Intake) -> None:
    intake.receive({}, fee(cdr("1")))
    intake.receive({}, status("collectInfo", "1", digitInfo="4711"))
    call = intake.call("1")
    assert call is not None and call == intake.call("1") == pickle.loads(pickle.dumps(call))
    assert hash(call) == hash(intake.call("1")) and call.replace(state=State.ENDED) != call
    with pytest.raises(AttributeError):
        call.state = State.ENDED  # type: ignore[misc]
    shown = repr(call)
    assert "+*********0021" in shown and CALLEE not in shown and "4711" not in shown
    assert intake.call("nobody's") is None


def test_a_store_is_there_when_it_is_opened_again(store: str) -> None:
    with Intake(store) as intake:
        intake.receive({}, fee(cdr("1")))
    assert intake.closed and repr(intake) == "<Intake closed>"
    for use in (lambda: intake.receive({}, b"{"), lambda: intake.call("1"), intake.probe):
        with pytest.raises(errors.ClientClosed, match="the intake is closed"):
            use()
    intake.close()
    with Intake(store) as intake:
        assert counts(intake.receive({}, fee(cdr("1")))) == (200, 0, 1, 0, 0)
        intake.probe()
        intake.check()


def test_the_file_stays_the_same_when_the_process_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with Intake("sqlite:calls.db") as intake:
        monkeypatch.chdir("elsewhere")
        intake._native.rest()
        intake.receive({}, fee(cdr("1")))
    assert (tmp_path / "calls.db").exists() and not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"store": "calls.db"}, "/store"),
        ({"store": "sqlite::memory:"}, "/store"),
        ({"store": "postgres://user:example-secret-0001@127.0.0.1/voice"}, "/store"),
        ({"numbers_key": "short"}, "/numbersKey"),
        ({"rejected_entries": 0}, "/rejectedEntries"),
    ],
)
def test_settings_that_cannot_work_are_named(store: str, settings: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        Intake(**{"store": store, **settings})
    assert raised.value.field == field and "example-secret" not in str(raised.value)


def test_arguments_of_the_wrong_type_are_named(intake: Intake, store: str) -> None:
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: Intake(store, webhook=object()), "webhook must be a Webhook, not object"),  # type: ignore[arg-type]
        (lambda: Intake(5), "store must be a str, not int"),  # type: ignore[arg-type]
        (lambda: intake.receive({}, "{"), "body must be the raw bytes"),  # type: ignore[arg-type]
        (lambda: intake.placed("1", "1"), "request must be of type VoiceCallback, .*, not str"),  # type: ignore[arg-type]
        (lambda: intake.page(number=5), "number must be a str, not int"),  # type: ignore[arg-type]
        (lambda: intake.purge("now"), "before must be a datetime, not str"),  # type: ignore[arg-type]
        (lambda: intake.totals(per_minute=0.18), "per_minute must be a Decimal or a str"),  # type: ignore[arg-type]
    ]
    for use, message in wrong:
        with pytest.raises(TypeError, match=message):
            use()


def test_words_that_there_are_not_are_named(intake: Intake) -> None:
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: intake.wait_for("1", "gone"), "/condition"),  # type: ignore[arg-type]
        (lambda: intake.totals(["year"]), "/by"),  # type: ignore[list-item]
        (lambda: intake.totals(zone="utc+1"), "/zone"),  # type: ignore[arg-type]
        (lambda: intake.export(io.BytesIO(), "xml"), "/format"),  # type: ignore[arg-type]
        (lambda: list(intake.calls(state="gone")), "/state"),
        (lambda: intake.page(from_="yesterday"), "/from"),
        (lambda: intake.withdraw("nonsense"), "/attemptTag"),
    ]
    for use, field in wrong:
        with pytest.raises(errors.InvalidArgument) as raised:
            use()
        assert raised.value.field == field
    with pytest.raises(ValueError, match="from_ has no time zone"):
        intake.page(from_=datetime(2026, 1, 27))


def test_the_conditions_that_type_checkers_know_are_those_that_there_are(intake: Intake) -> None:
    source = Path(voicecall.intake.__file__).read_text(encoding="utf-8")
    listed = source.split("_Condition = Literal[")[1].split("]")[0]
    with pytest.raises(errors.InvalidArgument) as raised:
        intake.wait_for("1", "gone")  # type: ignore[arg-type]
    known = str(raised.value).split("one of ")[1].split(", ")
    assert [word.strip(' \n"') for word in listed.split(",") if word.strip()] == known
