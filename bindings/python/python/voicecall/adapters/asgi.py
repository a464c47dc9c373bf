"""Receives pushes in any ASGI application: FastAPI, Starlette, or none.

>>> from fastapi import FastAPI
>>> from starlette.routing import Route
>>> from voicecall.adapters.asgi import Receiver
>>> app = FastAPI()
>>> app.routes.append(Route("/voice", Receiver(webhook, print), methods=["POST"]))
"""

from __future__ import annotations

from asyncio import TimeoutError, wait_for

from voicecall.adapters._async_reply import reply_to
from voicecall.adapters._body import ALREADY_READ, whole
from voicecall.adapters._reply import check
from voicecall.webhook import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from voicecall.adapters._reply import Handle
    from voicecall.async_intake import AsyncIntake
    from voicecall.intake import Intake
    from voicecall.webhook import Webhook

    Message = MutableMapping[str, Any]

__all__ = ["Receiver"]

PATIENCE = 30.0
"""The longest wait for a piece of a body, in seconds. Where a body was read before, none ever comes."""


class Receiver:
    """An ASGI application for one route.

    Args:
        webhook: An `Intake`, which stores pushes on a thread, or a `Webhook`, which reads them only.
        handle: Of a `Webhook`: gets each event, and has stored it when it is done. Of an `Intake`, where it may be
            missing: gets the `Receipt` of what is stored. A coroutine function is awaited; any other is called on a
            thread.
    """

    def __init__(self, webhook: Webhook | Intake | AsyncIntake, handle: Handle | None = None) -> None:
        self._webhook = webhook
        self._told = check(webhook, handle)

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        declared = dict(scope["headers"])
        body = await _body(receive)
        whole(body, declared.get(b"content-length"), declared.get(b"transfer-encoding"))
        reply = await reply_to(self._webhook, self._told, scope["headers"], body)
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes:
    body, more = bytearray(), True
    while more and len(body) <= MAX_BYTES:
        try:
            message = await wait_for(receive(), PATIENCE)
        except TimeoutError:
            raise RuntimeError(f"the sender is silent, or {ALREADY_READ}") from None
        if message["type"] == "http.disconnect":
            raise RuntimeError(f"the sender left, or {ALREADY_READ}")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
