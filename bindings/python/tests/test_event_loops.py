"""`AsyncClient` and event loops: which there are, how many, and what is left when one ends."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
import uvloop

from support.peer import Peer, hold, placed, read_request, send
from voicecall import AsyncClient, PlacedCall, VoiceNotification

T = TypeVar("T")


class LoopThatCannotWatch(asyncio.SelectorEventLoop):
    """As Windows' proactor loop is."""

    watching = False

    def add_reader(self, *_: object) -> None:
        raise NotImplementedError


def run_on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


def against(peer: Peer, **settings: object) -> AsyncClient:
    return AsyncClient("app-key-0001", "example-secret-0001", endpoint=peer.url, **settings)  # type: ignore[arg-type]


@pytest.fixture(params=[asyncio.SelectorEventLoop, LoopThatCannotWatch, uvloop.new_event_loop])
def new_loop(request: pytest.FixtureRequest) -> Callable[[], asyncio.AbstractEventLoop]:
    made: Callable[[], asyncio.AbstractEventLoop] = request.param
    return made


def test_every_loop_gets_its_answers(
    new_loop: Callable[[], asyncio.AbstractEventLoop], peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer(*([read_request, hold, send(placed(str(number)))] * 2 for number in range(20)))

    async def use() -> list[str]:
        async with against(platform) as client:

            def calls() -> list[asyncio.Task[PlacedCall]]:
                return [asyncio.ensure_future(client.create_voice_notification(notification)) for _ in range(20)]

            first = calls()
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 20)
            platform.release()
            return [call.session_id for call in await asyncio.gather(*first) + await asyncio.gather(*calls())]

    assert sorted(run_on(new_loop(), use()), key=int) == [str(number) for number in range(20) for _ in range(2)]


def test_a_client_serves_several_loops_at_once(
    new_loop: Callable[[], asyncio.AbstractEventLoop], peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer(*([read_request, hold, send(placed(str(number)))] for number in range(8)))
    client = against(platform)
    got: list[str] = []

    async def use() -> None:
        calls = await asyncio.gather(*(client.create_voice_notification(notification) for _ in range(2)))
        got.extend(call.session_id for call in calls)

    threads = [threading.Thread(target=lambda: run_on(new_loop(), use())) for _ in range(4)]
    for thread in threads:
        thread.start()
    platform.until(lambda seen: seen.holding == 8)
    platform.release()
    for thread in threads:
        thread.join(20)
    asyncio.run(client.close())
    assert sorted(got, key=int) == [str(number) for number in range(8)]


def test_a_loop_that_ended_leaves_nothing(
    new_loop: Callable[[], asyncio.AbstractEventLoop], peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, send(placed())] * 4)
    client = against(platform)

    def files() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    counts = []
    for _ in range(3):
        loop = new_loop()
        ended = weakref.ref(loop)
        run_on(loop, _drop(client.create_voice_notification(notification)))
        del loop
        gc.collect()
        for thread in threading.enumerate():
            if thread.name == "voicecall":
                thread.join(20)  # One that watched for the loop.
        assert ended() is None
        counts.append(files())
    asyncio.run(client.close())
    # The first made the client's connection.
    assert counts[0] == counts[1] == counts[2]


def test_what_is_cancelled_when_the_loop_ends_harms_nobody(
    new_loop: Callable[[], asyncio.AbstractEventLoop], peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, hold, send(placed("late"))], [read_request, send(placed("other"))])
    client = against(platform)

    async def leave() -> None:
        call = asyncio.ensure_future(client.create_voice_notification(notification))
        await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
        call.cancel()
        await asyncio.wait([call])

    async def use() -> str:
        call = await client.create_voice_notification(notification)
        await client.close()
        return call.session_id

    run_on(new_loop(), leave())
    assert run_on(new_loop(), use()) == "other"
    platform.release()


async def _drop(work: Coroutine[Any, Any, object]) -> None:
    await work
