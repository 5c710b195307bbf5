"""Findings as a text for readers."""

from collections.abc import Iterable

from shared.core.start.doctor.findings import Finding, Severity, by_weight, worst
from shared.core.values.texts import count

_WORDS = {
    Severity.ERROR: "something is wrong",
    Severity.UNKNOWN: "something could not be read",
    Severity.WARNING: "it works, with warnings",
    Severity.OK: "all is well, as far as was looked",
}


def text_of(findings: Iterable[Finding], left: int = 0) -> str:
    """Markdown: the worst finding first, each with what to do about it. ``left``: how many host
    pools were not looked at."""
    found = by_weight(findings)
    lines = [f"# avd-drain: {_WORDS[worst(found)]}", ""]
    for finding in found:
        lines.append(
            f"- **{finding.severity}** {finding.code}, `{_plain(finding.about)}`: {_plain(finding.text)}"
        )
        if finding.what_to_do:
            lines.append(f"  - to do: {_plain(finding.what_to_do)}")
    if left:
        lines += ["", f"{count(left, 'host pool')} more were not looked at: say $top."]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """The text in one line, without characters that end a code span."""
    return " ".join(text.replace("`", "'").split())
