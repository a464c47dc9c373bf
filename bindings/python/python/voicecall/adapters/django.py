"""Receives pushes in a Django project.

In a module of URLs: ``urlpatterns = [path("voice", view(webhook, handle))]``.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from voicecall.webhook import Event, Webhook

__all__ = ["view"]


def view(webhook: Webhook, handle: Callable[[Event], object]) -> Callable[[HttpRequest], HttpResponse]:
    """A view function. The platform has no CSRF token, so none is asked for: the signature is checked instead.

    Args:
        webhook: Reads pushes and checks their signatures.
        handle: Gets each event, and has stored it when it returns. May be called on several threads at once.
    """

    @csrf_exempt
    @require_POST
    def voicecall_webhook(request: HttpRequest) -> HttpResponse:
        received = webhook.receive(request.headers.items(), request.body)
        if received.event is not None:
            handle(received.event)
        reply = received.reply
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return voicecall_webhook
