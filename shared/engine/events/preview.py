"""Previews what an event would do, without doing it."""

from dataclasses import dataclass, field

from shared.core.events.intents import EndDrain, EventIntent, StartDrain
from shared.core.events.records import EventKey
from shared.core.events.signals import Ignored, Malformed, Signal
from shared.core.start.request import Start
from shared.core.values.texts import count
from shared.engine.drains import intake
from shared.engine.events.findings import AGAIN, BeginDrain, CallOff, End, Todo
from shared.engine.events.triage import by, triage
from shared.engine.world.outside import Outside
from shared.errors import RequestRefusedError


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the event would do. ``do``: ``startDrain``, ``addHosts``, ``cancelRun``,
    ``endHosts`` or ``cancelDrain``. A drain that would be started has its preview, unless it would
    be refused (``text`` says why)."""

    do: str
    text: str
    pool: str = ""
    drain: str = ""
    rule: str = ""
    hosts: tuple[str, ...] = ()
    preview: intake.Preview | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an event would do. ``understood``: ``malformed``, ``ignored``, ``start``, ``end`` or
    what the signal says."""

    understood: str
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)


async def foresee(outside: Outside, key: EventKey, intent: EventIntent) -> Foreseen:
    """Preview an event. Only reads."""
    known = await outside.inbox.event(key) if key.id else None
    came = (f"it came before: {known.outcome}, {known.text}",) if known is not None else ()
    match intent:
        case Malformed(faults):
            return Foreseen("malformed", notes=faults)
        case Ignored(why):
            return Foreseen("ignored", notes=(why, *came))
        case StartDrain(asked):
            return Foreseen("start", (await _start(outside, asked, "an event", ""),), came)
        case EndDrain():
            named = intent.drain or "of the event that asked for it"
            do, hosts = "cancelDrain" if intent.cancel else "endHosts", intent.hosts or ()
            return Foreseen(
                "end", (Step(do, f"drain {named}", drain=intent.drain, hosts=hosts),), came
            )
        case Signal():
            found = await triage(outside, [intent])
            steps = tuple([await _step(outside, todo) for todo in found.todos])
            notes = tuple(found.notes.get(key.digest, ()))
            if key.digest in found.taken:
                notes = (*notes, AGAIN)
            return Foreseen(str(intent.says), steps, (*notes, *came))


async def _step(outside: Outside, todo: Todo) -> Step:
    match todo:
        case BeginDrain(group, asked, drain, hosts) if drain:
            text = f"{count(len(hosts), 'host')} would be added"
            return Step("addHosts", text, group.pool.resource_id, drain, group.rule.name, hosts)
        case BeginDrain(group, asked):
            return await _start(outside, asked, by(group.rule.name), group.rule.name)
        case CallOff(_, run, why):
            return Step("cancelRun", f"{run} would be cancelled: {why}")
        case End(signal, drain, release, skip):
            text = (
                f"{count(len(release), 'host')} would be released, {len(skip)} left alone: "
                f"{signal.reason}"
            )
            return Step("endHosts", text, drain=drain, hosts=(*release, *skip))


async def _start(outside: Outside, asked: Start, who: str, rule: str) -> Step:
    try:
        preview = await intake.preview(outside, asked, who)
    except RequestRefusedError as refused:
        texts = "; ".join(refused.texts)
        return Step(
            "startDrain", f"it would be refused: {texts}", asked.pool.resource_id, rule=rule
        )
    hosts = tuple(host.name for host in preview.checked.drain.hosts)
    text = f"a drain of {count(len(hosts), 'host')} would be started"
    return Step("startDrain", text, asked.pool.resource_id, "", rule, hosts, preview)
