"""What the tests share: settings of a local platform, a hostile peer, and what doctests may use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, Script
from voicecall.models import Application, PlayContentInfo
from voicecall.testing import Sandbox, sign_push

APP_KEY = "app-key-0001"
APP_SECRET = "example-secret-0001"


@pytest.fixture
def peer() -> Iterator[Callable[..., Peer]]:
    """Makes hostile peers, and stops them."""
    peers: list[Peer] = []

    def start(*scripts: Script) -> Peer:
        peers.append(Peer(scripts))
        return peers[-1]

    yield start
    for started in peers:
        started.stop()


@pytest.fixture
def client(voicecall_sandbox: Sandbox) -> Iterator[voicecall.Client]:
    """A client of the local platform."""
    with voicecall_sandbox.client() as client:
        yield client


@pytest.fixture
def notification(voicecall_sandbox: Sandbox) -> voicecall.VoiceNotification:
    """A request that the local platform accepts."""
    return voicecall.VoiceNotification(
        display_nbr=voicecall_sandbox.display_numbers[0],
        callee_nbr="+8613800000021",
        play_info_list=[PlayContentInfo(notify_voice=voicecall_sandbox.voice_files[0])],
    )


@pytest.fixture
def environment(voicecall_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a user would export."""
    for name in ("app_key", "app_secret", "endpoint"):
        monkeypatch.setenv(f"VOICECALL_{name.upper()}", getattr(voicecall_sandbox, name))


@pytest.fixture
def doctest_names(voicecall_sandbox: Sandbox) -> dict[str, object]:
    """What the examples of the documentation use without saying where it comes from."""
    webhook = voicecall.Webhook(
        urls=["https://push.example.com/fee"],
        applications=[Application(app_key=APP_KEY, app_secret=APP_SECRET)],
    )
    platform = {name: getattr(voicecall_sandbox, name) for name in ("app_key", "app_secret", "endpoint")}
    headers = sign_push(APP_KEY, APP_SECRET, "https://push.example.com/fee")
    known = {"Intake": voicecall.Intake, "asyncio": asyncio, "headers": headers, "webhook": webhook}
    return {**vars(voicecall), **platform, **known}


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Where a store of pushes will be."""
    return f"sqlite:{tmp_path / 'calls.db'}"


@pytest.fixture
def intake(store: str) -> Iterator[voicecall.Intake]:
    """A store of pushes."""
    with voicecall.Intake(store) as intake:
        yield intake
