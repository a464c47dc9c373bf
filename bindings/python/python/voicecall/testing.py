"""A local VoiceCall platform for tests: it answers, rings, records and pushes webhooks, and calls nobody.

The platform is the command `voicecall sandbox`; it comes with ``pip install "voicecall[cli]"``. For pytest there is a
fixture, `voicecall_sandbox`, without any set-up.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from voicecall import _native
from voicecall.async_client import AsyncClient
from voicecall.client import Client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

__all__ = ["CommandNotFound", "Sandbox", "sign_push"]

# Loopback needs no proxy, whatever the environment says.
_open = build_opener(ProxyHandler({})).open


class CommandNotFound(FileNotFoundError):
    """The `voicecall` command is not installed."""


class Sandbox:
    """A local platform, running until `stop` or the end of the `with` block.

    Destinies go by number, so that a test needs no set-up: a callee whose last seven digits are a result code makes the
    request fail with it, one whose last four are a state code makes the call end with it, and any other rings, answers,
    talks and hangs up.

    >>> with Sandbox(speed=60) as platform, platform.client() as client:
    ...     placed = client.create_voice_verification_code(
    ...         display_nbr=platform.display_numbers[0],
    ...         callee_nbr="+8613800000021",
    ...         language_type=2,
    ...         pre_tone=platform.voice_files[0],
    ...         verify_code="1234",
    ...     )
    ...     platform.wait_for_call(placed.session_id)["phase"]
    'ended'

    Attributes:
        endpoint: Address of the service's operations.
        admin: Address of the platform's own admin API.
        app_key: Key of an application.
        app_secret: Its secret.
        display_numbers: Numbers that calls may show.
        voice_files: Voice files that calls may play.
        templates: Templates that calls may play: dictionaries with `id` and `content`.
    """

    endpoint: str
    admin: str
    app_key: str
    app_secret: str
    display_numbers: list[str]
    voice_files: list[str]
    templates: list[dict[str, str]]

    def __init__(self, *, speed: float = 1.0, port: int = 0, command: str | os.PathLike[str] | None = None) -> None:
        """Starts the platform and waits until it is ready.

        Args:
            speed: How many times faster than real time the platform's clock runs, 0.01 to 10000. What it pushes carries
                its own times, so a talk of 60 seconds is 60 seconds in the CDR.
            port: Port on 127.0.0.1; 0 takes a free one.
            command: The `voicecall` command. By default what the environment's `VOICECALL_COMMAND` names, else the one
                beside this Python, else the one in PATH.

        Raises:
            CommandNotFound: The command is not installed.
            RuntimeError: The platform did not start; the text says why.
        """
        arguments = [_command(command), "sandbox", "--json", "--speed", str(speed), "--port", str(port)]
        self._process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            ready = self._ready_line()
        except BaseException:
            self.stop()
            raise
        for name, value in json.loads(ready).items():
            setattr(self, name, value)

    def client(self, **settings: Any) -> Client:
        """A client of this platform, with these settings beside. Close it, or use it in a `with` block."""
        return Client(self.app_key, self.app_secret, endpoint=self.endpoint, **settings)

    def async_client(self, **settings: Any) -> AsyncClient:
        """A client of this platform for `asyncio`, with these settings beside."""
        return AsyncClient(self.app_key, self.app_secret, endpoint=self.endpoint, **settings)

    def calls(self, *, after: str | None = None) -> list[dict[str, Any]]:
        """The calls so far, oldest first: what was ordered, what happened, how it ended.

        Args:
            after: Only those placed after the call with this session id.
        """
        calls: list[dict[str, Any]] = self._admin("GET", "/calls", after=after)
        return calls

    def wait_for_call(self, session_id: str, *, until: str = "ended", timeout: float = 10.0) -> dict[str, Any]:
        """One call, once it is in the phase `until` or over, or after `timeout` seconds as it is then.

        Args:
            session_id: As in the answer to the request.
            until: `dialling`, `ringing`, `announcing`, `talking`, `playing`, `collecting` or `ended`.
            timeout: Longest wait in seconds of real time.
        """
        path = f"/calls/{quote(session_id, safe='')}"
        call: dict[str, Any] = self._admin("GET", path, until=until, wait=timeout)
        return call

    def pushes(
        self, *, after: int = 0, session_id: str | None = None, wait: float | None = None
    ) -> list[dict[str, Any]]:
        """The pushes that came to an end, oldest first: what was pushed where, and what came back.

        Args:
            after: Only those with a greater `id`.
            session_id: Only those about this call.
            wait: How many seconds of real time to wait while there is none.
        """
        pushes: list[dict[str, Any]] = self._admin("GET", "/pushes", after=after, session_id=session_id, wait=wait)
        return pushes

    def set_phone(self, number: str, **rule: Any) -> None:
        """How a phone behaves in calls from now on.

        Args:
            number: The phone.
            **rule: `alerting_seconds`, `answer_seconds`, `talk_seconds`, `digits` (a list: the keys pressed at each
                collection) and `state_code`. What is left out is as for all phones.
        """
        self._admin("PUT", f"/phones/{quote(number, safe='')}", body=rule)

    def stop(self) -> None:
        """Ends the platform. May be called more than once."""
        process = self._process
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, cls: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _ready_line(self) -> str:
        assert self._process.stdout is not None and self._process.stderr is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the local platform did not start: {self._process.stderr.read().strip()}")
        return line

    def _admin(self, method: str, path: str, body: object = None, **query: object) -> Any:
        """Asks the admin API; what is None is left out of the query."""
        given = {name: value for name, value in query.items() if value is not None}
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        request = Request(f"{self.admin}{path}?{urlencode(given)}", data, headers, method=method)
        with _open(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def sign_push(
    app_key: str,
    app_secret: str,
    url: str,
    *,
    nonce: str | None = None,
    now: int | None = None,
    zone: str = "utc",
    form: str = "newest",
) -> dict[str, str]:
    """The headers of a push as the platform signs it, for tests of a receiver.

    Args:
        app_key: Key of the application that pushes.
        app_secret: Its secret.
        url: The address that is pushed to, as registered.
        nonce: Digits and letters; random by default.
        now: The time in Unix seconds; the clock's by default.
        zone: Zone of the signature's time, `utc` or `beijing`.
        form: What the digest is made over, `newest` or `older`.

    >>> headers = sign_push("app-key-0001", "example-secret-0001", "https://push.example.com/fee")
    >>> webhook.receive(headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}').verdict.verdict
    'valid'
    """
    seconds = int(time.time()) if now is None else now
    return dict(_native.sign_push(app_key, app_secret, url, nonce, seconds, zone, form))


def _command(given: str | os.PathLike[str] | None) -> str:
    """The command's path: the given one, what the environment names, the one beside this Python, or the one in PATH."""
    named = given or os.environ.get("VOICECALL_COMMAND")
    if named:
        return os.fspath(named)
    beside = [sysconfig.get_path("scripts"), os.path.dirname(sys.executable)]
    for path in (*beside, None):
        found = shutil.which("voicecall", path=path)
        if found is not None:
            return found
    raise CommandNotFound('the command "voicecall" is not installed; run: pip install "voicecall[cli]"')
