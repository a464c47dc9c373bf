"""What a store tells, as immutable values."""

from __future__ import annotations

from voicecall._native import masked
from voicecall._values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from typing import Any

    from voicecall._native import Cdr
    from voicecall._values import Billable, Explanation, Price
    from voicecall.models import VoiceCallback, VoiceNotification, VoiceVerificationCode

__all__ = [
    "Attempt",
    "Call",
    "CallLeg",
    "CallPage",
    "Digits",
    "Ending",
    "Moment",
    "Purged",
    "RejectedPage",
    "RejectedText",
    "Retried",
    "Total",
]


class CallLeg(Value):
    """One leg of a call, as status events and CDR tell of it together.

    Attributes:
        name: `a`, the first leg, or `b`, the second one of a callback.
        number: The called number, hashed in a store that hashes numbers. Personal data. None while it is not known.
        display_number: The number shown there, or None.
        state: How far the leg has come: `waiting` (not called), `calling`, `ringing` or `answered`.
        calling_at: When the platform started calling, or None.
        ringing_at: When the phone rang, or None.
        answered_at: When it was answered; None when it was not, or not yet.
        talk_seconds: Seconds from the answer to the end; None before the CDR is here.
        billable_minutes: Billable minutes of this leg; None before the CDR is here.
    """

    __slots__ = (
        "name",
        "number",
        "display_number",
        "state",
        "calling_at",
        "ringing_at",
        "answered_at",
        "talk_seconds",
        "billable_minutes",
    )
    name: str
    number: str | None
    display_number: str | None
    state: str
    calling_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    talk_seconds: int | None
    billable_minutes: int | None

    def _shown(self) -> dict[str, Any]:
        hidden = {"number": self.number, "display_number": self.display_number}
        return {**self._attributes(), **{name: value and masked(value) for name, value in hidden.items()}}


class Digits(Value):
    """Keys that were pressed after an announcement.

    Attributes:
        at: When they were collected, or None.
        keys: The keys; empty when none came.
    """

    __slots__ = ("at", "keys")
    at: datetime | None
    keys: str

    def _shown(self) -> dict[str, Any]:
        return {"at": self.at}


class Ending(Value):
    """How a call ended.

    Attributes:
        at: When, or None.
        party_type: Who hung up, in the platform's own word; only for callbacks whose request asked for it.
        hung_up: The leg that hung up first, `a` or `b`, as far as the pushes tell; inferred. None when they do not.
        explanation: Why, and what to do, or None.
    """

    __slots__ = ("at", "party_type", "hung_up", "explanation")
    at: datetime | None
    party_type: str | None
    hung_up: str | None
    explanation: Explanation | None


class Moment(Value):
    """Something that happened in a call.

    Attributes:
        at: When.
        what: `attempted`, `placed`, `calling`, `ringing`, `answered`, `digits` or `ended`.
        leg: The leg that it happened to, `a` or `b`; None when it is about the call.
    """

    __slots__ = ("at", "what", "leg")
    at: datetime
    what: str
    leg: str | None


class Call(Value):
    """Everything that is known about a call, folded from its placing, its status events and its CDR.

    The same whatever the order or repetition of what came.

    Attributes:
        session_id: Identifies the call. None for an attempt whose outcome is unknown: nothing has named it yet.
        attempt_tag: The mark by which the attempt is recognised, or None.
        state: How far the call has come: `attempted`, `placed`, `calling`, `ringing`, `answered`, `ended` or `billed`.
        scene: `callback`, `play` or `unknown`.
        operation: The operation that placed it; None unless the placing was registered.
        app_key: Key of the application; None before the CDR is here.
        user_data: The request's user data, without the attempt tag, or None.
        placed_at: When it was placed; None unless the placing was registered.
        answered: Whether it reached the person it was for: B of a callback, else the callee.
        talk_seconds: Seconds that the parties could talk; None before the CDR is here.
        billable: The billable minutes of all legs; None before the CDR is here.
        legs: A and B of a callback, else one.
        digits: The keys that were pressed, in order of time.
        ending: How it ended; None while it lives.
        timeline: What happened and when, in order of time.
        cdrs: Its detail records: one, if all is well.
        unknown_events: The kinds of pushes that this version does not know, in the platform's words.
        conflicts: How many pushes contradict another one. They are kept, and do not count.
    """

    __slots__ = (
        "session_id",
        "attempt_tag",
        "state",
        "scene",
        "operation",
        "app_key",
        "user_data",
        "placed_at",
        "answered",
        "talk_seconds",
        "billable",
        "legs",
        "digits",
        "ending",
        "timeline",
        "cdrs",
        "unknown_events",
        "conflicts",
    )
    session_id: str | None
    attempt_tag: str | None
    state: str
    scene: str
    operation: str | None
    app_key: str | None
    user_data: str | None
    placed_at: datetime | None
    answered: bool
    talk_seconds: int | None
    billable: Billable | None
    legs: tuple[CallLeg, ...]
    digits: tuple[Digits, ...]
    ending: Ending | None
    timeline: tuple[Moment, ...]
    cdrs: tuple[Cdr, ...]
    unknown_events: tuple[str, ...]
    conflicts: int

    def price(self, per_minute: Decimal | str, currency: str = "CNY") -> Price | None:
        """What the call costs; None before its CDR is here, or when that does not tell.

        Args:
            per_minute: Price of one minute of one leg, as a `Decimal` or decimal text: `"0.18"`. At most 18 digits.
            currency: The currency, as it shall stand in the result.

        Raises:
            ConfigurationError: `per_minute` is no plain decimal number.
        """
        return self.cdrs[0].price(per_minute, currency) if self.cdrs else None


class CallPage(Value):
    """A page of calls.

    Attributes:
        calls: The calls, the latest first.
        next: The mark to go on behind, as `after` of the next question; None on the last page.
    """

    __slots__ = ("calls", "next")
    calls: tuple[Call, ...]
    next: str | None


class Attempt(Value):
    """An attempt that was registered before its call is placed.

    Attributes:
        tag: Its mark.
        request: The request with the mark at the end of its user data, to be placed by a client without `attempt_tag`.
    """

    __slots__ = ("tag", "request")
    tag: str
    request: VoiceCallback | VoiceNotification | VoiceVerificationCode


class Total(Value):
    """CDRs, added up. Of the first four attributes those are set that the question grouped by.

    Attributes:
        month: The month in which the calls ended: `2026-01`.
        app_key: Key of the application, or None where the records do not tell.
        display_number: The number shown to the first called party, or None where the records do not tell.
        user_data: The requests' user data without the attempt tag, or None where the records do not tell.
        calls: How many calls.
        answered: Of these, those that reached the person they were for.
        talk_seconds: Seconds that parties could talk.
        billable_minutes: Billable minutes of all legs.
        inferred: Whether any of the minutes are; see `voicecall.webhook.Billable`.
        without_minutes: Calls whose record does not tell the minutes; they are not in the sums.
        price: What the minutes cost; None without a price per minute.
    """

    __slots__ = (
        "month",
        "app_key",
        "display_number",
        "user_data",
        "calls",
        "answered",
        "talk_seconds",
        "billable_minutes",
        "inferred",
        "without_minutes",
        "price",
    )
    month: str | None
    app_key: str | None
    display_number: str | None
    user_data: str | None
    calls: int
    answered: int
    talk_seconds: int
    billable_minutes: int
    inferred: bool
    without_minutes: int
    price: Price | None

    def _shown(self) -> dict[str, Any]:
        return {**self._attributes(), "display_number": self.display_number and masked(self.display_number)}


class RejectedText(Value):
    """A text that came and could not be taken. What it holds is nobody's promise: personal data, and whatever else
    somebody sent.

    Attributes:
        id: By which `admit_rejected` takes it in.
        rejected_class: Why it was not taken: `record` (a record of a CDR push that cannot be read), `malformed` (a body
            that is no push, or ends too early) or `refused` (the policy refused its signature).
        received_at: When it came first.
        position: Its position in its CDR push; None for a whole body.
        field: The field at fault, as a JSON pointer into the push, or None.
        reason: What is wrong with it. Quotes nothing of it.
        verdict: The verdict on the signature.
        size: Bytes that came; more than in `raw` where it was too long to be kept whole.
        raw: What is kept of it.
    """

    __slots__ = ("id", "rejected_class", "received_at", "position", "field", "reason", "verdict", "size", "raw")
    id: int
    rejected_class: str
    received_at: datetime
    position: int | None
    field: str | None
    reason: str
    verdict: str
    size: int
    raw: bytes

    def _shown(self) -> dict[str, Any]:
        return {**self._attributes(), "raw": "..."}


class RejectedPage(Value):
    """A page of texts that could not be taken.

    Attributes:
        texts: The texts, the oldest first.
        next: `after` of the next page; None on the last.
    """

    __slots__ = ("texts", "next")
    texts: tuple[RejectedText, ...]
    next: str | None


class Retried(Value):
    """What became of texts that could not be taken before.

    Attributes:
        taken: Texts of which everything is in the store now; they are no longer among the rejected.
        left: Texts that stay where they are.
        accepted: Events and CDRs that were new.
        duplicates: Those that were known; conflicts are among them.
        conflicts: Those that contradict what is known. They are kept beside it.
    """

    __slots__ = ("taken", "left", "accepted", "duplicates", "conflicts")
    taken: int
    left: int
    accepted: int
    duplicates: int
    conflicts: int


class Purged(Value):
    """What was deleted.

    Attributes:
        calls: Calls, each with its events, its CDR and what contradicted them.
        attempts: Attempts.
        others: Texts that could not be taken, and pushes that name no call.
    """

    __slots__ = ("calls", "attempts", "others")
    calls: int
    attempts: int
    others: int
