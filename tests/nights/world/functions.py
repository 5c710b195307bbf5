"""The Functions host around the app: hands messages, timers and requests to whichever instance is
alive."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from shared.adapters.storage.queue import decode
from shared.api.http.responding import response_of
from shared.api.http.web import Request, Response
from shared.api.routes import NAMED
from shared.engine.events.handling import see_to
from shared.engine.events.reception import hear
from shared.engine.step.poolwork import work_on
from shared.engine.timers import poisoned
from shared.engine.timers.calling import call
from shared.engine.timers.overdue import resend_overdue
from shared.engine.timers.watchdog import watch
from shared.engine.world.outside import Outside
from shared.errors import RequestRefusedError
from shared.events.envelope import Context
from shared.events.translators import translate
from shared.ports import PassOn, PostReport, SeeToEvents, TakeStep, TellReceiver, TellSubscriber
from tests.nights.script import Crash
from tests.nights.world.common import Shared
from tests.nights.world.instance import DeadError, Instance
from tests.nights.world.queue import Message, MessageGoneError
from tests.support.callers.callers import ANNA

HIDDEN = 600.0
AGAIN = 10.0
MOST_TRIES = 5
TICK = 300.0
WATCHDOG = 600.0
BASE = "https://drains.contoso.example/api/"

Stepped = Callable[[str], None]
"""Called after each step of a drain that completed."""


class Functions:
    """All instances of the app, and what brings them work."""

    def __init__(
        self, shared: Shared, stepped: Stepped, surprised: Callable[[str, Exception], None]
    ):
        self._shared = shared
        self._stepped = stepped
        self._surprised = surprised
        self._lives = 0
        self._over = False
        self.places: list[Instance | None] = [None] * len(shared.script.skews)
        self.busy = 0
        """Invocations under way."""
        self.steps = 0
        for number in range(len(self.places)):
            self._begin(number)

    def open(self) -> None:
        """Start the timers."""
        self._shared.loop.call_later(TICK, self._tick)
        self._shared.loop.call_later(WATCHDOG, self._watch)

    def _begin(self, number: int) -> None:
        if self.places[number] is None and not self._over:
            self._lives += 1
            name = f"app-{number}.{self._lives}"
            self.places[number] = Instance(
                self._shared, number, name, lambda crash, n=number: self._ended(n, crash)  # type: ignore[misc]
            )  # fmt: skip

    def _ended(self, number: int, crash: Crash) -> None:
        self.places[number] = None
        self._shared.loop.call_later(crash.back_after, self._begin, number)

    def jump(self, number: int, by: float) -> None:
        instance = self.places[number % len(self.places)]
        if instance is not None:
            instance.clock.ahead += by

    def somebody(self) -> Instance | None:
        """A living instance, chosen at random. None: there is none."""
        alive = [instance for instance in self.places if instance is not None]
        return self._shared.chance.choice(alive) if alive else None

    def changed(self, at: float) -> None:
        """A message becomes visible at that time. It is fetched a little later."""
        shared = self._shared
        later = max(at, shared.loop.time()) + shared.chance.random() * 2
        shared.loop.call_at(later, self._fetch)

    def _fetch(self) -> None:
        instance = self.somebody()
        if instance is None:
            if self._shared.queue.messages:
                self._shared.loop.call_later(30.0, self._fetch)
            return
        message = self._shared.queue.receive(HIDDEN, self._shared.chance.randrange)
        if message is not None:
            self._spawn(self._handle(instance, message))

    async def _handle(self, instance: Instance, message: Message) -> None:
        queue = self._shared.queue
        if message.dequeue_count > MOST_TRIES:
            self._shared.tell(f"poison: {message.text}")
            queue.delete(message)
            await poisoned.report(instance.outside, decode(message.text))
            return
        work = decode(message.text)
        try:
            match work:
                case SeeToEvents():
                    await see_to(instance.outside)
                case TellSubscriber() | PostReport() | TellReceiver() | PassOn():
                    await call(instance.outside, work)
                case TakeStep():
                    await work_on(instance.outside, work)
        except DeadError:
            raise
        except Exception as error:  # noqa: BLE001 - as the real host: shown again later
            self._shared.tell(f"{instance.name}: a step failed: {type(error).__name__}: {error}")
            self._surprised(f"a message: {work}", error)
            self._settle(lambda: queue.hide(message, AGAIN))
            return
        self.steps += 1
        self._settle(lambda: queue.delete(message))
        if isinstance(work, TakeStep | TellSubscriber):
            self._stepped(work.drain)

    @staticmethod
    def _settle(do: Callable[[], None]) -> None:
        try:
            do()
        except MessageGoneError:
            return

    def _tick(self) -> None:
        self._shared.loop.call_later(TICK, self._tick)
        self._timer("the timer", lambda instance: resend_overdue(instance.outside))

    def _watch(self) -> None:
        self._shared.loop.call_later(WATCHDOG, self._watch)
        self._timer("the watchdog", lambda instance: watch(instance.outside))

    def _timer(self, name: str, fire: Callable[[Instance], Awaitable[object]]) -> None:
        instance = self.somebody()
        if instance is not None:
            self._spawn(self._fire(name, fire, instance))

    async def _fire(
        self, name: str, fire: Callable[[Instance], Awaitable[object]], instance: Instance
    ) -> None:
        try:
            await fire(instance)
        except DeadError:
            raise
        except Exception as error:  # noqa: BLE001 - a timer that fails is not repeated
            self._shared.tell(f"{instance.name}: {name} failed: {type(error).__name__}: {error}")
            self._surprised(name, error)

    async def event(self, text: str) -> bool:
        """Deliver an event to some instance. Returns whether it was accepted."""
        instance = self.somebody()
        if instance is None:
            return False
        outside = instance.outside
        context = Context(outside.clock.now(), BASE, outside.options.allowed)
        envelope, intent = translate(text, context)
        try:
            heard = await hear(outside, envelope.key, intent)
        except DeadError:
            return False
        except Exception as error:  # noqa: BLE001 - as the real host: Event Grid sends it again
            self._surprised("an event", error)
            return False
        self._shared.tell(f"event {heard.key.type.rsplit('.', 1)[-1]}: {heard.outcome}")
        return True

    async def request(
        self,
        name: str,
        path: dict[str, str],
        body: object,
        headers: dict[str, str],
        dies: int = 0,
    ) -> Response | None:
        """Send a request to some instance, which dies at its call number ``dies`` (0: it lives).
        None: it died during the request, or there was none."""
        instance = self.somebody()
        if instance is None:
            return None
        if dies:
            instance.lives_for(dies)
        request = Request("POST", BASE, headers, {}, path, json.dumps(body).encode(), caller=ANNA)

        async def handler(outside: Outside, request: Request, by: str) -> Response:
            try:
                return await NAMED[name].handler(outside, request, by)
            except RequestRefusedError:
                raise
            except Exception as error:
                self._surprised(f"request {name}", error)
                raise

        try:
            return await response_of(handler, instance.outside, request, "anna")
        except DeadError:
            return None

    def _spawn(self, doing: Any) -> None:
        self.busy += 1
        self._shared.loop.create_task(self._run(doing))

    async def _run(self, doing: Awaitable[None]) -> None:
        try:
            await doing
        except DeadError:
            pass
        except Exception as error:  # noqa: BLE001 - reported, and then judged
            self._surprised("an invocation", error)
        finally:
            self.busy -= 1

    def end(self) -> None:
        """The night is over: nothing of the app runs any more."""
        self._over = True
        for instance in self.places:
            if instance is not None:
                instance.end()
