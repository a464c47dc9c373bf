"""Receives pushes in a Flask application.

>>> from flask import Flask
>>> from voicecall.adapters.flask import view
>>> app = Flask("receiver")
>>> app.add_url_rule("/voice", view_func=view(webhook, print), methods=["POST"])
"""

from __future__ import annotations

from flask import Response, request

from voicecall.adapters._body import of_environ, whole
from voicecall.adapters._reply import check, reply_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecall.adapters._reply import Handle
    from voicecall.intake import Intake
    from voicecall.webhook import Webhook

__all__ = ["view"]


def view(webhook: Webhook | Intake, handle: Handle | None = None) -> Callable[[], Response]:
    """A view function.

    Args:
        webhook: An `Intake`, which stores pushes, or a `Webhook`, which reads them only.
        handle: Of a `Webhook`: gets each event, and has stored it when it returns. Of an `Intake`, where it may be
            missing: gets the `Receipt` of what is stored. May be called on several threads at once.
    """

    told = check(webhook, handle)

    def voicecall_webhook() -> Response:
        body = _body()
        if body is None:
            return Response(status=411)
        reply = reply_to(webhook, told, request.headers.items(), body)
        return Response(reply.body, reply.status, dict(reply.headers))

    return voicecall_webhook


def _body() -> bytes | None:
    """None when the server does not tell where the body ends; Flask takes such a request for an empty one."""
    body = request.get_data(cache=False)
    if not body and request.content_length is None:
        return of_environ(request.environ)
    return whole(body, request.headers.get("Content-Length"), request.headers.get("Transfer-Encoding"))
