"""Entries of a drain's history, and the one place that makes sentences from their facts."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.drain.history import effects
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
from shared.core.host.outcome import result_in_words
from shared.core.values.durations import format_duration
from shared.core.values.texts import count

APP = "avd-drain"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. ``host``: the host's key; empty: it concerns the whole drain."""

    at: datetime
    fact: Fact
    host: str = ""
    by: str = APP
    why: str = ""
    asked_by: str = ""
    """For whom ``by`` acted; empty if for nobody else."""

    @property
    def what(self) -> str:
        """The fact as a sentence for readers."""
        return sentence(self.fact)

    @property
    def signed(self) -> str:
        """Who did it, and for whom, for readers."""
        return f"{self.by} for {self.asked_by}" if self.asked_by else self.by


def sentence(fact: Fact) -> str:
    """The fact as a sentence for readers. If a sentence changes, ``prose`` no longer recognises it
    in records of older versions."""
    match fact:
        case Asked(hosts, selection):
            chosen = f": {selection}" if selection else ""
            return f"drain of {count(hosts, 'host')} asked for{chosen}"
        case NotKnown(text):
            return f"not known at its start: {text}"
        case StatusChanged(before, after) | Moved(before, after):
            return f"{before} → {after}"
        case Acted(effect, result, text):
            return f"{effects.in_words(effect)}: {result_in_words(result, text)}"
        case Answered(succeeded):
            return f"the webhook answered: {'succeeded' if succeeded else 'failed'}"
        case Ordered():
            return f"{fact.what} asked for{_ordered(fact)}"
        case NeedsAttention():
            return "needs attention"
        case StepFailed(error):
            return f"a step failed as nobody foresaw: {error}; the app's log tells more"
        case StepPutAside():
            return "a step failed several times in a row; the app's log tells why"
        case WatchdogActed() | FoundRestored():
            return f"watchdog: {_of_watchdog(fact)}"
        case Line(text):
            return text


def _of_watchdog(fact: WatchdogActed | FoundRestored) -> str:
    match fact:
        case WatchdogActed(effect, result, text):
            return f"{effect.kind} {result_in_words(result, text)}"
        case FoundRestored():
            return "it is as it was"


def _ordered(ordered: Ordered) -> str:
    words = [] if ordered.what in ("pause", "resume", "cancel") else [_hosts(ordered)]
    if ordered.more is not None:
        words.append(f"by {format_duration(ordered.more)}")
    if ordered.until is not None:
        words.append(f"until {ordered.until:%Y-%m-%d %H:%M:%S} UTC at the latest")
    if ordered.stop_clocks is not None:
        words.append("the clocks stop" if ordered.stop_clocks else "the clocks run on")
    return f": {', '.join(words)}" if words else ""


def _hosts(ordered: Ordered) -> str:
    if not ordered.hosts:
        return "all hosts"
    rest = len(ordered.hosts) - len(ordered.names)
    more = [f"and {count(rest, 'other host')}"] if rest else []
    return ", ".join([*ordered.names, *more])
