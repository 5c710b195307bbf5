"""The setting RUN_COMMANDS: the scripts that a drain may run on hosts, by name::

{"clear-temp": {"script": "..." or a list of lines, or "scriptUri": "https://...",
                "parameters": {"days": "[0-9]{1,3}"}}}
"""

import re
from collections.abc import Iterator
from typing import Any

from shared.core.access.allowed import Script, pattern_fault
from shared.settings.values import json_in

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_PARAMETER = r"[A-Za-z][A-Za-z0-9_]{0,63}"
_FIELDS = {"script", "scriptUri", "parameters"}


def read_scripts(text: str) -> dict[str, Script]:
    """The scripts of the setting, by name. Raises ValueError that names every fault, and repeats
    nothing of a script."""
    raw = json_in(text, "not JSON")
    if not isinstance(raw, dict):
        raise ValueError("not a JSON object")
    faults = [f"'{name}': {fault}" for name, each in raw.items() for fault in _faults(name, each)]
    if faults:
        raise ValueError("; ".join(faults))
    return {name: _script(each) for name, each in raw.items()}


def _faults(name: str, raw: Any) -> Iterator[str]:
    if not re.fullmatch(_NAME, name):
        yield "a name of letters, digits, '.', '_' and '-', at most 100"
    if not isinstance(raw, dict):
        yield "not a JSON object"
        return
    for unknown in sorted(raw.keys() - _FIELDS):
        yield f"there is no '{unknown}'"
    script, uri = raw.get("script"), raw.get("scriptUri")
    if (script is None) == (uri is None):
        yield "either 'script' or 'scriptUri'"
    lines = script if isinstance(script, list) else [script]
    if script is not None and not all(isinstance(line, str) for line in lines):
        yield "'script' is a text, or a list of lines"
    if uri is not None and not (isinstance(uri, str) and uri.startswith("https://")):
        yield "'scriptUri' is an https address"
    yield from _parameter_faults(raw.get("parameters", {}))


def _parameter_faults(raw: Any) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield "'parameters' is a JSON object: by name, the pattern that each must fit"
        return
    for name, pattern in raw.items():
        if not re.fullmatch(_PARAMETER, name):
            yield f"parameter '{name}': a name of letters, digits and '_', at most 64"
        if not isinstance(pattern, str):
            yield f"parameter '{name}': its pattern is a text"
        elif fault := pattern_fault(pattern):
            yield f"the pattern of '{name}' is no regular expression of RE2: {fault}"


def _script(raw: dict[str, Any]) -> Script:
    script = raw.get("script") or ""
    text = "\n".join(script) if isinstance(script, list) else script
    return Script(text, raw.get("scriptUri") or "", dict(raw.get("parameters", {})))
