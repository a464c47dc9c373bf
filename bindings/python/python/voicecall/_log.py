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

__all__ = ["logged"]

_INFO = 20
_logger: Logger | None = None


def logged(operation: str, call: Callable[[], _Answer]) -> _Answer:
    """Performs the call; tells about it if somebody listens."""
    logger = _listening()
    if logger is None:
        return call()
    begun = perf_counter()
    try:
        answer = call()
    except VoiceCallError as error:
        outcome = f"{error.kind} ({error.delivery})" + (f" {error.result_code}" if error.result_code else "")
        logger.info("%s: %s in %.3f s", operation, outcome, perf_counter() - begun)
        raise
    session_id = getattr(answer, "session_id", None)
    outcome = f"session {session_id}" if session_id else "done"
    logger.info("%s: %s in %.3f s", operation, outcome, perf_counter() - begun)
    return answer


def _listening() -> Logger | None:
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
