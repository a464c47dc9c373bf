"""Receives pushes in a Flask application.

>>> from flask import Flask
>>> from voicecall.adapters.flask import view
>>> app = Flask("receiver")
>>> app.add_url_rule("/voice", view_func=view(webhook, print), methods=["POST"])
"""

from __future__ import annotations

from flask import Response, request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecall.webhook import Event, Webhook

__all__ = ["view"]


def view(webhook: Webhook, handle: Callable[[Event], object]) -> Callable[[], Response]:
    """A view function.

    Args:
        webhook: Reads pushes and checks their signatures.
        handle: Gets each event, and has stored it when it returns. May be called on several threads at once.
    """

    def voicecall_webhook() -> Response:
        received = webhook.receive(request.headers.items(), request.get_data(cache=False))
        if received.event is not None:
            handle(received.event)
        reply = received.reply
        return Response(reply.body, reply.status, dict(reply.headers))

    return voicecall_webhook
