"""The driver in Python; see README.md beside this file."""

from __future__ import annotations

import gc
import os
import sys

from voicecall import Client, VoiceCallError
from voicecall.models import Application, PlayContentInfo
from voicecall.webhook import Webhook


def perform(client: Client, operation: str, timeout: float, words: list[str]) -> str:
    if operation == "create_voice_callback":
        display, caller, callee = words
        return client.create_voice_callback(
            display_nbr=display, caller_nbr=caller, display_callee_nbr=display, callee_nbr=callee, timeout=timeout
        ).session_id
    if operation == "create_voice_notification":
        play = [PlayContentInfo(notify_voice="notifyvoice.wav")]
        return client.create_voice_notification(
            display_nbr=words[0], callee_nbr=words[1], play_info_list=play, timeout=timeout
        ).session_id
    if operation == "create_voice_verification_code":
        return client.create_voice_verification_code(
            display_nbr=words[0],
            callee_nbr=words[1],
            language_type=2,
            pre_tone="pretone.wav",
            verify_code="20408",
            timeout=timeout,
        ).session_id
    if operation == "terminate_call":
        client.terminate_call(words[0], timeout=timeout)
        return ""
    return client.get_recording_download_url(file_name=words[0], record_domain=words[1], timeout=timeout)


def receive(webhook: Webhook, token: str, body: str) -> str:
    received = webhook.receive({"x-aksk": token}, body.encode())
    if received.error is not None:
        raise received.error
    return str(received.event.event_type)


def webhook_from_env() -> Webhook:
    url = os.environ.get("VOICECALL_PUSH_URL")
    if url is None:
        return Webhook()
    key, secret = os.environ["VOICECALL_APP_KEY"], os.environ["VOICECALL_APP_SECRET"]
    applications = [Application(app_key=key, app_secret=secret)]
    return Webhook(urls=[url], applications=applications, replay_entries=1000)


def main() -> None:
    webhook = webhook_from_env()
    with Client.from_env(ca_file=os.environ.get("VOICECALL_CA_FILE")) as client:
        for line in sys.stdin:
            operation, *words = line.rstrip("\n").split("\t")
            try:
                if operation == "settle":
                    gc.collect()
                    answer = ""
                elif operation == "webhook":
                    answer = receive(webhook, *words)
                else:
                    answer = perform(client, operation, int(words[0]) / 1000, words[1:])
                print("ok", answer, sep="\t", flush=True)
            except VoiceCallError as error:
                print(error.kind.value, error.delivery.value, sep="\t", flush=True)


if __name__ == "__main__":
    main()
