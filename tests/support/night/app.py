"""The app of a night: the real engine with its ports on the simulated world, and a killer between
them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.adapters.storage.beats import TableBeats
from shared.adapters.storage.documents import TableDocuments
from shared.adapters.storage.inbox import TableInbox
from shared.adapters.storage.store import TableStore
from shared.core.access.allowed import Allowed, Script
from shared.core.notifications.lane import Lane
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.schedules import Considered, Looked, Run, Schedule
from shared.core.values.pace import Pace
from shared.engine.world.outside import Options, Outside
from tests.support.night.helpers import (
    NightConditions,
    NightReceivers,
    NightRights,
    NightRuns,
    NightScripts,
    NightSources,
    NightStorage,
    NightTopic,
    NightWebhooks,
)
from tests.support.night.killer import Killer, Through
from tests.support.night.ports import NightMachines, NightPlane, NightQueue

if TYPE_CHECKING:
    from tests.support.night.night import Night

ALLOWED = Allowed({"patch": Script("echo", parameters={"level": "low|high"})}, ("hooks.example",))


@dataclass(slots=True)
class Process:
    """One life of an app instance. All its calls go through its killer."""

    outside: Outside
    killer: Killer


def documents(index: Any) -> dict[str, Any]:
    """The kinds of documents that the app stores, in a table."""
    kinds = {
        "campaigns": Campaign, "schedules": Schedule, "runs": Run, "considered": Considered,
        "looks": Looked, "lanes": Lane,
    }  # fmt: skip
    return {
        name: TableDocuments(index, "moments" if name == "runs" else name, kind)
        for name, kind in kinds.items()
    }


def process_of(night: "Night", killer: Killer, name: str) -> Process:
    """A new life of the app, on the state that the last one left."""

    def through(inner: object) -> Any:
        return Through(inner, killer, night.refusals)

    outside = Outside(
        store=TableStore(*(through(table) for table in night.tables)),
        plane=through(NightPlane(night)),
        machines=through(NightMachines(night)),
        scripts=through(NightScripts(night)),
        webhooks=through(NightWebhooks(night)),
        receivers=through(NightReceivers(night)),
        rights=through(NightRights(night)),
        sources=through(NightSources(night)),
        conditions=through(NightConditions(night)),
        update_runs=through(NightRuns(night)),
        inbox=TableInbox(through(night.tables[1])),
        **documents(through(night.tables[1])),
        queue=through(NightQueue(night)),
        storage=NightStorage(night),
        beats=TableBeats(through(night.tables[1])),
        clock=night.clock,
        topic=through(NightTopic(night)) if night.publishes else None,
        options=Options(
            holder=name,
            pace=Pace(timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5)),
            allowed=ALLOWED,
            address="https://drains.contoso.example/api/",
            rules=night.rules,
            notifications=night.notifications,
        ),
    )
    return Process(outside, killer)
