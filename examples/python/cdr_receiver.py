"""A FastAPI receiver that stores each CDR once, in SQLite.

WEBHOOK_URL=https://voice.example.com/voice CDR_DATABASE=cdrs.db python -m uvicorn --factory cdr_receiver:make_app

The platform sends a CDR again until it is answered with 200, so the same one may come more than once: `icid` tells them
apart. What cannot be read is stored too, as it came: it is a CDR all the same.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from fastapi import FastAPI
from starlette.routing import Route

from voicecall import Application, Webhook
from voicecall.adapters.asgi import Receiver
from voicecall.webhook import Event, FeeEvent

SCHEMA = """
CREATE TABLE IF NOT EXISTS cdr (
    session_id TEXT NOT NULL,
    icid TEXT NOT NULL,
    ended TEXT,
    talk_seconds INTEGER,
    raw TEXT NOT NULL,
    PRIMARY KEY (session_id, icid)
);
CREATE TABLE IF NOT EXISTS rejected (raw TEXT PRIMARY KEY, field TEXT NOT NULL, reason TEXT NOT NULL);
"""


def make_app() -> FastAPI:
    """The application, as the environment says."""
    database = os.environ.get("CDR_DATABASE", "cdrs.db")
    application = Application(app_key=os.environ["VOICECALL_APP_KEY"], app_secret=os.environ["VOICECALL_APP_SECRET"])
    webhook = Webhook(urls=[os.environ["WEBHOOK_URL"]], applications=[application], policy="require")
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(SCHEMA)

    def store(event: Event) -> None:
        """Runs on a thread. When it returns, the platform hears that the CDRs are safe; else they come again."""
        if isinstance(event, FeeEvent):
            with closing(sqlite3.connect(database)) as connection, connection:
                _insert(connection, event)

    app = FastAPI()
    app.routes.append(Route("/voice", Receiver(webhook, store), methods=["POST"]))
    return app


def _insert(connection: sqlite3.Connection, event: FeeEvent) -> None:
    for cdr in event.cdrs:
        ended = cdr.call_end_time and cdr.call_end_time.isoformat()
        # A record without an icid, if there is such a thing, is known by its whole text.
        row = (cdr.session_id, cdr.icid or cdr.raw, ended, cdr.talk_seconds, cdr.raw)
        connection.execute("INSERT OR IGNORE INTO cdr VALUES (?, ?, ?, ?, ?)", row)
    for record in event.rejected:
        connection.execute("INSERT OR IGNORE INTO rejected VALUES (?, ?, ?)", (record.raw, record.field, record.reason))
