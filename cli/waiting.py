"""Waiting for a drain's end, with what it looks like meanwhile."""

import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from rich.console import Console

from cli.client import Answer, segment
from cli.commands.watch import Screen
from cli.errors import CommandError, Exit
from cli.following import Following, Source
from cli.looking import whole
from cli.options import Session
from cli.screen.output import Row
from cli.screen.picture import has_ended

_PAUSE = 5.0
_AWAY = 15.0
_TIMES = 20
"""An app that is published anew is away for a while; its drains go on."""


def begun(session: Session, path: str, body: Any, key: str | None, what: str) -> Answer:
    """What is started once, however often the call is repeated: ``key`` is what the app knows it by."""
    key = key or str(uuid4())
    try:
        return session.client.call("POST", path, body, {"Idempotency-Key": key}, repeat=True)
    except CommandError as error:
        if error.code is not Exit.UNREACHABLE:
            raise
        again = f"it may have been started; to ask again for the same {what}: --key {key}"
        raise CommandError(error.code, *error.lines, again) from None


def wait(session: Session, answer: Answer) -> Any:
    """Ask the status monitor, as often as it says, until the drain has ended; then the drain."""
    id_ = answer.body["id"]
    address = answer.headers.get("operation-location", f"/api/operations/{segment(id_)}")
    while not has_ended(answer.body):
        session.client.sleep(answer.pause(_PAUSE))
        answer = _patiently(session, lambda: session.client.follow(address))
    return _patiently(session, lambda: whole(session.client, id_))


def wait_for_all(session: Session, source: Source) -> list[Row]:
    """Look until no drain runs, and no other comes; then the drains."""
    following = Following(session.client, source, None)
    while True:
        drains, _ = _patiently(session, following.look)
        if following.is_over:
            return drains
        session.client.sleep(_PAUSE)


def watch(session: Session, source: Source, every: float, *, several: bool) -> list[Row]:
    """Show the drains until they have ended; then the drains. ``several`` may come: each line tells the pool."""
    with Screen(Console(file=sys.stdout), several=several) as screen:
        following = Following(session.client, source, screen.lines)
        while True:
            drains, notes = _patiently(session, following.look)
            for line in notes:
                screen.note(line)
            screen.show(drains)
            if following.is_over:
                return drains
            session.client.sleep(every)


def _patiently[T](session: Session, ask: Callable[[], T]) -> T:
    for _ in range(_TIMES):
        try:
            return ask()
        except CommandError as error:
            if error.code is not Exit.UNREACHABLE:
                raise
            session.output.note(f"{error.lines[0]}; asking again in {_AWAY:.0f} s")
            session.client.sleep(_AWAY)
    return ask()


def judge(*drains: Row) -> None:
    """Raises :class:`CommandError` where a person should look, or a drain did not succeed."""
    bad = [drain for drain in drains if has_ended(drain) and drain["status"] != "Succeeded"]
    needing = [line for drain in drains for line in _needing(drain)]
    if bad:
        several = len(drains) > 1
        ended = [
            f"{each['id']} is {each['status']}" if several else f"the drain is {each['status']}"
            for each in bad
        ]
        raise CommandError(Exit.NOT_SUCCEEDED, *ended, *needing)
    if needing:
        raise CommandError(Exit.ATTENTION, *needing)


def _needing(drain: Row) -> list[str]:
    lines = [f"! {text}" for text in drain["attention"]]
    if more := drain["attentionCount"] - len(lines):
        lines.append(f"! and {more} more hosts: avd-drain show {drain['id']} --attention")
    return lines
