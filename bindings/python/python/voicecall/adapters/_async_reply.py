"""The same as `_reply` for asynchronous frameworks: what waits for a disk waits on a thread."""

from __future__ import annotations

from asyncio import CancelledError, create_task, shield, to_thread
from inspect import iscoroutinefunction
from typing import cast

from voicecall._mailbox import perform
from voicecall.adapters._reply import is_intake, log_failure, nothing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable
    from typing import Any

    from voicecall.adapters._reply import Headers
    from voicecall.async_intake import AsyncIntake
    from voicecall.intake import Intake, Receipt
    from voicecall.webhook import Reply, Webhook

    _Source = Webhook | Intake | AsyncIntake

__all__ = ["perform", "reply_to"]

_running: set[Task[Reply]] = set()
"""The event loop itself keeps no task alive."""


async def reply_to(source: _Source, handle: Callable[[Any], Any], headers: Headers, body: bytes) -> Reply:
    """Receives a webhook and calls the function with it.

    This work goes on when the sender leaves and the server cancels the request: a status event is never sent again.
    """
    task = create_task(_received(source, handle, headers, body))
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await shield(task)
    except CancelledError:
        task.add_done_callback(_log_outcome)
        raise


async def _received(source: _Source, handle: Callable[[Any], Any], headers: Headers, body: bytes) -> Reply:
    if is_intake(source):
        return await _stored(source, handle, headers, body)
    received = cast("Webhook", source).receive(headers, body)
    if received.event is not None:
        await _called(handle, received.event)
    return received.reply


async def _stored(source: Intake | AsyncIntake, handle: Callable[[Any], Any], headers: Headers, body: bytes) -> Reply:
    # Not on the loop's threads for blocking work: they may all be waiting for what this webhook tells.
    native = source._native
    receipt: Receipt = await perform(lambda mailbox: native.submit_receive(mailbox, headers, body, None))
    try:
        await _called(handle, receipt)
    except Exception as error:
        log_failure(error)
    return receipt.reply


async def _called(handle: Callable[[Any], Any], told: object) -> None:
    if iscoroutinefunction(handle):
        await handle(told)
    elif handle is not nothing:
        await to_thread(handle, told)


def _log_outcome(task: Task[Reply]) -> None:
    """What the framework would log, had it not cancelled the request."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log_failure(error)
