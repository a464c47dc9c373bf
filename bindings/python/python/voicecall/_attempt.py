"""An attempt that an intake has registered."""

from __future__ import annotations

from voicecall._values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from voicecall.models import VoiceCallback, VoiceNotification, VoiceVerificationCode

__all__ = ["Attempt"]


class Attempt(Value):
    """An attempt that was registered before its call is placed.

    Attributes:
        tag: Its mark.
        request: The request with the mark at the end of its user data, to be placed by a client without `attempt_tag`.
    """

    __slots__ = ("tag", "request")
    tag: str
    request: VoiceCallback | VoiceNotification | VoiceVerificationCode
