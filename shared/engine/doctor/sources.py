"""Readings of the topics that bring events: a list of each resource group, and one for each topic."""

from shared.core.start.doctor.findings import Finding, Unread
from shared.core.start.doctor.sources import Topics, sources
from shared.engine.doctor.reading import read
from shared.engine.world.outside import Outside
from shared.engine.world.together import together

MOST_TOPICS = 50
"""Of one resource group that are looked at."""


async def examine(outside: Outside) -> list[Finding]:
    installation = outside.options.installation
    groups = installation.event_groups

    async def look(group: str) -> Topics | Unread:
        topics = await read(outside.sources.topics(group))
        if isinstance(topics, Unread):
            return topics
        asked = topics[:MOST_TOPICS]
        ids = [topic.id for topic in asked]
        found = await together(lambda id_: read(outside.sources.subscriptions(id_)), ids)
        return dict(zip(asked, found, strict=True))

    looked = await together(look, groups)
    return list(sources(dict(zip(groups, looked, strict=True)), installation.event_kinds))
