"""The alert rules of infra/modules/watch/alertrules.bicep, read by Bicep's grammar."""

import re
from dataclasses import dataclass
from datetime import timedelta

from tests.support.files.bicep import INFRA, File, evaluate, literal, properties, read, text

MODULE = INFRA / "modules" / "watch" / "alertrules.bicep"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    title: str
    description: str
    file: str
    """The file of the rule's query, as the template names it."""
    query: str
    column: str
    dimension: str
    threshold: int
    severity: int
    window: timedelta
    range: timedelta
    """The time range that the query sees: the rule's window, unless the rule says otherwise, as in
    the service."""


def module() -> File:
    return read(MODULE)


def rules() -> list[Rule]:
    file = module()
    value = file.of("variable")["rules"].value
    runbook = file.of("variable")["runbook"].value
    assert value is not None
    assert runbook is not None
    known = {"runbook": literal(runbook)}
    found = []
    for node in value.named_children:
        parts = properties(node)
        told = {n: evaluate(v, known) for n, v in parts.items() if v.type == "string"}
        loaded = re.fullmatch(r"loadTextContent\('(.+)'\)", text(parts["query"]))
        assert loaded is not None
        window = duration(told["window"])
        found.append(
            Rule(
                name=told["name"],
                title=told["title"],
                description=told["description"],
                file=loaded[1],
                query=(MODULE.parent / loaded[1]).read_text(encoding="utf-8"),
                column=told["column"],
                dimension=told["dimension"],
                threshold=int(text(parts["threshold"])),
                severity=int(text(parts["severity"])),
                window=window,
                range=duration(told["range"]) if told["range"] else window,
            )
        )
    return found


def duration(word: str) -> timedelta:
    """The duration in a word such as ``PT5M`` or ``P2D``."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", word)
    assert found is not None, word
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
