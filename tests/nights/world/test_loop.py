"""The loop with virtual time keeps what asyncio's own loop promises to tasks."""

from contextvars import ContextVar

from tests.nights.world.loop import VirtualLoop

NAME: ContextVar[str] = ContextVar("name", default="nobody")


def test_what_a_task_sets_is_its_own() -> None:
    loop = VirtualLoop()  # type: ignore[abstract]
    seen: list[str] = []

    async def one(name: str) -> None:
        NAME.set(name)
        await loop.sleep(1)
        seen.append(NAME.get())

    for name in ("anna", "bert"):
        loop.create_task(one(name))
    loop.run_until(lambda: not loop.tasks, 10)
    assert seen == ["anna", "bert"]
    assert NAME.get() == "nobody"
