"""The same as `_reply` for asynchronous frameworks: what waits for a disk, waits on a thread."""

from __future__ import annotations

from asyncio import to_thread
from inspect import iscoroutinefunction

from voicecall.adapters._reply import log_failure
from voicecall.intake import Intake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from voicecall.adapters._reply import Headers
    from voicecall.webhook import Reply, Webhook

__all__ = ["reply_to"]


async def reply_to(source: Webhook | Intake, handle: Callable[[Any], Any], headers: Headers, body: bytes) -> Reply:
    """Receives a push, and tells the function of it."""
    if not isinstance(source, Intake):
        received = source.receive(headers, body)
        if received.event is not None:
            await _called(handle, received.event)
        return received.reply
    receipt = await to_thread(source.receive, headers, body)
    try:
        await _called(handle, receipt)
    except Exception:
        log_failure()
    return receipt.reply


async def _called(handle: Callable[[Any], Any], told: object) -> None:
    if iscoroutinefunction(handle):
        await handle(told)
    else:
        await to_thread(handle, told)
