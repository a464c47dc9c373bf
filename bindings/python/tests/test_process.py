"""What the package does to its process: importing it does nothing, forking it does no harm, logging is quiet."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, hold, placed, read_request, send
from voicecall import VoiceNotification
from voicecall.testing import Sandbox


def run(program: str, **environment: str) -> str:
    """The output of a program in a fresh interpreter, which complains about nothing."""
    finished = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert finished.stderr == "" and finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


def test_importing_starts_no_thread_and_reads_no_environment() -> None:
    assert (
        run(
            """
import os, sys, threading
class Watched(dict):
    def __getitem__(self, name): raise AssertionError(name)
    get = __getitem__
os.environ = Watched()
import voicecall
with open("/proc/self/status") as status:
    threads = [line.split()[1] for line in status if line.startswith("Threads")]
print(*threads, threading.active_count())
"""
        )
        == "1 1"
    )


def test_importing_needs_none_of_the_large_modules() -> None:
    program = "import sys; before = set(sys.modules); import voicecall; print(*(set(sys.modules) - before))"
    finished = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"], capture_output=True, text=True, check=True)  # fmt: skip
    large = {"asyncio", "concurrent", "contextlib", "dataclasses", "datetime", "inspect", "json", "logging", "typing"}
    assert not large & set(finished.stdout.split())


def test_the_module_links_no_openssl() -> None:
    """A wheel that brings its own OpenSSL, or takes the system's, ends the process on hosts in FIPS mode."""
    libraries = subprocess.run(["ldd", voicecall._native.__file__], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0].split("/")[-1] for line in libraries.splitlines()}
    assert names <= {"linux-vdso.so.1", "libgcc_s.so.1", "libm.so.6", "libc.so.6", "ld-linux-x86-64.so.2"}, names


def test_the_wheel_is_for_every_later_python() -> None:
    assert Path(voicecall._native.__file__).name == "_native.abi3.so"


def test_a_second_interpreter_of_a_process_is_refused_and_told_the_cure() -> None:
    """Legacy sub-interpreters, as mod_wsgi makes them: isolated ones CPython refuses itself."""
    refused = """
try:
    import voicecall
except ImportError as error:
    assert "WSGIApplicationGroup %{GLOBAL}" in str(error), error
else:
    raise AssertionError(voicecall.Client)
"""
    program = f"""
import sys, voicecall
try:
    import _interpreters
    assert _interpreters.exec(_interpreters.create("legacy"), {refused!r}) is None
except ImportError:
    import _xxsubinterpreters
    _xxsubinterpreters.run_string(_xxsubinterpreters.create(isolated=False), {refused!r})
print(voicecall.__version__ != "")
"""
    assert run(program) == "True"


def in_child(work: Callable[[], None]) -> int:
    """The exit code of a forked child that does this."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_client_made_before_a_fork_works_in_both(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    serve = [read_request, send(placed()), read_request, send(placed())]
    platform = peer(serve, serve, serve)
    with voicecall.Client("app-key-0001", "example-secret-0001", endpoint=platform.url) as client:

        def call() -> None:
            assert client.create_voice_notification(notification).session_id == "session-1"

        call()
        assert in_child(call) == 0
        call()
    # The parent kept its connection, the child had one of its own.
    assert platform.seen.connections == 2 and len(platform.seen.requests) == 3


def test_a_fork_in_the_middle_of_a_call_harms_neither(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, hold, send(placed("parent"))], [read_request, send(placed("child"))])
    sessions: list[str] = []
    with voicecall.Client("app-key-0001", "example-secret-0001", endpoint=platform.url) as client:
        thread = threading.Thread(
            target=lambda: sessions.append(client.create_voice_notification(notification).session_id)
        )
        thread.start()
        platform.until(lambda seen: seen.holding == 1)

        def call() -> None:
            assert client.create_voice_notification(notification).session_id == "child"
            client.close()

        assert in_child(call) == 0
        platform.release()
        thread.join(10)
    assert sessions == ["parent"]


def test_what_was_closed_before_a_fork_is_closed_in_the_child(notification: VoiceNotification) -> None:
    client = voicecall.Client("k", "s")
    client.close()

    def call() -> None:
        with pytest.raises(voicecall.ClientClosed):
            client.create_voice_notification(notification)

    assert in_child(call) == 0


def test_an_async_client_made_before_a_fork_works_in_both(
    voicecall_sandbox: Sandbox, notification: VoiceNotification
) -> None:
    client = voicecall_sandbox.async_client()

    def call() -> None:
        assert asyncio.run(client.create_voice_notification(notification)).session_id

    call()
    assert in_child(call) == 0
    call()
    asyncio.run(client.close())


def test_a_fork_with_calls_in_flight_harms_neither(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold, send(placed("parent"))], [read_request, send(placed("child"))])
    client = voicecall.AsyncClient("app-key-0001", "example-secret-0001", endpoint=platform.url, max_in_flight=1)

    def in_the_child() -> None:
        async def use() -> None:
            assert (await client.create_voice_notification(notification)).session_id == "child"
            await client.close()

        asyncio.run(use())

    async def use() -> str:
        call = asyncio.ensure_future(client.create_voice_notification(notification))
        await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
        assert in_child(in_the_child) == 0
        platform.release()
        return (await call).session_id

    assert asyncio.run(use()) == "parent"
    asyncio.run(client.close())


def test_a_child_may_go_on_with_the_event_loop(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    client, loop = voicecall_sandbox.async_client(), asyncio.new_event_loop()

    def call() -> None:
        assert loop.run_until_complete(client.create_voice_notification(notification)).session_id

    call()
    assert in_child(call) == 0
    loop.run_until_complete(client.close())
    loop.close()


def test_a_process_ends_while_calls_are_in_flight(peer: Callable[..., Peer]) -> None:
    platform = peer(*([read_request, hold] for _ in range(8)))
    program = f"""
import asyncio, sys, voicecall
client = voicecall.AsyncClient("k", "s", endpoint={platform.url!r}, max_in_flight=4)
async def use():
    for number in range(8):
        asyncio.ensure_future(client.terminate_call(str(number)))
    await asyncio.to_thread(sys.stdin.readline)
asyncio.run(use())
"""
    child = subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    platform.until(lambda seen: seen.holding == 4)
    _, complaints = child.communicate(b"\n", timeout=20)
    assert child.returncode == 0 and complaints == b""
    assert len(platform.seen.requests) == 4


def _place(client: voicecall.Client, notification: VoiceNotification, sessions: multiprocessing.Queue[str]) -> None:
    sessions.put(client.create_voice_notification(notification).session_id)


def test_a_client_is_inherited_by_multiprocessing(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    fork = multiprocessing.get_context("fork")
    with voicecall_sandbox.client() as client:
        client.create_voice_notification(notification)
        sessions: multiprocessing.Queue[str] = fork.Queue()
        children = [fork.Process(target=_place, args=(client, notification, sessions)) for _ in range(4)]
        for child in children:
            child.start()
        assert len({sessions.get(timeout=20) for _ in children}) == 4
        for child in children:
            child.join()


def test_one_line_is_logged_per_call(
    voicecall_sandbox: Sandbox, notification: VoiceNotification, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "voicecall"), voicecall_sandbox.client() as client:
        session_id = client.create_voice_notification(notification).session_id
        with pytest.raises(voicecall.InvalidArgument):
            client.create_voice_notification(notification.replace(callee_nbr="8613800000021"))
        with pytest.raises(voicecall.Rejected):
            client.terminate_call("no-such-call")
    lines = [record.getMessage() for record in caplog.records]
    assert [record.name for record in caplog.records] == ["voicecall"] * 3
    assert lines[0].startswith(f"create_voice_notification: session {session_id} in 0.")
    assert lines[1].startswith("create_voice_notification: invalid_argument (not_sent) ")
    assert lines[2].startswith("terminate_call: rejected (answered) 1020152 in ")
    told = " ".join(lines)
    assert "13800000021" not in told and "AKSK" not in told and voicecall_sandbox.app_secret not in told


def test_nothing_is_logged_where_nobody_listens(voicecall_sandbox: Sandbox) -> None:
    program = f"""
import sys, voicecall
client = voicecall.Client({voicecall_sandbox.app_key!r}, {voicecall_sandbox.app_secret!r}, endpoint={voicecall_sandbox.endpoint!r})
try:
    client.terminate_call("no-such-call")
except voicecall.Rejected:
    print("logging" in sys.modules)
import logging
try:
    client.terminate_call("no-such-call")
except voicecall.Rejected:
    print(logging.getLogger("voicecall").handlers)
client.close()
"""
    assert run(program).splitlines()[-1] == "[]"
