"""CPU time of a call, against what users would write instead, on one static server with kept connections.

Prints one number a line: name, value, unit. Every client signs its requests; only voicecall checks them too.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import http.client
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import httpx
import requests

from voicecall import AsyncClient, Client, PlayContentInfo

PATH = "/rest/httpsessions/callnotify/v2.0"
KEY, SECRET = "app-key-0001", "example-secret-0001"
REQUEST = {
    "displayNbr": "+867550000088",
    "calleeNbr": "+8613800000021",
    "playInfoList": [{"templateId": "alarm", "templateParas": ["north", "3"], "collectInd": 1}],
    "statusUrl": base64.b64encode(b"https://push.example.com/status").decode(),
    "userData": "ticket-1",
}
ROUNDS, CALLS = 15, 300
IN_FLIGHT = 64


def signed() -> dict[str, str]:
    """The headers of a request, by hand."""
    nonce, created = secrets.token_hex(20), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    digest = base64.b64encode(hmac.new(SECRET.encode(), (nonce + created).encode(), hashlib.sha256).digest()).decode()
    token = f'UsernameToken Username="{KEY}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": token,
    }


def voicecall_call(port: int) -> Callable[[], object]:
    client = Client(KEY, SECRET, endpoint=f"http://127.0.0.1:{port}")
    return lambda: (
        client.create_voice_notification(
            display_nbr="+867550000088",
            callee_nbr="+8613800000021",
            play_info_list=[PlayContentInfo(template_id="alarm", template_paras=["north", "3"], collect_ind=1)],
            status_url="https://push.example.com/status",
            user_data="ticket-1",
        ).session_id
    )


def requests_call(port: int) -> Callable[[], object]:
    session, url = requests.Session(), f"http://127.0.0.1:{port}{PATH}"
    return lambda: session.post(url, data=json.dumps(REQUEST), headers=signed(), timeout=30).json()["sessionId"]


def httpx_call(port: int) -> Callable[[], object]:
    client, url = httpx.Client(), f"http://127.0.0.1:{port}{PATH}"
    return lambda: client.post(url, content=json.dumps(REQUEST), headers=signed()).json()["sessionId"]


def http_client_call(port: int) -> Callable[[], object]:
    connection = http.client.HTTPConnection("127.0.0.1", port)

    def call() -> object:
        connection.request("POST", PATH, json.dumps(REQUEST), signed())
        return json.loads(connection.getresponse().read())["sessionId"]

    return call


def cpu(call: Callable[[], object], calls: int) -> float:
    """CPU time of a call, all threads of this process, in seconds."""
    begun = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - begun) / calls


async def in_flight(call: Callable[[], Awaitable[object]], calls: int) -> None:
    """Keeps so many calls in flight until all are done."""

    async def worker(number: int) -> None:
        for _ in range(number):
            await call()

    await asyncio.gather(*(worker(calls // IN_FLIGHT) for _ in range(IN_FLIGHT)))


async def asynchronous(port: int) -> dict[str, float]:
    """The fastest round of each."""
    best: dict[str, float] = {}
    calls = IN_FLIGHT * 20
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    url = f"http://127.0.0.1:{port}{PATH}"
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        AsyncClient(KEY, SECRET, endpoint=f"http://127.0.0.1:{port}", max_in_flight=IN_FLIGHT) as client,
    ):

        async def with_aiohttp() -> object:
            async with session.post(url, data=json.dumps(REQUEST), headers=signed()) as answer:
                return json.loads(await answer.read())["sessionId"]

        async def with_voicecall() -> object:
            call = await client.create_voice_notification(
                display_nbr="+867550000088",
                callee_nbr="+8613800000021",
                play_info_list=[PlayContentInfo(template_id="alarm", template_paras=["north", "3"], collect_ind=1)],
                status_url="https://push.example.com/status",
                user_data="ticket-1",
            )
            return call.session_id

        for _ in range(ROUNDS):
            for name, call in (("async_voicecall", with_voicecall), ("async_aiohttp", with_aiohttp)):
                begun = time.process_time()
                await in_flight(call, calls)
                best[name] = min(best.get(name, 9.0), (time.process_time() - begun) / calls)
    return best


def main() -> None:
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("static_server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdin is not None and server.stdout is not None
    port = int(server.stdout.readline())
    clients = {
        "voicecall": voicecall_call(port),
        "requests": requests_call(port),
        "httpx": httpx_call(port),
        "http_client": http_client_call(port),
    }
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, call in clients.items():
            took = cpu(call, CALLS)
            best[name] = min(best.get(name, 9.0), took)
    best.update(asyncio.run(asynchronous(port)))
    server.stdin.close()
    server.wait()
    server.stdout.close()
    for name, seconds in best.items():
        print(f"call_{name} {seconds * 1e6:.2f} us")
    for name in ("requests", "httpx", "http_client"):
        print(f"call_to_{name} {best['voicecall'] / best[name]:.4f} x")
    print(f"call_to_async_aiohttp {best['async_voicecall'] / best['async_aiohttp']:.4f} x")


if __name__ == "__main__":
    main()
