"""What a setting is: a name, a function that reads its text, a default, and a meaning.

The host waits for the settings at every cold start. So this module, and what every start reads,
uses the standard library only, and little of it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, cast, overload


class Secret:
    """A text that does not show itself in a log or an error."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself. Call it only where the secret is used."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"


class PartlyReadError(ValueError):
    """A text with faults. ``beside``: tells what else is wrong, which depends on other settings, for their values."""

    def __init__(self, text: str, beside: Callable[[Any], Iterable[str]]) -> None:
        super().__init__(text)
        self.beside = beside


class Setting[T]:
    """An attribute of a ``Group``. On the class it is the setting itself, on an instance its value.

    ``read`` makes the value from the text. It raises ValueError that says what the text must look
    like and does not repeat it, since it may be a secret.
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
    """Settings that an operator names: all whose names begin with ``name`` up to its ``*``."""

    def __init__(self, name: str, read: Callable[[str], T], meaning: str) -> None:
        def read_all(text: str) -> Mapping[str, T]:
            raise ValueError("not a setting of its own")

        super().__init__(name, read_all, {}, meaning)
        self.read_one = read

    def names(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """The names of those that are set."""
        return tuple(sorted(each for each in given if each.startswith(self.name.rstrip("*"))))


class Group:
    """Settings that belong together, with their values. A group is immutable."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        """``values``: the values that were read, by the names of their settings."""
        self._values = dict(values)

    def value[T](self, setting: Setting[T]) -> T:
        return cast("T", self._values.get(setting.name, setting.default))

    def gives(self, name: str) -> bool:
        """Whether the setting of that name is set."""
        return name in self._values

    @classmethod
    def settings(cls) -> tuple[Setting[Any], ...]:
        """All settings of the class, in the order in which they, and the groups, are written."""
        return tuple(each for each in cls._all() if not isinstance(each, Family))

    @classmethod
    def families(cls) -> tuple[Family[Any], ...]:
        """The families of settings of the class."""
        return tuple(each for each in cls._all() if isinstance(each, Family))

    @classmethod
    def _all(cls) -> tuple[Setting[Any], ...]:
        kinds = [kind for kind in cls.__mro__ if kind is not Group]
        return tuple(s for kind in kinds for s in vars(kind).values() if isinstance(s, Setting))
