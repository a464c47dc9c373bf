"""`AsyncClient`: the operations of the service for `asyncio`."""

from __future__ import annotations

import os

from voicecall import _native, _surface
from voicecall._log import logged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from concurrent.futures import ThreadPoolExecutor
    from datetime import timedelta
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from voicecall._model import Model
    from voicecall._progress import Progress
    from voicecall.models import Recording
    from voicecall.webhook import Cdr

__all__ = ["AsyncClient"]


class AsyncClient(_surface.AsyncClient):
    """A connection to the platform for one application, for `asyncio`.

    Has the methods of `Client` as coroutines. Calls run on threads of the client's own, at most `max_in_flight` at
    once, and never block the event loop; these threads are not Python's, and leave the interpreter to the program. One
    client may serve any number of event loops.

    The time of a call counts from the moment that it is made, also while it waits for its turn: after that time nothing
    is sent. Cancelling a task cancels its call. The `CancelledError` then has the call's outcome as its `__cause__`:
    **after `OutcomeUnknown` the phone may be ringing**; a call that was still waiting for its turn is never placed.

    >>> async def alert():
    ...     async with AsyncClient(app_key, app_secret, endpoint=endpoint) as client:
    ...         return await client.create_voice_notification(
    ...             display_nbr="+867550000088",
    ...             callee_nbr="+8613800000021",
    ...             play_info_list=[PlayContentInfo(notify_voice="notifyvoice.wav")],
    ...         )
    >>> asyncio.run(alert()).session_id
    '1201_...'
    """

    __slots__ = ("_native", "_perform_on", "_downloads", "_downloads_process")

    def _open(self, settings: tuple[object, ...]) -> None:
        from voicecall._mailbox import perform  # Brings asyncio, which not every program needs.

        self._native = _native.Client(settings)
        self._perform_on = perform
        self._downloads: ThreadPoolExecutor | None = None
        self._downloads_process = 0

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._native.closed

    async def close(self) -> None:
        """Ends calls in flight, which then raise `ClientClosed` or `OutcomeUnknown`, and refuses new ones.

        May be called more than once.
        """
        self._native.close()
        downloads, self._downloads = self._downloads, None
        if downloads is not None and self._downloads_process == os.getpid():
            downloads.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, cls: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def download_recording(
        self,
        source: Cdr | Recording | str,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: bool | Progress | None = None,
        timeout: float | timedelta | None = None,
    ) -> int:
        """As `Client.download_recording`. `progress` is called on another thread than the event loop's.

        Downloads do not wait for calls, nor calls for downloads: at most `max_in_flight` of each are under way.
        """
        from asyncio import get_running_loop

        from voicecall._progress import reporter  # Needed by few programs, and not small.

        with reporter(progress) as report:
            return await get_running_loop().run_in_executor(
                self._download_threads(),
                logged,
                "download_recording",
                lambda: self._native.download(source, os.fspath(path), overwrite, timeout, report),
            )

    def _perform(
        self,
        operation: str,
        request: Model | None,
        fields: tuple[object, ...] | None,
        extra: Mapping[str, Any] | None,
        timeout: float | timedelta | None,
    ) -> Awaitable[Any]:
        submit = self._native.submit
        return self._perform_on(lambda mailbox: submit(mailbox, operation, request, fields, extra, timeout), operation)

    def _download_threads(self) -> ThreadPoolExecutor:
        """Threads of Python, since they report to the program; in a forked child new ones, since none are inherited."""
        if self._downloads is None or self._downloads_process != os.getpid():
            from concurrent.futures import ThreadPoolExecutor

            self._downloads = ThreadPoolExecutor(self._native.max_in_flight, thread_name_prefix="voicecall")
            self._downloads_process = os.getpid()
        return self._downloads

    def __repr__(self) -> str:
        state = ", closed" if self.closed else ""
        return f"<AsyncClient app_key={self._native.app_key!r} endpoint={self._native.endpoint!r}{state}>"
