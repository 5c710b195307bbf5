"""Makes a script from a seed: an estate, what the app is asked to do, and all that goes wrong."""

from random import Random

from tests.nights.drawn import asks, crowds, estate, events, lasting, rare, trouble
from tests.nights.drawn.chance import LONGEST_SIGN_IN, MOST_SKEW, TROUBLE_UNTIL
from tests.nights.script import Disturbance, Script


def draw(seed: int) -> Script:
    def chance(what: str) -> Random:
        """A random generator for each kind of thing, so that a new kind changes no other."""
        return Random(f"{what} {seed}")

    r = chance("script")
    hosts = estate.hosts(r)
    names = [host.name for host in hosts]
    tag = "ExcludeFromScaling" if r.random() < 0.5 else ""
    published, rules = events.published(chance("events"), names)
    calm = r.random() < (0.4 if published else 0.1)
    starts = asks.starts(r, names)
    asked = [*starts, *(order for start in starts for order in asks.orders(r, start, names))]
    hasty_asks, hasty_faults = trouble.hasty(chance("hasty"), starts[0])
    asks.windows(chance("windows"), starts)
    crowds.long_texts(chance("texts"), starts[0])
    hosts, crowd = crowds.crowd(chance("crowd"), hosts)
    updates, untold = lasting.update(chance("update"))
    holds, hung = lasting.conditions(chance("conditions"), starts)
    refused = lasting.more_refusals(chance("more refusals"), names, starts[0])
    tells, refuses, silent = lasting.receiver(chance("receiver"))
    tries = asks.again(chance("again"), names)
    script = Script(
        seed=seed,
        trouble_until=TROUBLE_UNTIL,
        published=published,
        rules=rules,
        hosts=hosts,
        people=(*estate.people(r, names), *crowd),
        asks=(
            *asked,
            *hasty_asks,
            *asks.cancels(chance("cancels"), refused, starts[0]),
            *crowds.many_orders(chance("orders"), starts[0]),
            *tries,
        ),
        disturbances=() if calm else _disturbances(seed, r, names, tag),
        faults=(*(() if calm else trouble.faults(r)), *hasty_faults),
        refusals=(
            *lasting.refusals(chance("refusals"), names),
            *untold,
            *refused,
            *lasting.lost(chance("lost"), names),
            *refuses,
        ),
        spells=(*lasting.spells(chance("spells"), names), *updates, *holds),
        hangs=(*hung, *lasting.hangs(chance("hangs")), *silent),
        tells=tells,
        bad_rules=lasting.bad_rules(chance("rules")),
        crashes=() if calm else trouble.crashes(r),
        jumps=() if calm else trouble.jumps(r),
        skews=tuple(r.uniform(-MOST_SKEW, MOST_SKEW) for _ in range(r.choice((1, 2, 2, 3)))),
        exclusion_tag=tag,
        autoscale=r.choice((0.0, 300.0, 900.0)) if tag or r.random() < 0.1 else 0.0,
        sneaks=tuple(r.uniform(0, LONGEST_SIGN_IN) for _ in range(r.choice((0, 0, 1, 3)))),
        answer_after=r.choice((None, 60.0, 600.0, 2400.0)),
    )
    return rare.made(chance("rare"), script)


def _disturbances(seed: int, r: Random, names: list[str], tag: str) -> tuple[Disturbance, ...]:
    return (
        *trouble.disturbances(r, names, bool(tag)),
        *trouble.newer(Random(f"newer {seed}"), names),
        *trouble.destroyed(Random(f"destroyed {seed}"), names),
        *trouble.spoilt(Random(f"spoilt {seed}")),
    )
