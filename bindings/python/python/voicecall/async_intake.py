"""`AsyncIntake`: the store of webhooks for `asyncio`."""

from __future__ import annotations

import os
from asyncio import CancelledError
from contextlib import suppress
from functools import partial

from voicecall import _native, _surface
from voicecall._attempt import Attempt
from voicecall._error import VoiceCallError
from voicecall._instant import unix_seconds
from voicecall._mailbox import perform
from voicecall._native import Receipt
from voicecall._results import Call, CallPage, Purged, Total
from voicecall.enums import Delivery
from voicecall.intake import _receiver, _rest_before_forks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timedelta
    from decimal import Decimal
    from types import TracebackType

    from typing_extensions import Self

    from voicecall.async_client import AsyncClient
    from voicecall.intake import _Condition, _Request
    from voicecall.models import PlacedCall
    from voicecall.webhook import Webhook

__all__ = ["AsyncIntake"]


class AsyncIntake(_surface.AsyncIntake):
    """A store of webhooks in a SQLite file, for `asyncio`.

    Has the methods of `Intake` as coroutines, which never block the event loop. Any number of them may be under way at
    once: `wait_for` needs no thread, and `receive` never queues behind it. The receivers in `voicecall.adapters` take
    an `AsyncIntake`, too. Opening the store takes some milliseconds and blocks; do it when the program starts.

    >>> async def follow():
    ...     async with AsyncIntake("sqlite:calls.db", webhook=webhook) as intake:
    ...         receipt = await intake.receive(headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}')
    ...         return receipt.reply.status, str((await intake.wait_for("1", "billed")).state)
    >>> asyncio.run(follow())
    (200, 'billed')
    """

    __slots__ = ("__weakref__", "_native")

    def _open(self, settings: tuple[object, ...], webhook: Webhook | None) -> None:
        self._native = _native.Intake(settings, _receiver(webhook))
        _rest_before_forks(self)

    async def receive(
        self,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]],
        body: bytes | bytearray | memoryview,
        *,
        now: int | None = None,
    ) -> Receipt:
        """As `Intake.receive`. Cancelling ends the waiting; the webhook may be stored all the same."""
        native = self._native
        receipt: Receipt = await perform(lambda mailbox: native.submit_receive(mailbox, headers, body, now))
        return receipt

    async def place(
        self, client: AsyncClient, request: _Request, *, timeout: float | timedelta | None = None
    ) -> PlacedCall:
        """As `Intake.place`. An attempt that is cancelled is forgotten only when nothing was sent."""
        submit = client._native.submit_attempt
        tag, _ = await perform(partial(_later, self._native.attempt, request))
        try:
            call: PlacedCall = await perform(
                lambda mailbox: submit(mailbox, request, tag, timeout), f"place {type(request).__name__}"
            )
        except (VoiceCallError, CancelledError) as error:
            outcome = error if isinstance(error, VoiceCallError) else error.__cause__
            if isinstance(outcome, VoiceCallError) and outcome.delivery != Delivery.UNKNOWN:
                with suppress(VoiceCallError):
                    await self.withdraw(tag)
            raise
        # From here on the store's failures are not told: what the caller has to know is whether a phone rings.
        with suppress(VoiceCallError):
            await self.placed(request, call, attempt_tag=tag)
        return call

    async def attempt(self, request: _Request) -> Attempt:
        """As `Intake.attempt`."""
        tag, user_data = await perform(partial(_later, self._native.attempt, request))
        return Attempt(tag=tag, request=request.replace(user_data=user_data))

    async def placed(self, request: _Request, call: PlacedCall | str, *, attempt_tag: str | None = None) -> None:
        """As `Intake.placed`."""
        session_id = call if isinstance(call, str) else call.session_id
        await perform(partial(_later, self._native.placed, request, session_id, attempt_tag))

    async def withdraw(self, attempt_tag: str) -> None:
        """As `Intake.withdraw`."""
        await perform(partial(_later, self._native.withdraw, attempt_tag))

    async def call(self, session_id: str) -> Call | None:
        """As `Intake.call`."""
        call: Call | None = await perform(partial(_later, self._native.call, session_id))
        return call

    async def wait_for(
        self, session_id: str, condition: _Condition = "billed", *, timeout: float | timedelta = 60.0
    ) -> Call | None:
        """As `Intake.wait_for`, without a thread that waits. Cancelling ends the wait."""
        native = self._native
        call: Call | None = await perform(lambda mailbox: native.submit_wait(mailbox, session_id, condition, timeout))
        return call

    async def unsettled(self, older_than: float | timedelta | None = None) -> tuple[Call, ...]:
        """As `Intake.unsettled`."""
        calls: tuple[Call, ...] = await perform(partial(_later, self._native.unsettled, older_than))
        return calls

    async def purge(self, before: datetime) -> Purged:
        """As `Intake.purge`."""
        purged: Purged = await perform(partial(_later, self._native.purge, unix_seconds(before, "before")))
        return purged

    async def check(self) -> None:
        """As `Intake.check`."""
        await perform(partial(_later, self._native.check))

    async def probe(self) -> None:
        """As `Intake.probe`."""
        await perform(partial(_later, self._native.probe))

    def stored_number(self, number: str) -> str:
        """As `Intake.stored_number`."""
        return self._native.stored_number(number)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._native.closed

    async def close(self) -> None:
        """Ends waits, which then raise `ClientClosed`, and refuses everything new. What is being written is finished.

        May be called more than once.
        """
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, cls: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<AsyncIntake{' closed' if self.closed else ''}>"

    async def _page(self, filter: tuple[object, ...]) -> CallPage:
        page: CallPage = await perform(partial(_later, self._native.page, filter))
        return page

    async def _totals(
        self, by: Iterable[str], filter: tuple[object, ...], zone: str, per_minute: Decimal | str | None, currency: str
    ) -> tuple[Total, ...]:
        by = [by] if isinstance(by, str) else list(by)
        question = partial(_later, self._native.totals, by, filter, zone, per_minute, currency)
        totals: tuple[Total, ...] = await perform(question)
        return totals

    async def _export(
        self,
        output: str | os.PathLike[str],
        format: str,
        filter: tuple[object, ...],
        per_minute: Decimal | str | None,
        currency: str,
    ) -> int:
        """On a thread of Python's: it writes a file of Python's, and takes as long as that."""
        from asyncio import to_thread

        def export() -> int:
            with open(output, "wb") as file:
                return self._native.export(file, format, filter, per_minute, currency)

        return await to_thread(export)


def _later(ask: Callable[..., int], *arguments: object) -> int:
    """Asks with a mailbox, which comes last."""
    *given, mailbox = arguments
    return ask(*given, mailbox=mailbox)
