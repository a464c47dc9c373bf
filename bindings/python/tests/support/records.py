"""Pushes of a call, as the platform sends them, and the request behind them."""

from __future__ import annotations

import json

import voicecall
from voicecall import PlayContentInfo, VoiceNotification

URL = "https://push.example.com/voice"
CALLEE = "+8613800000021"
REQUEST = VoiceNotification(
    display_nbr="+867550000088",
    callee_nbr=CALLEE,
    play_info_list=[PlayContentInfo(notify_voice="notifyvoice.wav")],
    user_data="ticket-1",
)


def cdr(session_id: str, **fields: object) -> dict[str, object]:
    """A record of a call that was answered and lasted 61 seconds."""
    return {
        "sessionId": session_id,
        "icid": f"icid-{session_id}",
        "appKey": "app-key-0001",
        "callerNum": "+867550000088",
        "calleeNum": CALLEE,
        "callOutStartTime": "2026-01-27 15:30:00",
        "callOutAlertingTime": "2026-01-27 15:30:05",
        "callOutAnswerTime": "2026-01-27 15:30:10",
        "callEndTime": "2026-01-27 15:31:11",
        "ulFailReason": 0,
        "userData": "ticket-1",
        **fields,
    }


def fee(*records: dict[str, object]) -> bytes:
    return json.dumps({"eventType": "fee", "feeLst": records}).encode()


def status(kind: str, session_id: str, **fields: object) -> bytes:
    info = {"sessionId": session_id, "timestamp": "2026-01-27 15:30:05", "called": CALLEE, **fields}
    return json.dumps({"eventType": kind, "statusInfo": info}).encode()


def counts(receipt: voicecall.intake.Receipt) -> tuple[int, int, int, int, int]:
    """The answer's status, and how many records were accepted, known, contradicting and unreadable."""
    return receipt.reply.status, receipt.accepted, receipt.duplicates, receipt.conflicts, receipt.rejected
