"""The things of an estate: host pools, hosts, VMs, sessions. ``world`` moves them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from local.sim.estate.people import Person

Rights = Literal["all", "read", "none"] | list[str]
"""A word or a list of actions; see ``local.sim.services.access``."""


@dataclass(slots=True)
class Session:
    id: str
    person: Person
    created_at: datetime
    state: str = "Active"
    messages: list[tuple[datetime, str, str]] = field(default_factory=list)
    leaving: bool = False


@dataclass(slots=True)
class Quirks:
    """What makes a host awkward. Durations are in the estate's seconds."""

    restart_takes: float = 60.0
    boot_takes: float = 90.0
    never_comes_back: bool = False
    restart_fails: bool = False
    session_count_lag: float = 0.0
    sign_out_takes: float = 10.0
    upgrading_for: float = 0.0
    flips_drain_after: float = 0.0
    resource_id_empty_for: float = 0.0
    ghost_sessions: bool = False
    messages_fail: bool = False
    failed_check: str = ""
    script_takes: float = 45.0
    script_fails: bool = False


@dataclass(slots=True)
class Run:
    """A managed run command: a script, and its state."""

    script: dict[str, Any]
    parameters: list[dict[str, str]]
    started_at: datetime
    state: str = "Running"
    output: str = ""
    error: str = ""
    exit_code: int = 0
    ended_at: datetime | None = None


@dataclass(slots=True)
class Vm:
    id: str
    changed_at: datetime
    power: str = "running"
    busy: str = ""
    hibernated: bool = False
    """Only for a VM that is deallocated."""
    tags: dict[str, str] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    """The managed run commands by name."""


@dataclass(slots=True)
class Host:
    name: str
    vm: Vm
    object_id: str
    allow_new_session: bool = True
    quirks: Quirks = field(default_factory=Quirks)
    status: str = ""
    """The host's status. Empty: it follows from the machine's condition."""
    up_since: datetime | None = None
    last_up: datetime | None = None
    sessions: dict[str, Session] = field(default_factory=dict)
    counts: list[tuple[datetime, int]] = field(default_factory=list)
    upgrading_until: datetime | None = None
    agent_version: str = "1.0.9103.3700"
    os_version: str = "10.0.26100.4061"

    @property
    def short(self) -> str:
        return self.name.split(".", 1)[0]


@dataclass(slots=True)
class Pool:
    subscription: str
    resource_group: str
    name: str
    type: str = "Pooled"
    load_balancer: str = "BreadthFirst"
    max_session_limit: int = 999999
    names_with_pool: bool = True
    case_sensitive: bool = False
    rights: Rights = "all"
    """What the app's identity may do on the pool, and on its VMs unless ``vm_rights`` says
    otherwise."""
    vm_rights: Rights | None = None
    vm_group: str = ""
    """The resource group of the VMs. Empty: the pool's own."""
    exclusion_tag: str = ""
    autoscale: float = 0.0
    """How often, in the estate's seconds, autoscale turns drain mode off on hosts without the
    exclusion tag."""
    tags: dict[str, str] = field(default_factory=dict)
    host_update: str = ""
    """The state of the vendor's own session host update. Empty: there is none."""
    agent_windows: list[dict[str, Any]] = field(default_factory=list)
    schedules: list[dict[str, Any]] = field(default_factory=list)
    hosts: dict[str, Host] = field(default_factory=dict)

    @property
    def group_of_vms(self) -> str:
        return self.vm_group or self.resource_group

    @property
    def rights_on_vms(self) -> Rights:
        return self.rights if self.vm_rights is None else self.vm_rights

    @property
    def id(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourcegroups/{self.resource_group}"
            f"/providers/Microsoft.DesktopVirtualization/hostpools/{self.name}"
        )
