"""The side address ``/_sim/``: shows the world and changes it, for people and tests.

====================  =====================================================================
GET ``/``             a page that shows the estate as it moves
GET ``/_sim/world``   the estate as it truly is (not as the service lags behind it)
GET ``/_sim/log``     what truly happened, in order; ``?after=N`` for the rest
GET ``/_sim/calls``   how often each operation was called
GET, POST             how long answers take, the largest page, whether there are token buckets, and how
``/_sim/limits``      many requests were refused with 429 (``local.sim.limits.limits`` tells the fields)
POST                  a webhook that takes hosts (``local.sim.side.webhook`` tells how)
``/_sim/webhook``
POST ``/_sim/emit``   has a source publish an event (``local.sim.side.emitting`` tells which)
POST, GET             an Event Grid topic for the app's own events; and what came there
``/_sim/topic``
POST ``/_sim/change`` ``{"do": ..., "pool": ..., "host": ..., ...}``
GET, POST, DELETE     fault rules (``local.sim.limits.faults`` tells their fields)
``/_sim/faults``
====================  =====================================================================
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import web

from local.sim.estate.people import Manner, Person
from local.sim.estate.things import Host, Pool
from local.sim.estate.world import World, find_host
from local.sim.limits import limiting
from local.sim.server import Simulator
from local.sim.side import grid
from local.sim.side.grid import json_object, refusing
from local.sim.side.webhook import Webhook

PAGE = Path(__file__).with_name("page.html")


def routes(simulator: Simulator) -> list[web.RouteDef]:
    async def page(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE)

    async def world(request: web.Request) -> web.Response:
        simulator.catch_up()
        return web.json_response(world_json(simulator.world))

    async def log(request: web.Request) -> web.Response:
        simulator.catch_up()
        after = request.query.get("after", "0")
        start = int(after) if after.isdigit() else 0
        return web.json_response({"value": simulator.world.log[start:]})

    async def calls(request: web.Request) -> web.Response:
        return web.json_response(simulator.calls)

    async def change(request: web.Request) -> web.Response:
        simulator.catch_up()
        _change(simulator.world, await json_object(request))
        return web.json_response(world_json(simulator.world))

    async def rules(request: web.Request) -> web.Response:
        return web.json_response({"value": [asdict(rule) for rule in simulator.faults.rules]})

    async def add_rule(request: web.Request) -> web.Response:
        rule = simulator.faults.add(await json_object(request))
        return web.json_response(asdict(rule), status=201)

    async def clear_rules(request: web.Request) -> web.Response:
        simulator.faults.lift(request.query.get("id", ""))
        return web.Response(status=204)

    return [
        web.post("/_sim/webhook", Webhook(simulator.world).take),
        web.get("/", page),
        web.get("/_sim/world", world),
        web.get("/_sim/log", log),
        web.get("/_sim/calls", calls),
        web.post("/_sim/change", refusing(change)),
        web.get("/_sim/faults", rules),
        web.post("/_sim/faults", refusing(add_rule)),
        web.delete("/_sim/faults", refusing(clear_rules)),
        *grid.routes(simulator),
        *limiting.routes(simulator),
    ]


def world_json(world: World) -> dict[str, Any]:
    return {
        "now": world.now.isoformat(),
        "speed": world.speed,
        "pools": [
            {
                "id": pool.id,
                "name": pool.name,
                "type": pool.type,
                "hosts": [_host_json(world, host) for host in pool.hosts.values()],
            }
            for pool in world.pools
        ],
    }


def _host_json(world: World, host: Host) -> dict[str, Any]:
    return {
        "name": host.name,
        "allowNewSession": host.allow_new_session,
        "status": world.status(host),
        "power": host.vm.busy or host.vm.power,
        "tags": host.vm.tags,
        "sessions": [
            {"id": s.id, "user": s.person.upn, "state": s.state, "messages": len(s.messages)}
            for s in host.sessions.values()
        ],
    }


def _change(world: World, told: dict[str, Any]) -> None:
    """Raises ValueError that says what is wrong."""
    pool = next((p for p in world.pools if p.name == told.get("pool")), None)
    if pool is None:
        raise ValueError(f"'pool' is one of {', '.join(p.name for p in world.pools)}")
    do = CHANGES.get(str(told.get("do")))
    if do is None:
        raise ValueError(f"'do' is one of {', '.join(CHANGES)}")
    host = find_host(pool, str(told.get("host", "")))
    if host is None and told.get("do") not in OF_NO_HOST:
        raise ValueError(f"'host' is one of {', '.join(h.short for h in pool.hosts.values())}")
    do(world, pool, host, told)


OF_NO_HOST = {"signIn", "tagPool", "untagPool", "fire", "resolve", "issue", "noIssue"}
Change = Callable[[World, Pool, Any, dict[str, Any]], object]


def _sign_in(world: World, pool: Pool, host: Host | None, told: dict[str, Any]) -> None:
    manner = told.get("manner", "leaves")
    if manner not in set(Manner):
        raise ValueError(f"'manner' is one of {', '.join(Manner)}")
    person = Person(str(told.get("user", "someone@contoso.example")), Manner(manner))
    if host is not None:
        world.sign_in(pool, host, person)
    else:
        world.arrive(pool, person)


def _sign_out(world: World, pool: Pool, host: Host, told: dict[str, Any]) -> None:
    for session in list(host.sessions.values()):
        if told.get("user") in (None, session.person.upn):
            world.end(host, session, "signed out by themselves")


def _delete(world: World, pool: Pool, host: Host, told: dict[str, Any]) -> None:
    del pool.hosts[host.name.lower()]
    world.note("deleted", host)


CHANGES: dict[str, Change] = {
    "drain": lambda w, p, h, t: w.set_drain(h, False, "an administrator"),
    "undrain": lambda w, p, h, t: w.set_drain(h, True, "an administrator"),
    "signIn": _sign_in,
    "signOut": _sign_out,
    "restart": lambda w, p, h, t: w.power(h, "restart", lambda error: None, "an administrator"),
    "delete": _delete,
    "tagPool": lambda w, p, h, t: p.tags.update({str(t.get("name")): str(t.get("value", ""))}),
    "untagPool": lambda w, p, h, t: p.tags.pop(str(t.get("name")), None),
    "fire": lambda w, p, h, t: w.alerts.add(str(t.get("rule"))),
    "resolve": lambda w, p, h, t: w.alerts.discard(str(t.get("rule"))),
    "issue": lambda w, p, h, t: w.issues.update({str(t.get("title")): str(t.get("service", ""))}),
    "noIssue": lambda w, p, h, t: w.issues.pop(str(t.get("title")), None),
    "status": lambda w, p, h, t: setattr(h, "status", str(t.get("status", ""))),
}
