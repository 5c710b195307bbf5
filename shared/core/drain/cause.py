"""Why a drain was started, if no person and no program asked for it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """The events that a drain was started for: by which rule, of which source, about what, and until
    when its users have time, if that was told. Later events of the same cause add their hosts to
    it."""

    rule: str
    source: str = ""
    about: str = ""
    by: datetime | None = None
