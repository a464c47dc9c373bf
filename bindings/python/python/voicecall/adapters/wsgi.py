"""Receives pushes in any WSGI server, without a framework.

>>> from wsgiref.simple_server import make_server
>>> from voicecall.adapters.wsgi import Receiver
>>> with make_server("127.0.0.1", 0, Receiver(webhook, print)) as server:
...     server.timeout = 0
...     server.handle_request()
"""

from __future__ import annotations

from http import HTTPStatus

from voicecall.webhook import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from voicecall.webhook import Event, Webhook

__all__ = ["Receiver"]


class Receiver:
    """A WSGI application.

    Args:
        webhook: Reads pushes and checks their signatures.
        handle: Gets each event, and has stored it when it returns. May be called on several threads at once.
    """

    def __init__(self, webhook: Webhook, handle: Callable[[Event], object]) -> None:
        self._webhook = webhook
        self._handle = handle

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start_response("405 Method Not Allowed", [("Allow", "POST")])
            return []
        # One byte more than is read tells the receiver that the body is too large.
        length = min(int(environ.get("CONTENT_LENGTH") or 0), MAX_BYTES + 1)
        headers = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
        received = self._webhook.receive(headers, environ["wsgi.input"].read(length))
        if received.event is not None:
            self._handle(received.event)
        reply = received.reply
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(reply.headers.items()))
        return [reply.body]
