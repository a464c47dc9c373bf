"""Keeps what the platform pushes, so that no CDR is ever lost, and tells the story of each call.

The platform sends a CDR again at most six times, an hour apart, and a status event never. So a receiver must not say
200 before what came is safe, must not let one bad record bring its good neighbours back every hour, and must recognise
what comes twice. `Intake.receive` does that; sending its reply is all that is left to do. The receivers in
`voicecall.adapters` take an `Intake` in the place of a `Webhook`.
"""

from __future__ import annotations

import os
import sys

from voicecall import _native, _surface
from voicecall._attempt import Attempt
from voicecall._instant import unix_seconds
from voicecall._log import logged
from voicecall._native import Receipt
from voicecall._results import (
    Call,
    CallLeg,
    CallPage,
    Digits,
    Ending,
    Moment,
    Purged,
    RejectedPage,
    RejectedText,
    Retried,
    Total,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta
    from decimal import Decimal
    from types import TracebackType
    from typing import BinaryIO, Literal
    from weakref import WeakSet

    from typing_extensions import Self

    from voicecall.async_intake import AsyncIntake
    from voicecall.client import Client
    from voicecall.models import PlacedCall, VoiceCallback, VoiceNotification, VoiceVerificationCode
    from voicecall.webhook import Webhook

    _Request = VoiceCallback | VoiceNotification | VoiceVerificationCode
    _Condition = Literal[
        "attempted",
        "placed",
        "calling",
        "ringing",
        "answered",
        "ended",
        "billed",
        "a_answered",
        "b_answered",
        "digits",
    ]

__all__ = [
    "Attempt",
    "Call",
    "CallLeg",
    "CallPage",
    "Digits",
    "Ending",
    "Intake",
    "Moment",
    "Purged",
    "Receipt",
    "RejectedPage",
    "RejectedText",
    "Retried",
    "Total",
]


class Intake(_surface.Intake):
    """A store of pushes in a SQLite file.

    Any number of threads may use one at once, and any number of processes one file on one machine. Every method waits
    for the disk, on the thread that calls it and with the interpreter's lock released; an asynchronous program calls it
    by way of `asyncio.to_thread`.

    A process may fork while no thread is using an intake: parent and child then each open the file anew. A child that
    was forked while one was in use raises `StorageError` instead, because SQLite's locks do not survive that.

    >>> with Intake("sqlite:calls.db", webhook=webhook) as intake:
    ...     receipt = intake.receive(headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}')
    ...     call = intake.call("1")
    >>> receipt.reply.status, receipt.accepted, str(call.state)
    (200, 1, 'billed')
    """

    __slots__ = ("_native", "__weakref__")

    def _open(self, settings: tuple[object, ...], webhook: Webhook | None) -> None:
        self._native = _native.Intake(settings, _receiver(webhook))
        _rest_before_forks(self)

    def receive(
        self,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]],
        body: bytes | bytearray | memoryview,
        *,
        now: int | None = None,
    ) -> Receipt:
        """Reads, checks and stores a push, and only then gives the reply to send.

        What arrives on other threads meanwhile is written together: what costs is the wait for the disk.

        Args:
            headers: The headers of the HTTP request, in any letter case.
            body: The raw bytes of the HTTP request, before anything decodes or parses them.
            now: The time in Unix seconds; the clock's by default.

        Returns:
            What became of the push, and the reply. A store that cannot write is no exception here: the reply is then
            500, so that the platform sends CDRs again.

        Raises:
            TypeError: `headers` or `body` is of the wrong type.
            ClientClosed: The intake is closed.
            StorageError: The process was forked while a store was in use.
        """
        return self._native.receive(headers, body, now)

    def place(self, client: Client, request: _Request, *, timeout: float | timedelta | None = None) -> PlacedCall:
        """Places a call that is in the store before a phone can ring.

        The attempt is registered with a mark in its user data; then the call is placed; then what became of it is
        registered. After `OutcomeUnknown`, or a crash in between, the first push that brings the mark back settles the
        attempt; until then it is among the `unsettled`.

        Args:
            client: Places the call.
            request: What to place. Its user data may be 15 characters shorter than usual.
            timeout: Longest time for the platform's answer, in seconds; the client's `timeout` by default.

        Raises:
            StorageError: The attempt cannot be registered; no phone has rung.
            OutcomeUnknown: The phone may be ringing. Do not place the call again blindly; `attempt_tag` names the
                attempt.
            VoiceCallError: Every other kind of error; no phone has rung, and nothing is left in the store.
        """
        place = self._native.place
        return logged(f"place {type(request).__name__}", lambda: place(client._native, request, timeout))

    def attempt(self, request: _Request) -> Attempt:
        """Registers an attempt to place a call that something else than `place` will place, such as an `AsyncClient`.

        It is settled by `placed`, by `withdraw`, or by the first push that brings its mark back in the user data.

        Args:
            request: What is about to be placed.

        Returns:
            The mark, and the request that carries it: place that one.

        Raises:
            StorageError: The store cannot write.
        """
        tag, user_data = self._native.attempt(request)
        return Attempt(tag=tag, request=request.replace(user_data=user_data))

    def placed(self, request: _Request, call: PlacedCall | str, *, attempt_tag: str | None = None) -> None:
        """Registers a call that the platform accepted. Its story then begins with the request, and it is among the
        `unsettled` until its CDR is here. Registering twice is harmless.

        Args:
            request: What was placed.
            call: The platform's answer, or its session id.
            attempt_tag: The mark of the attempt, if there was one.

        Raises:
            InvalidArgument: `attempt_tag` is none.
            StorageError: The store cannot write.
        """
        session_id = call if isinstance(call, str) else call.session_id
        self._native.placed(request, session_id, attempt_tag)

    def withdraw(self, attempt_tag: str) -> None:
        """Forgets an attempt that is known to have rung nobody: the `delivery` of its error was not `unknown`.

        Args:
            attempt_tag: The mark of the attempt.

        Raises:
            InvalidArgument: `attempt_tag` is none.
            StorageError: The store cannot write.
        """
        self._native.withdraw(attempt_tag)

    def call(self, session_id: str) -> Call | None:
        """Everything that is known about a call.

        Args:
            session_id: Identifies the call.

        Returns:
            Its story; None when nothing is known.

        Raises:
            StorageError: The store cannot be read.
        """
        return self._native.call(session_id)

    def wait_for(
        self, session_id: str, condition: _Condition = "billed", *, timeout: float | timedelta = 60.0
    ) -> Call | None:
        """Waits until something has happened in a call. What this process receives is seen at once, what another one
        writes into the same file within 0.5 seconds.

        Args:
            session_id: Identifies the call.
            condition: A state that the call has to have reached, or passed: `placed`, `calling`, `ringing`, `answered`,
                `ended` or `billed` (its CDR is here); or `a_answered`, `b_answered` (that leg was answered) or `digits`
                (keys were pressed).
            timeout: Longest wait in seconds.

        Returns:
            The call's story; None when it has not come so far in this time, or cannot any more.

        Raises:
            InvalidArgument: There is no such condition.
            ClientClosed: The intake was closed meanwhile.
            StorageError: The store cannot be read.
        """
        return self._native.wait_for(session_id, condition, timeout)

    def unsettled(self, older_than: float | timedelta | None = None) -> tuple[Call, ...]:
        """Calls that began longer ago and have no CDR yet, and attempts whose outcome nothing has told: money that
        somebody should look after.

        Args:
            older_than: How long ago, in seconds. None is 7 hours, after which the platform does not send a CDR again.

        Returns:
            The oldest first, at most 10,000 calls and as many attempts, which have no session id.

        Raises:
            StorageError: The store cannot be read.
        """
        return self._native.unsettled(older_than)

    def rejected(
        self,
        rejected_class: Literal["record", "malformed", "refused"] | None = None,
        *,
        limit: int | None = None,
        after: str | None = None,
    ) -> RejectedPage:
        """What came and could not be taken, the oldest first: records that cannot be read, bodies that are no push, and
        what the signature's policy refused.

        Args:
            rejected_class: Only those that were not taken for this reason.
            limit: Texts of a page, at most 1000; 100 by default.
            after: `next` of the page before.

        Raises:
            InvalidArgument: A filter that cannot be read.
            StorageError: The store cannot be read.
        """
        return self._native.rejected((rejected_class, limit, after))

    def retry_rejected(self) -> Retried:
        """Reads again what could not be read, and takes in what this version can read. What was refused for its
        signature is left alone.

        Raises:
            StorageError: The store cannot be read or written; what was taken until then stays taken.
        """
        return self._native.retry_rejected()

    def admit_rejected(self, ids: Iterable[int]) -> Retried:
        """Takes in these texts though their signature was refused. Their records have the verdict `admitted`: they
        count more than unsigned ones and less than those with a valid signature.

        Args:
            ids: The `id` of each.

        Raises:
            InvalidArgument: No rejected text has such an id; nothing is taken then.
            StorageError: The store cannot be read or written.
        """
        return self._native.admit_rejected(list(ids))

    def purge(self, before: datetime) -> Purged:
        """Deletes, for good, what ended or was received before this time. A CDR that the platform sends again
        afterwards is taken for a new one; it may do so for six hours after the call.

        Args:
            before: A time with a time zone.

        Raises:
            ValueError: `before` has no time zone.
            StorageError: The store cannot write.
        """
        return self._native.purge(unix_seconds(before, "before"))

    def check(self) -> None:
        """Looks the whole store over for damage; takes as long as reading all of it.

        Raises:
            StorageError: It is damaged; the message names the first damage that is found.
        """
        self._native.check()

    def probe(self) -> None:
        """Finds out whether the store can write, by writing the time into it: for health checks.

        Raises:
            StorageError: It cannot.
        """
        self._native.probe()

    def stored_number(self, number: str) -> str:
        """A number as this store keeps it: as it is, or hashed under the intake's key.

        Args:
            number: A phone number.
        """
        return self._native.stored_number(number)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._native.closed

    def close(self) -> None:
        """Ends waits on other threads, which then raise `ClientClosed`, and refuses everything new. What is being
        written is finished.

        May be called more than once, and from any thread.
        """
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Intake{' closed' if self.closed else ''}>"

    def _page(self, filter: tuple[object, ...]) -> CallPage:
        return self._native.page(filter)

    def _totals(
        self, by: Iterable[str], filter: tuple[object, ...], zone: str, per_minute: Decimal | str | None, currency: str
    ) -> tuple[Total, ...]:
        by = [by] if isinstance(by, str) else list(by)
        return self._native.totals(by, filter, zone, per_minute, currency)

    def _export(
        self,
        output: str | os.PathLike[str] | BinaryIO,
        format: str,
        filter: tuple[object, ...],
        per_minute: Decimal | str | None,
        currency: str,
    ) -> int:
        if not isinstance(output, (str, os.PathLike)):
            return self._native.export(output, format, filter, per_minute, currency)
        with open(output, "wb") as file:
            return self._native.export(file, format, filter, per_minute, currency)


_intakes: WeakSet[Intake | AsyncIntake] | None = None


def _rest_before_forks(intake: Intake | AsyncIntake) -> None:
    """Has the intake's connections closed before the process forks. Importing the package registers nothing."""
    global _intakes
    if _intakes is None:
        from weakref import WeakSet

        _intakes = WeakSet()
        if sys.platform != "win32":
            os.register_at_fork(before=_rest)
    _intakes.add(intake)


def _rest() -> None:
    for intake in tuple(_intakes or ()):
        intake._native.rest()


def _receiver(webhook: Webhook | None) -> _native.Receiver | None:
    if webhook is None:
        return None
    receiver = getattr(webhook, "_receiver", None)
    if not isinstance(receiver, _native.Receiver):
        raise TypeError(f"webhook must be a Webhook, not {type(webhook).__name__}")
    return receiver
