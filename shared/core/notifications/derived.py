"""Makes happenings from typed entries of the history and from records of runs, never from
sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.drain.history.effects import in_words as effect_in_words
from shared.core.drain.history.facts import (
    FoundRestored,
    NeedsAttention,
    StatusChanged,
    WatchdogActed,
)
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Drain
from shared.core.drain.summary.tally import Tally, tally_of
from shared.core.host.outcome import Result, result_in_words
from shared.core.host.phases import Phase
from shared.core.host.status import ENDED, Status
from shared.core.schedules.schedules import Run, RunState
from shared.core.values.hostpool import HostPoolId
from shared.core.values.texts import count, cut, plain

LONGEST = 400
"""Characters of a text."""
MOST_DETAILS = 10
MOST_HOSTS = 20
"""At most this many hosts of one save get a happening of their own; the rest get one together."""

type Noted = tuple[Entry, Happening]
"""An entry of the history, and the happening made from it."""

_LEVELS = {Status.FAILED: Level.ERROR, Status.CANCELED: Level.WARNING}


def of_entries(drain: Drain, entries: Iterable[Entry]) -> Iterator[Noted]:
    """The happenings in these entries of a drain. ``drain``: with its hosts as they are saved with
    the entries."""
    needing: list[Entry] = []
    for entry in entries:
        match entry.fact:
            case StatusChanged(Status.NOT_STARTED, Status.RUNNING):
                yield entry, _started(drain, entry)
            case StatusChanged(_, after) if after in ENDED:
                yield entry, _ended(drain, entry, after)
            case NeedsAttention():
                needing.append(entry)
    names = {host.key: host.name for host in drain.hosts} if needing else {}
    for entry in needing[:MOST_HOSTS]:
        yield entry, _needs(drain, entry, names.get(entry.host, entry.host))
    if more := needing[MOST_HOSTS:]:
        yield more[-1], _more_need(drain, more[-1], len(more))


def _of_drain(drain: Drain, entry: Entry, kind: Kind, level: Level, text: str) -> Happening:
    control = drain.control
    return Happening(
        f"{drain.id}/{entry.host}/{kind}/{entry.at.isoformat()}", kind, level, entry.at,
        f"{kind}|{drain.id}", in_one_line(text), (control.pool.resource_id,), drain.id,
        reason=in_one_line(control.reason), asked_by=in_one_line(control.asked.by), address=_known(control.address),
    )  # fmt: skip


def _known(address: str) -> str:
    """The address; empty if it is in the domain ``invalid``, which stands for an address that is
    not known."""
    return "" if ".invalid/" in address else address


def _started(drain: Drain, entry: Entry) -> Happening:
    text = f"a drain of {count(len(drain.hosts), 'host')} has begun"
    return _of_drain(drain, entry, Kind.DRAIN_STARTED, Level.INFO, text)


def _ended(drain: Drain, entry: Entry, status: Status) -> Happening:
    tally = tally_of(drain.hosts)
    level = _LEVELS.get(status, Level.WARNING if tally.needing or tally.bad else Level.INFO)
    text = f"the drain ended: {status}; {tally.of(Phase.DONE)} of {count(tally.hosts, 'host')} done"
    made = _of_drain(drain, entry, Kind.DRAIN_ENDED, level, text)
    return replace(made, counts=_counts(tally), details=_details(tally))


def _counts(tally: Tally) -> dict[str, int]:
    found = {str(phase): number for phase, number in tally.phases.items() if number}
    return {**found, **({"needAttention": tally.needing} if tally.needing else {})}


def _details(tally: Tally) -> tuple[str, ...]:
    named = (
        *tally.attention,
        *(each for each in tally.unsuccessful if each not in tally.attention),
    )
    return tuple(in_one_line(f"{each.name}: {each.text}") for each in named[:MOST_DETAILS])


def _needs(drain: Drain, entry: Entry, name: str) -> Happening:
    made = _of_drain(drain, entry, Kind.HOST_ATTENTION, Level.ERROR, entry.why)
    return replace(made, about=_about_host(drain.control.pool, entry.host), host=name)


def _more_need(drain: Drain, entry: Entry, more: int) -> Happening:
    text = f"{count(more, 'more host')} of the drain need attention"
    made = _of_drain(drain, entry, Kind.HOST_ATTENTION, Level.ERROR, text)
    return replace(made, id=f"{made.id}/more", about=f"{made.about}|more")


def _about_host(pool: HostPoolId, host: str) -> str:
    return f"{Kind.HOST_ATTENTION}|{pool.key}/{host}"


def of_watchdog(claim: Claim, pool: HostPoolId, entries: Iterable[Entry]) -> Iterator[Noted]:
    """The happenings in the watchdog's entries for a host that no drain works on. The same refusal
    again gives the same id."""
    for entry in entries:
        match entry.fact:
            case WatchdogActed(effect, result, text) if result not in (
                Result.ACCEPTED,
                Result.GONE,
            ):
                what = f"{effect_in_words(effect)}: {result_in_words(result, text)}"
                text, level = f"the watchdog cannot put it back yet: {what}", Level.ERROR
            case FoundRestored():
                text, level = f"the watchdog put it back: {entry.why}", Level.WARNING
            case _:
                continue
        digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
        yield (
            entry,
            Happening(
                f"{claim.drain}/{claim.host}/watchdog/{claim.claimed_at.isoformat()}/{digest}",
                Kind.HOST_ATTENTION, level, entry.at, _about_host(pool, claim.host), in_one_line(text),
                (pool.resource_id,), claim.drain, claim.name,
            ),
        )  # fmt: skip


def of_run(run: Run, address: str) -> Happening | None:
    """The happening of a run that has its report, or that could not begin; None for other runs."""
    id_ = f"{run.schedule}/{run.at.isoformat()}/{run.state}"
    about = f"{Kind.SCHEDULE_REPORT}|{run.schedule}|{run.at.isoformat()}"
    asked = run.asked_by or f"schedule '{run.schedule}'"
    if run.state is RunState.REFUSED:
        text = in_one_line(f"its run could not begin: {run.text}")
        return Happening(
            id_, Kind.SCHEDULE_REPORT, Level.ERROR, run.at, f"{about}|refused", text,
            schedule=run.schedule, asked_by=asked, address=address,
        )  # fmt: skip
    if run.state is not RunState.ENDED or run.report is None:
        return None
    counts = {str(name): number for name, number in run.report["summary"].items()}
    attention = [str(line) for line in run.report["attention"]]
    level = Level.WARNING if counts["hostsNotDone"] else Level.INFO
    text = f"{count(counts['hostsDone'], 'host')} done, {counts['hostsNotDone']} not"
    if attention:
        level, text = Level.ERROR, f"{text}; {len(attention)} to be looked at"
    pools = dict.fromkeys(str(each["hostPool"]) for each in run.report["drains"])
    return Happening(
        id_, Kind.SCHEDULE_REPORT, level, run.at, about, text, tuple(pools)[:100],
        schedule=run.schedule, asked_by=asked, counts=counts, address=address,
        details=tuple(in_one_line(line) for line in attention[:MOST_DETAILS]),
    )  # fmt: skip


def in_one_line(text: str) -> str:
    """Text from elsewhere, in one line and short enough to be stored."""
    return cut(plain(text, LONGEST), LONGEST)
