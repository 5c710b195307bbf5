"""The body of a schedule, over HTTP or in the settings, with all its faults."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from shared.core.policy.policychecks import is_zone
from shared.core.schedules import schedules as core
from shared.core.schedules.schedules import Missed, Schedule, What
from shared.core.values.hostpool import HostPoolId
from shared.errors import Fault
from shared.wire.bodies import Whole, validated
from shared.wire.campaigns import CampaignBody
from shared.wire.fields import NotNegative
from shared.wire.policies import policies_told
from shared.wire.start import StartBody

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def _cron(value: str) -> str:
    if text := core.fault_of(value):
        raise ValueError(text)
    return value


def _zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError(f"'{value}' is no IANA time zone, such as Europe/Berlin")
    return value


class ScheduleBody(Whole):
    """When something runs, and what: `drain` (a request for a drain) or `campaign` (a request for a
    campaign)."""

    cron: Annotated[str, AfterValidator(_cron)] = Field(
        min_length=1, max_length=200,
        description="five fields: minute, hour, day of the month, month, day of the week",
    )  # fmt: skip
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", max_length=64, description="the IANA time zone of these"
    )
    drain: StartBody | None = None
    """The drain that each run starts."""
    campaign: CampaignBody | None = None
    """The campaign that each run starts."""
    except_dates: list[date] = Field(
        default_factory=list, max_length=1000, description="days on which nothing is run"
    )
    except_calendar: str = Field(
        default="", max_length=200_000,
        description="an iCalendar file, as text: nothing is run on the days of its events",
    )  # fmt: skip
    missed: Missed = Field(
        default=Missed.RUN_LATE, description="what becomes of a run whose time nobody saw to"
    )
    late_within: NotNegative = Field(
        default=timedelta(hours=1),
        description="with `runLate`: no later than so long after its time",
    )
    enabled: bool = True
    """Whether the schedule runs at its times."""
    report_to: str = Field(
        default="", max_length=2000,
        description="the morning report is posted here; its host name must be allowed by the setting "
        "`WEBHOOK_HOSTS`. It is never shown again: it may hold a secret",
    )  # fmt: skip

    @classmethod
    def amiss(cls, read: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
        if len({"drain", "campaign"} & told.keys()) != 1:
            yield "either 'drain' or 'campaign'"

    def drains(self) -> list[tuple[str, StartBody]]:
        """The drains that a run starts, each with its place in the body."""
        if self.drain is not None:
            return [("drain.", self.drain)]
        drains = self.campaign.drains() if self.campaign is not None else []
        return [(f"campaign.{place}", drain) for place, drain in drains]

    def schedule(self, name: str, by: str, now: datetime | None, raw: Any) -> Schedule:
        """The schedule's record. ``raw`` is the body as it came: the request for what it starts is
        stored like that. ``now`` is None for a schedule of the settings."""
        kept = raw["drain"] if self.drain is not None else raw["campaign"]
        return Schedule(
            name=name,
            cron=self.cron,
            zone=self.time_zone,
            what=What.DRAIN if self.drain is not None else What.CAMPAIGN,
            request=json.dumps(kept),
            except_dates=tuple(sorted(self.except_dates)),
            calendar=self.except_calendar,
            missed=self.missed,
            late_within=self.late_within,
            enabled=self.enabled,
            report_to=self.report_to,
            by=by,
            changed_at=now,
            from_file=now is None,
        )


def pools_of(schedule: Schedule) -> frozenset[HostPoolId]:
    """Of what it runs, as that is kept. None if it cannot be read."""
    try:
        kept: Any = json.loads(schedule.request)
        drains = (
            [kept]
            if schedule.what is What.DRAIN
            else [drain for wave in kept["waves"] for drain in wave["drains"]]
        )
        return frozenset(StartBody.model_validate(drain).pool() for drain in drains)
    except (ValueError, KeyError, TypeError):
        return frozenset()


_FIXED = {
    "deadline_at": "deadlineAt", "starts_at": "startsAt", "ends_at": "endsAt", "cancel_by": "cancelBy",
}  # fmt: skip


def fixed_dates(told: Any) -> list[Fault]:
    """Faults for fixed dates in the policies of a schedule's body: a schedule runs many times, and the next run would
    be past the date."""
    found = []
    for prefix, policy in policies_told(told):
        for where, thing in (("policy.", policy), ("policy.maintenance.", policy.maintenance)):
            for name, alias in _FIXED.items():
                if isinstance(getattr(thing, name, None), datetime):
                    text = f"'{alias}' is a fixed date: a schedule's next run would be past it"
                    found.append(Fault("FixedDate", f"{prefix}{where}{alias}", text))
    return found


def read_schedules(raw: Any) -> tuple[Schedule, ...]:
    """The schedules of a settings file: an object, name to body. Raises ValueError with every
    fault, except those of the policies as a whole, which depend on what is allowed."""
    if not isinstance(raw, dict):
        raise ValueError("not an object of schedules by name")
    made, faults = [], []
    for name, each in raw.items():
        if not NAME.fullmatch(name):
            faults.append(f"'{name}': a name of at most 63 small letters, digits and hyphens")
        faults += [f"'{name}', {f.target}: {f.text}" for f in fixed_dates(each)]
        body, wrong = validated(ScheduleBody, each)
        faults += [f"'{name}', {fault.text}" for fault in wrong]
        if body is None:
            continue
        made.append(body.schedule(name, "the app's settings", None, each))
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(made)
