"""What is wrong with a policy as a whole, beyond the bounds of its single fields."""

import re
import string
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from shared.core.access.allowed import NOTHING, Allowed
from shared.core.policy.policy import AtDeadline, Message, Policy
from shared.core.values import window
from shared.core.values.durations import format_duration

FIELDS = frozenset({"host", "pool", "deadline", "minutes", "reason"})
"""The placeholders that a message's text may contain, in braces."""

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,32}){0,2}")

_NO_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")


def faults(policy: Policy, allowed: Allowed = NOTHING) -> Iterator[tuple[str, str]]:
    """The policy's faults: pairs of the field and a text."""
    warn, deadline = policy.warn_at_least, policy.deadline
    if policy.at_deadline is AtDeadline.SIGN_OUT and warn > deadline:
        yield (
            "warnAtLeast",
            (
                f"'warnAtLeast' ({format_duration(warn)}) is longer than 'deadline' "
                f"({format_duration(deadline)}): nobody could be signed out then"
            ),
        )
    signs_out = policy.at_deadline is AtDeadline.SIGN_OUT or policy.disconnected_for is not None
    if signs_out and not policy.messages:
        yield "messages", "without a message nobody is warned, and nobody can be signed out"
    for number, message in enumerate(policy.messages):
        before = message.before_deadline
        if before is not None and before >= deadline:
            yield (
                f"messages[{number}].beforeDeadline",
                (
                    f"{format_duration(before)} before the deadline is before the drain begins "
                    f"('deadline' is {format_duration(deadline)}); leave it out for a message at "
                    "the beginning"
                ),
            )
        yield from _silent(number, message)
    yield from _nobody(policy)
    if policy.time_zone and not is_zone(policy.time_zone):
        yield "timeZone", f"'{policy.time_zone}' is no IANA time zone, such as Europe/Berlin"
    if policy.window is not None:
        yield from ((f"window.{field}", text) for field, text in window.faults(policy.window))
        if policy.window.time_zone and not is_zone(policy.window.time_zone):
            yield "window.timeZone", f"'{policy.window.time_zone}' is no IANA time zone"
    yield from _never(policy)
    for number, condition in enumerate(policy.conditions):
        for text in condition.faults(allowed):
            yield f"conditions[{number}]", text
    yield from policy.maintenance.faults(allowed)


def _silent(number: int, message: Message) -> Iterator[tuple[str, str]]:
    """Texts that would tell users nothing, and translations that are nobody's."""
    place = f"messages[{number}]"
    for name, text in (("title", message.title), ("text", message.text)):
        if not text.strip():
            yield f"{place}.{name}", "a text of nothing tells users nothing"
    known = set[str]()
    for n, each in enumerate(message.translations):
        told = (("suffix", each.suffix), ("title", each.title), ("text", each.text))
        for name, text in told:
            if not text.strip():
                yield f"{place}.translations[{n}].{name}", f"a translation needs its '{name}'"
        if each.suffix.strip() and each.suffix.lower() in known:
            text = f"'{each.suffix}' is there twice: the second one would never be told"
            yield f"{place}.translations[{n}].suffix", text
        known.add(each.suffix.lower())


def _nobody(policy: Policy) -> Iterator[tuple[str, str]]:
    """Protected users that are nobody."""
    for number, pattern in enumerate(policy.protected_users):
        if not pattern.strip():
            yield f"protectedUsers[{number}]", "a pattern of nothing protects nobody"


def _never(policy: Policy) -> Iterator[tuple[str, str]]:
    """Faults because of which the policy could never take out a host, whatever the pool."""
    least = policy.minimum_available
    if least is not None and least.percent and least.value >= 100:
        yield "minimumAvailable", "if all hosts must stay available, none can ever be taken out"
    span = policy.window
    if span is not None and not any(window.faults(span)):
        lasts = window.lasts(span)
        if span.host_takes > lasts:
            text = (
                f"'hostTakes' ({format_duration(span.host_takes)}) is longer than the window "
                f"({format_duration(lasts)}): no host could ever be taken out"
            )
            yield "window.hostTakes", text


def is_zone(name: str) -> bool:
    """Whether the name is an IANA time zone. Other files and folders beside the zones' files are
    none, nor are those that mean another zone on each machine, or count leap seconds."""
    if _ZONE.fullmatch(name) is None or name.startswith(_NO_ZONES):
        return False
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True


def unknown_fields(text: str) -> tuple[str, ...]:
    """The placeholders of a text that no message has. Raises ValueError for an unpaired brace.

    A placeholder with a format or conversion counts as unknown: ``{host:>99999999}`` would become a
    text of that length.
    """
    unknown = set()
    for _, name, spec, conversion in string.Formatter().parse(text):
        if name is not None and (name not in FIELDS or spec or conversion):
            unknown.add(
                name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            )
    return tuple(sorted(unknown))
