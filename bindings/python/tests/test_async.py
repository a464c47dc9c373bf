"""`AsyncClient`: the same operations, many at once, and cancelling."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
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
        async with against(platform, max_in_flight=200) as client:
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
        async with against(platform, max_in_flight=1) as client:
            first = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            second = asyncio.ensure_future(client.create_voice_notification(notification))
            third = asyncio.ensure_future(client.create_voice_notification(notification))
            fourth = client.create_voice_notification(notification)
            fourth.send(None)
            with pytest.raises(ZeroDivisionError):
                fourth.throw(ZeroDivisionError())
            await asyncio.sleep(0)
            second.cancel()
            await asyncio.wait([second])
            platform.release()
            assert [(await first).session_id, (await third).session_id] == ["1", "2"]
            assert second.cancelled()

    asyncio.run(use())
    assert len(platform.seen.requests) == 2


def test_cancelling_interrupts_a_call_and_tells_its_outcome(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, hold])

    async def use() -> None:
        async with against(platform, attempt_tag=True) as client:
            call = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            call.cancel()
            with pytest.raises(asyncio.CancelledError) as cancelled:
                await call
            outcome = cancelled.value.__cause__ or cancelled.value.__context__
            if isinstance(
                outcome, asyncio.CancelledError
            ):  # Up to 3.10 the one who awaits a task gets an error of its own.
                outcome = outcome.__cause__
            assert isinstance(outcome, voicecall.OutcomeUnknown) and outcome.kind == "closed"
            assert outcome.attempt_tag is not None
            assert outcome.attempt_tag in platform.seen.requests[0].decode()

    asyncio.run(use())
    assert len(platform.seen.requests) == 1


def test_a_time_limit_of_asyncio_tells_the_outcome(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold])

    async def use() -> None:
        async with against(platform) as client:
            with pytest.raises(asyncio.TimeoutError) as late:
                await asyncio.wait_for(client.create_voice_notification(notification), 0.1)
            cause: BaseException | None = late.value
            while cause is not None and not isinstance(cause, voicecall.OutcomeUnknown):
                cause = cause.__cause__ or cause.__context__
            assert cause is not None

    asyncio.run(use())


def test_waiting_for_a_turn_is_part_of_the_time(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_request, hold, send(placed())])

    async def use() -> voicecall.VoiceCallError:
        async with against(platform, max_in_flight=1) as client:
            first = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            with pytest.raises(voicecall.CallTimeout) as raised:
                await client.create_voice_notification(notification, timeout=0.05)
            assert not first.done()  # It is told at once, not when a thread is free.
            platform.release()
            await first
            return raised.value

    assert asyncio.run(use()).delivery == "not_sent"
    assert len(platform.seen.requests) == 1


def test_threads_are_bounded_and_start_with_the_first_call(
    voicecall_sandbox: Sandbox, notification: VoiceNotification
) -> None:
    def own_threads() -> set[str]:
        """Those of the system: none of them is Python's."""
        found = set()
        for thread in Path("/proc/self/task").iterdir():
            with suppress(OSError):
                if (thread / "comm").read_text().startswith("voicecall"):
                    found.add(thread.name)
        return found

    async def use() -> None:
        before = own_threads()
        async with voicecall_sandbox.async_client(max_in_flight=3) as client:
            assert not own_threads() - before
            await asyncio.gather(*(client.create_voice_notification(notification) for _ in range(30)))
            # They rest for a while. One more looks after the time of calls that wait.
            assert 1 <= len(own_threads() - before) <= 3 + 1
            assert not [thread for thread in threading.enumerate() if thread.name.startswith("voicecall")]

    asyncio.run(use())


def test_what_was_cancelled_is_in_the_log(
    peer: Callable[..., Peer], notification: VoiceNotification, caplog: pytest.LogCaptureFixture
) -> None:
    platform = peer([read_request, hold], [read_request, hold, send(placed("next"))])
    faults: list[dict[str, object]] = []

    async def use() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
        async with against(platform, max_in_flight=1) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.create_voice_notification(notification), 0.05)
            waiting = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.to_thread(platform.until, lambda seen: len(seen.requests) == 2)
            following = asyncio.ensure_future(client.create_voice_notification(notification))
            await asyncio.sleep(0)
            following.cancel()
            await asyncio.wait([following])
            platform.release()
            assert (await waiting).session_id == "next"
            with pytest.raises(voicecall.InvalidArgument):
                await client.create_voice_notification(notification.replace(callee_nbr="1"))

    with caplog.at_level(logging.INFO, "voicecall"):
        asyncio.run(use())
    told = [record.getMessage().partition(" in ")[0] for record in caplog.records if record.name == "voicecall"]
    assert told == [
        "create_voice_notification: closed (unknown)",
        "create_voice_notification: closed (not_sent)",
        "create_voice_notification: session next",
        "create_voice_notification: invalid_argument (not_sent) 1010002",
    ]
    assert not faults


def test_closing_ends_what_is_under_way_and_what_waits(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    platform = peer([read_request, hold])

    async def use() -> list[object]:
        client = against(platform, max_in_flight=1)
        first = asyncio.ensure_future(client.create_voice_notification(notification))
        await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
        second = asyncio.ensure_future(client.create_voice_notification(notification))
        await asyncio.sleep(0)
        await client.close()
        return list(await asyncio.gather(first, second, return_exceptions=True))

    first, second = asyncio.run(use())
    assert isinstance(first, voicecall.OutcomeUnknown) and first.kind == "closed"
    assert isinstance(second, voicecall.ClientClosed) and second.delivery == "not_sent"
    assert len(platform.seen.requests) == 1


def test_what_is_raised_is_what_a_client_raises(notification: VoiceNotification) -> None:
    nobody = {"endpoint": "http://127.0.0.1:9", "retries": 0}

    async def call() -> None:
        async with AsyncClient("k", "s", **nobody) as client:  # type: ignore[arg-type]
            await client.create_voice_notification(notification)

    with pytest.raises(voicecall.ConnectError) as awaited:
        asyncio.run(call())
    with pytest.raises(voicecall.ConnectError) as blocked, voicecall.Client("k", "s", **nobody) as client:  # type: ignore[arg-type]
        client.create_voice_notification(notification)
    assert vars(awaited.value) == vars(blocked.value) and str(awaited.value) == str(blocked.value)
    assert repr(awaited.value.__cause__) == repr(blocked.value.__cause__) is not None
    # The traceback leads to the line that awaited.
    assert "call" in {entry.name for entry in awaited.traceback}


def test_progress_is_told_on_another_thread(peer: Callable[..., Peer], tmp_path: Path) -> None:
    storage = peer([read_request, send(b"HTTP/1.1 200 X\r\ncontent-length: 4\r\n\r\nRIFF")])
    threads: set[int] = set()

    async def use() -> None:
        async with AsyncClient("k", "s", recording_hosts=["127.0.0.1"]) as client:
            await client.download_recording(
                f"{storage.url}/a.wav", tmp_path / "a.wav", progress=lambda *_: threads.add(threading.get_ident())
            )

    asyncio.run(use())
    assert len(threads) == 1 and threading.get_ident() not in threads


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
        async with AsyncClient("k", "s", recording_hosts=["127.0.0.1"]) as client:
            return await client.download_recording(f"{storage.url}/a.wav", tmp_path / "a.wav")

    assert asyncio.run(use()) == 4


@pytest.mark.parametrize(
    ("number", "raised"),
    [
        ("8", TypeError),
        (True, TypeError),
        (0, voicecall.ConfigurationError),
        (4097, voicecall.ConfigurationError),
    ],
)
def test_the_number_of_threads_is_checked(number: object, raised: type[Exception]) -> None:
    with pytest.raises(raised, match=r"max_?[iI]n_?[fF]light"):
        AsyncClient("k", "s", max_in_flight=number)  # type: ignore[arg-type]
