"""The HTTP server of the simulated control plane: checks tokens, buckets and faults, then
responds."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from local.sim.estate.world import World
from local.sim.limits.buckets import Buckets
from local.sim.limits.faults import Called, Faults, Rule
from local.sim.limits.limits import Limits
from local.sim.services import desktops, graph, machines, rights, topics, updates
from local.sim.services.access import Where, on_subscription
from local.sim.services.arm import Answer, ArmError, Call, parse, permissions_of, tagged_vm
from local.sim.services.machines import Machines

_HOLD = 90.0
"""The most seconds that a response which never comes keeps the caller waiting."""


@dataclass(slots=True)
class Simulator:
    world: World
    faults: Faults = field(default_factory=Faults)
    buckets: Buckets = field(default_factory=Buckets)
    limits: Limits = field(default_factory=Limits)
    machines: Machines = field(default_factory=Machines)
    calls: dict[str, int] = field(default_factory=dict)
    """How often each operation was called, including refused calls."""
    needed: set[tuple[str, str]] = field(default_factory=set)
    """The actions that calls needed, each with the id of its scope, including denied ones."""
    topic: list[Any] = field(default_factory=list)
    """The events that the app has published."""
    late: set[asyncio.Task[None]] = field(default_factory=set)

    def catch_up(self) -> None:
        self.world.advance(datetime.now(UTC))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handle any request to the control plane."""
        await self._on_the_way()
        self.catch_up()
        called = Called("", "", request.method, unquote(request.path_qs))
        answer, called = await self._answer(request, called)
        await self._on_the_way()
        for rewriting in self.faults.rewrites(called):
            answer = rewriting.rewrite(answer)
        return answer

    async def _answer(self, request: web.Request, called: Called) -> tuple[web.Response, Called]:
        """The usual response, and the call as far as it is understood."""
        headers = {"x-ms-request-id": "00000000-0000-0000-0000-000000000000"}
        try:
            if not request.headers.get("Authorization", "").startswith("Bearer "):
                raise ArmError(
                    401, "AuthenticationFailed", "The 'Authorization' header is missing."
                )
            if request.path.lower() == graph.PATH and request.method == "POST":
                called = replace(called, operation="resources.query")
                self._strike(called)
                body = await _body(request)
                for subscription in graph.subscriptions(body):
                    self._allow(graph.RIGHT, on_subscription(self.world, subscription))
                return web.json_response(graph.answer(self.world, body, self._may)), called
            call = parse(
                request.method,
                request.path,
                dict(request.query),
                await _body(request),
                f"http://{request.host}",
            )
            call = replace(call, largest=self.limits.largest_page)
            headers.update(self._admit(call))
            answer = self._find(call)
            self.calls[answer.operation] = self.calls.get(answer.operation, 0) + 1
            called = replace(called, operation=answer.operation, host=answer.host)
            self._allow(answer.right, answer.where)
            rule = self.faults.strike(called)
            if rule is not None:
                return await self._fault(request, rule, answer, headers), called
            return _respond(answer, headers), called
        except ArmError as error:
            return _error(error, headers), called

    async def _on_the_way(self) -> None:
        if self.limits.latency:
            await asyncio.sleep(self.limits.latency / 2)

    def _may(self, action: str, where: Where) -> bool:
        self.needed.add((action, where.scope))
        return where.allows(action)

    def _allow(self, action: str, where: Where) -> None:
        if not self._may(action, where):
            text = (
                "The client 'app' with object id '00000000-0000-0000-0000-0000000000aa' does not have "
                f"authorization to perform action '{action}' over scope '{where.scope}' or the scope is invalid."
            )
            raise ArmError(403, "AuthorizationFailed", text)

    def _strike(self, called: Called) -> None:
        """Count a call that belongs to no subscription, and fail it if a rule says so."""
        self.calls[called.operation] = self.calls.get(called.operation, 0) + 1
        rule = self.faults.strike(called)
        if rule is not None:
            raise rule.refusal

    def _admit(self, call: Call) -> dict[str, str]:
        if not self.limits.buckets:
            return {}
        kind, left, again = self.buckets.take(call.subscription, call.method, self.world.now)
        if left < 0:
            self.limits.throttled += 1
            text = f"The request was throttled; retry after {again} seconds."
            raise ArmError(429, "SubscriptionRequestsThrottled", text, again)
        return {f"x-ms-ratelimit-remaining-subscription-{kind}": str(int(left))}

    def _find(self, call: Call) -> Answer:
        if permissions_of(call):
            return rights.answer(self.world, call)
        match call.provider:
            case "microsoft.desktopvirtualization":
                return desktops.answer(self.world, call)
            case "microsoft.eventgrid":
                return topics.answer(self.world, call)
            case "microsoft.compute" if tagged_vm(call):
                return machines.tags(self.world, call, tagged_vm(call))
            case "microsoft.compute":
                return self.machines.answer(self.world, call)
            case "microsoft.maintenance" if updates.run_of(call):
                return updates.answer(self.world, call)
        text = f"The resource namespace '{call.provider}' is invalid."
        raise ArmError(404, "InvalidResourceNamespace", text)

    async def _fault(
        self, request: web.Request, rule: Rule, answer: Answer, headers: dict[str, str]
    ) -> web.Response:
        match rule.effect:
            case "status":
                raise rule.refusal
            case "delay":
                await asyncio.sleep(min(rule.seconds, _HOLD))
                self.catch_up()
                return _respond(answer, headers)
            case "lose":
                _respond(answer, headers)
            case "late":
                task = asyncio.create_task(self._later(rule.seconds, answer))
                self.late.add(task)
                task.add_done_callback(self.late.discard)
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def _later(self, seconds: float, answer: Answer) -> None:
        await asyncio.sleep(seconds)
        self.catch_up()
        answer.do()


def _respond(answer: Answer, headers: dict[str, str]) -> web.Response:
    status, body, more = answer.do()
    headers = {**headers, **more}
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.json_response(body, status=status, headers=headers)


def _error(error: ArmError, headers: dict[str, str]) -> web.Response:
    if error.retry_after is not None:
        headers = {**headers, "Retry-After": str(error.retry_after)}
    body = {"error": {"code": error.code, "message": error.message}}
    return web.json_response(body, status=error.status, headers=headers)


async def _body(request: web.Request) -> Any:
    if not request.can_read_body:
        return None
    try:
        return json.loads(await request.read())
    except ValueError:
        raise ArmError(400, "InvalidRequestContent", "The request content was not JSON.") from None
