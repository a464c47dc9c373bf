"""The platform's code tables: what a code means, and what to do about it."""

from __future__ import annotations

from voicecall._native import find_code
from voicecall._values import Code

__all__ = ["Code", "q850", "release_point", "result_code", "state_code"]


def result_code(code: str | int, *, http_status: int | None = None, text: str | None = None) -> Code | None:
    """The row of a `resultcode`, the platform's answer to an operation.

    Args:
        code: The code.
        http_status: HTTP status of the answer; tells the two meanings of 1010010 apart.
        text: `resultdesc` of the answer; does the same where the status is not known.

    Returns:
        The row; None for a code that is not documented. That is no error: there are more codes than are documented.

    >>> result_code(1010002).retry.value
    'after_fix'
    """
    return find_code("result", str(code), http_status, text)


def state_code(code: str | int) -> Code | None:
    """The row of a `stateCode`, the end of a call as its `disconnect` event tells it; None when it is not documented.

    >>> state_code(8105).outdated
    False
    """
    return find_code("state", str(code))


def release_point(code: str | int) -> Code | None:
    """The row of an `ulFailReason` of a CDR; None when it is not documented."""
    return find_code("release_point", str(code))


def q850(code: str | int) -> Code | None:
    """The row of a Q.850 cause, `callOutUnaswRsn` or `fwdUnaswRsn` of a CDR; None when it is not documented."""
    return find_code("q850", str(code))
