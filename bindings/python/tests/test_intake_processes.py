"""Stores under several threads and processes, some of which are forked or killed."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.records import REQUEST, cdr, counts, fee
from voicecall import Application, Intake, PlayContentInfo, Webhook, errors
from voicecall.testing import Sandbox


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
