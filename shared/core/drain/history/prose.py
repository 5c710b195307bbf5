"""Reads facts from the sentences in records of older versions. No other code reads sentences.

Up to schema 2 an entry of the history was a sentence, a claim's note contained what the watchdog
was refused, and a campaign recognised its own pause by its name.
"""

import re

from shared.core.drain.history.effects import (
    DrainModeSet,
    Effect,
    MessageSent,
    PowerAsked,
    RunCancelled,
    ScriptRemoved,
    ScriptRun,
    TagSet,
    UserSignedOut,
    WebhookCalled,
)
from shared.core.drain.history.facts import (
    Acted,
    Answered,
    Asked,
    Fact,
    FoundRestored,
    Line,
    Moved,
    NeedsAttention,
    NotKnown,
    Ordered,
    StatusChanged,
    StepFailed,
    StepPutAside,
    WatchdogActed,
)
from shared.core.drain.history.history import sentence
from shared.core.host.actions import PowerAction
from shared.core.host.outcome import Result
from shared.core.host.phases import Phase
from shared.core.host.status import Status

_FOR = "avd-drain for "
_NOT_YET = "; not put back yet: "
_CAMPAIGN = re.compile(r"campaign (campaign-[0-9a-f]{12}) of .*", re.DOTALL)
_ACTED = re.compile(
    r"(?P<watchdog>watchdog: )?(?P<what>.+?)(?(watchdog) |: )(?:(?P<accepted>accepted)|"
    r"(?P<gone>not needed: already gone)|(?P<unknown>answer lost: outcome unknown)|"
    r"(?P<refused>refused: .*)|(?P<notTried>not tried(?:: .*)?))",
    re.DOTALL,
)
_EFFECTS = re.compile(
    r"drain mode (?P<mode>on|off)|exclusion tag (?P<tag>.*) (?P<set>set|removed)|"
    r"message (?P<number>\d+)(?: \((?P<language>[^()]*)\))? to (?P<to>.*)|"
    r"(?P<forced>forced )?sign-out of (?P<user>.*)|script (?P<script>.*)|"
    r"webhook called, time (?P<time>\d+)",
    re.DOTALL,
)
_WHOLE: dict[str, Fact] = {
    sentence(fact): fact
    for fact in (
        Answered(True),
        Answered(False),
        Ordered("cancel"),
        Ordered("pause"),
        Ordered("resume"),
        NeedsAttention(),
        StepPutAside(),
        FoundRestored(),
    )
}
_EFFECTS_WHOLE: dict[str, Effect] = {
    "its script removed": ScriptRemoved(),
    "its maintenance run cancelled": RunCancelled(),
    **{str(power): PowerAsked(power) for power in PowerAction},
}
_WATCHDOG: dict[str, Effect] = {
    "setDrainMode": DrainModeSet(True),
    "setTag": TagSet("", False),
}
_ASKED = re.compile(r"drain of (\d+) hosts? asked for(?:: (.*))?", re.DOTALL)
_NOT_KNOWN = re.compile(r"not known at its start: (.*)", re.DOTALL)
_FAILED = re.compile(r"a step failed as nobody foresaw: (.*); the app's log tells more", re.DOTALL)
_MOVED = re.compile(r"(\w+) → (\w+)")


def fact_of(what: str, ordered: Ordered | None) -> Fact:
    """The fact in the sentence of an old entry; its new sentence is the same. ``ordered``: the
    order that the entry had beside its sentence, if it had one."""
    if ordered is not None:
        return _order(what, ordered)
    found = _WHOLE.get(what) or _told(what)
    return found if found is not None and sentence(found) == what else Line(what)


def asked_by(by: str) -> tuple[str, str]:
    """Who acted and for whom, from the one text that held both. The second is empty if there is
    none."""
    return (_FOR.split(" ", 1)[0], by.removeprefix(_FOR)) if by.startswith(_FOR) else (by, "")


def refused(note: str) -> str:
    """What the watchdog was refused, from its note; empty if nothing."""
    return note.partition(_NOT_YET)[2]


def campaign_of(by: str) -> str:
    """The id of the campaign with this name; empty if the name is not a campaign's."""
    found = _CAMPAIGN.fullmatch(by)
    return found[1] if found is not None else ""


def _order(what: str, ordered: Ordered) -> Ordered:
    """The order with the names of its hosts, which only the sentence has."""
    _, _, listed = what.partition(": ")
    names = tuple(listed.split(", ")[: min(10, len(ordered.hosts))])
    return Ordered(
        ordered.what, ordered.hosts, ordered.more, ordered.until, ordered.stop_clocks,
        names if ordered.hosts else (),
    )  # fmt: skip


def _told(what: str) -> Fact | None:
    if (found := _ACTED.fullmatch(what)) is not None:
        return _acted(found)
    if (found := _MOVED.fullmatch(what)) is not None:
        return _moved(found[1], found[2])
    if (found := _ASKED.fullmatch(what)) is not None:
        return Asked(int(found[1]), found[2] or "")
    if (found := _NOT_KNOWN.fullmatch(what)) is not None:
        return NotKnown(found[1])
    if (found := _FAILED.fullmatch(what)) is not None:
        return StepFailed(found[1])
    return None


def _moved(before: str, after: str) -> Fact | None:
    if {before, after} <= set(Phase):
        return Moved(Phase(before), Phase(after))
    return StatusChanged(Status(before), Status(after)) if {before, after} <= set(Status) else None


def _acted(found: re.Match[str]) -> Fact | None:
    result = next(result for result in Result if found[result.value] is not None)
    text = (
        found[result.value].partition(": ")[2]
        if result in (Result.REFUSED, Result.NOT_TRIED)
        else ""
    )
    if found["watchdog"]:
        effect = _WATCHDOG.get(found["what"])
        return WatchdogActed(effect, result, text) if effect is not None else None
    effect = _EFFECTS_WHOLE.get(found["what"]) or _effect(found["what"])
    return Acted(effect, result, text) if effect is not None else None


def _effect(what: str) -> Effect | None:
    found = _EFFECTS.fullmatch(what)
    if found is None:
        return None
    parts = found.groupdict()
    if parts["mode"]:
        return DrainModeSet(parts["mode"] == "off")
    if parts["set"]:
        return TagSet(parts["tag"], parts["set"] == "set")
    if parts["number"]:
        return MessageSent(parts["to"], int(parts["number"]), parts["language"] or "")
    if parts["user"]:
        return UserSignedOut(parts["user"], bool(parts["forced"]))
    if parts["time"]:
        return WebhookCalled(int(parts["time"]))
    return ScriptRun(parts["script"])
