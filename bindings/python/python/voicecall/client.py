"""`Client`: the operations of the service, blocking."""

from __future__ import annotations

import os

from voicecall import _native, _surface
from voicecall._log import listening, logged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from voicecall._model import Model
    from voicecall._progress import Progress
    from voicecall.models import Recording
    from voicecall.webhook import Cdr

__all__ = ["Client"]


class Client(_surface.Client):
    """A connection to the platform for one application.

    Any number of threads may use one client at once; each call blocks its thread, and no other, until its answer, its
    deadline or `close`. Connections are kept for later calls. A client also works in a child of a process that was
    forked, where it makes connections of its own.

    A call rings a person: after `OutcomeUnknown` the phone may be ringing, and the library never places such a call
    again by itself.

    >>> with Client(app_key, app_secret, endpoint=endpoint) as client:
    ...     call = client.create_voice_notification(
    ...         display_nbr="+867550000088",
    ...         callee_nbr="+8613800000021",
    ...         play_info_list=[PlayContentInfo(notify_voice="notifyvoice.wav")],
    ...     )
    >>> call.session_id
    '1201_...'
    """

    __slots__ = ("_native",)

    def _open(self, settings: tuple[object, ...]) -> None:
        self._native = _native.Client(settings)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._native.closed

    def close(self) -> None:
        """Ends calls in flight, which then raise `ClientClosed` or `OutcomeUnknown`, and refuses new ones.

        May be called more than once, and from any thread.
        """
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def download_recording(
        self,
        source: Cdr | Recording | str,
        path: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        progress: bool | Progress | None = None,
        timeout: float | timedelta | None = None,
    ) -> int:
        """Fetches a recording into a file: whole, or not at all.

        A connection that breaks on the way is taken up where it broke if the server allows it.

        Args:
            source: A CDR with a recording, the `Recording` that it names, or a direct address.
            path: The file. Its folder has to be there.
            overwrite: Whether a file that exists is replaced. Without it that is an error.
            progress: True shows a bar on the terminal (needs tqdm). A callable gets the bytes so far and, where the
                server tells, their number in all (else None); what it raises ends the download and is raised here.
            timeout: Longest time for the whole download, in seconds. None by default, since recordings may be hours
                long; each step is bounded by the client's time-outs all the same.

        Returns:
            The length of the file in bytes.

        Raises:
            InvalidArgument: The file exists, or the CDR names no recording.
            Rejected: The recording is not there.
            StorageError: The file cannot be written.
            VoiceCallError: Every other kind of error. There is no file at `path` then that was not there before.
            ImportError: `progress` is True and tqdm is not installed.
        """
        from voicecall._progress import reporter  # Needed by few programs, and not small.

        with reporter(progress) as report:
            return logged(
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
    ) -> Any:
        call = self._native.call
        if listening() is None:  # A call without more ado: this is where most programs come.
            return call(operation, request, fields, extra, timeout)
        return logged(operation, lambda: call(operation, request, fields, extra, timeout))

    def __repr__(self) -> str:
        state = ", closed" if self.closed else ""
        return f"<Client app_key={self._native.app_key!r} endpoint={self._native.endpoint!r}{state}>"
