"""Points in time, from Python's types to those that the core reads."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date, datetime

__all__ = ["text", "unix_seconds"]


def text(time: datetime | date | str | None, name: str) -> str | None:
    """A time, or a day, in UTC. What is no time stays as it is, and is refused by the core.

    Raises:
        ValueError: The time has no zone.
    """
    from datetime import date, datetime, timezone  # Needed by few programs, and not small.

    if isinstance(time, datetime):
        unix_seconds(time, name)
        return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return time.isoformat() if isinstance(time, date) else time


def unix_seconds(time: datetime, name: str) -> int:
    """Whole seconds since 1970.

    Raises:
        TypeError: It is no time.
        ValueError: The time has no zone: it could be any within a day.
    """
    if not hasattr(time, "utcoffset") or not hasattr(time, "timestamp"):
        raise TypeError(f"{name} must be a datetime, not {type(time).__name__}")
    if time.utcoffset() is None:
        raise ValueError(f"{name} has no time zone; datetime.now(timezone.utc), for one, has")
    return int(time.timestamp() // 1)
