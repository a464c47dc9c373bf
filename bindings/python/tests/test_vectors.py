"""The shared test vectors through the Python face."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import GetSetDescriptorType
from typing import Any

import pytest

import voicecall
from support import vectors
from voicecall import _native, codes
from voicecall._model import Model
from voicecall.testing import sign_push
from voicecall.webhook import Cdr, FeeEvent, StatusEvent, Webhook, parse

MODELS: dict[str, type[Model]] = {
    "create_voice_callback": voicecall.VoiceCallback,
    "create_voice_notification": voicecall.VoiceNotification,
    "create_voice_verification_code": voicecall.VoiceVerificationCode,
    "terminate_call": voicecall.TerminateCall,
    "get_recording_download_url": voicecall.Recording,
}
OWN_ATTRIBUTES = {
    "answered",
    "attempt_tag",
    "billable_minutes",
    "event_type",
    "extra",
    "inferred",
    "legs",
    "raw",
    "recording",
    "scene",
    "talk_seconds",
}
ERROR_ATTRIBUTES = (
    "kind",
    "delivery",
    "field",
    "rule",
    "measured",
    "result_code",
    "result_desc",
    "http_status",
    "retry",
)


def every(name: str, kind: str) -> Callable[..., Any]:
    """Runs a test for each case of a file."""
    return pytest.mark.parametrize("case", vectors.cases(name, kind), ids=lambda case: case["id"])


def check_error(error: voicecall.VoiceCallError, expected: dict[str, Any]) -> None:
    """Compares the attributes that the case has."""
    assert set(expected) <= set(ERROR_ATTRIBUTES)
    for name, value in expected.items():
        assert vectors.same(getattr(error, name), value), name


def arguments(model: type[Model], natural: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any] | None]:
    """Arguments in natural form as the Python face takes them: in the order of the declaration, nested ones as models."""
    names = model._record.names()
    undeclared = set(natural) - {wire for _, wire in names} - {"extra"}
    if undeclared:
        raise TypeError(f"no such argument: {undeclared}")
    return tuple(argument(natural.get(wire)) for _, wire in names), natural.get("extra")


def argument(value: Any) -> Any:
    """A list of objects stands for nested models."""
    if not isinstance(value, list) or not any(isinstance(item, dict) for item in value):
        return value
    nested = voicecall.PlayContentInfo
    made = []
    for item in value:
        if isinstance(item, dict):
            fields, extra = arguments(nested, item)
            names = [ident for ident, _ in nested._record.names()]
            item = nested(**dict(zip(names, fields, strict=True)), extra=extra)
        made.append(item)
    return made


@every("requests.json", "request")
def test_request(case: dict[str, Any]) -> None:
    given, expected = case["given"], case["expected"]
    config = {**given["config"], "validation": given.get("validation")}
    settings = tuple(config.get(ident) for ident, _ in _native.Record("Config").names())

    def build() -> tuple[str, str, list[tuple[str, str]], bytes | None, list[str]]:
        fields, extra = arguments(MODELS[given["operation"]], given["arguments"])
        return _native.build_request(settings, given["operation"], None, fields, extra, given["nonce"], given["time"])

    if "error" not in expected:
        method, url, headers, body, warnings = build()
        text = None if body is None else body.decode()
        found: dict[str, object] = {"method": method, "url": url, "headers": dict(headers), "body": text}
        if warnings:
            found["warnings"] = warnings
        assert vectors.same(found, expected)
    elif expected["error"]["rule"] in ("type", "unknown_field"):
        # Python has its own exception for a value of the wrong type, and for an argument that does not exist.
        with pytest.raises(TypeError):
            build()
    else:
        with pytest.raises(voicecall.InvalidArgument) as raised:
            build()
        check_error(raised.value, expected["error"])


@every("responses.json", "response")
def test_response(case: dict[str, Any]) -> None:
    given, expected = case["given"], case["expected"]
    location = next((value for name, value in given["headers"].items() if name.lower() == "location"), None)

    def read() -> Any:
        return _native.read_answer(given["operation"], given["http_status"], location, vectors.body(given))

    if "error" in expected:
        with pytest.raises(voicecall.VoiceCallError) as raised:
            read()
        check_error(raised.value, expected["error"])
        rings = given["operation"].startswith("create_")
        unknown = rings and expected["error"].get("delivery") == "unknown"
        assert isinstance(raised.value, voicecall.OutcomeUnknown) == unknown
        return
    answer = read()
    if isinstance(answer, voicecall.PlacedCall):
        assert vectors.same(answer.to_dict(), expected["value"])
    else:
        assert vectors.same({} if answer is None else {"url": answer}, expected["value"])


@every("webhooks.json", "webhook")
def test_webhook(case: dict[str, Any]) -> None:
    body, expected = vectors.body(case["given"]), case["expected"]
    if "error" in expected:
        with pytest.raises(voicecall.MalformedWebhook) as raised:
            parse(body)
        check_error(raised.value, expected["error"])
        return
    event = parse(body)
    if "counts" in expected:
        assert isinstance(event, FeeEvent)
        assert {"feeLst": len(event.cdrs), "rejected": len(event.rejected)} == expected["counts"]
        return
    found = event.to_dict()
    for record in found.get("rejected", ()):
        assert record.pop("reason")
    assert vectors.same(found, expected["event"])
    if isinstance(event, StatusEvent):
        check_attributes(event, found)
    if isinstance(event, FeeEvent):
        for cdr, natural in zip(event.cdrs, found["feeLst"], strict=True):
            check_attributes(cdr, natural)


def check_attributes(record: StatusEvent | Cdr, natural: dict[str, Any]) -> None:
    """Each attribute tells what the natural form tells, under its own name."""
    for ident, attribute in vars(type(record)).items():
        if not isinstance(attribute, GetSetDescriptorType) or ident in OWN_ATTRIBUTES:
            continue
        value = getattr(record, ident)
        if isinstance(value, datetime):
            value = value.isoformat().replace("+00:00", "Z")
        wire = [name for name in natural if name.lower() == ident.replace("_", "")]
        assert vectors.same(value, natural[wire[0]] if wire else None), ident


@every("cdrs.json", "cdr")
def test_cdr(case: dict[str, Any]) -> None:
    given, expected = case["given"], case["expected"]
    cdr = Cdr.from_raw(json.dumps(given["record"]))
    price = cdr.price(given["tariff"])
    explanation = cdr.explain()
    cause = explanation and explanation.cause
    found = {
        "scene": cdr.scene,
        "answered": cdr.answered,
        "legs": [
            {
                "leg": leg.leg,
                "number": leg.number,
                "answered": leg.answered,
                "talk_seconds": leg.talk_seconds,
                "billable_minutes": leg.billable_minutes,
                "inferred": leg.inferred,
            }
            for leg in cdr.legs
        ],
        "billable_minutes": cdr.billable_minutes,
        "price": price and str(price.amount),
        "explanation": cause and {"table": cause.table, "code": str(cause.code), "meaning": cause.meaning},
    }
    assert vectors.same(found, expected)
    assert price is None or isinstance(price.amount, Decimal)


@every("signatures.json", "signature")
def test_signature(case: dict[str, Any]) -> None:
    given, expected = case["given"], case["expected"]
    applications = [
        voicecall.Application(app_key=key, app_secret=secret)
        for key, secrets in given["applications"].items()
        for secret in ([secrets] if isinstance(secrets, str) else secrets)
    ]
    webhook = Webhook(
        urls=given["urls"],
        applications=applications,
        policy=given["policy"],
        tolerance=given.get("tolerance_s"),
        cdr_tolerance=given.get("cdr_tolerance_s"),
    )
    body = {
        "fee": b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}',
        "status": b'{"eventType":"callout","statusInfo":{"sessionId":"1"}}',
    }[given["event"]]
    for nonces, seen_body in (("seen_nonces", body + b" "), ("seen_pushes", body)):
        for nonce in given.get(nonces, ()):
            first = applications[0]
            headers = sign_push(first.app_key, first.app_secret, given["urls"][0], nonce=nonce, now=given["now"])
            assert webhook.receive(headers, seen_body, now=given["now"]).verdict.verdict == "valid"
    received = webhook.receive(given["headers"], body, now=given["now"])
    verdict = received.verdict
    found = {"verdict": verdict.verdict, "reply_status": received.reply.status}
    if verdict.verdict == "valid":
        found |= {"form": verdict.form, "url": verdict.url}
        found |= {"secret_index": verdict.secret_index, "repeated": verdict.repeated}
    if verdict.verdict == "refused":
        found |= {"reason": verdict.reason, "hint": verdict.hint}
    wanted = dict(expected)
    if verdict.verdict == "refused":
        wanted.setdefault("hint", None)
    assert vectors.same(found, wanted)
    assert (received.event is None) == (received.error is not None) == (not verdict.accepted)


@every("signing.json", "signing")
def test_signing(case: dict[str, Any]) -> None:
    given = case["given"]
    created, digest, x_aksk = _native.x_aksk(
        given["app_key"], given["secret"], given["nonce"], given["time"], given["zone"]
    )
    assert {"created": created, "digest": digest, "x_aksk": x_aksk} == case["expected"]


@every("codes.json", "code")
def test_code(case: dict[str, Any]) -> None:
    given, expected = case["given"], case["expected"]
    look_up: dict[str, Callable[..., codes.Code | None]] = {
        "result": codes.result_code,
        "state": codes.state_code,
        "release_point": codes.release_point,
        "q850": codes.q850,
    }
    more = {name: given[name] for name in ("http_status", "text") if name in given}
    row = look_up[given["table"]](given["code"], **more)
    found: dict[str, Any] = {"known": row is not None, "outdated": row is not None and row.outdated}
    for name in ("meaning", "advice", "retry"):
        found[name] = getattr(row, name, None)
    # Nothing is known of the code, so nothing speaks for trying again.
    if row is None and given["table"] == "result":
        found["retry"] = "never"
    assert vectors.same(found, {"meaning": None, "advice": None, "retry": None, **expected})
