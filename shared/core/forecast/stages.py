"""What lies ahead of one host, as tables of seconds; each with what it was made of.

A table is a part's duration in equally likely values; parts that follow each other are added up by drawing
from each. Where a part's past is too thin, what the policy allows stands for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from shared.core.drain.expected import Basis
from shared.core.drain.model import Control
from shared.core.forecast.leaving import Curves, Group, Kind
from shared.core.forecast.past import Past
from shared.core.forecast.spread import POINTS, Spread, Table, between, up_to
from shared.core.maintenance.deallocate import Deallocate
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.webhook import Webhook
from shared.core.policy.policy import AtDeadline, Policy, ProtectedUsers

FEWEST = 3
"""Observations that a part needs before its past is believed."""
FEWEST_SESSIONS = 8
_ALIKE = 15.0
"""Deadlines that differ by less are told by one table."""
_SETTLING = between(10.0, 60.0)
_RESTORING = between(3.0, 60.0)
_QUICK = between(10.0, 120.0)
"""Of parts that the app itself does: a look or two at its usual pace."""
_LAG = between(20.0, 240.0)


class Draws:
    """Numbers that fall as if by chance, and are the same each time."""

    def __init__(self, seed: int = 1) -> None:
        self._state = seed

    def of(self, table: Table) -> float:
        """One of a table's values."""
        self._state = state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return table[(state >> 16) % len(table)]


@dataclass(frozen=True, slots=True)
class Part:
    """``table`` None: nobody can know, and ``why``. ``known``: how much of it was observed."""

    table: Table | None
    basis: Basis = Basis.PAST
    known: float = 0.0
    what: str = ""
    why: str = ""

    def then(self, other: "Part", draws: Draws) -> "Part":
        """This, and the other after it. Of the one of which less is known, it is told."""
        if self.table is None or other.table is None:
            return self if self.table is None else other
        a, b = self.table, other.table
        if not any(b):
            table: Table = a
        else:
            table = tuple(draws.of(a) + draws.of(b) for _ in range(2 * POINTS))
        return replace(weaker(self, other), table=table)


def weaker(one: Part, other: Part) -> Part:
    """The part that rests on less. What needs no past, such as a host without users, rests on itself."""
    if not other.what or not one.what:
        return one if not other.what else other
    if one.basis is not other.basis:
        return one if one.basis is Basis.POLICY else other
    return one if one.known <= other.known else other


@dataclass
class Ahead:
    """What lies ahead of the hosts of one drain, as things are ``now``."""

    control: Control
    past: Past
    now: datetime
    draws: Draws = field(default_factory=Draws)
    _tables: dict[tuple[int, int], Part] = field(default_factory=dict)
    _left: dict[tuple[datetime, tuple[Group, ...], float, bool], Part] = field(default_factory=dict)

    @cached_property
    def curves(self) -> Curves:
        return Curves(self.past.leaving, self.control.zone)

    @cached_property
    def lag(self) -> Table:
        """From a sign-out's being due until the session is seen to be gone."""
        known = self.past.signing_out
        return known.table() if known.count >= FEWEST else _LAG

    @cached_property
    def after_empty(self) -> Part:
        """From the last session's end until the host is back."""
        draws = self.draws
        settling = self._of(self.past.settling, "settling", _SETTLING)
        return settling.then(self.maintaining(), draws).then(self.back(), draws)

    def maintaining(self, elapsed: float = 0.0) -> Part:
        kind = self.control.policy.maintenance
        longest = kind.longest().total_seconds()
        if longest == 0:
            return Part((0.0,) * POINTS)
        known = self.past.of_kind(kind.kind)
        match kind:
            case Hold():
                return Part(None, why="its maintenance is over when somebody says so (release)")
            case Deallocate(start_after=None):
                return Part(None, why="it is stopped until somebody says so (release)")
            case Webhook() if known.count < FEWEST:
                return Part(None, why="its maintenance is over when the webhook says so")
        left = max(0.0, longest - elapsed)
        if known.count < FEWEST:
            return Part(up_to(left), Basis.POLICY, known.count, kind.kind)
        table = tuple(min(each, left) for each in known.table(elapsed))
        return Part(table, Basis.PAST, known.count, kind.kind)

    def back(self, elapsed: float = 0.0) -> Part:
        """From the maintenance's end until the host is back: well, and put back."""
        policy = self.control.policy
        disturbs = policy.maintenance.disturbs
        longest = max(0.0, policy.healthy_within.total_seconds() - elapsed)
        known = self.past.back
        if known.count >= FEWEST:
            capped = tuple(min(each, longest + 60.0) for each in known.table(elapsed))
            return Part(capped, Basis.PAST, known.count, "coming back")
        table = up_to(longest, 20.0) if disturbs else _QUICK
        return Part(table, Basis.POLICY, known.count, "coming back")

    def restoring(self, elapsed: float, *, maintained: bool) -> Part:
        """Of a host that is being put back."""
        if maintained and self.past.back.count >= FEWEST:
            return self.back(elapsed)
        return Part(_RESTORING)

    def turn(self, sessions: int, hour: int) -> Part:
        """From going out until being back, of a host whose turn comes in so many hours; numbers of sessions
        that are nearly the same are told by one table."""
        alike = _rounded(sessions)
        known = self._tables.get((hour, alike))
        if known is None:
            at = self.now + timedelta(hours=hour)
            due = self.control.policy.deadline.total_seconds()
            if (latest := self.control.policy.deadline_at) is not None:
                due = max(0.0, min(due, (latest - at).total_seconds()))
            groups = (
                [Group(alike, Kind.ANY, 0.0, self.curves.still_there(self.now, at))]
                if alike
                else []
            )
            known = self.leaving(groups, at, due, protected=False)
            self._tables[hour, alike] = known
        return known

    def leaving(
        self, groups: Sequence[Group], at: datetime, due: float, *, protected: bool
    ) -> Part:
        """From a moment on until the host is back: its users leave, or are made to ``due`` seconds later, or
        the host is given up."""
        if not groups:
            return self.after_empty
        key = at, tuple(groups), due // _ALIKE, protected
        if (known := self._left.get(key)) is None:
            known = self._left[key] = self._leaving(groups, at, due, protected=protected)
        return known

    def _leaving(
        self, groups: Sequence[Group], at: datetime, due: float, *, protected: bool
    ) -> Part:
        policy = self.control.policy
        then, enough = _at_deadline(policy, protected=protected), self.past.leaving.count
        if enough >= FEWEST_SESSIONS:
            part = Part(self.curves.table(at, groups), Basis.PAST, enough, "sessions")
        elif then is AtDeadline.WAIT:
            why = (
                "its users have as long as they take, and too little is known of how long they take"
            )
            return Part(None, why=f"{why} in this pool")
        else:
            part = Part(up_to(due), Basis.POLICY, enough, "sessions")
        return self._until_due(part, due, then)

    def _until_due(self, part: Part, due: float, then: AtDeadline) -> Part:
        after, draws = self.after_empty, self.draws
        if part.table is None or after.table is None:
            return after
        total = []
        for stay in (*part.table, *part.table):
            if stay <= due or then is AtDeadline.WAIT:
                total.append(stay + draws.of(after.table))
            elif then is AtDeadline.GIVE_UP:
                total.append(due + draws.of(_RESTORING))
            else:
                total.append(due + draws.of(self.lag) + draws.of(after.table))
        return replace(weaker(part, after), table=tuple(total))

    def _of(self, known: Spread, what: str, otherwise: Table) -> Part:
        if known.count < FEWEST:
            return Part(otherwise)
        return Part(known.table(), Basis.PAST, known.count, what)


def _at_deadline(policy: Policy, *, protected: bool) -> AtDeadline:
    """What becomes of who is there at the deadline, given that protected users are among them or not."""
    if policy.at_deadline is not AtDeadline.SIGN_OUT or not protected:
        return policy.at_deadline
    stays = policy.protected_users_then is ProtectedUsers.WAIT
    return AtDeadline.WAIT if stays else AtDeadline.GIVE_UP


def _rounded(number: int) -> int:
    """1, 2, 3, 4, 6, 8, 12, 16, 24, ...: as exact as is worth a table of its own."""
    if number <= 4:
        return max(0, number)
    step = 1 << (number.bit_length() - 2)
    return -(-number // step) * step
