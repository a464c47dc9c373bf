"""The store of pushes: what is answered with 200 is in it once, whatever happens to the process."""

from __future__ import annotations

import csv
import gc
import io
import json
import multiprocessing
import os
import pickle
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import voicecall
from support.peer import Peer, answer, hold, placed, read_request, reset, send
from voicecall import Application, Client, Intake, PlayContentInfo, VoiceNotification, Webhook, errors
from voicecall.intake import Call
from voicecall.testing import Sandbox, sign_push
from voicecall.webhook import FeeEvent

URL = "https://push.example.com/voice"
CALLEE = "+8613800000021"
REQUEST = VoiceNotification(
    display_nbr="+867550000088",
    callee_nbr=CALLEE,
    play_info_list=[PlayContentInfo(notify_voice="notifyvoice.wav")],
    user_data="ticket-1",
)


def cdr(session_id: str, **fields: object) -> dict[str, object]:
    """A record of a call that was answered and lasted 61 seconds."""
    return {
        "sessionId": session_id,
        "icid": f"icid-{session_id}",
        "appKey": "app-key-0001",
        "callerNum": "+867550000088",
        "calleeNum": CALLEE,
        "callOutStartTime": "2026-01-27 15:30:00",
        "callOutAlertingTime": "2026-01-27 15:30:05",
        "callOutAnswerTime": "2026-01-27 15:30:10",
        "callEndTime": "2026-01-27 15:31:11",
        "ulFailReason": 0,
        "userData": "ticket-1",
        **fields,
    }


def fee(*records: dict[str, object]) -> bytes:
    return json.dumps({"eventType": "fee", "feeLst": records}).encode()


def status(kind: str, session_id: str, **fields: object) -> bytes:
    info = {"sessionId": session_id, "timestamp": "2026-01-27 15:30:05", "called": CALLEE, **fields}
    return json.dumps({"eventType": kind, "statusInfo": info}).encode()


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:{tmp_path / 'calls.db'}"


@pytest.fixture
def intake(store: str) -> Iterator[Intake]:
    with Intake(store) as intake:
        yield intake


def counts(receipt: voicecall.intake.Receipt) -> tuple[int, int, int, int, int]:
    return receipt.reply.status, receipt.accepted, receipt.duplicates, receipt.conflicts, receipt.rejected


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
    bad = cdr("2", callEndTime="soon")
    receipt = intake.receive({}, fee(cdr("1"), bad, cdr("3")))
    assert counts(receipt) == (200, 2, 0, 0, 1)
    assert counts(intake.receive({}, b"{")) == (200, 0, 0, 0, 1)
    intake.close()
    with closing(sqlite3.connect(tmp_path / "calls.db")) as connection:
        raw = [row[0] for row in connection.execute("SELECT raw FROM intake_rejected ORDER BY id")]
    assert [json.loads(raw[0])["sessionId"], bytes(raw[1])] == ["2", b"{"]


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
    assert (leg.name, leg.number, leg.state) == ("a", CALLEE, "answered")
    assert [digits.keys for digits in call.digits] == ["7"]
    assert call.ending is not None and call.ending.explanation is not None and call.ending.explanation.succeeded
    price = call.price("0.18")
    assert call.billable is not None and price is not None and price.amount == call.billable.minutes * Decimal("0.18")


def test_a_story_is_a_value(intake: Intake) -> None:
    intake.receive({}, fee(cdr("1")))
    intake.receive({}, status("collectInfo", "1", digitInfo="4711"))
    call = intake.call("1")
    assert call is not None and call == intake.call("1") == pickle.loads(pickle.dumps(call))
    assert hash(call) == hash(intake.call("1")) and call.replace(state="ended") != call
    with pytest.raises(AttributeError):
        call.state = "ended"  # type: ignore[misc]
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


def test_a_wait_ends_with_the_push(intake: Intake) -> None:
    with ThreadPoolExecutor() as pool:
        answered = pool.submit(intake.wait_for, "1", "answered", timeout=timedelta(seconds=20))
        billed = pool.submit(intake.wait_for, "1", timeout=20)
        intake.receive({}, status("answer", "1"))
        call = answered.result(20)
        assert call is not None and call.state == "answered"
        intake.receive({}, fee(cdr("1")))
        call = billed.result(20)
        assert call is not None and call.state == "billed"
    assert intake.wait_for("2", timeout=0) is None
    intake.receive({}, fee(cdr("3", callOutAnswerTime="", ulFailReason=31)))
    assert intake.wait_for("3", "a_answered", timeout=1e6) is None  # It cannot any more.


def test_closing_ends_a_wait(intake: Intake) -> None:
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        with pytest.raises(errors.ClientClosed):
            intake.wait_for("1", timeout=1e6)

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(wait)
        assert begun.wait(20)
        intake.close()
        waiting.result(20)


def test_ctrl_c_ends_a_wait(store: str) -> None:
    program = f"""
import signal, sys, threading
from voicecall import Intake
intake = Intake({store!r})
threading.Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()
try:
    intake.wait_for("1", timeout=1e6)
except KeyboardInterrupt:
    print("ended")
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert finished.stdout == "ended\n"


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


def test_a_registered_call_is_unsettled_until_its_cdr_is_here(intake: Intake) -> None:
    intake.placed(REQUEST, "1")
    (call,) = intake.unsettled(timedelta())
    assert (call.session_id, call.state, call.operation) == ("1", "placed", "create_voice_notification")
    assert (call.user_data, call.legs[0].number, call.placed_at is not None) == ("ticket-1", CALLEE, True)
    assert intake.unsettled() == ()
    intake.receive({}, fee(cdr("1")))
    assert intake.unsettled(0) == ()


def test_an_attempt_is_settled_by_the_push_that_brings_its_mark_back(intake: Intake) -> None:
    attempt = intake.attempt(REQUEST)
    assert attempt.request == REQUEST.replace(user_data=f"ticket-1-{attempt.tag}")
    (call,) = intake.unsettled(0)
    assert (call.session_id, call.state, call.attempt_tag) == (None, "attempted", attempt.tag)
    intake.receive({}, fee(cdr("1", userData=attempt.request.user_data)))
    assert intake.unsettled(0) == ()
    settled = intake.call("1")
    assert settled is not None and (settled.user_data, settled.operation) == ("ticket-1", "create_voice_notification")
    withdrawn = intake.attempt(REQUEST)
    intake.withdraw(withdrawn.tag)
    assert intake.unsettled(0) == ()


def test_a_call_is_placed_and_registered(
    intake: Intake, peer: Callable[..., Peer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "voicecall")
    platform = peer([read_request, send(placed("session-1"))])
    with Client("k", "example-secret-0001", endpoint=platform.url) as client:
        answer = intake.place(client, REQUEST)
    assert answer.session_id == "session-1"
    (call,) = intake.unsettled(0)
    assert (call.session_id, call.state) == ("session-1", "placed")
    assert f'"ticket-1-{call.attempt_tag}"'.encode() in platform.seen.requests[0]
    assert [message.split(" in ")[0] for message in caplog.messages] == ["place VoiceNotification: session session-1"]


def test_a_call_that_was_refused_leaves_nothing_behind(intake: Intake, peer: Callable[..., Peer]) -> None:
    platform = peer([read_request, send(answer(403, '{"resultcode":"1010010","resultdesc":"no"}'))])
    with Client("k", "example-secret-0001", endpoint=platform.url) as client:
        with pytest.raises(errors.VoiceCallError) as raised:
            intake.place(client, REQUEST)
        assert raised.value.delivery == "answered" and intake.unsettled(0) == ()
        with pytest.raises(errors.InvalidArgument):
            intake.place(client, REQUEST.replace(callee_nbr="nobody"))
        assert intake.unsettled(0) == ()


def test_a_call_of_unknown_outcome_is_kept(intake: Intake, peer: Callable[..., Peer]) -> None:
    platform = peer([read_request, reset])
    client = Client("k", "example-secret-0001", endpoint=platform.url)
    with client, pytest.raises(errors.OutcomeUnknown) as raised:
        intake.place(client, REQUEST)
    (call,) = intake.unsettled(0)
    assert call.attempt_tag == raised.value.attempt_tag is not None


def test_what_cannot_be_registered_is_not_placed(intake: Intake, peer: Callable[..., Peer]) -> None:
    platform = peer([hold])
    intake.close()
    with Client("k", "example-secret-0001", endpoint=platform.url) as client, pytest.raises(errors.ClientClosed):
        intake.place(client, REQUEST)
    assert platform.seen.connections == 0


@contextmanager
def locked(store: str) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the lock of the file until its standard input is closed. Another one, because locks do not
    part the two copies of SQLite in this one."""
    program = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
connection.close()
"""
    command = [sys.executable, "-c", program, store.removeprefix("sqlite:")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None and other.stdout is not None and other.stdout.readline() == "locked\n"
        yield other
        other.stdin.close()


def test_a_store_that_cannot_write_is_answered_with_500(store: str) -> None:
    with Intake(store, store_timeout=0.01) as intake:
        with locked(store):
            receipt = intake.receive({}, fee(cdr("1")))
            assert counts(receipt) == (500, 0, 0, 0, 0)
            assert isinstance(receipt.error, errors.StorageError) and isinstance(receipt.error, OSError)
            with pytest.raises(errors.StorageError):
                intake.probe()
        assert counts(intake.receive({}, fee(cdr("1")))) == (200, 1, 0, 0, 0)


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database\n" * 1000)
    with pytest.raises(errors.StorageError):
        Intake(f"sqlite:{tmp_path / 'notes.txt'}")


def test_many_threads_use_one_intake(intake: Intake) -> None:
    def push(number: int) -> int:
        return intake.receive({}, fee(cdr(str(number % 100)))).accepted

    with ThreadPoolExecutor(32) as pool:
        assert sum(pool.map(push, range(400))) == 100
    assert Counter(call.session_id for call in intake.calls()) == Counter(map(str, range(100)))


def test_the_interpreter_runs_on_while_the_disk_is_waited_for(store: str) -> None:
    """The file is unlocked by a thread that could not run if the interpreter were held."""
    with Intake(store, store_timeout=30) as intake, ThreadPoolExecutor(1) as pool:
        with locked(store):
            receiving = pool.submit(intake.receive, {}, fee(cdr("1")))
            with pytest.raises(futures.TimeoutError):
                receiving.result(0.1)
        assert receiving.result(30).accepted == 1


def in_child(work: Callable[[], None]) -> int:
    """The exit code of a forked child that does this."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            os.write(2, repr(error).encode())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_parent_and_child_go_on_with_an_intake(intake: Intake) -> None:
    intake.receive({}, fee(cdr("1")))

    def work() -> None:
        assert intake.call("1") is not None
        assert intake.receive({}, fee(cdr("2"))).accepted == 1
        gc.collect()

    assert in_child(work) == 0
    assert intake.receive({}, fee(cdr("2"), cdr("3"))).accepted == 1
    assert in_child(lambda: intake.close()) == 0
    assert len(list(intake.calls())) == 3
    intake.check()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_forked_while_the_store_was_in_use_says_so(intake: Intake, store: str) -> None:
    class Forks(io.RawIOBase):
        """A file in the middle of an export."""

        status: int | None = None

        def write(self, piece: Any) -> int:
            self.status = in_child(work)
            return len(piece)

    def work() -> None:
        for use in (lambda: intake.receive({}, fee(cdr("2"))), lambda: Intake(store), lambda: intake.call("1")):
            with pytest.raises(errors.StorageError, match="forked while a store was in use"):
                use()
        intake.close()
        gc.collect()

    intake.receive({}, fee(cdr("1")))
    file = Forks()
    intake.export(file)  # type: ignore[arg-type]
    assert file.status == 0
    assert in_child(intake.check) == 0
    assert intake.call("1") is not None


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_workers_that_were_forked_share_a_store(intake: Intake, store: str) -> None:
    """As gunicorn has it: the application is made before its workers."""
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=push_some, args=(intake,)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(50)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert Counter(call.session_id for call in intake.calls()) == Counter(map(str, range(50)))
    assert all(len(call.cdrs) == 1 and call.conflicts == 0 for call in intake.calls())


def push_some(intake: Intake) -> None:
    for number in range(50):
        assert intake.receive({}, fee(cdr(str(number)))).reply.status == 200


RECEIVER = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from voicecall import Intake
from voicecall.adapters.wsgi import Receiver

class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

server = make_server("127.0.0.1", 0, Receiver(Intake(sys.argv[1])), Server, Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Platform:
    """Sends CDRs until each is acknowledged, as the platform does."""

    def __init__(self) -> None:
        self.owed = {f"{number}" for number in range(200)}
        self.acknowledged: set[str] = set()
        self._lock = threading.Lock()
        self._some = threading.Condition(self._lock)

    def push(self, url: str) -> None:
        """Until everything is acknowledged, or the receiver is gone."""
        while True:
            with self._lock:
                if not self.owed:
                    return
                session_id = min(self.owed, key=hash)
                self.owed.discard(session_id)
            try:
                with urllib.request.urlopen(urllib.request.Request(url, fee(cdr(session_id)))) as answer:
                    assert answer.status == 200
            except OSError:
                with self._some:
                    self.owed.add(session_id)
                    self._some.notify_all()
                return
            with self._some:
                self.acknowledged.add(session_id)
                self._some.notify_all()

    def until(self, count: int) -> None:
        with self._some:
            assert self._some.wait_for(lambda: len(self.acknowledged) >= count, 30)


def test_what_was_acknowledged_survives_sigkill(store: str) -> None:
    platform = Platform()
    for kill_after in [7, 30, 55, 90, 120, 160, None]:
        receiver = subprocess.Popen([sys.executable, "-c", RECEIVER, store], stdout=subprocess.PIPE, text=True)
        with receiver, ThreadPoolExecutor(8) as pool:
            assert receiver.stdout is not None
            url = f"http://127.0.0.1:{int(receiver.stdout.readline())}/voice"
            pushing = [pool.submit(platform.push, url) for _ in range(8)]
            if kill_after is not None:
                platform.until(kill_after)
                receiver.kill()
            for push in pushing:
                push.result(40)
            receiver.kill()
        with Intake(store) as intake:
            found = Counter(call.session_id for call in intake.calls())
            intake.check()
        assert platform.acknowledged <= set(found) and set(found.values()) == {1}
    assert found == Counter(f"{number}" for number in range(200))


def test_the_platforms_own_pushes_make_a_story(voicecall_sandbox: Sandbox, store: str) -> None:
    """From the call that is placed to its CDR, over a real socket."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from voicecall.adapters.wsgi import Receiver

    class Quiet(WSGIRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    url = f"http://127.0.0.1:{port}/voice"
    application = Application(app_key=voicecall_sandbox.app_key, app_secret=voicecall_sandbox.app_secret)
    webhook = Webhook(urls=[url], applications=[application], policy="require")
    with Intake(store, webhook=webhook) as intake, voicecall_sandbox.client() as client:
        server = make_server("127.0.0.1", port, Receiver(intake), handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            request = REQUEST.replace(
                display_nbr=voicecall_sandbox.display_numbers[0],
                play_info_list=[PlayContentInfo(notify_voice=voicecall_sandbox.voice_files[0], collect_ind=1)],
                status_url=url,
                fee_url=url,
            )
            placed = intake.place(client, request)
            call = intake.wait_for(placed.session_id, timeout=30)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        assert call is not None and call.answered and call.user_data == "ticket-1" and call.attempt_tag is not None
        assert [moment.what for moment in call.timeline][:2] == ["placed", "calling"]
        assert call.digits and call.operation == "create_voice_notification" and intake.unsettled(0) == ()
