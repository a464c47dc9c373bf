"""The base of enumerations that keep what they do not know."""

from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["OpenEnum"]


class OpenEnum(str, Enum):
    """A word of a list that may grow: members are texts, and an unknown text becomes a member of its own.

    Two members for the same unknown text are equal, as texts are.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = "UNKNOWN"
        member._value_ = str(value)
        return member

    @property
    def known(self) -> bool:
        """Whether this version knows the word."""
        return self._name_ in type(self).__members__

    # As texts: `str()` and f-strings of members differ between Python versions otherwise.
    __str__ = str.__str__
    __format__ = str.__format__
