"""What is wrong with policies as wholes, as they were told: whatever is wrong with single fields, the caller is told of
all the rest now."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from shared.core.access.allowed import Allowed
from shared.core.policy.policy import Policy
from shared.errors import Fault
from shared.wire.derived import record
from shared.wire.start import PolicyBody, policy_faults

Place = tuple[str | int, ...]
"""The names and numbers that lead to a value."""

_MOST_CUTS = 5
_READS = (
    (r"warnAtLeast", ("deadline",)),
    (r"messages\[\d+\]\.beforeDeadline", ("deadline",)),
    (r"window\.hostTakes", ("window.starts", "window.ends")),
    (r"maintenance\.parameters\b.*", ("maintenance.command",)),
    (r"maintenance\.(endsAt|cancelBy)", ("maintenance.startsAt",)),
)
"""By the place of a fault: the fields that it depends on, besides those at its place."""


def faults_told(body: Any, allowed: Allowed) -> list[Fault]:
    """What is wrong with the policies of the drains in a request, each as a whole."""
    return [
        Fault(fault.code, f"{place}{fault.target}", fault.text)
        for place, drain in drains_told(body)
        for fault in _of_policy(drain.get("policy", {}), allowed)
    ]


def policies_told(body: Any) -> Iterator[tuple[str, Policy]]:
    """The policies of the drains in a request, each with its drain's place, and without what is wrong by itself."""
    for place, drain in drains_told(body):
        policy, _ = _readable(drain.get("policy", {}))
        if policy is not None:
            yield place, record(Policy, policy)


def drains_told(body: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The drains in a request that starts a drain or a campaign, now or at its times, each with its place, such as
    ``campaign.waves[0].drains[1].``. What has another shape is passed over: it has a fault of its own."""
    campaign = _part(body, "campaign", {})
    told = [
        ("", body),
        ("drain.", _part(body, "drain", None)),
        ("start.", _part(body, "start", None)),
    ]
    for place, whole in (("", body), ("campaign.", campaign)):
        for w, wave in _items(_part(whole, "waves", [])):
            drains = _items(_part(wave, "drains", []))
            told += [(f"{place}waves[{w}].drains[{d}].", drain) for d, drain in drains]
    yield from ((place, drain) for place, drain in told if isinstance(drain, dict))


def _part(whole: Any, name: str, otherwise: Any) -> Any:
    return whole.get(name, otherwise) if isinstance(whole, dict) else otherwise


def _items(value: Any) -> Iterator[tuple[int, Any]]:
    return iter(enumerate(value if isinstance(value, list) else ()))


def _of_policy(told: Any, allowed: Allowed) -> Iterator[Fault]:
    policy, gone = _readable(told)
    if policy is None:
        return
    cuts = [_written(place) for place in gone]
    for fault in policy_faults(record(Policy, policy), allowed):
        target = _renumbered(fault.target.removeprefix("policy."), told, gone)
        if not any(_concerns(cut, target) for cut in cuts):
            yield Fault(fault.code, f"policy.{target}", fault.text)


def _readable(told: Any) -> tuple[Any, set[Place]]:
    """The policy without what is wrong by itself, and the places of that. None: nothing of it can be read."""
    gone = set[Place]()
    for _ in range(_MOST_CUTS):
        try:
            return PolicyBody.model_validate(_cut(told, gone) if gone else told), gone
        except ValidationError as error:
            gone |= {_origin(told, gone, raw["loc"]) for raw in error.errors(include_url=False)}
        if () in gone:
            break
    return None, gone


def _concerns(cut: str, target: str) -> bool:
    """Whether a fault at ``target`` may come of what was cut out."""
    if _within(cut, target) or _within(target, cut):
        return True
    return any(cut in fields for fault, fields in _READS if re.fullmatch(fault, target))


def _within(place: str, around: str) -> bool:
    return place.startswith(around) and place[len(around) :][:1] in ("", ".", "[")


def _renumbered(target: str, told: Any, gone: set[Place]) -> str:
    """The target as it was told: items of the policy's lists may have been cut out before it."""
    found = re.match(r"(\w+)\[(\d+)\]", target)
    if found is None or not isinstance(told.get(found[1]), list):
        return target
    return _written(_origin(told, gone, (found[1], int(found[2])))) + target[found.end() :]


def _cut(value: Any, gone: set[Place], at: Place = ()) -> Any:
    """A copy of the value, without what is at these places."""
    if isinstance(value, dict):
        return {k: _cut(v, gone, (*at, k)) for k, v in value.items() if (*at, k) not in gone}
    if isinstance(value, list):
        return [_cut(v, gone, (*at, n)) for n, v in enumerate(value) if (*at, n) not in gone]
    return value


def _origin(told: Any, gone: set[Place], place: Place) -> Place:
    """The place in what was told, of a place in what is left of it. Of a field that is missing, the object that lacks it;
    the names by which kinds are told apart are passed over."""
    found: Place = ()
    for part in place:
        if isinstance(told, list) and isinstance(part, int):
            part = [n for n in range(len(told)) if (*found, n) not in gone][part]
        elif not isinstance(told, dict) or part not in told:
            continue
        found, told = (*found, part), told[part]
    return found


def _written(place: Place) -> str:
    parts = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place)
    return parts.removeprefix(".")
