"""Calls that are registered when they are placed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from support.peer import Peer, answer, hold, placed, read_request, reset, send
from support.records import CALLEE, REQUEST, cdr, fee
from voicecall import Client, Intake, errors


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
