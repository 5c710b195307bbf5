"""Which lines of its log the Functions host sends by OpenTelemetry: its own rules, and those of host.json.

As .NET chooses a rule (dotnet/runtime, LoggerRuleSelector.cs): those that name the provider before those that do not,
then the longest category, of two that are as long the later. As the host adds them (Azure/azure-functions-host,
OpenTelemetryConfigurationExtensions.cs, ScriptHostBuilderExtensions.cs): those of host.json first, then its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class LogLevel(IntEnum):
    TRACE = 0
    DEBUG = 1
    INFORMATION = 2
    WARNING = 3
    ERROR = 4
    CRITICAL = 5


_NONE = 6
"""Above all levels."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``least``: the lowest level that is sent; ``_NONE``: none is."""

    category: str | None
    least: int

    def fits(self, category: str) -> bool:
        if self.category is None:
            return True
        prefix, _, suffix = self.category.lower().partition("*")
        assert "*" not in suffix, "the host does not start with two wildcards in a rule"
        return category.lower().startswith(prefix) and category.lower().endswith(suffix)


_OF_THE_HOST = (
    Rule("Function.*", 0), Rule("Azure.*", _NONE), Rule("Host.Results", _NONE), Rule("Host.Aggregator", _NONE),
)  # fmt: skip
"""Of a worker that does not say that it sends its lines itself."""


def of_host(host: Mapping[str, Any]) -> tuple[Rule, ...]:
    """``host``: host.json. Rules that name no provider never hold for this one, which has its own."""
    return (*_read(host["logging"]["OpenTelemetry"]["logLevel"]), *_OF_THE_HOST)


def _read(levels: Mapping[str, str]) -> Iterable[Rule]:
    for category, level in levels.items():
        least = _NONE if level == "None" else LogLevel[level.upper()]
        yield Rule(None if category.lower() == "default" else category, least)


def is_sent(rules: Sequence[Rule], category: str, level: LogLevel) -> bool:
    """Whether the host sends a line of that category and level."""
    best = Rule(None, LogLevel.INFORMATION)
    for rule in rules:
        if rule.fits(category) and len(rule.category or "") >= len(best.category or ""):
            best = rule
    return level >= best.least
