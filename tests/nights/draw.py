"""Makes a script of a seed: an estate, what is asked of the app, and all that goes wrong."""

from random import Random

from tests.nights.drawn import asks, estate, events, trouble
from tests.nights.drawn.chance import LONGEST_SIGN_IN, MOST_SKEW, TROUBLE_UNTIL
from tests.nights.script import Script


def draw(seed: int) -> Script:
    r = Random(f"script {seed}")
    hosts = estate.hosts(r)
    names = [host.name for host in hosts]
    tag = "ExcludeFromScaling" if r.random() < 0.5 else ""
    published, rules = events.published(Random(f"events {seed}"), names)
    calm = r.random() < (0.4 if published else 0.1)
    starts = asks.starts(r, names)
    asked = [*starts, *(order for start in starts for order in asks.orders(r, start, names))]
    hasty_asks, hasty_faults = trouble.hasty(Random(f"hasty {seed}"), starts[0])
    asks.windows(Random(f"windows {seed}"), starts)
    return Script(
        seed=seed,
        trouble_until=TROUBLE_UNTIL,
        published=published,
        rules=rules,
        hosts=hosts,
        people=estate.people(r, names),
        asks=(*asked, *hasty_asks),
        disturbances=() if calm else trouble.disturbances(r, names, bool(tag)),
        faults=hasty_faults if calm else (*trouble.faults(r), *hasty_faults),
        refusals=trouble.refusals(Random(f"refusals {seed}"), names),
        crashes=() if calm else trouble.crashes(r),
        jumps=() if calm else trouble.jumps(r),
        skews=tuple(r.uniform(-MOST_SKEW, MOST_SKEW) for _ in range(r.choice((1, 2, 2, 3)))),
        exclusion_tag=tag,
        autoscale=r.choice((0.0, 300.0, 900.0)) if tag or r.random() < 0.1 else 0.0,
        sneaks=tuple(r.uniform(0, LONGEST_SIGN_IN) for _ in range(r.choice((0, 0, 1, 3)))),
        answer_after=r.choice((None, 60.0, 600.0, 2400.0)),
    )
