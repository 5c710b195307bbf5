"""Tells a failed night: the shortest script that still fails in the same way, in words."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from tests.nights.night import night
from tests.nights.script import Script

Fails = Callable[[Script], bool]
_LISTS = (
    "crashes", "faults", "jumps", "disturbances", "refusals", "spells", "hangs", "bad_rules",
    "published", "asks", "people", "hosts",
)  # fmt: skip
_MOST_TRIES = 400


def shortest(script: Script) -> Script:
    """Remove from the script whatever is not needed for the same promise to break."""
    first = night(script).broken
    if first is None:
        raise ValueError("this night keeps every promise")

    def fails(smaller: Script) -> bool:
        broken = night(smaller).broken
        return broken is not None and broken.promise == first.promise

    tries = 0
    while True:
        for smaller in _smaller(script):
            tries += 1
            if fails(smaller):
                script = smaller
                break
            if tries >= _MOST_TRIES:
                return script
        else:
            return script


def _with(script: Script, **parts: Any) -> Script:
    return replace(script, **parts)


def _smaller(script: Script) -> Iterator[Script]:
    """Smaller scripts: without halves of each list, then without single parts of it; then plainer
    ones."""
    for name in _LISTS:
        parts: tuple[Any, ...] = getattr(script, name)
        for half in (parts[len(parts) // 2 :], parts[: len(parts) // 2]):
            if len(parts) > 3 and (half or name not in ("asks", "hosts")):
                yield _with(script, **{name: half})
    for name in _LISTS:
        parts = getattr(script, name)
        if len(parts) == 1 and name in ("asks", "hosts"):
            continue
        for n in range(len(parts)):
            yield _with(script, **{name: (*parts[:n], *parts[n + 1 :])})
    if len(script.skews) > 1:
        yield replace(script, skews=script.skews[:1])
    for n, host in enumerate(script.hosts):
        if host.quirks:
            plain = replace(host, quirks=None)
            yield replace(script, hosts=(*script.hosts[:n], plain, *script.hosts[n + 1 :]))
    for n, ask in enumerate(script.asks):
        for name in ask.body.get("policy", {}):
            policy = {k: v for k, v in ask.body["policy"].items() if k != name}
            less = replace(ask, body={**ask.body, "policy": policy})
            yield replace(script, asks=(*script.asks[:n], less, *script.asks[n + 1 :]))


def story(script: Script) -> str:
    """The script, then what happened line by line, then the promise that was broken."""
    came = night(script, tell=True)
    lines = [f"seed {script.seed}"]
    for field in fields(script):
        value = getattr(script, field.name)
        if field.name == "seed" or value in ((), "", 0.0):
            continue
        if isinstance(value, tuple):
            lines += [f"{field.name}:", *(f"  {part}" for part in value)]
        else:
            lines.append(f"{field.name}: {value}")
    lines += ["", *came.story, "", f"BROKEN  {came.broken}"]
    return "\n".join(lines)
