"""Which drains are watched: those that are named, those of a campaign, or all that run."""

from collections.abc import Callable
from dataclasses import dataclass

from cli.client import Client, segment
from cli.looking import Followed
from cli.screen.output import Row
from cli.screen.picture import has_ended


@dataclass(frozen=True, slots=True)
class Found:
    """``whole``: no other drain will come. ``notes``: what was done to the whole of them, oldest first."""

    ids: list[str]
    whole: bool
    notes: list[str]


type Source = Callable[[], Found]


def named(ids: list[str]) -> Source:
    return lambda: Found(list(dict.fromkeys(ids)), whole=True, notes=[])


def of_campaign(client: Client, id_: str) -> Source:
    def found() -> Found:
        campaign: Row = client.call("GET", f"campaigns/{segment(id_)}").body
        slots = [slot for wave in campaign["waves"] for slot in wave["drains"]]
        notes = [f"campaign: {line['what']}" for line in campaign["history"]]
        ids = [slot["drain"] for slot in slots if slot["drain"]]
        return Found(ids, whole=has_ended(campaign), notes=notes)

    return found


def running(client: Client) -> Source:
    """All that run now, and those that begin while they do."""

    def found() -> Found:
        asked = [{"status": status, "$top": "200"} for status in ("Running", "NotStarted")]
        drains = [each for query in asked for each in client.pages("drains", query, None)]
        return Found([each["id"] for each in drains], whole=True, notes=[])

    return found


class Following:
    """Drains that are looked at again and again. ``most`` hosts of each; None: all."""

    def __init__(self, client: Client, source: Source, most: int | None) -> None:
        self._client = client
        self._source = source
        self._most = most
        self._followed: dict[str, Followed] = {}
        self._ended: dict[str, Row] = {}
        self._told = 0
        self.is_over = False

    def look(self) -> tuple[list[Row], list[str]]:
        """Each drain as it is now, and notes that are new."""
        found = self._source()
        for id_ in found.ids:
            if id_ not in self._followed:
                self._followed[id_] = Followed(self._client, id_, self._most)
        drains = [self._ended.get(id_) or one.look() for id_, one in self._followed.items()]
        self._ended |= {drain["id"]: drain for drain in drains if has_ended(drain)}
        self.is_over = found.whole and len(self._ended) == len(drains)
        new, self._told = found.notes[self._told :], len(found.notes)
        return drains, new
