"""Receives webhooks in an aiohttp server.

>>> from aiohttp import web
>>> from voicecall.adapters.aiohttp import handler
>>> app = web.Application()
>>> _ = app.router.add_post("/voice", handler(webhook, print))
"""

from __future__ import annotations

from aiohttp import web

from voicecall.adapters._async_reply import reply_to
from voicecall.adapters._body import whole
from voicecall.adapters._reply import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from voicecall.adapters._reply import Handle
    from voicecall.async_intake import AsyncIntake
    from voicecall.intake import Intake
    from voicecall.webhook import Webhook

__all__ = ["handler"]


def handler(
    webhook: Webhook | Intake | AsyncIntake, handle: Handle | None = None
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A request handler.

    Args:
        webhook: As for `voicecall.adapters.asgi.Receiver`.
        handle: As for `voicecall.adapters.asgi.Receiver`.
    """
    told = check(webhook, handle)

    async def voicecall_webhook(request: web.Request) -> web.Response:
        body = await request.read()
        whole(body, request.headers.get("Content-Length"), request.headers.get("Transfer-Encoding"))
        reply = await reply_to(webhook, told, request.headers.items(), body)
        return web.Response(body=reply.body, status=reply.status, headers=reply.headers)

    return voicecall_webhook
