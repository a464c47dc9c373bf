"""What the platform pushes: status events and call detail records (CDRs).

`parse` reads a body; `Webhook` also checks the signature and says what to answer. Ready receivers for Flask, Django,
ASGI (FastAPI, Starlette) and WSGI are in `voicecall.adapters`.

A signature does not cover the body. It shows that the sender knows the secret for the address, not that the content is
genuine: use HTTPS, and check that `session_id` belongs to a call that was really placed.
"""

from __future__ import annotations

from voicecall import _native, _surface
from voicecall._native import MAX_BYTES, Cdr, FeeEvent, Received, StatusEvent, UnknownEvent, parse
from voicecall._results import Cause, Explanation, Leg, Price
from voicecall._values import RejectedRecord, Reply, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "MAX_BYTES",
    "Cause",
    "Cdr",
    "Event",
    "Explanation",
    "FeeEvent",
    "Leg",
    "Price",
    "Received",
    "RejectedRecord",
    "Reply",
    "StatusEvent",
    "UnknownEvent",
    "Verdict",
    "Webhook",
    "parse",
]

Event = StatusEvent | FeeEvent | UnknownEvent
"""What a push can be. Can be used with `isinstance`."""


class Webhook(_surface.Webhook):
    """Receives pushes: reads them, checks their signature, and says what to answer.

    To check signatures it needs the registered addresses and the applications; without both it reads pushes and checks
    nothing. Any number of threads may use one at once. It should live as long as the receiver: it remembers nonces.

    >>> webhook = Webhook(
    ...     urls=["https://push.example.com/fee"],
    ...     applications=[Application(app_key="app-key-0001", app_secret="example-secret-0001")],
    ... )
    >>> received = webhook.receive(headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}')
    >>> [cdr.session_id for cdr in received.event.cdrs]
    ['1']
    >>> received.verdict.verdict, received.reply.status
    ('valid', 200)
    """

    __slots__ = ("_receiver",)

    def _open(self, settings: tuple[object, ...]) -> None:
        self._receiver = _native.Receiver(settings)

    def receive(
        self,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]],
        body: bytes | bytearray | memoryview,
        *,
        now: int | None = None,
    ) -> Received:
        """Reads and checks a push.

        Args:
            headers: The headers of the HTTP request, in any letter case.
            body: The raw bytes of the HTTP request, before anything decodes or parses them.
            now: The time in Unix seconds; the clock's by default.

        Returns:
            The event, or why there is none, the verdict on the signature, and the reply to send back.

        Raises:
            TypeError: `headers` or `body` is of the wrong type. Whatever they hold is no reason to raise.
        """
        return self._receiver.receive(headers, body, now)
