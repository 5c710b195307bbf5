"""200 hosts at 120 ms latency and no limits: the app against what people use instead, side by side.

``az rest`` and the SDK one after another cost the same for each host, so fewer are done and counted up.
"""

import statistics
import time
from collections.abc import AsyncIterator

from bench.harness import others
from bench.harness.estate import PoolOf, subscription
from bench.harness.others import NotHadError
from bench.harness.stage import GOING_OUT, ON, Set, Stage, stage
from bench.size import Group, Size
from bench.table import Row, at_least

LATENCY = 0.12
HOSTS = 200


async def run(size: Size) -> AsyncIterator[Row]:
    rounds = size.pick(1, 3, 5)
    names = ("app", "sdk", "sdk32", "az")
    pools = {
        (name, n): PoolOf(f"hp-{name}-{n}", HOSTS, subscription=subscription(n))
        for name in names
        for n in range(rounds)
    }  # a subscription a round: the app keeps to the buckets of each, and the last round has emptied its own
    how = Set(latency=LATENCY, buckets=False, settings={"ARM_SHARE": "1"})
    async with stage([*pools.values(), PoolOf("hp-warm", 2)], how) as st:
        yield await _ceiling(st)
        python = await others.environment("bench-sdk", others.SDK)
        await st.start(PoolOf("hp-warm", 2), GOING_OUT)
        await st.until(ON, 2, 30, of="hp-warm")
        took: dict[str, list[float]] = {name: [] for name in names}
        az_trouble = ""
        for n in range(rounds):
            took["app"].append(await _app(st, pools["app", n]))
            url = st.parts.sim_url
            few = size.pick(10, 50, HOSTS)
            seconds = await others.sdk_seconds(python, url, pools["sdk", n], few, 1)
            took["sdk"].append(seconds * HOSTS / few)
            took["sdk32"].append(
                await others.sdk_seconds(python, url, pools["sdk32", n], HOSTS, 32)
            )
            if not az_trouble:
                try:
                    few = size.pick(2, 5, 50)
                    az = await others.environment("bench-az", others.CLI)
                    seconds = await others.az_seconds(az, url, pools["az", n], few)
                    took["az"].append(seconds * HOSTS / few)
                except NotHadError as error:
                    az_trouble = str(error)
    text = f"{HOSTS} hosts at {LATENCY * 1000:.0f} ms, no limits, from the request to the last"
    yield Row("latency.app", text, tuple(took["app"]), "s")
    goals = {
        "sdk": ("the official SDK in a loop", 20),
        "az": ("az rest in a loop", 60),
        "sdk32": ("the SDK with 32 at once", 0.9),
    }
    for name, (what, goal) in goals.items():
        if not took[name]:
            yield Row(f"latency.{name}", f"... times faster than {what}", (), note=az_trouble)
            continue
        ratios = [other / app for other, app in zip(took[name], took["app"], strict=False)]
        note = f"{what}: {statistics.median(took[name]):.3g} s"
        text = f"... times faster than {what}"
        yield Row(f"latency.{name}", text, tuple(ratios), "", at_least(goal), note)


async def _app(st: Stage, pool: PoolOf) -> float:
    began = time.time()
    await st.start(pool, GOING_OUT)
    times = await st.until(ON, HOSTS, 120, of=f"{pool.name}-")
    if len(times) < HOSTS:
        raise RuntimeError(f"only {len(times)} of {HOSTS} hosts went out in two minutes")
    return times[-1] - began


async def _ceiling(st: Stage) -> Row:
    """What the control plane's simulator takes with no app at all: it must not be what is measured."""
    await st.client.sim("POST", "limits", {"latency": 0})
    python = await others.environment("bench-sdk", others.SDK)
    rate = await others.ceiling(python, st.parts.sim_url, PoolOf("hp-warm", 2).id)
    await st.client.sim("POST", "limits", {"latency": LATENCY})
    text = "the simulated control plane's own ceiling: writes a second, with no app"
    return Row("ceiling.writes", text, (rate,), "/s")


GROUP = Group("latency", "200 hosts at 120 ms, against SDK and az", run)
