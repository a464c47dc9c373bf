"""What the library finds out about a push or a code, as immutable values."""

from __future__ import annotations

from voicecall._frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from voicecall.enums import Retry

__all__ = [
    "Code",
    "RejectedRecord",
    "Reply",
    "Verdict",
]


class Value(Frozen):
    """A value with keyword arguments; what is not given is None."""

    __slots__: tuple[str, ...] = ()

    def __init__(self, **attributes: Any) -> None:
        for name in self.__slots__:
            object.__setattr__(self, name, attributes.pop(name, None))
        if attributes:
            raise TypeError(f"{type(self).__name__} has no attribute {', '.join(attributes)}")

    def _shown(self) -> dict[str, Any]:
        """The attributes as far as they may be shown."""
        return self._attributes()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._shown().items() if value is not None)
        return f"{type(self).__name__}({shown})"


class Code(Value):
    """A row of one of the platform's code tables.

    Attributes:
        table: `result`, `state`, `release_point` or `q850`.
        code: The code that was looked up.
        name_zh: The platform's name, in Chinese, or None.
        text: The platform's English text; result codes only.
        http_status: HTTP status that comes with it; result codes only, where known.
        meaning: What it means, or None.
        advice: What to do, or None.
        retry: Whether placing the call again makes sense; result codes only.
        outdated: Stands only in old tables.
    """

    __slots__ = ("table", "code", "name_zh", "text", "http_status", "meaning", "advice", "retry", "outdated")
    table: str
    code: str
    name_zh: str | None
    text: str | None
    http_status: int | None
    meaning: str | None
    advice: str | None
    retry: Retry | None
    outdated: bool


class RejectedRecord(Value):
    """A record of a CDR push that could not be read. Store `raw`: it is a CDR too.

    Attributes:
        index: Position in the message's list of records.
        field: JSON pointer to what is at fault: `/feeLst/1/callEndTime`.
        reason: What is wrong there.
        raw: The record as it came. Holds personal data.
    """

    __slots__ = ("index", "field", "reason", "raw")
    index: int
    field: str
    reason: str
    raw: str

    def _shown(self) -> dict[str, Any]:
        return {"index": self.index, "field": self.field, "reason": self.reason}


class Verdict(Value):
    """What a check of a push's signature found. The signature does not cover the body.

    Attributes:
        verdict: `valid`, `unsigned` (none came, and none is required), `not_checked` or `refused`.
        accepted: Whether the policy lets the push in.
        app_key: Key of the application that signed; only when valid.
        url: The registered address that the signature covers; only when valid.
        form: What the digest was made over, `newest` or `older`; only when valid.
        zone: The zone in which its time is recent; only when valid. None when it is recent in neither, as with a CDR
            that came again.
        secret_index: Which of the application's secrets it was made with, 0 for the one that was set first; only when
            valid.
        repeated: The same push was received before, byte for byte; only when valid. Its event is handed over again,
            because the first time may have come to nothing.
        reason: What is wrong, when refused: `missing_header`, `unreadable_header`, `unknown_application`,
            `digest_mismatch`, `stale` or `replayed`.
        message: The same as a sentence.
        hint: What is nearly right, where something is: `trailing_slash` or `other_application`.
        age_seconds: When stale: how far the signature's time is behind the clock; negative when it is ahead.
    """

    __slots__ = (
        "verdict",
        "accepted",
        "app_key",
        "url",
        "form",
        "zone",
        "secret_index",
        "repeated",
        "reason",
        "message",
        "hint",
        "age_seconds",
    )
    verdict: str
    accepted: bool
    app_key: str | None
    url: str | None
    form: str | None
    zone: str | None
    secret_index: int | None
    repeated: bool | None
    reason: str | None
    message: str | None
    hint: str | None
    age_seconds: int | None


class Reply(Value):
    """What to answer to a push.

    Attributes:
        status: HTTP status.
        headers: Header names and values.
        body: The body, maybe empty.
    """

    __slots__ = ("status", "headers", "body")
    status: int
    headers: Mapping[str, str]
    body: bytes

    def __hash__(self) -> int:
        return hash((self.status, self.body))
