"""``make bench``: what starting, deciding and remembering cost on this machine.

Each figure is the median of several runs; quote it with the machine it was measured on.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from shared.adapters.storage import entities
from shared.core.drain.model import Control, Drain, Progress
from shared.core.flow.flow import decide
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.observation.seen import HostSeen, Seen
from shared.core.policy.policy import Amount, Policy
from shared.core.values.hostpool import HostPoolId
from shared.core.values.pace import Pace

RUNS = 7
POOL = HostPoolId("11111111-2222-3333-4444-555555555555", "rg", "hp-bench")
IMPORTS = {
    "cold start: import function_app": "import function_app",
    "... and what the first step imports": (
        "import function_app; from shared.wiring import connect;"
        "connect(function_app.drain_app._settings);"
        "import shared.engine.step.step, shared.api.handlers.drains"
    ),
    "... and the first restart of a VM": "import azure.mgmt.compute.aio",
}


def median(run: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of a run, after one that does not count."""
    run()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def import_time(code: str) -> float:
    """Seconds that the code takes in a fresh interpreter, without the interpreter's own start."""
    timed = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"
    environ = {"AzureWebJobsStorage": "UseDevelopmentStorage=true", "PYTHONPATH": "."}
    environ |= {f"{name}_SCHEDULE": "0 * * * * *" for name in ("TICK", "WATCHDOG", "NIGHTLY")}

    def run() -> float:
        words = [sys.executable, "-c", timed]
        told = subprocess.run(words, env=environ, capture_output=True, check=True, text=True)  # noqa: S603
        return float(told.stdout)

    run()
    return statistics.median(run() for _ in range(RUNS))


def a_drain(hosts: int) -> tuple[Drain, Seen]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    names = [f"avd-{n:04d}.contoso.example" for n in range(hosts)]
    records = tuple(HostRecord(name, name, Phase.QUEUED, at) for name in names)
    policy = Policy(max_unavailable=Amount(10, percent=True))
    control = Control("hp", POOL, "bench", Order("bench", at), policy)
    listed = {
        name: HostSeen(name, name, True, "Available", n % 7, at, name, name, "Succeeded")
        for n, name in enumerate(names)
    }
    return Drain(control, Progress(), records), Seen(listed, at, at)


def main() -> None:
    for name, code in IMPORTS.items():
        print(f"{name:<45} {import_time(code):8.3f} s")
    for hosts in (10, 100, 1000):
        drain, seen = a_drain(hosts)
        seconds = median(lambda d=drain, s=seen: decide(d, s, s.hosts_began_at, Pace()))  # type: ignore[misc]
        print(f"{f'decide, {hosts} hosts, the first look':<45} {seconds * 1000:8.2f} ms")
    record = a_drain(1)[0].hosts[0]
    seconds = median(lambda: entities.read_host(entities.host_values(record)))
    print(f"{'write and read one host as an entity':<45} {seconds * 1e6:8.0f} µs")


if __name__ == "__main__":
    main()
