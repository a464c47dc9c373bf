"""A peer on 127.0.0.1 that does to each connection what its script says, and counts what it received.

Nothing here sleeps: tests wait for what the peer has seen, and the peer waits to be released.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

PATIENCE = 20.0
"""A test that waits longer than this has failed."""

Step = Callable[["Connection"], None]
Script = Sequence[Step]


@dataclass
class Seen:
    """What a peer has received so far."""

    connections: int = 0
    received: int = 0
    requests: list[bytes] = field(default_factory=list)
    holding: int = 0


class Peer:
    """Connection number n gets script number n; further ones get the last. Without a script it only listens."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self.seen = Seen()
        self._scripts = scripts
        self._changed = threading.Condition()
        self._released = self._stopped = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def until(self, enough: Callable[[Seen], bool]) -> Seen:
        """Waits until the peer has seen enough."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.seen), PATIENCE), f"waited in vain; seen: {self.seen}"
            return self.seen

    def release(self) -> None:
        """Lets everything go on that holds, now and later."""
        with self._changed:
            self._released = True
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
        self.release()
        # Wakes `accept`, which closing the socket would not.
        socket.create_connection(self._listener.getsockname()[:2]).close()
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        self._listener.close()

    def note(self, change: Callable[[Seen], None]) -> None:
        with self._changed:
            change(self.seen)
            self._changed.notify_all()

    def hold(self) -> None:
        with self._changed:
            self.seen.holding += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._released)
            self.seen.holding -= 1

    def _accept(self) -> None:
        number = 0
        while True:
            connection, _ = self._listener.accept()
            with self._changed:
                if self._stopped:
                    connection.close()
                    return
                self.seen.connections += 1
                self._changed.notify_all()
            self._connections.append(connection)
            script = self._scripts[min(number, len(self._scripts) - 1)] if self._scripts else ()
            thread = threading.Thread(target=self._serve, args=(connection, script))
            self._threads.append(thread)
            thread.start()
            number += 1

    def _serve(self, raw: socket.socket, script: Script) -> None:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection(raw, self)
        try:
            for step in script:
                step(connection)
        except OSError:
            pass  # That is what the script was about, or the test sees it by what is missing.
        finally:
            # A step may have put TLS around it.
            connection.raw.close()


class Connection:
    """One connection, as steps see it."""

    def __init__(self, raw: socket.socket, peer: Peer) -> None:
        self.raw = raw
        self.peer = peer
        self.input = b""

    def receive(self) -> None:
        piece = self.raw.recv(65536)
        if not piece:
            raise ConnectionError("the other side ended the connection")
        self.input += piece

        def note(seen: Seen) -> None:
            seen.received += len(piece)

        self.peer.note(note)


def read_request(connection: Connection) -> None:
    """Reads until a request is complete."""
    while (length := _complete_length(connection.input)) is None:
        connection.receive()
    request, connection.input = connection.input[:length], connection.input[length:]
    connection.peer.note(lambda seen: seen.requests.append(request))


def read_some(connection: Connection) -> None:
    """Reads until a byte has come."""
    connection.receive()


def hold(connection: Connection) -> None:
    """Waits until the peer is released, without reading."""
    connection.peer.hold()


def reset(connection: Connection) -> None:
    """Breaks the connection off: the other side's system is told to forget it."""
    connection.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionError("reset")


def send(data: bytes) -> Step:
    """Sends these bytes."""
    return lambda connection: connection.raw.sendall(data)


def answer(status: int, body: str, headers: str = "") -> bytes:
    """An answer with a length."""
    content = body.encode()
    return f"HTTP/1.1 {status} X\r\n{headers}content-length: {len(content)}\r\n\r\n".encode() + content


def placed(session_id: str = "session-1") -> bytes:
    """The answer to a call that was placed, on a connection that is kept."""
    body = f'{{"resultcode":"0","resultdesc":"Success","sessionId":"{session_id}"}}'
    return answer(200, body, "connection: keep-alive\r\n")


def _complete_length(data: bytes) -> int | None:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0]) if lengths else 0
    return len(head) + 4 + length if len(body) >= length else None
