"""`AsyncIntake`: the same store for an event loop, and what waiting costs the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, hold, placed, read_request, send
from support.records import cdr, fee
from voicecall import AsyncClient, AsyncIntake, Intake, VoiceNotification
from voicecall.adapters.asgi import Receiver

MANY = 300


def pushed(number: int) -> bytes:
    return fee(cdr(str(number)))


async def deliver(receiver: Receiver, body: bytes) -> int:
    """Hands a webhook to an ASGI application; gives the status of the reply."""
    replies: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def reply(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            replies.append(int(str(message["status"])))

    scope = {"type": "http", "headers": [(b"content-length", str(len(body)).encode())]}
    await receiver(scope, receive, reply)  # type: ignore[arg-type]
    return replies[0]


def test_hundreds_wait_at_once_while_webhooks_come(store: str) -> None:
    async def use() -> None:
        async with AsyncIntake(store) as intake:
            waits = [asyncio.ensure_future(intake.wait_for(str(number), timeout=30)) for number in range(MANY)]
            receiver = Receiver(intake)
            replies = await asyncio.gather(*(deliver(receiver, pushed(number)) for number in range(MANY)))
            assert replies == [200] * MANY
            assert [call.state for call in await asyncio.gather(*waits) if call] == ["billed"] * MANY

    asyncio.run(use())


def test_a_receiver_never_queues_behind_waits_on_threads(intake: Intake) -> None:
    async def use() -> None:
        waits = [asyncio.ensure_future(asyncio.to_thread(intake.wait_for, str(n), timeout=10)) for n in range(64)]
        await asyncio.sleep(0)
        receiver = Receiver(intake)
        for number in range(64):
            assert await asyncio.wait_for(deliver(receiver, pushed(number)), 5) == 200
        assert all(await asyncio.gather(*waits))

    asyncio.run(use())


def test_it_answers_what_an_intake_answers(store: str, tmp_path: Path) -> None:
    async def use() -> None:
        async with AsyncIntake(store) as intake:
            receipt = await intake.receive({}, pushed(1))
            assert (receipt.reply.status, receipt.accepted) == (200, 1)
            call = await intake.call("1")
            assert call is not None and call.state == "billed"
            assert [found.session_id async for found in intake.calls()] == ["1"]
            assert (await intake.page(limit=1)).next is None
            assert [total.calls for total in await intake.totals()] == [1]
            assert await intake.export(tmp_path / "cdrs.ndjson") == 1
            assert await intake.unsettled() == ()
            await intake.check()
            await intake.probe()
            assert intake.stored_number("+1") == "+1"
            assert await intake.wait_for("2", timeout=0.01) is None
            with pytest.raises(voicecall.InvalidArgument):
                await intake.wait_for("2", "rang")  # type: ignore[arg-type]
            waiting = asyncio.ensure_future(intake.wait_for("2", timeout=30))
            await asyncio.sleep(0)
        with pytest.raises(voicecall.errors.ClientClosed):
            await waiting

    asyncio.run(use())


def test_a_wait_can_be_cancelled(store: str) -> None:
    async def use() -> None:
        async with AsyncIntake(store) as intake:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(intake.wait_for("1", timeout=1000), 0.05)

    asyncio.run(use())


def test_only_an_attempt_that_was_not_sent_is_forgotten(
    peer: Callable[..., Peer], notification: VoiceNotification, store: str
) -> None:
    platform = peer([read_request, hold], [read_request, send(placed("7"))])

    async def use() -> None:
        client = AsyncClient("app-key-0001", "example-secret-0001", endpoint=platform.url, max_in_flight=1)
        async with client, AsyncIntake(store) as intake:
            begun = asyncio.ensure_future(intake.place(client, notification))
            await asyncio.to_thread(platform.until, lambda seen: seen.holding == 1)
            waiting = asyncio.ensure_future(intake.place(client, notification))
            while len(await intake.unsettled(-10)) < 2:
                await asyncio.sleep(0)
            for task in (waiting, begun):
                task.cancel()
                await asyncio.wait([task])
            (attempt,) = await intake.unsettled(-10)
            assert attempt.attempt_tag is not None
            assert attempt.attempt_tag in platform.seen.requests[0].decode()
            call = await intake.place(client, notification)
            assert call.session_id == "7"
            story = await intake.call("7")
            assert story is not None and story.attempt_tag is not None

    asyncio.run(use())
    assert len(platform.seen.requests) == 2
