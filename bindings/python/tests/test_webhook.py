"""Pushes: events as Python values, verdicts and replies."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from voicecall import Application, EventType, Recording, Webhook, errors
from voicecall.testing import sign_push
from voicecall.webhook import MAX_BYTES, Cdr, Event, FeeEvent, StatusEvent, UnknownEvent, parse

STATUS = (
    b'{"eventType":"disconnect","statusInfo":{"timestamp":"2019-01-24 03:04:49","sessionId":"1201_612",'
    b'"caller":"+8613800000022","called":"+8613800000021","stateCode":0,"stateDesc":"ok","digitInfo":"4711","room":7}}'
)
FEE = (
    b'{"eventType":"fee","feeLst":[{"sessionId":"1","calleeNum":"+8613800000021","callEndTime":"2019-01-24 03:04:49",'
    b'"callOutAnswerTime":"2019-01-24 03:04:31","serviceType":"001","ulFailReason":"0","recordFlag":1,'
    b'"recordFileDownloadUrl":"https://storage.example.com/secret-link","colour":"red"},{"callEndTime":"soon"}]}'
)
UNKNOWN = b'{"eventType":"transfer","statusInfo":{"sessionId":"3"}}'
URL = "https://push.example.com/fee"


def fee(body: bytes = FEE) -> FeeEvent:
    event = parse(body)
    assert isinstance(event, FeeEvent)
    return event


@pytest.fixture
def webhook() -> Webhook:
    return Webhook(urls=[URL], applications=[Application(app_key="app-key-0001", app_secret="example-secret-0001")])


def signed(**changes: object) -> dict[str, str]:
    return sign_push("app-key-0001", "example-secret-0001", URL, **changes)  # type: ignore[arg-type]


def test_a_status_event_has_an_attribute_for_each_field() -> None:
    event = parse(STATUS)
    assert isinstance(event, StatusEvent) and isinstance(event, Event)
    assert event.event_type is EventType.DISCONNECT
    assert event.timestamp == datetime(2019, 1, 24, 3, 4, 49, tzinfo=timezone.utc)
    assert event.timestamp.tzinfo is timezone.utc
    assert (event.session_id, event.state_code, event.party_type, event.extra) == ("1201_612", 0, None, {"room": 7})
    assert event.raw_field("timestamp") == '"2019-01-24 03:04:49"' and event.raw_field("nothing") is None
    assert event.raw.encode() == STATUS


def test_a_cdr_tells_what_became_of_the_call() -> None:
    event = fee()
    (cdr,) = event.cdrs
    assert (cdr.scene, cdr.answered, cdr.talk_seconds) == ("play", True, 18)
    (leg,) = cdr.legs
    assert (leg.leg, leg.number, leg.talk_seconds, leg.answered_at) == (
        "a",
        "+8613800000021",
        18,
        cdr.call_out_answer_time,
    )
    assert cdr.billable_minutes == 1
    assert (cdr.ul_fail_reason, cdr.extra) == (0, {"colour": "red"})
    explanation = cdr.explain()
    assert explanation is not None and explanation.succeeded and "ulFailReason 0" in str(explanation)
    (rejected,) = event.rejected
    assert (rejected.index, rejected.field) == (1, "/feeLst/1/sessionId")
    assert rejected.raw == '{"callEndTime":"soon"}'
    assert event.cdrs is event.cdrs and event.event_type is EventType.FEE


def test_a_price_is_exact() -> None:
    (cdr,) = fee().cdrs
    price = cdr.price(Decimal("0.180"), "CNY")
    assert price is not None and (price.amount, str(price)) == (Decimal("0.180"), "0.180 CNY")
    assert price == cdr.price("0.180")
    with pytest.raises(TypeError, match="per_minute must be a Decimal or a str, not float"):
        cdr.price(0.18)  # type: ignore[arg-type]
    with pytest.raises(errors.ConfigurationError):
        cdr.price("cheap")


def test_where_the_recording_is() -> None:
    (direct,) = fee().cdrs
    assert direct.recording == "https://storage.example.com/secret-link"
    stored = Cdr.from_raw('{"sessionId":"1","recordObjectName":"a.wav","recordDomain":"obs.example.com"}')
    assert stored.recording == Recording(file_name="a.wav", record_domain="obs.example.com")


@pytest.mark.parametrize("body", [STATUS, FEE, UNKNOWN])
def test_events_are_values(body: bytes) -> None:
    event = parse(body)
    again = parse(b" " + body)
    assert event == again and hash(event) == hash(again) and event != parse(body.replace(b'Id":"', b'Id":"x'))
    assert pickle.loads(pickle.dumps(event)) == event == copy.copy(event) == copy.deepcopy(event)
    with pytest.raises(AttributeError):
        event.session_id = "another"  # type: ignore[misc, union-attr]


def test_a_cdr_is_a_value_without_its_message() -> None:
    (cdr,) = fee().cdrs
    again = pickle.loads(pickle.dumps(cdr))
    assert again == cdr and hash(again) == hash(cdr) and again.raw == cdr.raw and again.legs == cdr.legs
    with pytest.raises(errors.MalformedWebhook):
        Cdr.from_raw(cdr.raw + "," + cdr.raw)


def test_an_unknown_event_is_kept() -> None:
    event = parse(UNKNOWN)
    assert isinstance(event, UnknownEvent)
    assert (event.event_type, event.event_type.known, event.session_id) == ("transfer", False, "3")
    assert event.extra == {"statusInfo": {"sessionId": "3"}}


def test_events_can_be_matched() -> None:
    match parse(STATUS):
        case StatusEvent(event_type=EventType.DISCONNECT, state_code=code):
            assert code == 0
        case _:
            pytest.fail("no match")


def test_nothing_personal_is_shown() -> None:
    shown = f"{parse(STATUS)!r} {fee()!r} {fee().cdrs!r} {fee().cdrs[0].legs!r} {fee().rejected!r} {parse(UNKNOWN)!r}"
    assert "+*********0021" in shown and "extra=('room',)" in shown and "'2019-01-24T03:04:49Z'" in shown
    for secret in ("13800000021", "4711", "secret-link", "colour=", "soon"):
        assert secret not in shown


@pytest.mark.parametrize("body", [bytearray(STATUS), memoryview(STATUS)])
def test_any_kind_of_bytes_will_do(body: bytes) -> None:
    assert parse(body) == parse(STATUS)


@pytest.mark.parametrize("body", [STATUS.decode(), None, {"eventType": "fee"}])
def test_a_body_that_was_decoded_is_refused(body: object, webhook: Webhook) -> None:
    for read in (parse, lambda body: webhook.receive({}, body)):
        with pytest.raises(TypeError, match="body must be the raw bytes of the request"):
            read(body)  # type: ignore[arg-type]


def test_a_body_that_is_too_large_is_malformed() -> None:
    with pytest.raises(errors.MalformedWebhook):
        parse(b" " * (MAX_BYTES + 1))
    # Long enough to be read with the lock of the interpreter released.
    assert len(fee(b'{"eventType":"fee","feeLst":[%s]}' % b",".join([b'{"sessionId":"1"}'] * 1000)).cdrs) == 1000
    assert fee(FEE + b" " * 100_000) == fee()


def test_a_time_that_python_does_not_have_is_none() -> None:
    cdr = Cdr.from_raw('{"sessionId":"1","callEndTime":"0000-01-01 00:00:00","failTime":"0001-01-01 00:00:00"}')
    assert cdr.call_end_time is None and cdr.raw_field("callEndTime") == '"0000-01-01 00:00:00"'
    assert cdr.fail_time == datetime(1, 1, 1, tzinfo=timezone.utc)


def test_times_are_the_same_on_a_python_that_is_not_known_yet() -> None:
    program = f"""
import sys
sys.version_info = (3, 99, 0, "final", 0)
from voicecall.webhook import parse
print(repr(parse({STATUS!r}).timestamp), repr(parse({STATUS.replace(b"2019-01-24", b"9999-12-31")!r}).timestamp))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    time = "datetime.datetime({}, 3, 4, 49, tzinfo=datetime.timezone.utc)"
    assert told.strip() == f"{time.format('2019, 1, 24')} {time.format('9999, 12, 31')}"


def test_an_accepted_push_is_answered_as_its_kind_wants(webhook: Webhook) -> None:
    received = webhook.receive(signed(), FEE)
    assert isinstance(received.event, FeeEvent) and received.error is None
    assert (received.verdict.verdict, received.verdict.accepted, received.verdict.url) == ("valid", True, URL)
    assert (received.reply.status, received.reply.body) == (200, b'{"resultcode":"0","resultdesc":"Success"}')
    assert received.reply.headers == {"Content-Type": "application/json;charset=UTF-8"}
    assert received.retry_reply.status == 503
    assert webhook.receive(signed(), STATUS).reply.body == b""


def test_a_refused_push_gives_no_event(webhook: Webhook) -> None:
    headers = signed()
    assert webhook.receive(headers, FEE).event is not None
    again = webhook.receive(headers, FEE)
    assert again.event is not None and (again.verdict.verdict, again.verdict.repeated) == ("valid", True)
    received = webhook.receive(headers, FEE + b" ")
    assert received.event is None and isinstance(received.error, errors.SignatureError)
    assert (received.verdict.verdict, received.verdict.reason, received.verdict.accepted) == (
        "refused",
        "replayed",
        False,
    )
    assert received.reply.status == received.retry_reply.status == 401


def test_an_unreadable_push_is_told(webhook: Webhook) -> None:
    received = webhook.receive(signed(), b"{")
    assert isinstance(received.error, errors.MalformedWebhook) and received.reply.status == 500
    assert "valid" in repr(received)
    assert webhook.receive(signed(), b"nothing").reply.status == 400


@pytest.mark.parametrize(
    "shape",
    [
        lambda headers: headers,
        lambda headers: {name.upper(): value for name, value in headers.items()},
        lambda headers: list(headers.items()),
        lambda headers: iter(headers.items()),
        lambda headers: [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        lambda headers: {**headers, "X-Odd\udc80": "\udcff"},
    ],
)
def test_headers_come_in_many_shapes(webhook: Webhook, shape: object) -> None:
    assert webhook.receive(shape(signed()), FEE).verdict.verdict == "valid"  # type: ignore[operator]


@pytest.mark.parametrize("headers", [1, None, [1], {"a": 1}, ["ab"]])
def test_headers_of_the_wrong_type_are_named(webhook: Webhook, headers: object) -> None:
    with pytest.raises(TypeError, match="header"):
        webhook.receive(headers, FEE)  # type: ignore[arg-type]


def test_settings_that_cannot_work_are_named() -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        Webhook(urls=[URL])
    assert raised.value.field == "/applications"
    with pytest.raises(TypeError, match=r"applications\[0\] must be of type Application, not dict"):
        Webhook(urls=[URL], applications=[{"app_key": "k"}])  # type: ignore[list-item]


def test_secrets_are_not_shown() -> None:
    assert "example-secret" not in repr(Application(app_key="k", app_secret="example-secret-0001"))
