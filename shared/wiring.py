"""Connects the app to concrete adapters. No other module names them. They are imported when the app
first needs them."""

import os
import socket
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.core.notifications.lane import Lane
from shared.core.notifications.rules import Notifications, Receiver, ReceiverKind
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.schedules import Considered, Looked, Run, Schedule
from shared.core.start.doctor.installation import Installation, SignsBy
from shared.core.values.pace import Pace
from shared.engine.world.directory import Directory
from shared.engine.world.outside import Options, Outside
from shared.ports import SILENT, Telemetry
from shared.settings.azure import (
    CALLS_POISON_QUEUE,
    CALLS_QUEUE,
    POISON_QUEUE,
    WORK_QUEUE,
    Credential,
)
from shared.settings.http import HttpAuth
from shared.settings.settings import Settings

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.data.tables.aio import TableServiceClient
    from azure.storage.queue.aio import QueueClient

    from shared.adapters.azure.topic import EventGridTopic
    from shared.adapters.clock import WallClock
    from shared.adapters.receivers.receivers import ConfiguredReceivers, Endpoint
    from shared.adapters.telemetry.sender import Exporter


def connect(settings: Settings) -> Outside:
    """The outside world as the settings describe it. Sends nothing yet."""
    from shared.adapters.azure.arm.clients import ArmClients
    from shared.adapters.azure.conditions import AzureConditions
    from shared.adapters.azure.controlplane import AzureControlPlane
    from shared.adapters.azure.eventsources import AzureEventSources
    from shared.adapters.azure.machines import AzureMachines
    from shared.adapters.azure.rights import AzureRights
    from shared.adapters.azure.runcommands import AzureRunCommands
    from shared.adapters.azure.updateruns import AzureUpdateRuns
    from shared.adapters.clock import WallClock
    from shared.adapters.storage.beats import TableBeats
    from shared.adapters.storage.check import AzureStorageCheck
    from shared.adapters.storage.documents import RUNS, TableDocuments
    from shared.adapters.storage.inbox import TableInbox
    from shared.adapters.storage.queue import StorageQueue
    from shared.adapters.storage.store import TableStore
    from shared.adapters.storage.tables.azuretable import AzureTable
    from shared.adapters.webhooks import HttpWebhooks

    telemetry = _telemetry(settings)
    credential, authentication = _arm_credential(settings)
    clients = ArmClients(
        settings.arm_endpoint, credential, authentication, settings.arm_share, telemetry
    )
    tables = _tables(settings)
    names = tuple(f"{settings.table_prefix}{name}" for name in ("pools", "index"))
    pools, index = (AzureTable(tables, name) for name in names)
    topic, clock = _topic(settings), WallClock()
    return Outside(
        store=TableStore(pools, index),
        inbox=TableInbox(index),
        campaigns=TableDocuments(index, "campaigns", Campaign),
        schedules=TableDocuments(index, "schedules", Schedule),
        runs=TableDocuments(index, RUNS, Run),
        considered=TableDocuments(index, "considered", Considered),
        looks=TableDocuments(index, "looks", Looked),
        lanes=TableDocuments(index, "lanes", Lane),
        update_runs=AzureUpdateRuns(clients),
        plane=AzureControlPlane(clients, settings.host_update_versions),
        machines=AzureMachines(clients),
        scripts=AzureRunCommands(clients, settings.allowed.scripts),
        rights=AzureRights(clients),
        sources=AzureEventSources(clients),
        conditions=AzureConditions(clients, loopback=settings.arm_is_loopback),
        webhooks=HttpWebhooks(loopback=settings.arm_is_loopback),
        receivers=_receivers(settings, topic, clock),
        queue=StorageQueue(
            partial(_queue, settings, WORK_QUEUE), partial(_queue, settings, CALLS_QUEUE)
        ),
        storage=AzureStorageCheck(tables, names, _queues(settings)),
        beats=TableBeats(index),
        clock=clock,
        options=Options(
            holder=f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}",
            pace=Pace(
                soon=settings.look_soon,
                usual=settings.look_usual,
                idle=settings.look_idle,
                late=settings.late_writes,
            ),
            lease=settings.lease_for,
            overdue=settings.overdue_after,
            allowed=settings.allowed,
            limits=settings.limits,
            rules=settings.event_rules,
            schedules=settings.schedules,
            notifications=settings.notifications or Notifications(),
            settle=settings.event_settle,
            cancel_lead=settings.update_cancel_lead,
            retain_drains=settings.retain_drains,
            retain_events=settings.retain_events,
            installation=_installation(settings),
            user_names=settings.user_names,
            address=f"{settings.public_address.rstrip('/')}/api/"
            if settings.public_address
            else "",
        ),
        topic=topic,
        directory=Directory(settings.host_pools),
        telemetry=telemetry,
    )


def _telemetry(settings: Settings) -> Telemetry:
    """The telemetry that the settings ask for, or ``SILENT``. The exporters are loaded later, in
    threads of their own."""
    anywhere = settings.insights is not None or settings.otlp_endpoint
    if settings.telemetry_off or not anywhere:
        return SILENT
    from shared.adapters.telemetry.loghandler import listen
    from shared.adapters.telemetry.plain import cleaner
    from shared.adapters.telemetry.sender import Sender
    from shared.adapters.telemetry.telemetry import SentTelemetry

    senders = [Sender(name, load) for name, load in _destinations(settings)]
    telemetry = SentTelemetry(senders)
    telemetry.close_at_exit()
    listen(telemetry, cleaner(settings.user_names))
    return telemetry


def _destinations(settings: Settings) -> "list[tuple[str, Callable[[], Exporter]]]":
    from shared.adapters.telemetry.destinations import AzureMonitor, Otlp

    found: list[tuple[str, Callable[[], Exporter]]] = []
    if settings.insights is not None:
        identity = bool(settings.insights_signing)
        text, client_id = settings.insights.reveal(), settings.insights_client_id
        found.append(("Application Insights", AzureMonitor(text, identity, client_id)))
    if settings.otlp_endpoint:
        headers = settings.otlp_headers.reveal() if settings.otlp_headers is not None else ""
        found.append(("the OTLP collector", Otlp(settings.otlp_endpoint, headers)))
    return found


def _receivers(
    settings: Settings, topic: "EventGridTopic | None", clock: "WallClock"
) -> "ConfiguredReceivers":
    """The receivers of notifications with their addresses and keys. A receiver whose Key Vault
    reference is not resolved gets an endpoint that says why."""
    from shared.adapters.outgoing import Outgoing
    from shared.adapters.receivers.receivers import ConfiguredReceivers

    known = settings.notifications or Notifications()
    endpoints = {each.name: _endpoint(settings, each) for each in known.receivers}
    outgoing = Outgoing(loopback=settings.arm_is_loopback)
    return ConfiguredReceivers(endpoints, outgoing, topic, clock)


def _endpoint(settings: Settings, receiver: Receiver) -> "Endpoint":
    from shared.adapters.receivers.receivers import Endpoint
    from shared.settings.documents.notifications import is_resolved, key_of

    if receiver.kind is ReceiverKind.EVENT_GRID:
        return Endpoint(receiver.kind)
    secrets = {name: settings.secrets[name] for name in (receiver.address, *receiver.keys)}
    unknown = [name for name, secret in secrets.items() if not is_resolved(secret)]
    if unknown:
        why = f"{', '.join(unknown)}: the reference to Key Vault is not resolved"
        return Endpoint(receiver.kind, why=why)
    keys = tuple(key_of(secrets[name].reveal()) for name in receiver.keys)
    return Endpoint(receiver.kind, secrets[receiver.address].reveal(), keys)


def _installation(settings: Settings) -> Installation:
    signs_topic = SignsBy.KEY if settings.topic_key is not None else SignsBy.IDENTITY
    by_keys = settings.http_auth is HttpAuth.FUNCTION_KEY
    return Installation(
        callers=SignsBy.KEY if by_keys else SignsBy.IDENTITY,
        storage=SignsBy.IDENTITY if settings.storage is None else SignsBy.KEY,
        topic=signs_topic if settings.topic else SignsBy.NOTHING,
        local=settings.arm_is_loopback,
        scopes=settings.host_pools,
        event_rules=settings.gives("EVENT_RULES"),
        event_kinds=tuple(str(rule.on) for rule in settings.event_rules),
        event_groups=settings.event_groups,
        timers={
            "TICK_SCHEDULE": settings.tick_schedule,
            "WATCHDOG_SCHEDULE": settings.watchdog_schedule,
            "NIGHTLY_SCHEDULE": settings.nightly_schedule,
        },
    )


def _queues(settings: Settings) -> "dict[str, Callable[[], tuple[QueueClient, QueueClient]]]":
    def clients(name: str, poison: str) -> "tuple[QueueClient, QueueClient]":
        return _queue(settings, name), _queue(settings, poison)

    pairs = ((WORK_QUEUE, POISON_QUEUE), (CALLS_QUEUE, CALLS_POISON_QUEUE))
    return {name: partial(clients, name, poison) for name, poison in pairs}


def _arm_credential(settings: Settings) -> "tuple[AsyncTokenCredential, Any]":
    from shared.adapters.azure.arm.clients import NoCredential, StaticToken

    token = settings.arm_static_token
    if settings.arm_credential is Credential.STATIC_TOKEN and token is not None:
        return NoCredential(), StaticToken(token.reveal())
    return _identity(settings.arm_credential, settings.arm_client_id), None


def _topic(settings: Settings) -> "EventGridTopic | None":
    if not settings.topic:
        return None
    from azure.core.credentials import AzureKeyCredential

    from shared.adapters.azure.topic import EventGridTopic

    if settings.topic_key is not None:
        key = AzureKeyCredential(settings.topic_key.reveal())
        return EventGridTopic(settings.topic, key)
    identity = _identity(settings.arm_credential, settings.arm_client_id)
    return EventGridTopic(settings.topic, identity)


def _identity(kind: Credential, client_id: str | None) -> "AsyncTokenCredential":
    from shared.adapters.azure.identity import default_identity, managed_identity

    make = default_identity if kind is Credential.DEFAULT else managed_identity
    return make(client_id)


def _tables(settings: Settings) -> "TableServiceClient":
    """A client for Table Storage, signed in by connection string or by managed identity."""
    from azure.data.tables.aio import TableServiceClient

    from shared.adapters.transport import Transport

    if settings.storage is not None:
        secret = settings.storage.reveal()
        return TableServiceClient.from_connection_string(secret, transport=Transport())
    identity = _identity(Credential.MANAGED_IDENTITY, settings.storage_client_id)
    uri = settings.service_uri("table")
    return TableServiceClient(uri, credential=identity, transport=Transport())


def _queue(settings: Settings, name: str) -> "QueueClient":
    from azure.storage.queue import TextBase64EncodePolicy
    from azure.storage.queue.aio import QueueClient

    from shared.adapters.transport import Transport

    how: dict[str, Any] = {
        "message_encode_policy": TextBase64EncodePolicy(),
        "transport": Transport(),
    }
    if settings.storage is not None:
        return QueueClient.from_connection_string(settings.storage.reveal(), name, **how)
    identity = _identity(Credential.MANAGED_IDENTITY, settings.storage_client_id)
    return QueueClient(settings.service_uri("queue"), name, credential=identity, **how)
