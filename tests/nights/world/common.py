"""What outlives an instance of the app, and what all instances share."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from shared.core.events.rules import Rule
from shared.settings.documents.event_rules import read_rules
from tests.nights.judges.known.failures import Failures
from tests.nights.script import Crash, Fault, Script
from tests.nights.world.loop import VirtualLoop
from tests.nights.world.queue import MemoryQueue
from tests.nights.world.scene import Scene
from tests.support.memory_table import MemoryTable


@dataclass(slots=True)
class Shared:
    """What outlives an instance, and what all instances share."""

    script: Script
    loop: VirtualLoop
    scene: Scene
    tables: tuple[MemoryTable, MemoryTable]
    queue: MemoryQueue
    chance: Random
    tell: Callable[[str], None]
    lost: Callable[[str], None]
    """Called with each drain whose record is removed."""
    calls: int = 0
    faults: int = 0
    crashes: int = 0
    failures: Failures = field(default_factory=Failures)

    def __post_init__(self) -> None:
        self.due = {(fault.name, fault.call): fault for fault in self.script.faults}
        self.deaths = {crash.call: crash for crash in self.script.crashes}
        self.rules = read_rules(self.script.rules) if self.script.rules else ()

    due: dict[tuple[str, int], Fault] = None  # type: ignore[assignment]
    rules: tuple[Rule, ...] = ()
    by_name: Counter[str] = field(default_factory=Counter)
    deaths: dict[int, Crash] = None  # type: ignore[assignment]
