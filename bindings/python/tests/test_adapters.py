"""The receivers for web frameworks, each in the real framework, behind a real server, and against real webhooks."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from support import servers
from support.frameworks import FRAMEWORKS, Framework, Source
from voicecall import Application, Intake, PlayContentInfo, Webhook
from voicecall.adapters import _async_reply
from voicecall.adapters.asgi import Receiver
from voicecall.intake import Receipt
from voicecall.testing import Sandbox, sign_push
from voicecall.webhook import MAX_BYTES, Event, FeeEvent

FEE = b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}'
URL = "https://push.example.com/voice"
TAKEN = (200, b'{"resultcode":"0","resultdesc":"Success"}')
CURE = "before every middleware that reads requests"

Address = tuple[str, int]
Start = Callable[..., Address]
"""Serves a receiver until the test ends; takes what `serving` takes."""


class Events(list[Event]):
    """Keeps what it gets; raises when told to."""

    broken = False

    def __call__(self, event: Event) -> None:
        if self.broken:
            raise OSError("the database is away")
        self.append(event)


def receiver_at(url: str) -> Webhook:
    applications = [Application(app_key="app-key-0001", app_secret="example-secret-0001")]
    return Webhook(urls=[url], applications=applications, policy="require")


@pytest.fixture
def webhook() -> Webhook:
    return receiver_at(URL)


@pytest.fixture
def kept(webhook: Webhook, tmp_path: Path) -> Iterator[Intake]:
    with Intake(f"sqlite:{tmp_path / 'calls.db'}", webhook=webhook) as intake:
        yield intake


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture(params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> Framework:
    return FRAMEWORKS[request.param]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as running:
        yield lambda *given: running.enter_context(serving(*given))


@contextmanager
def serving(framework: Framework, source: Source, handle: Any = None, drained: bool = False) -> Iterator[Address]:
    app = framework.make(source, handle, drained)
    with socket.create_server(("127.0.0.1", 0)) as listener, framework.serve(listener, app):
        yield listener.getsockname()


def signed(**changes: Any) -> dict[str, str]:
    return sign_push("app-key-0001", "example-secret-0001", URL, **changes)


def test_an_event_is_handed_over_and_acknowledged(
    framework: Framework, start: Start, webhook: Webhook, events: Events
) -> None:
    assert servers.post(start(framework, webhook, events), FEE, signed()) == TAKEN
    (event,) = events
    assert isinstance(event, FeeEvent) and event.cdrs[0].session_id == "1"


def test_a_webhook_that_is_refused_or_cannot_be_read_is_not_handed_over(
    framework: Framework, start: Start, webhook: Webhook, events: Events
) -> None:
    address = start(framework, webhook, events)
    assert servers.post(address, FEE, {})[0] == 401
    assert servers.post(address, b"{", signed())[0] == 500
    assert servers.post(address, b"", signed())[0] == 400
    assert servers.post(address, FEE + b" " * MAX_BYTES, signed())[0] == 400
    assert not events


def test_what_was_not_stored_is_not_acknowledged(
    framework: Framework, start: Start, webhook: Webhook, events: Events
) -> None:
    events.broken = True
    assert servers.post(start(framework, webhook, events), FEE, signed())[0] == 500
    assert not events


def test_an_intake_has_stored_what_is_acknowledged(
    framework: Framework, start: Start, kept: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    receipts: list[Receipt] = []

    def note(receipt: Receipt) -> None:
        receipts.append(receipt)
        assert receipt.error is None

    address = start(framework, kept, note)
    assert servers.post(address, FEE, signed()) == TAKEN
    assert servers.post(address, FEE, signed())[0] == 200
    assert [receipt.accepted for receipt in receipts] == [1, 0]
    assert [call.session_id for call in kept.calls()] == ["1"]
    # What fails after the store is logged, and changes no answer.
    assert servers.post(address, FEE, {})[0] == 401
    failures = [record for record in caplog.records if record.name == "voicecall"]
    assert len(failures) == 1 and [receipt.rejected for receipt in receipts] == [0, 0, 1]


def test_a_body_in_chunks_is_read_to_its_end_or_refused(framework: Framework, start: Start, kept: Intake) -> None:
    address = start(framework, kept)
    if framework.reads_chunked:
        assert servers.post(address, [FEE[:9], FEE[9:]], signed()) == TAKEN
        assert [call.session_id for call in kept.calls()] == ["1"]
    else:
        # The body does not follow: a server that closes before it has read everything may reset the connection.
        assert servers.post(address, None, {**signed(), "Transfer-Encoding": "chunked"})[0] == 411


def test_a_body_that_middleware_has_read_is_not_acknowledged(
    framework: Framework,
    kept: Intake,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("voicecall.adapters.asgi.PATIENCE", 0.2)
    with serving(framework, kept, drained=True) as address:
        assert servers.post(address, FEE, signed())[0] == 500
    # Some servers log after they have answered.
    assert not list(kept.calls()) and CURE in caplog.text + capfd.readouterr().err


@pytest.mark.parametrize("name", ["asgi", "starlette", "aiohttp"])
def test_the_work_goes_on_when_the_sender_leaves(
    name: str, start: Start, kept: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, gone, done = threading.Event(), threading.Event(), threading.Event()
    perform = _async_reply.perform

    async def slow(submit: Any) -> Any:
        arrived.set()
        assert await asyncio.to_thread(gone.wait, 30)
        return await perform(submit)

    async def last(receipt: Receipt) -> None:
        done.set()

    monkeypatch.setattr(_async_reply, "perform", slow)
    serve, make, _ = FRAMEWORKS[name]
    cancelled = threading.Event()
    framework = Framework(
        serve, lambda *given: cancelling(make(*given), cancelled) if name != "aiohttp" else make(*given)
    )
    address = start(framework, kept, last)
    with socket.create_connection(address) as sender:
        lines = ["POST /voice HTTP/1.1", "Host: x", f"Content-Length: {len(FEE)}"]
        lines += [f"{name}: {value}" for name, value in signed().items()]
        sender.sendall("\r\n".join([*lines, "", ""]).encode() + FEE)
        assert arrived.wait(30)
    assert name == "aiohttp" or cancelled.wait(30)
    gone.set()
    assert done.wait(30) and [call.session_id for call in kept.calls()] == ["1"]


def cancelling(app: Any, cancelled: threading.Event) -> Any:
    """Cancels what is done for a request when its sender leaves, as some servers and middleware do."""

    async def around(scope: Any, receive: Any, send: Any) -> None:
        first = await receive()
        messages = asyncio.Queue[Any]()
        messages.put_nowait(first)
        task = asyncio.create_task(app(scope, messages.get, send))
        assert (await receive())["type"] == "http.disconnect"
        task.cancel()
        await asyncio.wait([task])
        cancelled.set()

    return around


def test_a_failure_after_the_sender_left_is_logged(webhook: Webhook, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        called, go_on = asyncio.Event(), asyncio.Event()

        async def fail(event: Event) -> None:
            called.set()
            await go_on.wait()
            raise OSError("the database is away")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": FEE}

        async def send(message: Any) -> None:
            raise AssertionError("nobody is there")

        headers = [(name.lower().encode(), value.encode()) for name, value in signed().items()]
        task = asyncio.create_task(Receiver(webhook, fail)({"headers": headers}, receive, send))
        await called.wait()
        (work,) = asyncio.all_tasks() - {task, asyncio.current_task()}
        task.cancel()
        await asyncio.wait([task])
        go_on.set()
        await asyncio.wait([work])

    asyncio.run(run())
    assert "the database is away" in caplog.text


def test_the_event_loop_does_not_wait_for_the_disk(start: Start, kept: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    receive = Intake.receive

    def elsewhere(intake: Intake, headers: Any, body: bytes) -> Receipt:
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        return receive(intake, headers, body)

    monkeypatch.setattr(Intake, "receive", elsewhere)
    assert servers.post(start(FRAMEWORKS["asgi"], kept), FEE, signed())[0] == 200


@pytest.mark.parametrize("name", ["aiohttp", "asgi", "flask"])
def test_a_webhook_without_a_function_would_lose_events(webhook: Webhook, name: str) -> None:
    with pytest.raises(TypeError, match="needs a function that stores its events"):
        FRAMEWORKS[name].make(webhook, None, False)


@pytest.mark.parametrize("name", ["aiohttp", "asgi", "django", "flask", "wsgi"])
def test_an_adapter_can_be_read_at_a_glance(name: str) -> None:
    """What it does not do itself, a receiver in another framework need not do either."""
    source = files("voicecall.adapters").joinpath(f"{name}.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 80


def test_only_posts_are_received(start: Start, webhook: Webhook, events: Events) -> None:
    from http.client import HTTPConnection

    connection = HTTPConnection(*start(FRAMEWORKS["wsgi"], webhook, events), timeout=30)
    connection.request("GET", "/voice")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    connection.close()


def test_the_platforms_own_webhooks_arrive(framework: Framework, voicecall_sandbox: Sandbox, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = "http://{}:{}/voice".format(*listener.getsockname())
        application = Application(app_key=voicecall_sandbox.app_key, app_secret=voicecall_sandbox.app_secret)
        checked = Webhook(urls=[url], applications=[application], policy="require")
        with Intake(f"sqlite:{tmp_path / 'calls.db'}", webhook=checked) as intake:
            with framework.serve(listener, framework.make(intake, None, False)), voicecall_sandbox.client() as client:
                placed = client.create_voice_notification(
                    display_nbr=voicecall_sandbox.display_numbers[0],
                    callee_nbr="+8613800000041",
                    play_info_list=[PlayContentInfo(notify_voice=voicecall_sandbox.voice_files[0], collect_ind=1)],
                    status_url=url,
                    fee_url=url,
                    user_data="ticket-1",
                )
                call = intake.wait_for(placed.session_id, "billed", timeout=30)
            assert call is not None and call.user_data == "ticket-1"
            moments = [moment.what for moment in call.timeline]
    assert moments == ["calling", "ringing", "answered", "digits", "ended"]
