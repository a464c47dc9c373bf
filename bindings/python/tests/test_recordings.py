"""Recordings become files, whole or not at all."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import voicecall
from support.peer import Peer, answer, hold, read_request, send
from voicecall import Client, Recording
from voicecall.testing import Sandbox
from voicecall.webhook import Cdr, FeeEvent, parse

SOUND = bytes(range(256)) * 1000
WHOLE = f"HTTP/1.1 200 X\r\ncontent-length: {len(SOUND)}\r\n\r\n".encode() + SOUND


@pytest.fixture
def stored(peer: Callable[..., Peer]) -> Iterator[tuple[Client, Recording]]:
    """A client, and a recording that its platform has."""
    storage = peer([read_request, send(WHOLE)])
    platform = peer([read_request, send(answer(301, "", f"location: {storage.url}/a.wav?signed\r\n"))])
    with Client("app-key-0001", "example-secret-0001", endpoint=platform.url) as client:
        yield client, Recording(file_name="a.wav", record_domain="example.com")


def test_a_recording_becomes_a_file(stored: tuple[Client, Recording], tmp_path: Path) -> None:
    client, recording = stored
    target = tmp_path / "a.wav"
    assert client.download_recording(recording, target) == len(SOUND)
    assert target.read_bytes() == SOUND and list(tmp_path.iterdir()) == [target]


def test_a_file_is_not_overwritten_unless_allowed(stored: tuple[Client, Recording], tmp_path: Path) -> None:
    client, recording = stored
    target = tmp_path / "a.wav"
    target.write_bytes(b"mine")
    with pytest.raises(voicecall.InvalidArgument) as raised:
        client.download_recording(recording, str(target))
    assert raised.value.rule == "conflict" and target.read_bytes() == b"mine"
    client.download_recording(recording, target, overwrite=True)
    assert target.read_bytes() == SOUND


def test_progress_is_told(stored: tuple[Client, Recording], tmp_path: Path) -> None:
    client, recording = stored
    told: list[tuple[int, int | None]] = []
    client.download_recording(recording, tmp_path / "a.wav", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(SOUND), len(SOUND)) and told == sorted(told)


def test_what_the_callback_raises_ends_the_download(stored: tuple[Client, Recording], tmp_path: Path) -> None:
    client, recording = stored

    def report(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.download_recording(recording, tmp_path / "a.wav", progress=report)
    assert not list(tmp_path.iterdir())


def test_a_bar_is_shown(stored: tuple[Client, Recording], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, recording = stored
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    client.download_recording(recording, tmp_path / "a.wav", progress=True)
    assert "100%" in shown.getvalue() and "recording" in shown.getvalue()


def test_a_bar_needs_tqdm(stored: tuple[Client, Recording], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, recording = stored
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match="pip install tqdm"):
        client.download_recording(recording, tmp_path / "a.wav", progress=True)


def test_a_direct_address_needs_no_platform(peer: Callable[..., Peer], tmp_path: Path) -> None:
    storage = peer([read_request, send(WHOLE)])
    with Client("app-key-0001", "example-secret-0001", recording_hosts=["127.0.0.1"]) as client:
        assert client.download_recording(f"{storage.url}/a.wav", tmp_path / "a.wav") == len(SOUND)
    # The signature is for the platform alone.
    assert b"x-aksk" not in storage.seen.requests[0].lower()


def test_a_download_has_a_time_out(peer: Callable[..., Peer], tmp_path: Path) -> None:
    storage = peer([read_request, send(WHOLE[:1000]), hold])
    settings: dict[str, Any] = {"retries": 0, "recording_hosts": ["127.0.0.1"]}
    with Client("k", "s", **settings) as client, pytest.raises(voicecall.CallTimeout):
        client.download_recording(f"{storage.url}/a.wav", tmp_path / "a.wav", timeout=0.3)
    assert not list(tmp_path.iterdir())


def test_a_cdr_without_a_recording_is_refused(tmp_path: Path) -> None:
    cdr = Cdr.from_raw('{"sessionId":"1"}')
    assert cdr.recording is None
    with Client("k", "s") as client, pytest.raises(voicecall.InvalidArgument, match="names no recording"):
        client.download_recording(cdr, tmp_path / "a.wav")


@pytest.mark.parametrize("source", [b"https://storage.example.com/a.wav", None, 1])
def test_a_source_of_the_wrong_type_is_named(source: object, tmp_path: Path) -> None:
    with Client("k", "s") as client, pytest.raises(TypeError, match="source must be a Cdr, a Recording or an address"):
        client.download_recording(source, tmp_path / "a.wav")  # type: ignore[arg-type]


def test_a_folder_that_is_not_there_is_a_storage_error(stored: tuple[Client, Recording], tmp_path: Path) -> None:
    client, recording = stored
    with pytest.raises(voicecall.StorageError) as raised:
        client.download_recording(recording, tmp_path / "none" / "a.wav")
    assert isinstance(raised.value, OSError)


def test_the_recording_of_a_call_is_found_by_its_cdr(voicecall_sandbox: Sandbox, tmp_path: Path) -> None:
    number = voicecall_sandbox.display_numbers[0]
    with voicecall_sandbox.client() as client:
        call = client.create_voice_callback(
            display_nbr=number,
            caller_nbr="+8613800000031",
            display_callee_nbr=number,
            callee_nbr="+8613800000032",
            record_flag=True,
            fee_url="http://127.0.0.1:9/nobody-listens",
        )
        voicecall_sandbox.wait_for_call(call.session_id, timeout=30)
        pushes = voicecall_sandbox.pushes(session_id=call.session_id, wait=10)
        event = parse(json.dumps(next(push["body"] for push in pushes if push["event"] == "fee")).encode())
        assert isinstance(event, FeeEvent)
        assert client.download_recording(event.cdrs[0], tmp_path / "call.wav") > 44
    assert (tmp_path / "call.wav").read_bytes().startswith(b"RIFF")
