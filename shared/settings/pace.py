"""When the app looks, how long it waits, how long it keeps records."""

from datetime import timedelta

from pydantic import BaseModel, Field

from shared.core.values.durations import parse_duration
from shared.settings.timers import TIMER_WORDS, is_timer
from shared.settings.values import Duration


class PaceSettings(BaseModel):
    tick_schedule: str = Field(
        default="0 * * * * *",
        alias="TICK_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that finds drains whose "
        "own message was lost. The trigger reads it, so it must be set.",
    )
    watchdog_schedule: str = Field(
        default="30 */5 * * * *",
        alias="WATCHDOG_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that puts back hosts which "
        "no drain works on any more. The trigger reads it, so it must be set.",
    )
    nightly_schedule: str = Field(
        default="15 * * * * *",
        alias="NIGHTLY_SCHEDULE",
        description="NCRONTAB schedule (six fields, UTC) of the timer that sees to the moments of "
        "schedules, whatever their own times are. The trigger reads it, so it must be set.",
    )
    look_soon: Duration = Field(
        default=timedelta(seconds=5),
        alias="LOOK_SOON",
        description="How soon to look again when something is about to happen.",
    )
    look_usual: Duration = Field(
        default=timedelta(seconds=30),
        alias="LOOK_USUAL",
        description="How soon to look again while people or machines take their time.",
    )
    look_idle: Duration = Field(
        default=timedelta(minutes=5),
        alias="LOOK_IDLE",
        description="How soon to look again when nothing is expected.",
    )
    late_writes: Duration = Field(
        default=timedelta(minutes=3),
        alias="LATE_WRITES",
        description="How long a write whose answer was lost may still take effect. A host is "
        "watched for so long before it counts as put back.",
    )
    lease_for: Duration = Field(
        default=timedelta(seconds=90),
        alias="LEASE_FOR",
        description="How long a step owns its pool. After a crash nobody else works on the pool "
        "for that long.",
    )
    overdue_after: Duration = Field(
        default=timedelta(seconds=45),
        alias="OVERDUE_AFTER",
        description="How late a drain's own message may be before the timer sends another.",
    )
    retain_drains: Duration = Field(
        default=timedelta(days=90),
        alias="RETAIN_DRAINS",
        description="How long drains that have ended are kept, with their history and the users' "
        "names in it; runs of schedules, their reports, and campaigns, too. At least P1D.",
    )
    retain_events: Duration = Field(
        default=timedelta(days=30),
        alias="RETAIN_EVENTS",
        description="How long it is kept what came of events. At least P1D.",
    )

    def timer_faults(self) -> list[str]:
        """A timer that the host cannot read is the net being off, so the app does not start."""
        timers = {
            "TICK_SCHEDULE": (self.tick_schedule, "tick_schedule"),
            "WATCHDOG_SCHEDULE": (self.watchdog_schedule, "watchdog_schedule"),
            "NIGHTLY_SCHEDULE": (self.nightly_schedule, "nightly_schedule"),
        }
        return [
            f"{name}: missing" if field not in self.model_fields_set else f"{name}: {TIMER_WORDS}"
            for name, (text, field) in timers.items()
            if field not in self.model_fields_set or not is_timer(text)
        ]

    def pace_faults(self) -> list[str]:
        bounds = {
            "LOOK_SOON": (self.look_soon, "PT0.1S"),
            "LOOK_USUAL": (self.look_usual, "PT0.1S"),
            "LOOK_IDLE": (self.look_idle, "PT0.1S"),
            "RETAIN_DRAINS": (self.retain_drains, "P1D"),
            "RETAIN_EVENTS": (self.retain_events, "P1D"),
            "LEASE_FOR": (self.lease_for, "PT2S"),
        }
        return [
            f"{name}: at least {least}"
            for name, (value, least) in bounds.items()
            if value < parse_duration(least)
        ]
