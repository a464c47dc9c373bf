"""Real web servers on real sockets, each on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

Server = Callable[[socket.socket, Any], Any]


@contextmanager
def werkzeug(listener: socket.socket, app: Any) -> Iterator[None]:
    """A WSGI server that reads chunked bodies, and says so by `wsgi.input_terminated`, as gunicorn and mod_wsgi do."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server: Any = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet, fd=listener.fileno())
    # Closing waits for what requests still log.
    server.daemon_threads = False
    with on_thread(lambda: server.serve_forever(0.01), server.shutdown):
        yield
    server.server_close()


@contextmanager
def wsgiref(listener: socket.socket, app: Any) -> Iterator[None]:
    """A WSGI server that cannot read chunked bodies."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

    server = WSGIServer(listener.getsockname(), Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = listener.getsockname()
    server.setup_environ()
    server.set_app(app)
    with on_thread(lambda: server.serve_forever(0.01), server.shutdown):
        yield


@contextmanager
def uvicorn(listener: socket.socket, app: Any) -> Iterator[None]:
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))

    def stop() -> None:
        server.should_exit = True

    with on_thread(lambda: server.run([listener]), stop):
        yield


@contextmanager
def aiohttp(listener: socket.socket, app: Any) -> Iterator[None]:
    """With `handler_cancellation`: what is done for a request is cancelled when the client leaves."""
    from aiohttp import web

    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        await stopped.wait()
        await runner.cleanup()

    with on_thread(lambda: loop.run_until_complete(serve()), lambda: loop.call_soon_threadsafe(stopped.set)):
        yield
    loop.close()


@contextmanager
def on_thread(run: Callable[[], object], stop: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


def post(address: tuple[str, int], body: bytes | list[bytes] | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """What a receiver at /voice answers. A body in parts goes out in chunks."""
    with closing(HTTPConnection(*address, timeout=30)) as connection:
        connection.request("POST", "/voice", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
