"""Why a drain was started, if neither a person nor a program asked for it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """The events for which a drain was started: the rule, the events' source, their matter
    (``about``), and until when users have time (``by``; None if not told). Later events with the
    same cause add their hosts to the drain."""

    rule: str
    source: str = ""
    about: str = ""
    by: datetime | None = None
