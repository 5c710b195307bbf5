"""The report of a run: what was done, what was not and why, which hosts need attention, and what it
meant for users."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from shared.core.drain.history.effects import MessageSent, UserSignedOut
from shared.core.drain.history.facts import Acted
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.outcome import Result
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.schedules.campaigns import Campaign, Slot
from shared.core.schedules.schedules import Run, Schedule
from shared.core.values.localtime import iso


@dataclass(frozen=True, slots=True)
class UsersTold:
    """What a drain's history says about its users, by their names in lower case: those whose
    message the service accepted, and those whose sign-out it accepted."""

    warned: frozenset[str] = frozenset()
    signed_out: frozenset[str] = frozenset()

    def and_of(self, entries: Iterable[Entry]) -> "UsersTold":
        """The same, with these further entries."""
        warned, signed_out = set(self.warned), set(self.signed_out)
        for entry in entries:
            match entry.fact:
                case Acted(MessageSent(user), Result.ACCEPTED):
                    warned.add(user.lower())
                case Acted(UserSignedOut(user), Result.ACCEPTED):
                    signed_out.add(user.lower())
        return UsersTold(frozenset(warned), frozenset(signed_out))


def report(
    schedule: Schedule,
    run: Run,
    drains: Sequence[tuple[Drain, UsersTold]],
    campaign: Campaign | None,
) -> dict[str, Any]:
    """The report as plain JSON values. ``drains``: each with what its whole history says about its
    users."""
    found = [_drain(drain, users) for drain, users in drains]
    users = [each["users"] for each in found]
    return {
        "schedule": schedule.name,
        "at": iso(run.at),
        "local": f"{run.at.astimezone(ZoneInfo(schedule.zone)):%A, %Y-%m-%d %H:%M %Z}",
        "campaign": _campaign(campaign),
        "summary": {
            "drains": len(found),
            "hostsDone": sum(each["done"] for each in found),
            "hostsNotDone": sum(len(each["notDone"]) for each in found),
            "usersWarned": sum(each["warned"] for each in users),
            "usersLeftByThemselves": sum(each["leftByThemselves"] for each in users),
            "usersSignedOut": sum(each["signedOut"] for each in users),
        },
        "attention": [line for each in found for line in each["attention"]],
        "drains": found,
    }


def _drain(drain: Drain, users: UsersTold) -> dict[str, Any]:
    done = [host for host in drain.hosts if host.phase is Phase.DONE]
    rest = [host for host in drain.hosts if host.phase is not Phase.DONE]
    began, ended = drain.progress.started_at, drain.progress.ended_at
    return {
        "drain": drain.id,
        "hostPool": drain.control.pool.resource_id,
        "status": str(drain.progress.status),
        "startedAt": began and iso(began),
        "endedAt": ended and iso(ended),
        "done": len(done),
        "notDone": [
            {
                "host": host.name,
                "phase": str(host.phase),
                "why": host.ending.text if host.ending is not None else "",
            }
            for host in rest
        ],
        "attention": [f"{host.name}: {host.attention}" for host in drain.hosts if host.attention],
        "users": {
            "warned": len(users.warned),
            "leftByThemselves": len(users.warned - users.signed_out),
            "signedOut": len(users.signed_out),
        },
    }


def _campaign(campaign: Campaign | None) -> dict[str, Any] | None:
    if campaign is None:
        return None
    return {
        "id": campaign.id,
        "status": str(campaign.status),
        "stopped": campaign.stopped or None,
        "waves": [
            {"name": wave.name, "pools": [_pool(slot) for slot in campaign.of_wave(number)]}
            for number, wave in enumerate(campaign.waves)
        ],
    }


def _pool(slot: Slot) -> dict[str, str]:
    return {
        "hostPool": slot.pool,
        "status": str(slot.status or Status.NOT_STARTED),
        "text": slot.text,
    }


def markdown(report: Mapping[str, Any]) -> str:
    """The report as Markdown for readers."""
    summary = report["summary"]
    lines = [
        f"# {_plain(report['schedule'])}: {report['local']}",
        "",
        f"{summary['hostsDone']} hosts done, {summary['hostsNotDone']} not. Users: "
        f"{summary['usersWarned']} warned, {summary['usersLeftByThemselves']} left by themselves, "
        f"{summary['usersSignedOut']} signed out.",
    ]
    if report["attention"]:
        lines += [
            "",
            "## To be looked at",
            "",
            *(f"- {_plain(line)}" for line in report["attention"]),
        ]
    campaign = report.get("campaign")
    if campaign is not None:
        lines += ["", f"## Campaign: {campaign['status']}", ""]
        if campaign["stopped"]:
            lines += [f"Stopped: {_plain(campaign['stopped'])}", ""]
        lines += ["| wave | host pool | status | |", "| --- | --- | --- | --- |"]
        for wave in campaign["waves"]:
            for pool in wave["pools"]:
                name = pool["hostPool"].rsplit("/", 1)[-1]
                text = _plain(pool["text"])
                lines.append(
                    f"| {_plain(wave['name'])} | {_plain(name)} | {pool['status']} | {text} |"
                )
    for drain in report["drains"]:
        name = drain["hostPool"].rsplit("/", 1)[-1]
        lines += ["", f"## {_plain(name)}: {drain['status']}", "", f"{drain['done']} hosts done."]
        if drain["notDone"]:
            lines += ["", "| host | | why not |", "| --- | --- | --- |"]
            for host in drain["notDone"]:
                lines.append(
                    f"| {_plain(host['host'])} | {host['phase']} | {_plain(host['why'])} |"
                )
    return "\n".join(lines) + "\n"


_MEANT = re.compile(
    r"[\\`*_{}\[\]#|<>~&@]|^[-+=]|^\d+(?=[.)])|(?<=http)s?:|(?<=ftp):|(?<=www)[.]", re.IGNORECASE
)
"""Characters that Markdown, or HTML in it, may take for markup, and texts that become links by
themselves."""


def _plain(text: object) -> str:
    """Text from elsewhere, escaped, on one line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return _MEANT.sub(_escaped, line)


def _escaped(found: re.Match[str]) -> str:
    if found[0].isdigit():  # a numbered list
        return f"{found[0]}\u200b"
    return "".join(c if c.isalnum() else f"&#{ord(c)};" for c in found[0])
