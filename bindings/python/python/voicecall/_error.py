"""`VoiceCallError`, the base of every exception of the package, and `OutcomeUnknown`."""

from __future__ import annotations

from voicecall.enums import Delivery, ErrorKind, Retry, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    _Class = TypeVar("_Class", bound="type[VoiceCallError]")

__all__ = [
    "OutcomeUnknown",
    "VoiceCallError",
    "exception",
    "forked",
    "intake_closed",
    "no_recording",
    "of_kind",
    "panicked",
    "unknown_word",
]


class VoiceCallError(Exception):
    """Something went wrong. Decide by the class or by `kind`, and by `delivery`; never by the text.

    No text of an exception holds a secret, a code that is read out, or a full phone number.

    Attributes:
        kind: What kind of thing went wrong.
        delivery: Whether the request reached the platform, and so whether a phone may have rung.
        message: One English sentence.
        advice: What to do.
        retry: Whether placing the call again makes sense.
        field: JSON pointer to the argument or setting at fault, in wire names: `/playInfoList/2/templateParas`. None
            when no single one is.
        rule: The rule that the field breaks, or None.
        measured: What was found at the field, in the unit of the rule, or None.
        result_code: The platform's result code; of an `InvalidArgument` the one that the platform would have answered.
            None when there is none.
        result_desc: The platform's text for the result code, with phone numbers masked, or None.
        http_status: HTTP status of the answer; None when there was no answer.
        meaning: What the result code means, or None when it is not documented.
        attempt_tag: The mark by which webhooks tell the call, where the client adds one (`attempt_tag`), or None.
    """

    __module__ = "voicecall.errors"  # Where users find it, which tracebacks and pickles name.

    kind: ErrorKind = ErrorKind.INTERNAL
    delivery: Delivery = Delivery.NOT_SENT
    message: str
    advice: str = ""
    retry: Retry = Retry.NEVER
    field: str | None = None
    rule: Rule | None = None
    measured: int | str | None = None
    result_code: str | None = None
    result_desc: str | None = None
    http_status: int | None = None
    meaning: str | None = None
    attempt_tag: str | None = None

    def __init__(self, message: str, **attributes: Any) -> None:
        super().__init__(message)
        self.message = message
        for name, value in attributes.items():
            make = _WORDS.get(name)
            setattr(self, name, make(value) if make is not None and value is not None else value)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made, (type(self), self.message, {k: v for k, v in self.__dict__.items() if k != "message"}))


_WORDS: dict[str, Callable[[str], object]] = {"kind": ErrorKind, "delivery": Delivery, "retry": Retry, "rule": Rule}


class OutcomeUnknown(VoiceCallError):
    """The request may have reached the platform and no complete answer came: **the phone may be ringing.**

    The library never repeats such a request, and neither should a program do so blindly: wait for a webhook of the
    call, or ask the person, before placing the call again. `kind` says what happened on the way.
    """

    __module__ = "voicecall.errors"

    delivery: Delivery = Delivery.UNKNOWN
    advice: str = "The phone may be ringing: do not place the call again blindly."

    def __str__(self) -> str:
        return f"{self.message}. {self.advice}"


_BY_KIND: dict[ErrorKind, type[VoiceCallError]] = {}


def of_kind(kind: ErrorKind) -> Callable[[_Class], _Class]:
    """Makes a class the one of this kind."""

    def decorate(cls: _Class) -> _Class:
        cls.kind = kind
        _BY_KIND[kind] = cls
        return cls

    return decorate


def exception(attributes: dict[str, Any], rings: bool) -> VoiceCallError:
    """The exception for these attributes. `rings`: the request behind it makes a phone ring."""
    unknown = rings and attributes["delivery"] == Delivery.UNKNOWN
    cls = OutcomeUnknown if unknown else _BY_KIND.get(ErrorKind(attributes["kind"]), VoiceCallError)
    return cls(**attributes)


def panicked(rings: bool) -> VoiceCallError:
    """The core met a fault of its own in the middle of something."""
    attributes = {
        "kind": ErrorKind.INTERNAL,
        "delivery": Delivery.UNKNOWN,
        "message": "the library met a fault of its own; please report it",
    }
    return exception(attributes, rings)


def no_recording() -> VoiceCallError:
    """A CDR was given for its recording, and names none."""
    return exception(
        {
            "kind": ErrorKind.INVALID_ARGUMENT,
            "delivery": Delivery.NOT_SENT,
            "message": "the CDR names no recording: calls under 3 seconds and calls without `record_flag` have none",
            "retry": Retry.NEVER,
        },
        False,
    )


def intake_closed() -> VoiceCallError:
    """An intake was used after its `close`."""
    attributes = {"kind": ErrorKind.CLOSED, "delivery": Delivery.NOT_SENT, "message": "the intake is closed"}
    return exception(attributes, False)


def forked() -> VoiceCallError:
    """A child was forked while a store was in use."""
    return exception(
        {
            "kind": ErrorKind.STORAGE,
            "delivery": Delivery.NOT_SENT,
            "message": "this process was forked while a store was in use, and cannot use one: fork before, or spawn",
            "advice": "Fork while no thread uses an Intake, or start processes with the method spawn or forkserver.",
        },
        False,
    )


def unknown_word(name: str, known: list[str]) -> VoiceCallError:
    """An argument is none of the words that there are."""
    return exception(
        {
            "kind": ErrorKind.INVALID_ARGUMENT,
            "delivery": Delivery.NOT_SENT,
            "message": f"{name} must be one of {', '.join(known)}",
            "field": f"/{name}",
            "rule": Rule.ENUMERATION,
        },
        False,
    )


def _made(cls: type[VoiceCallError], message: str, attributes: dict[str, Any]) -> VoiceCallError:
    return cls(message, **attributes)
