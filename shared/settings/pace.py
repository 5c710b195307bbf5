"""Settings about time: when the app looks, how long it waits, and how long it keeps records; and
how users are named in records."""

from datetime import timedelta

from shared.core.values.durations import parse_duration
from shared.core.values.usernames import UserNames
from shared.settings.setting import Group, Setting
from shared.settings.values import TIMER_WORDS, is_timer, one_of


class PaceSettings(Group):
    __slots__ = ()

    tick_schedule = Setting(
        "TICK_SCHEDULE",
        str,
        "0 * * * * *",
        "NCRONTAB schedule (six fields, UTC) of the timer that finds drains whose "
        "own message was lost. The trigger reads it, so it must be set.",
    )
    watchdog_schedule = Setting(
        "WATCHDOG_SCHEDULE",
        str,
        "30 */5 * * * *",
        "NCRONTAB schedule (six fields, UTC) of the timer that puts back hosts which "
        "no drain works on any more. The trigger reads it, so it must be set.",
    )
    nightly_schedule = Setting(
        "NIGHTLY_SCHEDULE",
        str,
        "15 * * * * *",
        "NCRONTAB schedule (six fields, UTC) of the timer that sees to the moments of "
        "schedules, whatever their own times are. The trigger reads it, so it must be set.",
    )
    look_soon = Setting(
        "LOOK_SOON",
        parse_duration,
        timedelta(seconds=5),
        "How soon to look again when something is about to happen.",
    )
    look_usual = Setting(
        "LOOK_USUAL",
        parse_duration,
        timedelta(seconds=30),
        "How soon to look again while people or machines take their time.",
    )
    look_idle = Setting(
        "LOOK_IDLE",
        parse_duration,
        timedelta(minutes=5),
        "How soon to look again when nothing is expected.",
    )
    late_writes = Setting(
        "LATE_WRITES",
        parse_duration,
        timedelta(minutes=3),
        "How long a write whose answer was lost may still take effect. A host is "
        "watched for so long before it counts as put back.",
    )
    lease_for = Setting(
        "LEASE_FOR",
        parse_duration,
        timedelta(seconds=90),
        "How long a step owns its pool. After a crash nobody else works on the pool for that long.",
    )
    overdue_after = Setting(
        "OVERDUE_AFTER",
        parse_duration,
        timedelta(seconds=45),
        "How late a drain's own message may be before the timer sends another.",
    )
    retain_drains = Setting(
        "RETAIN_DRAINS",
        parse_duration,
        timedelta(days=90),
        "How long drains that have ended are kept, with their history and the users' "
        "names in it; runs of schedules, their reports, and campaigns, too. At least P1D.",
    )
    retain_events = Setting(
        "RETAIN_EVENTS",
        parse_duration,
        timedelta(days=30),
        "How long it is kept what came of events. At least P1D.",
    )

    user_names = Setting(
        "USER_NAMES",
        one_of(UserNames),
        UserNames.FULL,
        "How users' names are written in history, reports and logs, and shown over HTTP: full; "
        "hashed, as marks that tell users of one drain apart; or none. A drain keeps what was set "
        "when it began.",
    )

    def timer_faults(self) -> list[str]:
        """Faults for timers. A timer that the host cannot read never fires, and then nothing finds
        lost work: so the app does not start."""
        timers = {
            "TICK_SCHEDULE": self.tick_schedule,
            "WATCHDOG_SCHEDULE": self.watchdog_schedule,
            "NIGHTLY_SCHEDULE": self.nightly_schedule,
        }
        return [
            f"{name}: {TIMER_WORDS}" if self.gives(name) else f"{name}: missing"
            for name, text in timers.items()
            if not self.gives(name) or not is_timer(text)
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
