"""The local platform as test suites of users have it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import voicecall
from voicecall import VoiceNotification
from voicecall.testing import CommandNotFound, Sandbox

pytest_plugins = ["pytester"]


def test_calls_and_pushes_can_be_seen(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    with voicecall_sandbox.client() as client:
        first = client.create_voice_notification(notification)
        second = client.create_voice_notification(notification.replace(callee_nbr="+8613800008105"))
    assert [call["session_id"] for call in voicecall_sandbox.calls(after=first.session_id)] == [second.session_id]
    ended = voicecall_sandbox.wait_for_call(second.session_id, timeout=20)
    assert ended["end"]["state_code"] == 8105
    assert voicecall_sandbox.pushes(session_id=first.session_id) == []


def test_a_phone_does_what_it_is_told(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    number = "+8613800000051"
    voicecall_sandbox.set_phone(number, digits=["7"])
    request = notification.replace(
        callee_nbr=number, play_info_list=[notification.play_info_list[0].replace(collect_ind=1)]
    )
    with voicecall_sandbox.client() as client:
        call = client.create_voice_notification(request)
    assert voicecall_sandbox.wait_for_call(call.session_id, timeout=20)["digits"] == ["7"]


def test_a_destiny_needs_no_set_up(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    with voicecall_sandbox.client() as client, pytest.raises(voicecall.Rejected) as raised:
        client.create_voice_notification(notification.replace(callee_nbr="+8613801020166"))
    assert raised.value.result_code == "1020166"


def test_a_missing_command_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VOICECALL_COMMAND", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(CommandNotFound, match='pip install "voicecall\\[cli\\]"'):
        Sandbox()


def test_a_command_that_does_not_start_is_told(tmp_path: Path) -> None:
    command = tmp_path / "voicecall"
    command.write_text("#!/bin/sh\necho no platform today >&2\nexit 1\n")
    command.chmod(0o755)
    with pytest.raises(RuntimeError, match="no platform today"):
        Sandbox(command=command)


def test_stopping_twice_is_harmless() -> None:
    with Sandbox(speed=10) as sandbox:
        process = sandbox._process.pid
        sandbox.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_the_fixture_needs_no_set_up(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_it(voicecall_sandbox):
            with voicecall_sandbox.client() as client:
                client.create_voice_verification_code(
                    display_nbr=voicecall_sandbox.display_numbers[0],
                    callee_nbr="+8613800000021",
                    language_type=2,
                    pre_tone=voicecall_sandbox.voice_files[0],
                    verify_code="1234",
                )
            assert len(voicecall_sandbox.calls()) == 1
        """
    )
    pytester.makeini("[pytest]\nvoicecall_speed = 100\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
