"""`Mailbox`: how calls that were begun in an event loop come back to it.

Calls are performed by threads that know nothing of Python, so that they never wait for the interpreter. They lay down
how a call ended, and wake the loop; what Python sees of it is made here, on the loop's own thread, for as many calls as
have ended meanwhile.
"""

from __future__ import annotations

import os
import sys
from asyncio import AbstractEventLoop, CancelledError, get_running_loop
from threading import Thread
from time import perf_counter
from weakref import WeakKeyDictionary, WeakMethod, ref

from voicecall import _native
from voicecall._error import VoiceCallError
from voicecall._log import listening, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable
    from typing import Any

__all__ = ["perform"]


class Mailbox:
    """That of one event loop, for the calls of all clients. It lives as long as its loop, and keeps it from nothing."""

    __slots__ = ("__weakref__", "_cancelled", "_native", "_waiting")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._native = _native.Mailbox()
        # What was submitted and has not come back: who waits for it, its name in the log, and when it began.
        self._waiting: dict[int, tuple[Future[Any], str | None, float]] = {}
        self._cancelled: list[int] = []
        file = self._native.fileno()
        try:
            if file is None:
                raise NotImplementedError
            loop.add_reader(file, self._deliver, True)
        except NotImplementedError:
            watched = (self._native, ref(loop), WeakMethod(self._deliver))
            Thread(target=_watch, args=watched, name="voicecall", daemon=True).start()

    async def perform(
        self, loop: AbstractEventLoop, submit: Callable[[_native.Mailbox], int], operation: str | None
    ) -> Any:
        begun = perf_counter()
        try:
            number = submit(self._native)
        except VoiceCallError as error:
            if operation is not None:
                tell(operation, error, perf_counter() - begun)
            raise
        future = loop.create_future()
        self._waiting[number] = (future, operation, begun)
        try:
            return await future
        except CancelledError as cancelled:
            if not future.cancelled():
                raise
            raise cancelled from await self._cancel(loop, number)
        except BaseException:
            if future.cancel():  # Not what the call raised: the coroutine was closed, and nobody waits any more.
                self._native.cancel([number])
            raise

    async def _cancel(self, loop: AbstractEventLoop, number: int) -> BaseException | None:
        """Cancels what was submitted; gives the error that it ends with, which takes a few milliseconds."""
        waiting = self._waiting.get(number)
        if waiting is None:
            return None
        _, operation, begun = waiting
        future = loop.create_future()
        self._waiting[number] = (future, operation, begun)
        self._cancelled.append(number)
        if len(self._cancelled) == 1:
            loop.call_soon(self._cancel_all)
        try:
            await future
        except VoiceCallError as error:
            return error
        return None

    def _cancel_all(self) -> None:
        """Cancels together: a call that waits for its turn must not begin in the place of one that ends."""
        numbers, self._cancelled = self._cancelled, []
        self._native.cancel(numbers)

    def _deliver(self, readable: bool) -> None:
        """Tells those who wait how what they submitted ended."""
        outcomes = self._native.take(readable)
        now = perf_counter()
        ended = [(self._waiting.pop(number), answer, error) for number, answer, error in outcomes]
        for (future, _, _), answer, error in ended:
            if future.done():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)
        # Afterwards: a fault of a logging handler must not keep anybody waiting.
        if listening() is not None:
            for (_, operation, begun), answer, error in ended:
                if operation is not None:
                    tell(operation, answer if error is None else error, now - begun)

    def __del__(self) -> None:
        self._native.ring()  # A thread that watches has nothing to watch any more.


def perform(submit: Callable[[_native.Mailbox], int], operation: str | None = None) -> Awaitable[Any]:
    """Awaits what `submit` submits, for the running event loop. `operation`: the name by which its end is logged."""
    loop = get_running_loop()
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        _mailboxes[loop] = mailbox = Mailbox(loop)
    return mailbox.perform(loop, submit, operation)


_mailboxes: WeakKeyDictionary[AbstractEventLoop, Mailbox] = WeakKeyDictionary()
if sys.platform != "win32":
    # Threads are not inherited: what a forked child finds here, nobody would ever put anything into.
    os.register_at_fork(after_in_child=_mailboxes.clear)


def _watch(native: _native.Mailbox, loop: ref[AbstractEventLoop], deliver: WeakMethod[Callable[[bool], None]]) -> None:
    """Watches for a loop that cannot, such as Windows' proactor loop, until loop and mailbox are gone."""
    while True:
        _wait(native)
        loop_now, deliver_now = loop(), deliver()
        if loop_now is None or deliver_now is None:
            return
        try:
            loop_now.call_soon_threadsafe(deliver_now, False)
        except RuntimeError:
            return  # The loop is closed.
        del loop_now, deliver_now


def _wait(native: _native.Mailbox) -> None:
    file = native.fileno()
    if file is None:
        native.wait()
    else:
        # When the process ends, Python ends this thread where it stands: not within code of Rust, which would abort.
        os.read(file, 16)
