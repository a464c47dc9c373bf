"""Time to verify and read pushes, against JSON parsers that users would take instead, on the same bytes.

Prints one number a line: name, value, unit. The fields are read by their names, one after the other, as programs do;
of a dictionary with `get`, since the platform leaves out what it does not know.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from types import GetSetDescriptorType
from typing import Any

import msgspec
import orjson
import pydantic

from voicecall import Application, Webhook
from voicecall.testing import sign_push
from voicecall.webhook import Cdr, parse

URL = "https://push.example.com/status"
STATUS = (
    b'{"eventType":"answer","statusInfo":{"sessionId":"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com",'
    b'"timestamp":"2019-01-24 03:04:24","caller":"+8613800000022","called":"+8613800000021","userData":"ticket-1"}}'
)
ROUNDS = 200
OWN = {"answered", "attempt_tag", "billable", "extra", "legs", "raw", "recording", "scene", "talk_seconds"}
FIELDS = [name for name, member in vars(Cdr).items() if isinstance(member, GetSetDescriptorType) and name not in OWN]


def cdr(number: int) -> dict[str, object]:
    """A connected callback with the fields of the official example, and values of its own where calls differ."""
    second = number % 31
    return {
        "direction": 0,
        "spId": "CaaS_Test_01",
        "appKey": "app-key-0001",
        "icid": f"CAE-20190124110424-1201{number:04}",
        "bindNum": "+867550000088",
        "sessionId": f"1201_{612 + number}_4294967295_201901240304{second:02}@callenabler245.huaweicaas.com",
        "callerNum": "+867550000088",
        "calleeNum": f"+861380000{number:04}",
        "fwdDisplayNum": "+867550000088",
        "fwdDstNum": f"+861390000{number:04}",
        "fwdStartTime": f"2019-01-24 03:04:{second:02}",
        "fwdAlertingTime": f"2019-01-24 03:04:{second + 5:02}",
        "fwdAnswerTime": f"2019-01-24 03:04:{second + 9:02}",
        "callEndTime": "2019-01-24 03:05:49",
        "fwdUnaswRsn": 0,
        "ulFailReason": 0,
        "sipStatusCode": 0,
        "callOutStartTime": f"2019-01-24 03:03:{second:02}",
        "callOutAlertingTime": f"2019-01-24 03:03:{second + 7:02}",
        "callOutAnswerTime": f"2019-01-24 03:03:{second + 11:02}",
        "callOutUnaswRsn": 0,
        "recordFlag": 0,
        "ttsPlayTimes": 0,
        "ttsTransDuration": 0,
        "serviceType": "002",
        "hostName": "callenabler245.huaweicaas.com",
        "userData": f"ticket-{number:06}",
    }


def best_of(candidates: dict[str, Callable[[], object]], repetitions: int) -> dict[str, float]:
    """The fastest round of each, in seconds for one repetition; all take turns, so that all meet the same machine."""
    best = dict.fromkeys(candidates, 9.0)
    for _ in range(ROUNDS):
        for name, work in candidates.items():
            begun = time.perf_counter()
            for _ in range(repetitions):
                work()
            best[name] = min(best[name], (time.perf_counter() - begun) / repetitions)
    return best


def reader(expression: str, names: list[str]) -> Callable[[Any], None]:
    """A function that reads each of these of every record, as if it were written out."""
    scope: dict[str, Any] = {}
    lines = "\n".join("        " + expression.format(name) for name in names)
    exec(f"def read(records):\n    for record in records:\n{lines}\n", scope)
    read: Callable[[Any], None] = scope["read"]
    return read


def typed_decoders(fields: dict[str, type]) -> tuple[Callable[[bytes], Any], Callable[[bytes], Any]]:
    """What msgspec and pydantic make of the same fields."""
    struct = msgspec.defstruct("Record", [(name, type_ | None, None) for name, type_ in fields.items()])
    message = msgspec.defstruct("Message", [("eventType", str), ("feeLst", list[struct])])  # type: ignore[valid-type]
    model: Any = pydantic.create_model("Model", **{name: (type_ | None, None) for name, type_ in fields.items()})  # type: ignore[call-overload]
    outer = pydantic.create_model("Outer", eventType=(str, ...), feeLst=(list[model], ...))
    return msgspec.json.Decoder(message).decode, outer.model_validate_json


def cdrs() -> None:
    """A message of 50 CDRs."""
    records = [cdr(number) for number in range(50)]
    body = json.dumps({"eventType": "fee", "feeLst": records}, separators=(",", ":")).encode()
    types = {name: datetime if name.endswith("Time") else type(value) for name, value in records[0].items()}
    with_msgspec, with_pydantic = typed_decoders(types)
    wire = [*types, *(f"absent{number}" for number in range(len(FIELDS) - len(types)))]
    from_objects, from_dicts = reader("record.{}", FIELDS), reader("record.get('{}')", wire)
    made = best_of(
        {
            "voicecall": lambda: parse(body).cdrs,  # type: ignore[union-attr]
            "orjson": lambda: orjson.loads(body),
            "msgspec": lambda: with_msgspec(body),
            "pydantic": lambda: with_pydantic(body),
        },
        5,
    )
    objects, dicts = parse(body).cdrs, orjson.loads(body)["feeLst"]  # type: ignore[union-attr]
    read = best_of({"voicecall": lambda: from_objects(objects), "orjson": lambda: from_dicts(dicts)}, 5)
    print(f"cdrs_bytes {len(body)} B")
    for name, seconds in made.items():
        print(f"cdrs_{name} {seconds * 1e6:.2f} us")
    for name, seconds in read.items():
        print(f"read_{name} {seconds * 1e6:.2f} us")
    for name in ("orjson", "msgspec", "pydantic"):
        print(f"cdrs_to_{name} {made['voicecall'] / made[name]:.4f} x")
    print(f"read_to_orjson {read['voicecall'] / read['orjson']:.4f} x")


def status() -> None:
    """One status event, verified and read."""
    application = Application(app_key="app-key-0001", app_secret="example-secret-0001")
    webhook = Webhook(urls=[URL], applications=[application], replay_entries=1000)
    beside = {"Host": "push.example.com", "Content-Length": str(len(STATUS)), "Accept": "*/*", "User-Agent": "platform"}
    headers = iter(
        [
            {**beside, **sign_push("app-key-0001", "example-secret-0001", URL, nonce=f"n{number}")}
            for number in range(ROUNDS * 200)
        ]
    )

    def receive() -> object:
        received = webhook.receive(next(headers), STATUS)
        event: Any = received.event
        return (event.session_id, event.timestamp, event.caller, event.called, event.event_type)

    print(f"status {best_of({'status': receive}, 200)['status'] * 1e6:.2f} us")


if __name__ == "__main__":
    cdrs()
    status()
