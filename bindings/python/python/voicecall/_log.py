"""One line per call for the standard `logging`, on the logger `voicecall`, at level INFO.

A line tells operation, outcome, session id and duration: no number, no header, no value of a request.
"""

from __future__ import annotations

import sys
from time import perf_counter

from voicecall._error import VoiceCallError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger
    from typing import TypeVar

    _Answer = TypeVar("_Answer")

__all__ = ["listening", "logged", "tell"]

_INFO = 20
_logger: Logger | None = None


def logged(operation: str, call: Callable[[], _Answer]) -> _Answer:
    """Performs the call, and tells how it ended."""
    if listening() is None:
        return call()
    begun = perf_counter()
    try:
        answer = call()
    except VoiceCallError as error:
        tell(operation, error, perf_counter() - begun)
        raise
    tell(operation, answer, perf_counter() - begun)
    return answer


def tell(operation: str, ended: object, seconds: float) -> None:
    """Tells how a call ended, by its answer or its exception, if somebody listens."""
    logger = listening()
    if logger is None:
        return
    if isinstance(ended, VoiceCallError):
        outcome = f"{ended.kind} ({ended.delivery})" + (f" {ended.result_code}" if ended.result_code else "")
    else:
        session_id = getattr(ended, "session_id", None)
        outcome = f"session {session_id}" if session_id else "done"
    logger.info("%s: %s in %.3f s", operation, outcome, seconds)


def listening() -> Logger | None:
    """The logger, if its lines go anywhere. A program that has not imported `logging` has nothing that could take them,
    and the module is too large to be imported for that."""
    global _logger
    logger = _logger
    if logger is None:
        logging = sys.modules.get("logging")
        if logging is None:
            return None
        _logger = logger = logging.getLogger("voicecall")
    return logger if logger.isEnabledFor(_INFO) else None
