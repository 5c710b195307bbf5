"""One file a group of rows; the table of groups, in the order in which they are printed."""

from bench.rows import (
    buckets,
    cold,
    http,
    idle,
    instances,
    large,
    latency,
    looks,
    noticing,
    restores,
    steps,
)
from bench.rows.extra import growth, night
from bench.size import Group

GROUPS: tuple[Group, ...] = (
    cold.GROUP,
    steps.GROUP,
    idle.GROUP,
    http.GROUP,
    latency.GROUP,
    looks.GROUP,
    buckets.GROUP,
    instances.GROUP,
    large.GROUP,
    restores.GROUP,
    noticing.GROUP,
    growth.GROUP,
    night.GROUP,
)
NAMED = {group.name: group for group in GROUPS}
