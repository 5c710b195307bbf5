"""Waiting for a drain's end, with what it looks like meanwhile."""

import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console

from cli.client import Answer, segment
from cli.errors import CommandError, Exit
from cli.looking import Followed, whole
from cli.options import Session
from cli.watch import ENDED, Screen

_PAUSE = 5.0
_AWAY = 15.0
_TIMES = 20
"""An app that is published anew is away for a while; its drains go on."""


def wait(session: Session, answer: Answer) -> Any:
    """Ask the status monitor, as often as it says, until the drain has ended; then the drain."""
    id_ = answer.body["id"]
    address = answer.headers.get("operation-location", f"/api/operations/{segment(id_)}")
    while answer.body["status"] not in ENDED:
        session.client.sleep(answer.pause(_PAUSE))
        answer = _patiently(session, lambda: session.client.follow(address))
    return _patiently(session, lambda: whole(session.client, id_))


def watch(session: Session, id_: str, every: float) -> Any:
    """Show the drain until it has ended; then the drain."""
    with Screen(Console(file=sys.stdout)) as screen:
        followed = Followed(session.client, id_, screen.lines)
        while True:
            drain = _patiently(session, followed.look)
            screen.show(drain)
            if drain["status"] in ENDED:
                return drain
            session.client.sleep(every)


def _patiently[T](session: Session, ask: Callable[[], T]) -> T:
    for _ in range(_TIMES):
        try:
            return ask()
        except CommandError as error:
            if error.code is not Exit.UNREACHABLE:
                raise
            session.client.sleep(_AWAY)
    return ask()


def judge(drain: Any) -> None:
    """Raises :class:`CommandError` where a person should look, or the drain did not succeed."""
    lines = [f"! {text}" for text in drain["attention"]]
    if more := drain["attentionCount"] - len(lines):
        lines.append(f"! and {more} more hosts: avd-drain show {drain['id']} --attention")
    if drain["status"] in ENDED and drain["status"] != "Succeeded":
        raise CommandError(Exit.NOT_SUCCEEDED, f"the drain is {drain['status']}", *lines)
    if lines:
        raise CommandError(Exit.ATTENTION, *lines)
