"""Receives pushes in a Django project.

In a module of URLs: ``urlpatterns = [path("voice", view(webhook, handle))]``.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from voicecall.adapters._reply import check, reply_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from voicecall.adapters._reply import Handle
    from voicecall.intake import Intake
    from voicecall.webhook import Webhook

__all__ = ["view"]


def view(webhook: Webhook | Intake, handle: Handle | None = None) -> Callable[[HttpRequest], HttpResponse]:
    """A view function. The platform has no CSRF token, so none is asked for: the signature is checked instead.

    Args:
        webhook: An `Intake`, which stores pushes, or a `Webhook`, which reads them only.
        handle: Of a `Webhook`: gets each event, and has stored it when it returns. Of an `Intake`, where it may be
            missing: gets the `Receipt` of what is stored. May be called on several threads at once.
    """

    told = check(webhook, handle)

    @csrf_exempt
    @require_POST
    def voicecall_webhook(request: HttpRequest) -> HttpResponse:
        reply = reply_to(webhook, told, request.headers.items(), request.body)
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return voicecall_webhook
