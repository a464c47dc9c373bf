"""The base of what operations take and give. Rules, types and masking come from the core's descriptor of that name."""

from __future__ import annotations

from types import MappingProxyType

from voicecall._frozen import Frozen
from voicecall._native import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

__all__ = ["Model"]


class Model(Frozen):
    """An immutable record with keyword arguments."""

    __slots__ = ("_extra",)
    _extra: dict[str, Any]
    _record: ClassVar[Record]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._record = Record(cls.__name__)

    def _fill(self, values: tuple[object, ...], extra: Mapping[str, Any] | None) -> None:
        self._record.fill(self, values, extra)

    @property
    def extra(self) -> Mapping[str, Any]:
        """Fields that the service's documentation does not describe, as they travel. Cannot be changed."""
        return MappingProxyType(self._extra)

    def to_dict(self) -> dict[str, Any]:
        """The form that travels, as a new dictionary: wire names, only what is set, truth values as texts, addresses of
        webhooks in Base64."""
        return self._record.wire(self)

    def _attributes(self) -> dict[str, Any]:
        attributes = super()._attributes()
        if self._extra:
            attributes["extra"] = dict(self._extra)
        return attributes

    def __repr__(self) -> str:
        return self._record.shown(self)
