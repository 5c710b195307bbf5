"""Settings about callers: what each may do, the names of function keys, and how much each may have
open."""

from collections.abc import Callable, Mapping

from shared.core.access.roles import ANY_KEY, KEY, Grant, Limits
from shared.settings.documents.grants import read_grants, read_key_names
from shared.settings.setting import Group, Setting

_DEFAULTS = Limits()


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        if not 1 <= number <= most:
            raise ValueError(f"a whole number from 1 to {most}")
        return number

    return read


class AccessSettings(Group):
    __slots__ = ()

    access = Setting[tuple[Grant, ...]](
        "ACCESS",
        read_grants,
        (),
        "Who may do what, as a JSON list, or the name of a .json file beside function_app.py that "
        "holds one: who (object ids, groups, client ids, app roles, key:NAME), a role, and the pools if "
        "not all. Left out: whoever has an app role has it everywhere.",
    )
    key_names = Setting[Mapping[str, str]](
        "KEY_NAMES",
        read_key_names,
        {},
        "Names of function keys for the history and for ACCESS, as JSON: name to the SHA-256 of the "
        "key, in hexadecimal digits.",
    )
    drains_per_caller = Setting(
        "DRAINS_PER_CALLER",
        _whole(100_000),
        _DEFAULTS.drains,
        "So many drains that one caller asked for may be open at a time; those that events, "
        "schedules and campaigns start do not count.",
    )
    campaigns_per_caller = Setting(
        "CAMPAIGNS_PER_CALLER",
        _whole(10_000),
        _DEFAULTS.campaigns,
        "So many campaigns of one caller may be open at a time.",
    )
    schedules_per_caller = Setting(
        "SCHEDULES_PER_CALLER",
        _whole(10_000),
        _DEFAULTS.schedules,
        "So many schedules one caller may have made.",
    )

    def access_faults(self) -> list[str]:
        """Faults for grants to a key that has no name: such a key would stay without a limit."""
        named = {f"{KEY}{name}".lower() for name in self.key_names.values()} | {ANY_KEY}
        keys = sorted({who for g in self.access for who in g.who if who.lower().startswith(KEY)})
        return [f"ACCESS: '{key}' is not in KEY_NAMES" for key in keys if key.lower() not in named]

    @property
    def limits(self) -> Limits:
        return Limits(self.drains_per_caller, self.campaigns_per_caller, self.schedules_per_caller)
