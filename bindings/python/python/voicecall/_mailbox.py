"""`Mailbox`: how calls that were begun in an event loop come back to it.

Calls are performed by threads that know nothing of Python, so that they never wait for the interpreter. They lay down
how a call ended, and wake the loop; what Python sees of it is made here, on the loop's own thread, for as many calls as
have ended meanwhile.
"""

from __future__ import annotations

import os
import sys
from asyncio import AbstractEventLoop, get_running_loop
from threading import Thread
from time import perf_counter
from weakref import WeakKeyDictionary, WeakMethod, ref

from voicecall import _native
from voicecall._error import VoiceCallError
from voicecall._log import listening, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import timedelta
    from typing import Any

    from voicecall._model import Model

__all__ = ["perform"]


class Mailbox:
    """That of one event loop, for the calls of all clients. It lives as long as its loop, and keeps it from nothing."""

    __slots__ = ("__weakref__", "_native", "_waiting")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._native = _native.Mailbox()
        # What was begun and has not come back; without a future when nobody waits for it any more.
        self._waiting: dict[int, tuple[Future[Any] | None, str, float]] = {}
        file = self._native.fileno()
        try:
            if file is None:
                raise NotImplementedError
            loop.add_reader(file, self._deliver, True)
        except NotImplementedError:
            watched = (self._native, ref(loop), WeakMethod(self._deliver))
            Thread(target=_watch, args=watched, name="voicecall", daemon=True).start()

    async def perform(
        self,
        loop: AbstractEventLoop,
        pool: _native.Pool,
        operation: str,
        request: Model | None,
        fields: tuple[object, ...] | None,
        extra: Mapping[str, Any] | None,
        timeout: float | timedelta | None,
    ) -> Any:
        begun = perf_counter()
        try:
            number = pool.submit(self._native, operation, request, fields, extra, timeout)
        except VoiceCallError as error:
            tell(operation, error, perf_counter() - begun)
            raise
        future = loop.create_future()
        self._waiting[number] = (future, operation, begun)
        try:
            return await future
        except BaseException:  # Mostly CancelledError. What the call itself raises has come out of the mailbox.
            waiting = self._waiting.pop(number, None)
            if waiting is not None and not pool.take_back(number):
                self._waiting[number] = (None, operation, begun)
            raise

    def _deliver(self, readable: bool) -> None:
        """Tells those who wait how their calls ended."""
        outcomes = self._native.take(readable)
        now = perf_counter()
        ended = [(self._waiting.pop(number), answer, error) for number, answer, error in outcomes]
        for (future, _, _), answer, error in ended:
            if future is None or future.done():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)
        # Afterwards: a fault of a logging handler must not keep anybody waiting.
        if listening() is not None:
            for (_, operation, begun), answer, error in ended:
                tell(operation, answer if error is None else error, now - begun)

    def __del__(self) -> None:
        self._native.ring()  # A thread that watches has nothing to watch any more.


def perform(
    pool: _native.Pool,
    operation: str,
    request: Model | None,
    fields: tuple[object, ...] | None,
    extra: Mapping[str, Any] | None,
    timeout: float | timedelta | None,
) -> Awaitable[Any]:
    """Performs an operation on the pool's threads, for the running event loop."""
    loop = get_running_loop()
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        _mailboxes[loop] = mailbox = Mailbox(loop)
    return mailbox.perform(loop, pool, operation, request, fields, extra, timeout)


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
