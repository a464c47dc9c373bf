"""A FastAPI receiver that stores each push once, in SQLite, before it is answered.

WEBHOOK_URL=https://voice.example.com/voice CDR_DATABASE=cdrs.db python -m uvicorn --factory webhook_receiver:make_app

The platform sends a CDR again until it is answered with 200, so the same one may come more than once; it prints those
that are new. What cannot be read is stored too, as it came: it is a CDR all the same.
"""

from __future__ import annotations

import os

from fastapi import FastAPI
from starlette.routing import Route

from voicecall import Application, Intake, Webhook
from voicecall.adapters.asgi import Receiver
from voicecall.intake import Receipt


def make_app() -> FastAPI:
    """The application, as the environment says."""
    application = Application(app_key=os.environ["VOICECALL_APP_KEY"], app_secret=os.environ["VOICECALL_APP_SECRET"])
    webhook = Webhook(urls=[os.environ["WEBHOOK_URL"]], applications=[application], policy="require")
    intake = Intake(f"sqlite:{os.environ.get('CDR_DATABASE', 'cdrs.db')}", webhook=webhook)

    def report(receipt: Receipt) -> None:
        """Runs on a thread, when everything is stored already."""
        for cdr in receipt.new_cdrs:
            print(f"{cdr.session_id}: {cdr.talk_seconds} s")

    app = FastAPI()
    app.routes.append(Route("/voice", Receiver(intake, report), methods=["POST"]))

    @app.get("/calls/{session_id}")
    def story(session_id: str) -> dict[str, object]:  # pyright: ignore[reportUnusedFunction]
        """What became of a call; FastAPI calls this on a thread."""
        call = intake.call(session_id)
        return {"state": call.state, "answered": call.answered} if call else {"state": "unknown"}

    return app
