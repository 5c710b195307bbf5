"""What a setting is: its name, how its text is read, what it is when it is left out, what it means.

The host waits for the settings at every cold start, so what is here, and what every start reads, is the
standard library and little of that.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self, cast, overload


class Secret:
    """A text that shows itself nowhere."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


class Setting[T]:
    """An attribute of a ``Group``: of the class it is the setting itself, of an instance its value.

    ``read`` makes the value of the text, or raises ValueError that says how it must look without
    repeating it: it may be a secret.
    """

    def __init__(self, name: str, read: Callable[[str], T], default: T, meaning: str) -> None:
        self.name = name
        self.read = read
        self.default = default
        self.meaning = meaning

    @overload
    def __get__(self, group: None, kind: type) -> Self: ...
    @overload
    def __get__(self, group: "Group", kind: type) -> T: ...
    def __get__(self, group: "Group | None", kind: type) -> Self | T:
        return self if group is None else group.value(self)


class Family[T](Setting[Mapping[str, T]]):
    """Settings that an operator names: all whose names begin as ``name`` does, up to its ``*``."""

    def __init__(self, name: str, read: Callable[[str], T], meaning: str) -> None:
        def read_all(text: str) -> Mapping[str, T]:
            raise ValueError("not a setting of its own")

        super().__init__(name, read_all, {}, meaning)
        self.read_one = read

    def names(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """Those that were made."""
        return tuple(sorted(each for each in given if each.startswith(self.name.rstrip("*"))))


class Group:
    """Settings that belong together, with their values. It does not change."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        """``values``: what was read of those that were given, by the settings' names."""
        self._values = dict(values)

    def value[T](self, setting: Setting[T]) -> T:
        return cast("T", self._values.get(setting.name, setting.default))

    def gives(self, name: str) -> bool:
        """Whether the setting of that name was made."""
        return name in self._values

    @classmethod
    def settings(cls) -> tuple[Setting[Any], ...]:
        """All of them, in the order in which they, and the groups, are written."""
        return tuple(each for each in cls._all() if not isinstance(each, Family))

    @classmethod
    def families(cls) -> tuple[Family[Any], ...]:
        """Those that an operator names."""
        return tuple(each for each in cls._all() if isinstance(each, Family))

    @classmethod
    def _all(cls) -> tuple[Setting[Any], ...]:
        kinds = [kind for kind in cls.__mro__ if kind is not Group]
        return tuple(s for kind in kinds for s in vars(kind).values() if isinstance(s, Setting))
