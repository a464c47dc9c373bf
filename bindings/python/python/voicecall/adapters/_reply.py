"""What the adapters have in common: from a push to its reply, with a `Webhook` or with an `Intake`."""

from __future__ import annotations

from voicecall.intake import Intake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeGuard

    from voicecall.async_intake import AsyncIntake
    from voicecall.intake import Receipt
    from voicecall.webhook import Event, Reply, Webhook

    Handle = Callable[[Event], Any] | Callable[[Receipt], Any]
    Headers = Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]

__all__ = ["check", "is_intake", "log_failure", "nothing", "reply_to"]


def is_intake(source: Webhook | Intake | AsyncIntake) -> TypeGuard[Intake | AsyncIntake]:
    """Whether it stores what it receives."""
    return isinstance(source, Intake) or type(source).__name__ == "AsyncIntake"


def check(source: Webhook | Intake | AsyncIntake, handle: Handle | None) -> Callable[[Any], Any]:
    """The function that is told of pushes.

    Raises:
        TypeError: There is none, and pushes would be lost.
    """
    if handle is None and not is_intake(source):
        raise TypeError("a Webhook needs a function that stores its events; an Intake stores them itself")
    return nothing if handle is None else handle


def reply_to(source: Webhook | Intake, handle: Callable[[Any], Any], headers: Headers, body: bytes) -> Reply:
    """Receives a push, and tells the function of it."""
    if not isinstance(source, Intake):
        received = source.receive(headers, body)
        if received.event is not None:
            handle(received.event)
        return received.reply
    receipt = source.receive(headers, body)
    try:
        handle(receipt)
    except Exception as error:
        log_failure(error)
    return receipt.reply


def log_failure(error: BaseException) -> None:
    """Logs the exception of a function, where it cannot change the answer any more."""
    from logging import getLogger

    getLogger("voicecall").error("the function that is called with received webhooks failed", exc_info=error)


def nothing(receipt: Receipt) -> None:
    """Where a program gives no function."""
