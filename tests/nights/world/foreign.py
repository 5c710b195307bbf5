"""Readings that the app cannot interpret: fields that are missing or have unknown values. And
states of the estate in which no host may go out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from shared.core.conditions import Reply
from shared.core.values.hostnames import host_key
from tests.nights.script import Spell

Change = Callable[[Any], Any]

FOREIGN: dict[str, tuple[str, Change]] = {
    "not listed": ("hosts", lambda host: None),
    "no drain mode": ("hosts", lambda host: replace(host, allow_new_session=None)),
    "no VM": ("hosts", lambda host: replace(host, vm_id=None)),
    "no identity": ("hosts", lambda host: replace(host, object_id=None)),
    "no heartbeat": ("hosts", lambda host: replace(host, last_heartbeat=None)),
    "an unheard-of status": ("hosts", lambda host: replace(host, status="Pondering")),
    "no user": ("sessions", lambda session: replace(session, user="", account="")),
    "no UPN": ("sessions", lambda session: replace(session, **_by_account(session.user))),
    "no session's start": ("sessions", lambda session: replace(session, created_at=None)),
    "an unheard-of state": ("sessions", lambda session: replace(session, state="Pondering")),
    "no power state": ("machine", lambda seen: replace(seen, power="", hibernated=False)),
}
"""By name: the reading, and how it changes a host's part of it; None leaves it out."""

HOST_UPDATE = "host update"
CONDITION = "condition"
STATES = (HOST_UPDATE, CONDITION)
"""The vendor's own update of the pool's hosts runs; the address of a policy's condition says no."""


def _by_account(user: str) -> dict[str, str]:
    account = "CONTOSO\\p." + user.split("@", maxsplit=1)[0]  # it need not be like the UPN
    return {"user": account, "account": account}


def spoilt(spells: Iterable[Spell], name: str, came: Any, words: str) -> Any:
    """A reading as it is shown while such spells last. ``words``: what was asked for."""
    for spell in spells:
        if spell.what == CONDITION and name == "reply":
            came = Reply(status=503)
        elif spell.what == HOST_UPDATE and name == "host_update":
            came = "UpdatingSessionHosts"
        else:
            reading, change = FOREIGN.get(spell.what, ("", None))
            if reading == name and change is not None:
                came = _changed(change, name, came, spell.host, words)
    return came


def _changed(change: Change, name: str, came: Any, host: str, words: str) -> Any:
    if name == "machine":
        return change(came) if host in words else came
    key = "key" if name == "hosts" else "host_key"
    found = (
        change(item) if host_key(getattr(item, key)).startswith(host) else item for item in came
    )
    return tuple(item for item in found if item is not None)
