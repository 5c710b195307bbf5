"""Run a script on the VM: one that the operator of the app allows by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal
from unicodedata import category

from shared.core.access.allowed import Allowed
from shared.core.values.described import described

MOST_CHARACTERS = 200
"""Of a parameter's value."""
START_WITHIN = timedelta(minutes=30)
"""How long the start of a stopped VM may take."""
_QUOTES = frozenset("\"'`$\u2018\u2019\u201a\u201b\u201c\u201d\u201e")
"""The service puts values into a command line, so no character may end the quotes around them. In
PowerShell typographic quotes end a string as plain ones do."""
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: control and format characters, surrogates, private and unassigned characters,
line ends."""


@dataclass(frozen=True, slots=True)
class RunCommand:
    """A script runs on the host's VM: one that the setting `RUN_COMMANDS` allows by name. A VM that
    was stopped is started for it, and stopped again after."""

    kind: Literal["runCommand"] = "runCommand"
    command: str = described(
        "", "the script's name in the setting `RUN_COMMANDS`", example="clear-temp", most=100
    )
    parameters: Mapping[str, str] = described(
        dict, "the script's parameters, as the setting allows them", example={"days": "7"}
    )
    time_limit: timedelta = described(
        timedelta(hours=1), "how long the script may run; then it is stopped, and counts as failed"
    )
    disturbs: ClassVar[bool] = True
    maintains: ClassVar[bool] = True
    held: ClassVar[bool] = False
    works_on_vm: ClassVar[bool] = True

    def longest(self) -> timedelta:
        return self.time_limit + START_WITHIN

    def faults(self, allowed: Allowed) -> Iterator[tuple[str, str]]:
        script = allowed.scripts.get(self.command)
        if script is None:
            known = ", ".join(sorted(allowed.scripts)) or "none"
            yield (
                "maintenance.command",
                f"no script '{self.command}' is allowed by the setting RUN_COMMANDS, but: {known}",
            )
            return
        for name in sorted(self.parameters.keys() - script.parameters.keys()):
            known = ", ".join(script.parameters) or "none"
            text = f"script '{self.command}' has no such parameter, but: {known}"
            yield f"maintenance.parameters.{name}", text
        for name, pattern in script.parameters.items():
            value = self.parameters.get(name, "")
            if len(value) > MOST_CHARACTERS or _may_leave_its_quotes(value):
                text = f"at most {MOST_CHARACTERS} characters without quotes, `, $ and control characters"
                yield f"maintenance.parameters.{name}", text
            elif not script.fits(name, value):
                yield f"maintenance.parameters.{name}", f"must fit the pattern {pattern}"


def _may_leave_its_quotes(value: str) -> bool:
    return any(c in _QUOTES or category(c) in _UNPRINTED for c in value)
