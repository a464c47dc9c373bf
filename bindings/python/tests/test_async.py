"""`AsyncClient`: the same operations, many at once, and cancelling."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, hold, placed, read_request, send
from voicecall import AsyncClient, VoiceNotification
from voicecall.testing import Sandbox


def against(peer: Peer, **settings: object) -> AsyncClient:
    return AsyncClient("app-key-0001", "example-secret-0001", endpoint=peer.url, **settings)  # type: ignore[arg-type]


def test_the_operations_are_coroutines(voicecall_sandbox: Sandbox, notification: VoiceNotification) -> None:
    async def use() -> None:
        async with voicecall_sandbox.async_client() as client:
            calls = await asyncio.gather(*(client.create_voice_notification(notification) for _ in range(5)))
            assert len({call.session_id for call in calls}) == 5
            with pytest.raises(voicecall.Rejected):
                await client.terminate_call("no-such-call")
            with pytest.raises(voicecall.InvalidArgument):
                await client.create_voice_notification(notification.replace(callee_nbr="1"))
            with pytest.raises(TypeError, match="callee_nbr must be a str"):
                await client.create_voice_notification(  # type: ignore[call-overload]
                    display_nbr="+867550000088", callee_nbr=1, play_info_list=notification.play_info_list
                )
        with pytest.raises(voicecall.ClientClosed):
            await client.create_voice_notification(notification)

    asyncio.run(use())


def test_200_calls_are_in_flight_at_once(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer(*([read_request, hold, send(placed(str(number)))] for number in range(200)))

    async def use() -> list[str]:
        async with against(platform, max_concurrency=200) as client:
            calls = [asyncio.ensure_future(client.create_voice_notification(notification)) for _ in range(200)]
            # The event loop stays free meanwhile.
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 200)
            platform.release()
            return [call.session_id for call in await asyncio.gather(*calls)]

    assert sorted(asyncio.run(use()), key=int) == [str(number) for number in range(200)]


def test_what_waits_for_its_turn_and_is_cancelled_is_never_placed(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, hold, send(placed("1")), read_request, send(placed("2"))])

    async def use() -> None:
        async with against(platform, max_concurrency=1) as client:
            first = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            second = asyncio.ensure_future(client.create_voice_notification(notification))
            third = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.sleep(0)
            second.cancel()
            await asyncio.wait([second])
            platform.release()
            assert [(await first).session_id, (await third).session_id] == ["1", "2"]
            assert second.cancelled()

    asyncio.run(use())
    assert len(platform.seen.requests) == 2


def test_cancelling_does_not_take_a_call_back(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold, send(placed())])

    async def use() -> None:
        async with against(platform) as client:
            call = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            platform.release()

    asyncio.run(use())
    assert len(platform.seen.requests) == 1


def test_waiting_for_a_turn_is_part_of_the_time(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold, send(placed())])

    async def use() -> voicecall.VoiceCallError:
        async with against(platform, max_concurrency=1) as client:
            first = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            second = asyncio.ensure_future(client.create_voice_notification(notification, timeout=0.05))
            await asyncio.sleep(0.1)  # The second call's time, which runs out while it waits.
            platform.release()
            await first
            with pytest.raises(voicecall.CallTimeout) as raised:
                await second
            return raised.value

    assert asyncio.run(use()).delivery == "not_sent"
    assert len(platform.seen.requests) == 1


def test_threads_are_bounded_and_start_with_the_first_call(
    voicecall_sandbox: Sandbox, notification: VoiceNotification
) -> None:
    def own_threads() -> int:
        return sum(thread.name.startswith("voicecall") for thread in threading.enumerate())

    async def use() -> None:
        before = own_threads()
        async with voicecall_sandbox.async_client(max_concurrency=3) as client:
            assert own_threads() == before
            await asyncio.gather(*(client.create_voice_notification(notification) for _ in range(30)))
            assert own_threads() <= before + 3

    asyncio.run(use())


def test_a_client_serves_one_event_loop_after_the_other(
    voicecall_sandbox: Sandbox, notification: VoiceNotification
) -> None:
    client = voicecall_sandbox.async_client()
    for _ in range(2):
        assert asyncio.run(client.create_voice_notification(notification)).session_id
    asyncio.run(client.close())
    assert client.closed and "closed" in repr(client)


def test_recordings_can_be_awaited(peer: Callable[..., Peer], tmp_path: Path) -> None:
    storage = peer([read_request, send(b"HTTP/1.1 200 X\r\ncontent-length: 4\r\n\r\nRIFF")])

    async def use() -> int:
        async with AsyncClient("k", "s") as client:
            return await client.download_recording(f"{storage.url}/a.wav", tmp_path / "a.wav")

    assert asyncio.run(use()) == 4


@pytest.mark.parametrize(
    ("number", "raised"), [("8", TypeError), (True, TypeError), (0, ValueError), (10_001, ValueError)]
)
def test_the_number_of_threads_is_checked(number: object, raised: type[Exception]) -> None:
    with pytest.raises(raised, match="max_concurrency"):
        AsyncClient("k", "s", max_concurrency=number)  # type: ignore[arg-type]
