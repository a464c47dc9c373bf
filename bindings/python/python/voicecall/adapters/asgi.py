"""Receives pushes in any ASGI application: FastAPI, Starlette, or none.

>>> from fastapi import FastAPI
>>> from starlette.routing import Route
>>> from voicecall.adapters.asgi import Receiver
>>> app = FastAPI()
>>> app.routes.append(Route("/voice", Receiver(webhook, print), methods=["POST"]))
"""

from __future__ import annotations

from asyncio import to_thread
from inspect import iscoroutinefunction

from voicecall.webhook import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from voicecall.webhook import Event, Webhook

    Message = MutableMapping[str, Any]

__all__ = ["Receiver"]


class Receiver:
    """An ASGI application for one route.

    Args:
        webhook: Reads pushes and checks their signatures.
        handle: Gets each event, and has stored it when it is done. A coroutine function is awaited; any other function
            is called on a thread, so that it may take its time.
    """

    def __init__(self, webhook: Webhook, handle: Callable[[Event], Any]) -> None:
        self._webhook = webhook
        self._handle = handle

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        body, more = b"", True
        while more and len(body) <= MAX_BYTES:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        received = self._webhook.receive(scope["headers"], body)
        if received.event is not None and iscoroutinefunction(self._handle):
            await self._handle(received.event)
        elif received.event is not None:
            await to_thread(self._handle, received.event)
        reply = received.reply
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})
