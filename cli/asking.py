"""The body of a request for a drain, from the command line or from a file."""

import json
import sys
from pathlib import Path
from typing import Any

from cli.errors import bad_use

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""How a text begins that Windows PowerShell's ``>`` wrote."""


def body(
    pool: str | None,
    hosts: list[str] | None,
    every_host: bool,
    reason: str | None,
    policy: str | None,
    maintenance: str | None,
    file: str | None,
) -> dict[str, Any]:
    """What is given apart stands above the file. Faults of meaning are left to the app to name."""
    found = read(f"@{file}", "--file") if file else {}
    if "waves" in found:
        return _campaign(found, reason, given=(pool, hosts, every_host, policy, maintenance))
    if pool:
        found["hostPool"] = pool
    if every_host and hosts:
        raise bad_use("name hosts, or say --all, not both")
    if every_host:
        found["hosts"] = "all"
    elif hosts:
        found["hosts"] = hosts
    if "hosts" not in found:
        raise bad_use("which hosts? name them, or say --all")
    if reason is not None:
        found["reason"] = reason
    if "reason" not in found:
        raise bad_use("why? say --reason")
    if policy:
        found["policy"] = read(policy, "--policy")
    if maintenance:
        given = found.setdefault("policy", {})
        if not isinstance(given, dict):
            raise bad_use("the policy must be a JSON object")
        given["maintenance"] = {"kind": maintenance}
    return found


def _campaign(found: dict[str, Any], reason: str | None, given: tuple[Any, ...]) -> dict[str, Any]:
    if any(given):
        raise bad_use("a campaign's file says all of its pools: only --reason goes with it")
    return found if reason is None else {**found, "reason": reason}


def read(text: str, option: str) -> dict[str, Any]:
    """A JSON object: itself, ``@file``, or ``@-`` for what is piped in."""
    if text.startswith("@"):
        try:
            raw = sys.stdin.buffer.read() if text == "@-" else Path(text[1:]).read_bytes()
            text = raw.decode("utf-16" if raw[:2] in _UTF_16 else "utf-8-sig")
        except UnicodeError:
            raise bad_use(f"{option} is no text in UTF-8") from None
        except OSError as error:
            raise bad_use(f"{option}: {error}") from None
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise bad_use(f"{option} is nested too deep") from None
    except ValueError as error:
        raise bad_use(f"{option} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise bad_use(f"{option} must be a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. The app would not see that a key stood twice, and it is not known which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"{', '.join(twice)} stands there twice")
    return found
