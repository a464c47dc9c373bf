"""The receivers for web frameworks, each in the real framework and against the local platform's own pushes."""

from __future__ import annotations

import asyncio
import io
import json
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults

import pytest

from voicecall import Application, Intake, PlayContentInfo, Webhook
from voicecall.intake import Receipt
from voicecall.testing import Sandbox, sign_push
from voicecall.webhook import MAX_BYTES, Event, FeeEvent

FEE = b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}'
URL = "https://push.example.com/voice"

Post = Callable[[bytes, dict[str, str]], tuple[int, bytes]]
Source = Webhook | Intake


class Events(list[Event]):
    """Keeps what it gets; raises when told to."""

    broken = False

    def __call__(self, event: Event) -> None:
        if self.broken:
            raise OSError("the database is away")
        self.append(event)


@pytest.fixture
def webhook() -> Webhook:
    return Webhook(
        urls=[URL],
        applications=[Application(app_key="app-key-0001", app_secret="example-secret-0001")],
        policy="require",
    )


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture(params=["flask", "django", "starlette", "starlette-async", "fastapi", "asgi", "wsgi"])
def framework(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def post(framework: str, webhook: Webhook, events: Events) -> Post:
    """Posts to a receiver in this framework."""
    return FRAMEWORKS[framework](webhook, events)


def flask(webhook: Source, events: Any) -> Post:
    from flask import Flask

    from voicecall.adapters.flask import view

    app = Flask("receiver")
    app.add_url_rule("/voice", view_func=view(webhook, events), methods=["POST"])

    def post(body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        answer = app.test_client().post("/voice", data=body, headers=headers)
        return answer.status_code, answer.data

    return post


def django(webhook: Source, events: Any) -> Post:
    import types

    from django.conf import settings
    from django.test import Client, override_settings
    from django.urls import path

    from voicecall.adapters.django import view

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="for-tests")
        __import__("django").setup()
    urls = types.ModuleType("urls")
    urls.urlpatterns = [path("voice", view(webhook, events))]  # type: ignore[attr-defined]

    def post(body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        with override_settings(ROOT_URLCONF=urls):
            client = Client(enforce_csrf_checks=True, raise_request_exception=False)
            answer = client.post("/voice", body, content_type="application/json", headers=headers)
            assert client.get("/voice").status_code == 405
        return answer.status_code, answer.content

    return post


def over_httpx(app: Any) -> Post:
    """Posts to an ASGI application."""

    async def send(body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        import httpx

        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
            answer = await client.post("/voice", content=body, headers=headers)
        return answer.status_code, answer.content

    return lambda body, headers: asyncio.run(send(body, headers))


def starlette(webhook: Source, events: Any) -> Post:
    from starlette.applications import Starlette
    from starlette.routing import Route

    from voicecall.adapters.asgi import Receiver

    return over_httpx(Starlette(routes=[Route("/voice", Receiver(webhook, events), methods=["POST"])]))


def starlette_async(webhook: Source, events: Any) -> Post:
    async def store(event: Any) -> None:
        events(event)

    return starlette(webhook, None if events is None else store)


def fastapi(webhook: Source, events: Any) -> Post:
    from fastapi import FastAPI
    from starlette.routing import Route

    from voicecall.adapters.asgi import Receiver

    app = FastAPI()
    app.routes.append(Route("/voice", Receiver(webhook, events), methods=["POST"]))
    return over_httpx(app)


def asgi(webhook: Source, events: Any) -> Post:
    from voicecall.adapters.asgi import Receiver

    return over_httpx(Receiver(webhook, events))


class Started:
    """What a WSGI server hears first."""

    status = ""

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        self.status = status
        return lambda data: None


def wsgi(webhook: Source, events: Any) -> Post:
    from voicecall.adapters.wsgi import Receiver

    receiver = Receiver(webhook, events)

    def post(body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        environ.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
        setup_testing_defaults(environ)
        started = Started()
        try:
            answer = b"".join(receiver(environ, started))
        except OSError:  # What a server does with an exception.
            return 500, b""
        return int(started.status.split()[0]), answer

    return post


FRAMEWORKS: dict[str, Callable[[Source, Any], Post]] = {
    "flask": flask,
    "django": django,
    "starlette": starlette,
    "starlette-async": starlette_async,
    "fastapi": fastapi,
    "asgi": asgi,
    "wsgi": wsgi,
}


def signed(**changes: Any) -> dict[str, str]:
    return sign_push("app-key-0001", "example-secret-0001", URL, **changes)


def test_a_push_is_handed_over_and_acknowledged(post: Post, events: Events) -> None:
    assert post(FEE, signed()) == (200, b'{"resultcode":"0","resultdesc":"Success"}')
    (event,) = events
    assert isinstance(event, FeeEvent) and event.cdrs[0].session_id == "1"


def test_a_push_without_a_valid_signature_is_refused(post: Post, events: Events) -> None:
    assert post(FEE, {})[0] == 401
    headers = signed()
    assert [post(FEE, headers)[0], post(FEE, headers)[0]] == [200, 401]
    assert len(events) == 1


def test_a_body_that_cannot_be_read_is_told(post: Post, events: Events) -> None:
    assert post(b"{", signed())[0] == 400
    assert post(FEE + b" " * MAX_BYTES, signed())[0] == 400
    assert not events


def test_what_was_not_stored_is_not_acknowledged(post: Post, events: Events) -> None:
    events.broken = True
    assert post(FEE, signed())[0] == 500
    assert not events


def test_an_intake_has_stored_what_is_acknowledged(
    framework: str, webhook: Webhook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    receipts: list[Receipt] = []

    def note(receipt: Receipt) -> None:
        receipts.append(receipt)
        assert receipt.error is None

    with Intake(f"sqlite:{tmp_path / 'calls.db'}", webhook=webhook) as intake:
        post = FRAMEWORKS[framework](intake, note)
        assert post(FEE, signed()) == (200, b'{"resultcode":"0","resultdesc":"Success"}')
        assert post(FEE, signed())[0] == 200
        assert [receipt.accepted for receipt in receipts] == [1, 0]
        assert [call.session_id for call in intake.calls()] == ["1"]
        # What fails behind the store is logged, and changes no answer.
        assert (post(FEE, {})[0], post(b"{", signed())[0]) == (401, 200)
        failures = [record for record in caplog.records if record.name == "voicecall"]
        assert len(failures) == 2 and [receipt.rejected for receipt in receipts] == [0, 0, 1, 1]
        post = FRAMEWORKS[framework](intake, None)
        assert post(FEE, signed())[0] == 200


def test_the_event_loop_does_not_wait_for_the_disk(
    webhook: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    receive = Intake.receive

    def noted(intake: Intake, headers: Any, body: bytes) -> Receipt:
        threads.append(threading.get_ident())
        return receive(intake, headers, body)

    monkeypatch.setattr(Intake, "receive", noted)
    with Intake(f"sqlite:{tmp_path / 'calls.db'}", webhook=webhook) as intake:
        assert asgi(intake, None)(FEE, signed())[0] == 200
    assert len(threads) == 1 and threads[0] != threading.get_ident()


@pytest.mark.parametrize("make", ["asgi", "flask"])
def test_a_webhook_without_a_function_would_lose_pushes(webhook: Webhook, make: str) -> None:
    with pytest.raises(TypeError, match="needs a function that stores its events"):
        FRAMEWORKS[make](webhook, None)


@pytest.mark.parametrize("name", ["asgi", "django", "flask", "wsgi"])
def test_an_adapter_can_be_read_at_a_glance(name: str) -> None:
    """What it does not do itself, a receiver in another framework need not do either."""
    source = files("voicecall.adapters").joinpath(f"{name}.py").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60


def test_only_posts_are_pushes(webhook: Webhook, events: Events) -> None:
    from voicecall.adapters.wsgi import Receiver

    environ: dict[str, Any] = {"REQUEST_METHOD": "GET"}
    setup_testing_defaults(environ)
    started = Started()
    assert list(Receiver(webhook, events)(environ, started)) == []
    assert started.status == "405 Method Not Allowed"


class Quiet(WSGIRequestHandler):
    """Prints no line for each request."""

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def served(voicecall_sandbox: Sandbox) -> Iterator[tuple[str, Events, threading.Condition]]:
    """A receiver on a real socket, registered nowhere: its address goes into the request."""
    from voicecall.adapters.wsgi import Receiver

    events, changed = Events(), threading.Condition()

    def keep(event: Event) -> None:
        with changed:
            events.append(event)
            changed.notify_all()

    server = make_server("127.0.0.1", 0, lambda environ, start_response: [], handler_class=Quiet)
    url = f"http://127.0.0.1:{server.server_port}/voice"
    application = Application(app_key=voicecall_sandbox.app_key, app_secret=voicecall_sandbox.app_secret)
    server.set_app(Receiver(Webhook(urls=[url], applications=[application], policy="require"), keep))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield url, events, changed
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_platforms_own_pushes_arrive(
    voicecall_sandbox: Sandbox, served: tuple[str, Events, threading.Condition]
) -> None:
    url, events, changed = served
    with voicecall_sandbox.client() as client:
        call = client.create_voice_notification(
            display_nbr=voicecall_sandbox.display_numbers[0],
            callee_nbr="+8613800000041",
            play_info_list=[PlayContentInfo(notify_voice=voicecall_sandbox.voice_files[0], collect_ind=1)],
            status_url=url,
            fee_url=url,
            user_data="ticket-1",
        )
    with changed:
        assert changed.wait_for(lambda: any(isinstance(event, FeeEvent) for event in events), 30)
    kinds = [event.event_type for event in events]
    assert kinds == ["callout", "alerting", "answer", "collectInfo", "disconnect", "fee"]
    fee = events[-1]
    assert isinstance(fee, FeeEvent)
    assert (fee.cdrs[0].session_id, fee.cdrs[0].user_data) == (call.session_id, "ticket-1")
    assert json.loads(fee.raw)["eventType"] == "fee" and "voicecall.adapters.wsgi" in sys.modules
