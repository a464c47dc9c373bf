"""Rings a person, reads an alarm, and waits for the key that confirms it.

python alert_call.py DISPLAY_NUMBER CALLEE TEMPLATE
"""

from __future__ import annotations

import sys

from voicecall import Client, EventType, OutcomeUnknown, PlayContentInfo, VoiceCallError
from voicecall.webhook import StatusEvent

from pushes import received

PATIENCE = 120.0
"""Seconds; longer than any phone rings."""


def main(display_number: str, callee: str, template: str) -> int:
    """Exits with 0 when the alarm was confirmed, 1 when it was not, and 2 when it is not known whether a phone rang."""
    with received() as (url, events), Client.from_env() as client:
        try:
            call = client.create_voice_notification(
                display_nbr=display_number,
                callee_nbr=callee,
                play_info_list=[PlayContentInfo(template_id=template, collect_ind=1)],
                status_url=url,
            )
        except OutcomeUnknown as error:
            # The phone may be ringing: whoever calls this program again must not ring it a second time.
            print(f"do not repeat: {error}", file=sys.stderr)
            return 2
        except VoiceCallError as error:
            print(f"{error}. {error.advice}", file=sys.stderr)
            return 1
        print("calling", flush=True)
        confirmed = False
        while True:
            match events.get(timeout=PATIENCE):
                case StatusEvent(session_id=session_id) if session_id != call.session_id:
                    continue
                case StatusEvent(event_type=EventType.COLLECT_INFO, digit_info=keys):
                    confirmed = keys == "1"
                case StatusEvent(event_type=EventType.DISCONNECT) as end:
                    print("confirmed" if confirmed else f"not confirmed: {end.explain()}")
                    return 0 if confirmed else 1
                case StatusEvent(event_type=event_type):
                    print(event_type)
                case _:
                    pass


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
