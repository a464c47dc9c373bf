"""Receives pushes in a Django project.

In a module of URLs: ``urlpatterns = [path("voice", view(webhook, handle))]``.
"""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.http.request import RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from voicecall.adapters._body import ALREADY_READ, of_environ, whole
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
        body = _body_of(request)
        if body is None:
            return HttpResponse(status=411)
        reply = reply_to(webhook, told, request.headers.items(), body)
        return HttpResponse(reply.body, status=reply.status, headers=dict(reply.headers))

    return voicecall_webhook


def _body_of(request: HttpRequest) -> bytes | None:
    """None when the server does not tell where the body ends; Django takes such a request for an empty one."""
    try:
        body = request.body
    except RawPostDataException as error:
        raise RuntimeError(ALREADY_READ) from error
    if not body and isinstance(request, WSGIRequest):
        return of_environ(request.environ)
    return whole(body, request.headers.get("Content-Length"), request.headers.get("Transfer-Encoding"))
