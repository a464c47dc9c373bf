"""Connects two people, waits for the CDR, says what the call cost, and fetches its recording.

python click_to_call.py DISPLAY_NUMBER CALLER CALLEE RECORDING_FILE
"""

from __future__ import annotations

import sys

from voicecall import Client
from voicecall.webhook import FeeEvent

from pushes import received

PATIENCE = 3600.0
"""Seconds; people talk for a while."""


def main(display_number: str, caller: str, callee: str, file: str) -> None:
    with received() as (url, events), Client.from_env() as client:
        call = client.create_voice_callback(
            display_nbr=display_number,
            caller_nbr=caller,
            display_callee_nbr=display_number,
            callee_nbr=callee,
            record_flag=True,
            fee_url=url,
        )
        print("calling", flush=True)
        cdr = None
        while cdr is None:
            # Other calls' records may come first, and several in one message.
            event = events.get(timeout=PATIENCE)
            if isinstance(event, FeeEvent):
                cdr = next((cdr for cdr in event.cdrs if cdr.session_id == call.session_id), None)
        for leg in cdr.legs:
            print(f"leg {leg.leg}: {leg.talk_seconds} s")
        print(f"price: {cdr.price('0.18')}")
        print(f"ended: {cdr.explain()}")
        if cdr.recording is None:
            print("no recording: nobody talked for 3 seconds")
        else:
            print(f"recording: {client.download_recording(cdr, file)} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
