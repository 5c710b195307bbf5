"""The scenes of ``make run``. Each scene is one file, and one line in the table.

A scene starts from nothing, carries something through on the real parts, shows it as it happens,
and reports whether every host came back as it was. Only the control plane, and the publishers of
events, are simulated.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from rich.console import Console

from local.parts import Parts
from local.scenes import night, one_drain, patch_night

Job = Callable[[Parts, Console], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene. ``settings`` override those of an app whose estate runs fast."""

    job: Job
    settings: Mapping[str, str] = field(default_factory=dict)


SCENES: Mapping[str, Scene] = {
    "drain": Scene(one_drain.job),
    "night": Scene(night.job, night.SETTINGS),
    "patch-night": Scene(patch_night.job, patch_night.SETTINGS),
}
