"""Every kind of error and every delivery, against a peer that misbehaves; and what exceptions are in Python."""

from __future__ import annotations

import pickle
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import voicecall
from support.peer import Peer, Script, answer, hold, read_request, read_some, reset, send
from voicecall import Client, ErrorKind, OutcomeUnknown, VoiceCallError, VoiceNotification, errors
from voicecall.webhook import Webhook, parse

UNREADABLE = answer(200, "<html>hello</html>")


def refusal(code: str, status: int = 403, text: str = "refused") -> bytes:
    return answer(status, f'{{"resultcode":"{code}","resultdesc":"{text}"}}')


def call(endpoint: str, request: VoiceNotification, **settings: object) -> VoiceCallError:
    """The error of a call that rings."""
    given = {"timeout": 10, "retries": 0, **settings}
    client = Client("app-key-0001", "example-secret-0001", endpoint=endpoint, **given)  # type: ignore[arg-type]
    with client, pytest.raises(VoiceCallError) as raised:
        client.create_voice_notification(request)
    return raised.value


@pytest.mark.parametrize(
    ("script", "expected", "kind", "delivery"),
    [
        ([read_request, send(refusal("1020166"))], errors.Rejected, "rejected", "answered"),
        ([read_request, send(refusal("1010010", 401))], errors.AuthenticationError, "authentication", "answered"),
        ([read_request, send(refusal("1013001"))], errors.Throttled, "throttled", "answered"),
        ([read_request, send(refusal("9999999"))], errors.Rejected, "rejected", "answered"),
        ([read_request, send(refusal("1023002", 500))], OutcomeUnknown, "rejected", "unknown"),
        ([read_request, send(answer(302, "", "location: http://127.0.0.1:1/\r\n"))], errors.ProtocolError, "protocol", "answered"),
        ([read_request, send(UNREADABLE)], OutcomeUnknown, "protocol", "unknown"),
        ([read_request, send(answer(200, '{"resultcode":"0"}'))], OutcomeUnknown, "protocol", "unknown"),
        ([read_request, send(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nabc")], OutcomeUnknown, "connection_lost", "unknown"),
        ([read_request, send(b"hello\r\n\r\n")], OutcomeUnknown, "protocol", "unknown"),
        ([read_request], OutcomeUnknown, "connection_lost", "unknown"),
        ([read_request, reset], OutcomeUnknown, "connection_lost", "unknown"),
        ([read_some, reset], OutcomeUnknown, "connection_lost", "unknown"),
    ],
)  # fmt: skip
def test_a_misbehaving_platform(
    peer: Callable[..., Peer], notification: VoiceNotification, script: Script,
    expected: type[VoiceCallError], kind: str, delivery: str,
) -> None:  # fmt: skip
    platform = peer(script)
    error = call(platform.url, notification, retries=3)
    assert type(error) is expected
    assert (error.kind, error.delivery) == (kind, delivery)
    # What may have rung is never sent twice.
    assert platform.seen.connections == 1 and len(platform.seen.requests) <= 1


def test_a_time_out_after_the_request_leaves_the_outcome_unknown(
    peer: Callable[..., Peer], notification: VoiceNotification
) -> None:
    error = call(peer([read_request, hold]).url, notification, timeout=0.3)
    assert type(error) is OutcomeUnknown and error.kind == "timeout"


def test_the_message_of_an_unknown_outcome_warns(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    error = call(peer([read_request]).url, notification)
    assert "The phone may be ringing. Do not place the call again" in str(error)
    assert error.retry == "never" and not isinstance(error, (ConnectionError, TimeoutError))


def test_a_request_that_rings_nobody_has_no_unknown_outcome(peer: Callable[..., Peer]) -> None:
    platform = peer([read_request])
    with Client("k", "s", endpoint=platform.url, retries=0) as client, pytest.raises(errors.ConnectionLost) as raised:
        client.terminate_call("1")
    assert raised.value.delivery == "unknown" and raised.value.retry == "later"
    assert isinstance(raised.value, ConnectionError)


def test_no_connection(notification: VoiceNotification) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = call(f"http://127.0.0.1:{port}", notification)
    assert type(error) is errors.ConnectError and isinstance(error, ConnectionError)
    assert error.delivery == "not_sent" and str(port) in str(error)


def test_a_time_out_before_the_request_is_sent(notification: VoiceNotification) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        with socket.create_connection(address):  # The only place in the queue.
            error = call(f"http://127.0.0.1:{address[1]}", notification, connect_timeout=0.3)
    assert type(error) is errors.CallTimeout and isinstance(error, TimeoutError)
    assert error.delivery == "not_sent"


def test_a_name_that_does_not_exist(notification: VoiceNotification) -> None:
    error = call("https://voice.invalid", notification, resolve_timeout=5)
    assert error.delivery == "not_sent" and error.kind in ("connect", "timeout")


def test_no_tls(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    platform = peer([read_some, send(b"HTTP/1.1 400 Bad Request\r\n\r\n")])
    error = call(platform.url.replace("http:", "https:"), notification)
    assert type(error) is errors.TlsError and error.delivery == "not_sent"
    assert isinstance(error, ConnectionError)


def test_a_certificate_that_nobody_signed(
    tmp_path: Path, notification: VoiceNotification, peer: Callable[..., Peer]
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = [
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run([*make, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def handshake(connection: object) -> None:
        raw = connection.raw  # type: ignore[attr-defined]
        connection.raw = context.wrap_socket(raw, server_side=True)  # type: ignore[attr-defined]

    script = [handshake, read_request, send(answer(200, '{"resultcode":"0","sessionId":"1"}'))]
    url = peer(script, script).url.replace("http:", "https:")
    assert type(call(url, notification)) is errors.TlsError
    with Client("k", "s", endpoint=url, ca_file=str(certificate)) as client:
        assert client.create_voice_notification(notification).session_id == "1"


def test_every_kind_has_a_class_and_every_class_a_kind() -> None:
    classes = {getattr(errors, name) for name in errors.__all__} - {VoiceCallError, OutcomeUnknown}
    assert {cls.kind for cls in classes} == set(ErrorKind) and len(classes) == len(ErrorKind)
    assert all(issubclass(cls, VoiceCallError) and cls.__doc__ for cls in classes)


def test_kinds_that_need_no_network() -> None:
    with pytest.raises(errors.ConfigurationError) as configuration:
        Client("", "s")
    with pytest.raises(errors.MalformedWebhook) as malformed:
        parse(b"{")
    webhook = Webhook(
        urls=["https://push.example.com/fee"],
        applications=[voicecall.Application(app_key="k", app_secret="s")],
        policy="require",
    )
    signature = webhook.receive({}, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}').error
    assert type(signature) is errors.SignatureError
    assert isinstance(configuration.value, ValueError) and isinstance(malformed.value, ValueError)


@pytest.mark.parametrize("name", errors.__all__)
def test_exceptions_can_be_pickled(name: str) -> None:
    error = getattr(errors, name)(
        "it failed", field="/calleeNbr", rule="range", measured=5, retry="later", http_status=403
    )
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and vars(again) == vars(error) and str(again) == str(error)
    assert again.retry is voicecall.Retry.LATER and again.rule is voicecall.Rule.RANGE


def test_an_exception_of_the_core_can_be_pickled(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    error = call(peer([read_request, send(refusal("1020166"))]).url, notification)
    again = pickle.loads(pickle.dumps(error))
    assert vars(again) == vars(error) and (again.result_code, again.http_status) == ("1020166", 403)
    assert again.meaning and again.advice


def test_no_text_holds_a_number_or_a_secret(peer: Callable[..., Peer], notification: VoiceNotification) -> None:
    error = call(peer([read_request, send(refusal("1010024", text="Invalid +8613800000021"))]).url, notification)
    told = f"{error} {error!r} {vars(error)} {error.__cause__!r}"
    assert "0021" in told and "13800000021" not in told and "example-secret" not in told
