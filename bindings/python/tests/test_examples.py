"""The example programs do on a local platform what they say."""

from __future__ import annotations

import gc
import importlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from voicecall.testing import Sandbox, sign_push

EXAMPLES = Path(__file__).parents[3] / "examples" / "python"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program, finished."""
    command = [sys.executable, "-W", "error", str(EXAMPLES / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=50, check=False)


@pytest.mark.usefixtures("environment")
def test_an_alert_is_confirmed_by_a_key(voicecall_sandbox: Sandbox) -> None:
    arguments = voicecall_sandbox.display_numbers[0], "+8613800000061", voicecall_sandbox.templates[0]["id"]
    finished = run("alert_call.py", *arguments)
    assert finished.stdout.splitlines() == ["calling", "callout", "alerting", "answer", "confirmed"], finished.stderr
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.usefixtures("environment")
def test_an_alert_that_nobody_hears_is_not_confirmed(voicecall_sandbox: Sandbox) -> None:
    arguments = voicecall_sandbox.display_numbers[0], "+8613800008105", voicecall_sandbox.templates[0]["id"]
    finished = run("alert_call.py", *arguments)
    assert finished.returncode == 1
    assert "not confirmed: " in finished.stdout and "stateCode 8105" in finished.stdout


@pytest.mark.usefixtures("environment")
def test_an_alert_of_which_nothing_is_known_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("VOICECALL_ENDPOINT", f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = threading.Thread(target=serve)
        thread.start()
        finished = run("alert_call.py", "+867550000088", "+8613800000021", "sandbox_alarm")
        thread.join()
    assert finished.returncode == 2 and "do not repeat: " in finished.stderr


@pytest.mark.usefixtures("environment")
def test_two_people_are_connected_and_recorded(voicecall_sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "call.wav"
    finished = run(
        "click_to_call.py", voicecall_sandbox.display_numbers[0], "+8613800000062", "+8613800000063", str(file)
    )
    lines = finished.stdout.splitlines()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert lines[0] == "calling" and lines[1].startswith("leg a: ") and lines[2] == "leg b: 20 s"
    assert lines[3] == "price: 0.36 CNY" and lines[4].startswith("ended: ")
    assert lines[5] == f"recording: {file.stat().st_size} bytes"


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch, database: Path) -> Iterator[str]:
    """The receiver on a real socket; gives its address."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/voice"
        monkeypatch.setenv("WEBHOOK_URL", url)
        monkeypatch.setenv("CDR_DATABASE", str(database))
        monkeypatch.syspath_prepend(EXAMPLES)
        app = importlib.import_module("webhook_receiver").make_app()
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        # The socket listens already: what connects before the server runs waits in its queue.
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer."""
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.usefixtures("environment")
def test_cdrs_are_stored_once(
    voicecall_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    database = tmp_path / "cdrs.db"
    with serving(monkeypatch, database) as url, voicecall_sandbox.client() as client:
        call = client.create_voice_verification_code(
            display_nbr=voicecall_sandbox.display_numbers[0],
            callee_nbr="+8613800000064",
            language_type=2,
            pre_tone=voicecall_sandbox.voice_files[0],
            verify_code="1234",
            fee_url=url,
        )
        (push,) = voicecall_sandbox.pushes(session_id=call.session_id, wait=30)
        assert push["event"] == "fee" and push["delivered"], push
        with urllib.request.urlopen(url.replace("/voice", f"/calls/{call.session_id}")) as answer:
            assert json.load(answer) == {"state": "billed", "answered": True}

        record = json.dumps(push["body"]["feeLst"][0])
        again = b'{"eventType":"fee","feeLst":[%s,{"callEndTime":"soon"}]}' % record.encode()
        for _ in range(2):
            headers = sign_push(voicecall_sandbox.app_key, voicecall_sandbox.app_secret, url)
            assert post(url, again, headers) == 200
        assert post(url, again, {}) == 401
    assert capsys.readouterr().out.count(f"{call.session_id}: ") == 1
    gc.collect()  # The application is gone, and with it its connections.
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT session_id FROM cdrs").fetchall() == [(call.session_id,)]
        assert connection.execute("SELECT class FROM intake_rejected ORDER BY id").fetchall() == [
            ("record",),
            ("refused",),
        ]
