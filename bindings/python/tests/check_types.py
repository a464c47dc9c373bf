"""Read by type checkers, never run: what users' code means to them, and what must not pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from typing_extensions import assert_type

import voicecall
from voicecall import (
    AsyncClient,
    Client,
    Intake,
    OutcomeUnknown,
    PlacedCall,
    PlayContentInfo,
    VoiceCallback,
    VoiceNotification,
)
from voicecall.adapters import asgi, wsgi
from voicecall.enums import CalleeMedia, Delivery, ErrorKind, EventType, Retry
from voicecall.intake import Attempt, Call, CallLeg, CallPage, Ending, Moment, Receipt, Total
from voicecall.testing import Sandbox
from voicecall.webhook import (
    Cdr,
    Event,
    Explanation,
    FeeEvent,
    Leg,
    Price,
    StatusEvent,
    UnknownEvent,
    Webhook,
    parse,
)

REQUEST = VoiceNotification(
    display_nbr="+867550000088",
    callee_nbr="+8613800000021",
    play_info_list=(PlayContentInfo(notify_voice=name) for name in ("a.wav", "b.wav")),
)


def operations(client: Client) -> None:
    assert_type(client.create_voice_notification(REQUEST), PlacedCall)
    assert_type(client.create_voice_notification(REQUEST, timeout=timedelta(seconds=1)), PlacedCall)
    call = client.create_voice_notification(
        display_nbr="+867550000088", callee_nbr="+8613800000021", play_info_list=[PlayContentInfo(notify_voice="a.wav")]
    )
    assert_type(call.session_id, str)
    assert_type(call.idle_port, int | None)
    assert_type(client.get_recording_download_url(file_name="a", record_domain="b"), str)
    client.terminate_call(call.session_id, timeout=1)
    client.create_voice_notification(callee_nbr="+8613800000021")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.create_voice_notification(REQUEST, calee_nbr="1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.create_voice_callback(REQUEST)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.terminate_call(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with Client.from_env(timeout=5) as another:
        assert_type(another, Client)


async def coroutines(client: AsyncClient) -> None:
    assert_type(await client.create_voice_notification(REQUEST), PlacedCall)
    assert_type(await client.download_recording("https://storage.example.com/a", "a.wav", progress=True), int)
    async with AsyncClient("k", "s", max_in_flight=5) as another:
        assert_type(another, AsyncClient)


def models(request: VoiceCallback) -> None:
    assert_type(request.callee_nbr, str)
    assert_type(request.max_duration, int | None)
    assert_type(request.callee_media, CalleeMedia | None)
    assert_type(REQUEST.play_info_list, tuple[PlayContentInfo, ...])
    assert_type(request.replace(max_duration=5), VoiceCallback)
    request.max_duration = 5  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    request.no_such_field = 5  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    VoiceCallback(callee_nbr="+8613800000021")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def errors(error: voicecall.VoiceCallError) -> None:
    assert_type(error.kind, ErrorKind)
    assert_type(error.delivery, Delivery)
    assert_type(error.retry, Retry)
    assert_type(error.result_code, str | None)
    if isinstance(error, OutcomeUnknown):
        assert_type(error.advice, str)


def events(webhook: Webhook, headers: Mapping[str, str], body: bytes) -> None:
    received = webhook.receive(headers, body)
    assert_type(received.event, StatusEvent | FeeEvent | UnknownEvent | None)
    assert_type(received.error, voicecall.VoiceCallError | None)
    assert_type(received.reply.body, bytes)
    event: Event = parse(body)
    match event:
        case StatusEvent(event_type=EventType.DISCONNECT):
            assert_type(event.state_code, int | None)
            assert_type(event.explain(), Explanation | None)
        case FeeEvent(cdrs=cdrs):
            assert_type(cdrs, tuple[Cdr, ...])
        case _:
            assert_type(event, StatusEvent | UnknownEvent)


def cdrs(cdr: Cdr) -> None:
    assert_type(cdr.session_id, str)
    assert_type(cdr.call_end_time, datetime | None)
    assert_type(cdr.ul_fail_reason, int | None)
    assert_type(cdr.legs, tuple[Leg, ...])
    assert_type(cdr.recording, voicecall.Recording | str | None)
    price = cdr.price("0.18")
    assert_type(price, Price | None)
    if price is not None:
        assert_type(price.amount, Decimal)


def stores(intake: Intake, client: Client, webhook: Webhook) -> None:
    receipt = intake.receive({}, b"")
    assert_type(receipt, Receipt)
    assert_type(receipt.new_event, StatusEvent | FeeEvent | UnknownEvent | None)
    assert_type(receipt.new_cdrs, tuple[Cdr, ...])
    assert_type(intake.place(client, REQUEST, timeout=timedelta(seconds=1)), PlacedCall)
    assert_type(intake.attempt(REQUEST), Attempt)
    assert_type(intake.call("1"), Call | None)
    assert_type(intake.page(limit=5), CallPage)
    assert_type([call.session_id for call in intake.calls(state="billed")], list[str | None])
    assert_type(intake.totals("month")[0], Total)
    call = intake.wait_for("1", "answered", timeout=1)
    if call is not None:
        assert_type(call.legs, tuple[CallLeg, ...])
        assert_type(call.ending, Ending | None)
        assert_type(call.timeline, tuple[Moment, ...])
        assert_type(call.billable_minutes, int | None)
        assert_type(call.price("0.18"), Price | None)
    intake.wait_for("1", "gone")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    intake.export("cdrs.xml", "xml")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    intake.place(client, REQUEST.play_info_list[0])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    with Intake("sqlite:calls.db", webhook=webhook) as another:
        assert_type(another, Intake)
    wsgi.Receiver(webhook, print)
    asgi.Receiver(intake, lambda receipt: None)
    asgi.Receiver(intake)


def platform(sandbox: Sandbox) -> None:
    assert_type(sandbox.client(timeout=1), Client)
    assert_type(sandbox.display_numbers, list[str])
