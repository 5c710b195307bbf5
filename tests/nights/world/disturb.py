"""What people and machines do to the estate and to the app's stored state during a night."""

import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Host
from local.sim.estate.world import find_host
from shared.adapters.storage.pool.rows import marker
from shared.adapters.storage.records import SCHEMA, packed, read, unpacked
from shared.adapters.storage.tables.table import Op, Values
from shared.core.host.host import HostRecord
from tests.nights.judges.known.ledger import NEWEST
from tests.nights.judges.promises.forecasts import FORECASTS, SPOILT, spoil
from tests.nights.script import Disturbance, PersonPart
from tests.nights.world.common import Shared
from tests.nights.world.scene import DESTROYED, POOL_ID, Scene

_WHOLE = TypeAdapter(HostRecord)
"""Older versions also wrote fields that have their default."""

ADMIN = "an administrator"
NEWER = {
    "newer claim": (0, POOL_ID.key, "claim|", ""),
    "newer drain": (0, POOL_ID.key, "drain|", "|control"),
    "newer signal": (1, "inbox", "", ""),
}
"""Records of a schema that this version does not know yet: the number of the table, the partition,
and how the keys begin and end."""


def arrive(scene: Scene, part: PersonPart) -> None:
    """A person signs in: the load balancer chooses the host now, and the session appears when the
    sign-in is done."""
    scene.catch_up()
    host = scene.world.balance(scene.pool)
    if host is None:
        scene.world.note("sign-in refused: no host takes new sessions", user=part.upn)
        return
    scene.loop.call_later(part.takes, partial(_signed_in, scene, host, scene.person(part)))


def _signed_in(scene: Scene, host: Host, person: Person) -> None:
    scene.catch_up()
    if host.vm.power == "running" and host.up_since is not None:
        scene.world.sign_in(scene.pool, host, person)


def disturb(shared: Shared, what: Disturbance) -> None:
    """Do it now. If the estate does not allow it, nothing happens."""
    scene = shared.scene
    scene.catch_up()
    if what.what == "new host":
        if find_host(scene.pool, "new") is None:
            scene.add_host("new")
            scene.world.note("registered", find_host(scene.pool, "new"), new=True)
        return
    if what.what == "old state":
        shared.tell("the stored state is as the first version of the app wrote it")
        make_old(shared)
        return
    if what.what == "lose drain":
        lose(shared)
        return
    if what.what == "clear queue":
        shared.tell("the messages of the queue are gone")
        shared.queue.messages.clear()
        return
    if what.what in SPOILT or what.what == FORECASTS:
        spoil(shared, what.what)
        return
    if what.what in NEWER:
        make_newer(shared, what.what, what.host)
        return
    if what.what == "older again":
        shared.tell("what a newer version of the app wrote can be read again")
        read_again(shared)
        return
    host = find_host(scene.pool, what.host)
    if host is not None:
        _DO[what.what](scene, host)


def _restart(scene: Scene, host: Host) -> None:
    if host.vm.power == "running" and not host.vm.busy:
        scene.world.power(host, "restart", lambda error: None, ADMIN)


def _delete(scene: Scene, host: Host) -> None:
    del scene.pool.hosts[host.name.lower()]
    scene.world.note("deleted", host)


def _reregister(scene: Scene, host: Host) -> None:
    """The same name and the same VM, but another session host: open, as new ones are."""
    host.object_id = str(uuid.uuid5(uuid.NAMESPACE_OID, host.object_id))
    host.allow_new_session = True
    host.sessions.clear()
    scene.world.note("registered", host)


def _destroy(scene: Scene, host: Host) -> None:
    """The VM is deleted; its session host stays listed."""
    for session in list(host.sessions.values()):
        scene.world.end(host, session, "lost with its VM")
    host.vm.power, host.vm.busy, host.up_since = DESTROYED, "", None
    host.vm.tags.clear()
    scene.world.note("VM destroyed", host)


def _sign_in(scene: Scene, host: Host) -> None:
    """An administrator signs in to a host of their choice, in drain mode or not."""
    if host.vm.power == "running" and not host.vm.busy and host.up_since is not None:
        person = Person("admin@contoso.example", Manner.WORKS, 600.0, on=host.short)
        scene.world.sign_in(scene.pool, host, person)


_DO: dict[str, Callable[[Scene, Host], None]] = {
    "drain": lambda scene, host: scene.world.set_drain(host, False, ADMIN),
    "undrain": lambda scene, host: scene.world.set_drain(host, True, ADMIN),
    "restart": _restart,
    "sign in": _sign_in,
    "delete": _delete,
    "destroy VM": _destroy,
    "reregister": _reregister,
    "tag": lambda scene, host: scene.world.tag(host, scene.pool.exclusion_tag, "mine", ADMIN),
    "untag": lambda scene, host: scene.world.tag(host, scene.pool.exclusion_tag, None, ADMIN),
}


def everybody_leaves(scene: Scene) -> None:
    """In the small hours all people go home."""
    scene.catch_up()
    for host in scene.pool.hosts.values():
        for session in list(host.sessions.values()):
            scene.world.end(host, session, "signed out by themselves")


def lose(shared: Shared) -> None:
    """A mistaken person removes all records of the drains. The claims are left."""
    table, pool_key = shared.tables[0], POOL_ID.key
    rows = table.peek(pool_key, "drain|", "drain|~")
    recorded = dict.fromkeys(r.key.split("|")[1] for r in rows if r.key.endswith("|control"))
    for drain in recorded:
        shared.lost(drain)
    for row in rows:
        if row.key.split("|")[1] in recorded:
            table.put(pool_key, Op("delete", row.key))


def make_newer(shared: Shared, what: str, host: str) -> None:
    """Turn a record into one of a future version of the app: a record of that host if there is one,
    else the first of its kind."""
    number, partition, prefix, suffix = NEWER[what]
    table = shared.tables[number]
    rows = table.peek(partition, prefix, prefix + "~")
    rows = [row for row in rows if row.key.endswith(suffix) and row.values["schema"] == SCHEMA]
    about = [row for row in rows if f"|{host}." in row.key] or rows
    for row in about[:1]:
        shared.tell(f"a newer version of the app wrote {row.key}")
        table.put(partition, Op("upsert", row.key, {**row.values, "schema": NEWEST}))
        if what == "newer claim":
            table.put(partition, marker())


def read_again(shared: Shared) -> None:
    """Undo ``make_newer``: the newer version, which was replaced by mistake, is deployed again."""
    for number, partition, prefix, _ in NEWER.values():
        table = shared.tables[number]
        for row in table.peek(partition, prefix, prefix + "~"):
            if row.values["schema"] == NEWEST:
                table.put(partition, Op("upsert", row.key, {**row.values, "schema": SCHEMA}))


def make_old(shared: Shared) -> None:
    """Turn what is stored into what the first version of the app would have stored, as far as that
    version could."""
    table, pool_key = shared.tables[0], POOL_ID.key
    for row in table.peek(pool_key, "drain|", "drain|~"):
        kind = row.key.split("|")[2]
        older = {"control": _old_control, "host": _old_host}.get(kind)
        if row.values["schema"] in (1, NEWEST):
            continue
        if older is not None and (values := older(row.values)) is not None:
            table.put(pool_key, Op("upsert", row.key, values))


def _old_control(values: Values) -> Values | None:
    record = json.loads(unpacked(values))
    messages = record["policy"]["messages"]
    if len(messages) != 1 or messages[0]["before_deadline"] is not None:
        return None
    del record["policy"]["messages"]
    record["policy"]["message"] = messages[0]
    return _packed(values, record)


def _old_host(values: Values) -> Values | None:
    host = read(HostRecord, values)
    if host.maintenance.job is not None or host.intents or host.stopping is not None:
        return None
    if any(session.messages_done > 1 for session in host.sessions):
        return None
    record = _WHOLE.dump_python(host, mode="json")
    record["kept"] = record.pop("kept_drained")
    for session in (*record["sessions"], *record["missed"]):
        session["notices"] = session.pop("messages_sent")
        del session["messages_done"]
    return _packed(values, record)


def _packed(values: Values, record: Any) -> Values:
    shown = {name: value for name, value in values.items() if not name.startswith("data")}
    return {**shown, **packed(json.dumps(record)), "schema": 1}
