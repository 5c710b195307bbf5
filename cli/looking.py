"""What the app tells in pages: a drain with its hosts, as far as they are wanted, and lists."""

from typing import Any

from cli.client import Client, segment
from cli.options import Session
from cli.screen.output import Row, Rows

OUT = ("draining", "empty", "maintaining", "verifying", "restoring")
NEEDING = "attention ne null"
_PAGE = "200"


def hosts(
    client: Client, id_: str, wanted: str | None = None, most: int | None = None
) -> list[Row]:
    """``wanted`` is a filter as the app takes it; at most so many, or all."""
    top = _PAGE if most is None else str(min(most, int(_PAGE)))
    return client.pages(f"drains/{segment(id_)}/hosts", {"$filter": wanted, "$top": top}, most)


def whole(client: Client, id_: str, wanted: str | None = None) -> Row:
    drain: Row = client.call("GET", f"drains/{segment(id_)}").body
    return {**drain, "hosts": hosts(client, id_, wanted)}


def list_or_one(session: Session, path: str, name: str | None, rows: Rows, none: str) -> None:
    """Show the things at a path, or the one of that name. ``none`` is said where there are none."""
    if name is not None:
        session.output.show_one(session.client.call("GET", f"{path}/{segment(name)}").body, rows)
        return
    found = session.client.pages(path, {}, None)
    session.output.show(found, rows)
    session.output.none(found, none)


def in_phases(*phases: str) -> str:
    return f"phase in ({', '.join(f"'{phase}'" for phase in phases)})"


class Followed:
    """One drain that is looked at again and again: its hosts are read only when it has moved. ``most``: for
    a screen of so many lines; None: all hosts."""

    def __init__(self, client: Client, id_: str, most: int | None) -> None:
        self._client = client
        self._id = id_
        self._most = most
        self._etag = ""
        self._seen: Row = {}

    def look(self) -> Row:
        headers = {"If-None-Match": self._etag} if self._etag else {}
        answer = self._client.call("GET", f"drains/{segment(self._id)}", headers=headers)
        if answer.status == 304:
            return self._seen
        drain: Any = answer.body
        self._seen = {**drain, "hosts": self._hosts()}
        self._etag = answer.headers.get("etag", "")
        return self._seen

    def _hosts(self) -> list[Row]:
        """For a screen: those that need a person, those that are out, and who comes next."""
        if self._most is None:
            return hosts(self._client, self._id)
        found: dict[str, Row] = {}
        for wanted in (NEEDING, in_phases(*OUT), in_phases("queued")):
            for host in hosts(self._client, self._id, wanted, self._most):
                found.setdefault(host["name"], host)
        return list(found.values())
