"""Commands that start a drain, or look at one."""

from typing import Annotated

import typer

from cli import asking, following, waiting
from cli.client import segment
from cli.commands import campaigns
from cli.errors import bad_use
from cli.looking import NEEDING, in_phases, whole
from cli.options import Session, command
from cli.screen import tables
from cli.screen.output import Format
from cli.screen.text import short

NOT_NAMED = "NotNamed"
"""Of a host that is left out: somebody named others, and need not be told of it."""
Pool = Annotated[str | None, typer.Argument(metavar="POOL", help="the host pool's resource id")]
Hosts = Annotated[list[str] | None, typer.Argument(metavar="HOST", help="names of hosts")]
All = Annotated[bool, typer.Option("--all", help="every host of the pool")]
Reason = Annotated[str | None, typer.Option("--reason", "-r", help="why; users may read it")]
Policy = Annotated[str | None, typer.Option(help="JSON, @file, or @- for what is piped in")]
Maintenance = Annotated[str | None, typer.Option(help="its kind, such as restart or none")]
File = Annotated[str | None, typer.Option("--file", "-f", help="a whole request; - is stdin")]
Id = Annotated[str, typer.Argument(metavar="ID", help="the drain's id")]
OfPool = Annotated[str | None, typer.Option("--pool", help="only of this host pool")]
Top = Annotated[int, typer.Option(min=1, help="only so many")]


@command
def plan(
    session: Session, pool: Pool = None, hosts: Hosts = None, all_: All = False,
    reason: Reason = None, policy: Policy = None, maintenance: Maintenance = None,
    file: File = None,
) -> None:  # fmt: skip
    """What a drain, or a campaign, would do. Nothing is touched."""
    asked = asking.body(pool, hosts, all_, reason, policy, maintenance, file)
    if "waves" in asked:
        campaigns.plan(session, asked)
        return
    told = session.client.call("POST", "drains", asked, query={"dryRun": "true"}, repeat=True).body
    session.output.show(told, tables.plan)
    lines = [f"held back: {told['heldBy']}"] if told["heldBy"] else []
    lines += [line] if (line := tables.expected_line(told)) else []
    lines += [
        f"left out: {short(one['name'])}: {one['text']}"
        for one in told["excluded"]
        if one["code"] != NOT_NAMED
    ]
    lines += [
        f"missing right: {one['action']} on {one['scope']}" for one in told["missingRights"] or []
    ]
    session.output.note(*lines)


@command
def start(
    session: Session, pool: Pool = None, hosts: Hosts = None, all_: All = False,
    reason: Reason = None, policy: Policy = None, maintenance: Maintenance = None,
    file: File = None,
    wait: Annotated[bool, typer.Option("--wait", help="until it has ended")] = False,
    key: Annotated[str | None, typer.Option(help="Idempotency-Key; the same finds the same drain")] = None,
) -> None:  # fmt: skip
    """Start a drain; or a campaign, which only a file can say."""
    asked = asking.body(pool, hosts, all_, reason, policy, maintenance, file)
    if "waves" in asked:
        campaigns.start(session, asked, key, wait=wait)
        return
    answer = waiting.begun(session, "drains", asked, key, "drain")
    if not wait:
        session.output.show_one(answer.body, tables.drains)
        return
    session.output.note(f"drain {answer.body['id']}")
    drain = waiting.wait(session, answer)
    session.output.show(drain, tables.hosts)
    waiting.judge(drain)


@command
def watch(
    session: Session,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="drains; none means all that run")] = None,
    campaign: Annotated[str | None, typer.Option(help="the drains of this campaign")] = None,
    every: Annotated[float, typer.Option(min=0.5, max=3600, help="seconds between looks")] = 3.0,
) -> None:  # fmt: skip
    """See drains move, until they have ended."""
    if ids and campaign:
        raise bad_use("name drains, or a campaign, not both")
    if campaign:
        source = following.of_campaign(session.client, campaign)
    else:
        source = following.named(ids) if ids else following.running(session.client)
    several = ids is None or len(ids) > 1
    drains = waiting.watch(session, source, every, several=several)
    if not drains:
        session.output.note("no drain runs" if not campaign else "the campaign started no drain")
    waiting.judge(*drains)


@command
def show(
    session: Session, id_: Id,
    phase: Annotated[list[str] | None, typer.Option(help="only hosts in this phase; may be repeated")] = None,
    attention: Annotated[bool, typer.Option("--attention", help="only hosts that need a person")] = False,
    check: Annotated[bool, typer.Option("--check", help="say by the exit code how it stands")] = False,
) -> None:  # fmt: skip
    """A drain, and where each of its hosts stands."""
    wanted = [in_phases(*phase)] if phase else []
    wanted += [NEEDING] if attention else []
    drain = whole(session.client, id_, " and ".join(wanted) or None)
    if session.output.is_plain(Format.table):
        session.output.note(*tables.heading(drain))
    session.output.show(drain, tables.hosts)
    if line := tables.expected_line(drain):
        session.output.note(line)
    if check:
        waiting.judge(drain)


@command
def policy(session: Session, id_: Id) -> None:
    """What a drain was asked to do, with the defaults."""
    found = session.client.call("GET", f"drains/{segment(id_)}/policy").body["policy"]
    session.output.show(found, lambda told: [{"field": name, "value": told[name]} for name in told])


@command
def list_(
    session: Session, pool: OfPool = None,
    status: Annotated[str | None, typer.Option(help="only those: Running, Failed, ...")] = None,
    top: Top = 50,
) -> None:  # fmt: skip
    """Drains, the newest first."""
    query = {"hostPool": pool, "status": status, "$top": str(min(top, 200))}
    found = session.client.pages("drains", query, top)
    session.output.show(found, tables.drains)
    session.output.none(found, "no such drain" if pool or status else "there is no drain yet")


@command
def history(session: Session, id_: Id, top: Top = 1000) -> None:
    """What was done, when, at whose request and why."""
    query: dict[str, str | None] = {"$top": str(min(top, 200))}
    found = session.client.pages(f"drains/{segment(id_)}/history", query, top)
    session.output.show(found, tables.history)


@command
def claims(session: Session, pool: OfPool = None) -> None:
    """Hosts that are out now, or were left drained."""
    found = session.client.call("GET", "claims", query={"hostPool": pool}).body["value"]
    session.output.show(found, tables.claims)
    session.output.none(found, "no host is out, and none was left drained")
