"""Receives the platform's pushes on a thread of its own, for programs that wait for them."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

from voicecall import Application, Webhook
from voicecall.adapters.wsgi import Receiver
from voicecall.webhook import Event


class QuietHandler(WSGIRequestHandler):
    """Prints no line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def received() -> Generator[tuple[str, SimpleQueue[Event]]]:
    """The address to be given to the platform, and the events that arrive there, while the block lasts."""
    events: SimpleQueue[Event] = SimpleQueue()
    public = os.environ.get("RECEIVER_URL")
    host, port = ("0.0.0.0", urlsplit(public).port or 80) if public else ("127.0.0.1", 0)
    server = make_server(host, port, lambda environ, start_response: [], handler_class=QuietHandler)
    url = f"{public or f'http://127.0.0.1:{server.server_port}'}/voice"
    application = Application(app_key=os.environ["VOICECALL_APP_KEY"], app_secret=os.environ["VOICECALL_APP_SECRET"])
    server.set_app(Receiver(Webhook(urls=[url], applications=[application]), events.put))
    thread = Thread(target=server.serve_forever, args=(0.1,))
    thread.start()
    try:
        yield url, events
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
