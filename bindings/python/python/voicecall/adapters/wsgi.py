"""Receives pushes in any WSGI server, without a framework.

>>> from wsgiref.simple_server import make_server
>>> from voicecall.adapters.wsgi import Receiver
>>> with make_server("127.0.0.1", 0, Receiver(webhook, print)) as server:
...     server.timeout = 0
...     server.handle_request()
"""

from __future__ import annotations

from http import HTTPStatus

from voicecall.adapters._body import of_environ
from voicecall.adapters._reply import check, reply_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from voicecall.adapters._reply import Handle
    from voicecall.intake import Intake
    from voicecall.webhook import Webhook

__all__ = ["Receiver"]


class Receiver:
    """A WSGI application.

    Args:
        webhook: An `Intake`, which stores pushes, or a `Webhook`, which reads them only.
        handle: Of a `Webhook`: gets each event, and has stored it when it returns. Of an `Intake`, where it may be
            missing: gets the `Receipt` of what is stored. May be called on several threads at once.
    """

    def __init__(self, webhook: Webhook | Intake, handle: Handle | None = None) -> None:
        self._webhook = webhook
        self._told = check(webhook, handle)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            start_response("405 Method Not Allowed", [("Allow", "POST")])
            return []
        body = of_environ(environ)
        if body is None:
            start_response("411 Length Required", [])
            return []
        headers = [(name[5:].replace("_", "-"), value) for name, value in environ.items() if name.startswith("HTTP_")]
        reply = reply_to(self._webhook, self._told, headers, body)
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(reply.headers.items()))
        return [reply.body]
