"""The client against the local platform: operations, settings, closing."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, answer, hold, placed, read_request, send
from voicecall import Client, Intake, PlayContentInfo, VoiceNotification
from voicecall.testing import Sandbox


def against(peer: Peer, **settings: object) -> Client:
    return Client("app-key-0001", "example-secret-0001", endpoint=peer.url, **settings)  # type: ignore[arg-type]


def test_every_operation_works(client: Client, voicecall_sandbox: Sandbox) -> None:
    number, file = voicecall_sandbox.display_numbers[0], voicecall_sandbox.voice_files[0]
    request = voicecall.VoiceCallback(
        display_nbr=number,
        caller_nbr="+8613800000021",
        display_callee_nbr=number,
        callee_nbr="+8613800000022",
        return_idle_port=True,
    )
    callback, another = client.create_voice_callback(request), client.create_voice_callback(request)
    assert callback.session_id and isinstance(callback.idle_port, int)
    notification = client.create_voice_notification(
        display_nbr=number, callee_nbr="+8613800000021", play_info_list=[PlayContentInfo(notify_voice=file)]
    )
    code = client.create_voice_verification_code(
        display_nbr=number, callee_nbr="+8613800000021", language_type=2, pre_tone=file, verify_code="1234"
    )
    assert len({callback.session_id, notification.session_id, code.session_id}) == 3
    client.terminate_call(callback.session_id)
    client.terminate_call(voicecall.TerminateCall(session_id=another.session_id))
    with pytest.raises(voicecall.Rejected) as raised:
        client.get_recording_download_url(file_name="none.wav", record_domain="none")
    assert raised.value.result_code and raised.value.delivery == "answered"


def test_a_request_and_its_fields_are_the_same(client: Client, notification: VoiceNotification) -> None:
    assert client.create_voice_notification(notification).session_id
    with pytest.raises(TypeError, match="either a request or its fields"):
        client.create_voice_notification(notification, callee_nbr="+8613800000021")  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="must be of type VoiceNotification, not PlayContentInfo"):
        client.create_voice_notification(notification.play_info_list[0])  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="callee_number"):
        client.create_voice_notification(callee_number="+8613800000021")  # type: ignore[call-overload]


def test_what_the_platform_says_beside_is_kept(peer: Callable[..., Peer]) -> None:
    body = '{"resultcode":"0","resultdesc":"Success","sessionId":"1","idlePort":7,"queue":{"place":3}}'
    with against(peer([read_request, send(answer(200, body))])) as client:
        call = client.create_voice_callback(
            display_nbr="+867550000088",
            caller_nbr="+8613800000021",
            display_callee_nbr="+867550000088",
            callee_nbr="+8613800000022",
        )
    assert (call.session_id, call.idle_port, dict(call.extra)) == ("1", 7, {"queue": {"place": 3}})


def test_a_broken_rule_is_named_before_anything_is_sent(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer()
    with against(platform) as client, pytest.raises(voicecall.InvalidArgument) as raised:
        client.create_voice_notification(notification.replace(callee_nbr="8613800000021"))
    error = raised.value
    assert isinstance(error, ValueError)
    assert (error.field, error.rule, error.delivery) == ("/calleeNbr", "number_format", "not_sent")
    assert platform.seen.connections == 0


def test_rules_can_be_left_to_the_platform(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, send(placed())])
    with against(platform, validation="off") as client:
        client.create_voice_notification(notification.replace(callee_nbr="8613800000021"))
    assert len(platform.seen.requests) == 1


@pytest.mark.parametrize("timeout", [0.3, timedelta(milliseconds=300)])
def test_a_call_has_a_time_out_of_its_own(
    peer: Callable[..., Peer], notification: VoiceNotification, timeout: float | timedelta
) -> None:
    platform = peer([read_request, hold])
    begun = time.monotonic()
    with against(platform, timeout=60) as client, pytest.raises(voicecall.OutcomeUnknown) as raised:
        client.create_voice_notification(notification, timeout=timeout)
    assert raised.value.kind == "timeout"
    assert 0.25 < time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"timeout": 0}, "/timeoutMs"),
        ({"timeout": -1}, "/timeoutMs"),
        ({"timeout": float("inf")}, "/timeoutMs"),
        ({"connect_timeout": timedelta(days=1)}, "/connectTimeoutMs"),
        ({"endpoint": "http://voice.example.com"}, "/endpoint"),
        ({"retries": 11}, "/retries"),
        ({"ca_file": "/no/such/file.pem"}, "/caFile"),
    ],
)
def test_a_setting_that_cannot_work_is_named(settings: dict[str, object], field: str) -> None:
    with pytest.raises(voicecall.ConfigurationError) as raised:
        Client("app-key-0001", "example-secret-0001", **settings)  # type: ignore[arg-type]
    assert raised.value.field == field


@pytest.mark.parametrize(
    "settings", [{"timeout": "5"}, {"timeout": True}, {"retries": 2.0}, {"endpoint": b"https://x"}]
)
def test_a_setting_of_the_wrong_type_is_named(settings: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=next(iter(settings))):
        Client("app-key-0001", "example-secret-0001", **settings)  # type: ignore[arg-type]


def test_a_time_out_that_is_no_number_is_refused(notification: VoiceNotification) -> None:
    with Client("k", "s") as client, pytest.raises(ValueError, match="timeout"):
        client.create_voice_notification(notification, timeout=float("nan"))


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICECALL_APP_KEY", "app-key-0002")
    with pytest.raises(voicecall.ConfigurationError, match="VOICECALL_APP_SECRET") as raised:
        Client.from_env()
    assert (raised.value.field, raised.value.rule) == ("/appSecret", "required")
    monkeypatch.setenv("VOICECALL_APP_SECRET", "example-secret-0002")
    assert "app-key-0002" in repr(Client.from_env(timeout=1))
    monkeypatch.setenv("VOICECALL_ENDPOINT", "https://voice.example.com/")
    assert "https://voice.example.com'" in repr(Client.from_env())


def test_a_secret_is_never_shown() -> None:
    assert "example-secret" not in repr(Client("app-key-0001", "example-secret-0001"))


def test_a_client_is_closed_by_its_block_even_when_that_fails(notification: VoiceNotification) -> None:
    with pytest.raises(ZeroDivisionError), Client("k", "s") as client:
        raise ZeroDivisionError
    assert client.closed and "closed" in repr(client)
    client.close()
    with pytest.raises(voicecall.ClientClosed) as raised:
        client.create_voice_notification(notification)
    assert raised.value.delivery == "not_sent"


def test_closing_ends_a_call_in_flight(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold])
    client = against(platform)
    raised: list[BaseException] = []

    def call() -> None:
        try:
            client.create_voice_notification(notification)
        except voicecall.VoiceCallError as error:
            raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    platform.until(lambda seen: seen.holding == 1)
    client.close()
    thread.join(10)
    assert isinstance(raised[0], voicecall.OutcomeUnknown) and raised[0].kind == "closed"


def test_a_call_blocks_no_other_thread(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    """The platform runs on threads of this very interpreter: a call that kept its lock would never be answered."""
    platform = peer([read_request, hold, send(placed("held"))])
    with against(platform) as client:
        sessions: list[str] = []
        thread = threading.Thread(
            target=lambda: sessions.append(client.create_voice_notification(notification).session_id)
        )
        thread.start()
        platform.until(lambda seen: seen.holding == 1)
        platform.release()
        thread.join(10)
    assert sessions == ["held"]


def test_64_threads_share_one_client(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    with voicecall_sandbox.client() as client:
        sessions: list[str] = []
        start = threading.Barrier(64)

        def work() -> None:
            start.wait()
            for _ in range(5):
                sessions.append(client.create_voice_notification(notification).session_id)

        threads = [threading.Thread(target=work) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(sessions)) == 64 * 5


def test_connections_are_kept(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, send(placed("1")), read_request, send(placed("2"))])
    with against(platform) as client:
        sessions = [client.create_voice_notification(notification).session_id for _ in range(2)]
    assert sessions == ["1", "2"] and platform.seen.connections == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Client(), "Client.__init__() missing 2 required"),  # type: ignore[call-arg]
        (lambda: voicecall.AsyncClient("k"), "AsyncClient.__init__() missing 1 required"),  # type: ignore[call-arg]
        (lambda: voicecall.Intake(), "Intake.__init__() missing 1 required"),  # type: ignore[call-arg]
        (lambda: voicecall.Webhook(secret="s"), "Webhook.__init__() got an unexpected keyword argument 'secret'"),  # type: ignore[call-arg]
        (lambda: Client("k", "s").terminate_call(), "Client.terminate_call() missing 1 required"),  # type: ignore[call-arg]
    ],
)
def test_a_missing_or_unknown_argument_is_told_by_the_name_that_users_know(
    call: Callable[[], object], said: str
) -> None:
    with pytest.raises(TypeError) as raised:
        call()
    assert str(raised.value).startswith(said)


def test_a_text_names_no_setting_in_the_spelling_of_another_language() -> None:
    with pytest.raises(voicecall.ConfigurationError) as raised:
        Client("k", "s", endpoint="http://voice.example.com")
    assert "allow http to this host" in raised.value.message and "allowHttpTo" not in raised.value.message
    with Client("k", "s") as client, pytest.raises(voicecall.ConfigurationError) as raised:
        client.download_recording("http://voice.example.com/a.wav", "a.wav")
    assert "http to this host can be allowed" in raised.value.message and "allowHttpTo" not in raised.value.message


@pytest.mark.parametrize("attempts", [False, True])
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C alone")
def test_ctrl_c_ends_a_call_at_once_and_tells_its_outcome(
    peer: Callable[..., Peer], notification: VoiceNotification, tmp_path: Path, attempts: bool
) -> None:
    platform = peer([read_request, hold])

    def interrupt() -> None:
        platform.until(lambda seen: seen.holding == 1)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    try:
        with (
            Client("app-key-0001", "example-secret-0001", endpoint=platform.url, attempt_tag=True) as client,
            Intake(f"sqlite:{tmp_path}/calls.db") as intake,
        ):
            place = partial(intake.place, client) if attempts else client.create_voice_notification
            with pytest.raises(KeyboardInterrupt) as raised:
                place(notification)
            outcome = raised.value.__cause__
            assert isinstance(outcome, voicecall.OutcomeUnknown) and outcome.attempt_tag is not None
            assert outcome.attempt_tag in platform.seen.requests[0].decode()
            unsettled = [call.attempt_tag for call in intake.unsettled(-1)]
            assert unsettled == ([outcome.attempt_tag] if attempts else [])
    finally:
        interrupting.join()
        signal.signal(signal.SIGINT, before)
