"""Judges promises 1, 2, 4, 6, 7 and 9 for hosts, their VMs and tags: each action on a host, when it
happens."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from shared.core.drain.model import Claim
from tests.nights.judges.known.court import (
    AS_BEFORE,
    EMPTY,
    FORGOTTEN,
    ONCE,
    ONE_BAD_HOST,
    SAYS_WHY,
    Court,
)
from tests.nights.judges.known.facts import APP, POWERS, Change
from tests.nights.judges.promises.floor import taken_out
from tests.nights.judges.promises.late import back_in_time
from tests.nights.judges.promises.people import Judge

OURS = "avd-drain "
_TAGGED = timedelta(minutes=20)
"""Longer than the app waits for a lost write, and than a dead instance is away."""


class HostJudge:
    """Judges actions on hosts, and remembers what was done already."""

    def __init__(self, court: Court) -> None:
        self._court = court
        self._taken: set[tuple[str, str, datetime]] = set()
        self._done: Counter[tuple[str, str, str, datetime | None]] = Counter()

    @property
    def started(self) -> set[tuple[str, str]]:
        """The drains, each with the hosts whose VM it started."""
        return {(drain, host) for drain, host, what, _ in self._done if what == "start"}

    def judges(self) -> dict[str, Judge]:
        return {
            "drain mode on": self._drain_on,
            "drain mode off": self._drain_off,
            "script began": self._script,
            "webhook called": self._webhook,
            "tag set": self._tag,
            "tag removed": self._tag,
            **dict.fromkeys(POWERS, self._power),
        }

    def _drain_on(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        if line["by"] != APP:
            return
        claim = court.ledger.claim(host, at)
        if claim is None or not claim.out:
            court.breaks(FORGOTTEN, f"{host} was closed, and no claim says so", at)
            return
        if (claim.drain, host, claim.claimed_at) not in self._taken:
            self._taken.add((claim.drain, host, claim.claimed_at))
            taken_out(court, host, claim, at)
        registered = court.facts.registered_at.get(host, claim.claimed_at)
        untold = court.spelt("no identity", host)  # then nobody can know
        if claim.claimed_at < registered < at - court.step - court.leeway and not untold:
            text = f"{host} was closed, which was registered anew {at - registered} before"
            court.breaks(AS_BEFORE, text, at)
        court.effects.append((claim.drain, host, "drain mode on"))

    def _drain_off(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        claim = court.owner(host, at)
        closed = court.facts.closed.get(host)
        if line["by"] == "autoscale" and closed is not None:
            self._scaled(court, host, closed, at)
        if line["by"] != APP or claim is None:
            return
        if closed is not None and closed.by != APP:
            longer = claim.claimed_at - closed.at
            if longer > court.leeway:
                text = f"{host} was opened, which {closed.by} closed {longer} before its claim"
                court.breaks(AS_BEFORE, text, at)
            self._another(court, host, claim, at)
        if closed is not None and closed.by == APP and claim.drain not in court.ledger.lost:
            back_in_time(court, host, claim, closed.at, at)
        self._well(claim, at)
        court.effects.append((claim.drain, host, "drain mode off"))

    def _another(self, court: Court, host: str, claim: Claim, at: datetime) -> None:
        """Whoever closed a host that was registered anew since its claim keeps it closed, as far as
        the app could list the hosts."""
        registered, since = court.facts.registered_at.get(host), at - court.step - court.leeway
        if registered is None or not claim.claimed_at < registered < since:
            return
        if court.spelt("no identity", host) or court.failures.of(("hosts",), since=since):
            return
        text = f"{host} was opened, which was registered anew and closed by others"
        court.breaks(AS_BEFORE, text, at)

    def _well(self, claim: Claim, at: datetime) -> None:
        """A host that is reported as maintained must have been healthy, as far as the app could
        know."""
        court = self._court
        record = court.ledger.records(claim.drain).get(claim.host)
        if record is None or record.maintained_at is None or record.failed:
            return
        down = court.facts.down.get(claim.host, at)
        script = court.script
        if script is not None and any(
            d.what == "destroy VM" and claim.host.startswith(d.host) for d in script.disturbances
        ):
            return  # healthy when that was asked, and put back whatever happened to it since
        if not record.stopped_before and down < at - court.step - court.leeway:
            court.breaks(ONE_BAD_HOST, f"{claim.host} is given back and is not well", at)

    def _power(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        what = line["what"]
        if line.get("by", APP) != APP:
            return
        claim = court.ledger.claim(host, at)
        if claim is None or not claim.out:
            court.breaks(SAYS_WHY, f"{what} of {host}, and no claim says why", at)
            return
        if host in court.facts.asleep and what not in ("start", "hibernate"):
            court.breaks(EMPTY, f"{what} of {host}, which is hibernated", at)
        open_ = host not in court.facts.closed and not court.just_opened(host, at)
        if open_ and what != "start":
            court.breaks(EMPTY, f"{what} of {host}, which is not in drain mode", at)
        self._once((claim.drain, host, what, claim.claimed_at), at)
        court.effects.append((claim.drain, host, what))

    def _scaled(self, court: Court, host: str, closed: Change, at: datetime) -> None:
        """Autoscale must not open a host that has been out for a while: it has the exclusion tag by
        then, unless others removed it, setting it is refused, or no instance was alive to set
        it."""
        script, claim = court.script, court.ledger.claim(host, at)
        if script is None or not script.exclusion_tag or claim is None or not claim.out:
            return
        if (
            script.disturbances
            or script.refusals_of_the_estate
            or script.spells
            or script.bad_rules
        ):
            return
        record = court.ledger.records(claim.drain).get(host)
        out_at = record.out_at if record is not None else None
        if out_at is None or closed.by != APP or out_at > at - _TAGGED:
            return
        if not any(died >= out_at - _TAGGED for died in court.failures.crashes):
            court.breaks(AS_BEFORE, f"{host} is out without its tag: autoscale opened it", at)

    def _script(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        self._once((line["run"], host, "script", None), at)

    def _webhook(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        """A webhook that has taken the host is not called again, if that could be stored."""
        claim = court.owner(host, at)
        if claim is None:
            court.breaks(SAYS_WHY, f"a webhook was called for {host}, and no claim says why", at)
        elif court.undisturbed and not court.failures.of(("call",), host):
            self._once((claim.drain, host, "webhook", claim.claimed_at), at)

    def _once(self, done: tuple[str, str, str, datetime | None], at: datetime) -> None:
        """``done``: the drain, the host, the action, and when the host went out for it, since a
        host that was carried over into the next window goes out again."""
        self._done[done] += 1
        if self._done[done] > 1:
            self._court.breaks(ONCE, f"{done[2]} of {done[1]} for the second time", at)

    def _tag(self, court: Court, host: str, line: dict[str, Any], at: datetime) -> None:
        was = line["was"]
        if line["by"] == APP and was is not None and not was.startswith(OURS):
            court.breaks(AS_BEFORE, f"the tag of {host}, '{was}', is not ours to change", at)
