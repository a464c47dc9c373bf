"""Methods of results that are more than their attributes."""

from __future__ import annotations

from base64 import b64decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from voicecall import _results
    from voicecall._native import Cdr

__all__ = ["Call", "Explanation", "Price", "RejectedText"]


class Call:
    """What a call can be asked."""

    __slots__ = ()
    if TYPE_CHECKING:
        cdrs: tuple[Cdr, ...]

    def price(self, per_minute: Decimal | str, currency: str = "CNY") -> _results.Price | None:
        """What the call costs; None before its CDR is here, or when the CDR does not contain the minutes.

        Args:
            per_minute: Price of one minute of one leg, as a `Decimal` or decimal text: `"0.18"`. At most 18 digits.
            currency: The currency of the result.

        Raises:
            ConfigurationError: `per_minute` is no plain decimal number.
        """
        return self.cdrs[0].price(per_minute, currency) if self.cdrs else None


class Explanation:
    """An explanation as text."""

    __slots__ = ()
    if TYPE_CHECKING:
        summary: str

    def __str__(self) -> str:
        return self.summary


class Price:
    """A price as text."""

    __slots__ = ()
    if TYPE_CHECKING:
        amount: Decimal
        currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class RejectedText:
    """The bytes of a text."""

    __slots__ = ()
    if TYPE_CHECKING:
        raw: str | None
        raw_base64: str | None

    @property
    def content(self) -> bytes:
        """What is kept of the text, as bytes."""
        if self.raw is not None:
            return self.raw.encode()
        return b64decode(self.raw_base64 or "")
