"""The base of the package's values: they never change, are equal by content, and can be pickled."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**options):
        """What type checkers read; nothing of it is kept in a running program."""
        return lambda cls: cls


__all__ = ["Frozen"]


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Frozen:
    """A value whose attributes are the slots of its class."""

    __slots__: tuple[str, ...] = ()

    if not TYPE_CHECKING:  # Type checkers know that the attributes are read-only, and which there are.

        def __setattr__(self, name, value):
            raise AttributeError(f"{type(self).__name__} cannot be changed; use replace()")

        def __delattr__(self, name):
            raise AttributeError(f"{type(self).__name__} cannot be changed; use replace()")

    def _attributes(self) -> dict[str, Any]:
        """The arguments that make this value."""
        return {name: getattr(self, name) for name in self.__slots__}

    def replace(self, **changes: Any) -> Self:
        """A copy with these attributes instead.

        Raises:
            TypeError: There is no such attribute, or it is of another type.
        """
        return type(self)(**{**self._attributes(), **changes})

    __replace__ = replace

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._attributes() == other._attributes()

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__slots__)))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made, (type(self), self._attributes()))


def _made(cls: type[Frozen], attributes: dict[str, Any]) -> Frozen:
    return cls(**attributes)
