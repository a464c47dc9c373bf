"""The raw body of a request, or the reason why it is gone."""

from __future__ import annotations

from voicecall.webhook import MAX_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["ALREADY_READ", "of_environ", "whole"]

ALREADY_READ = (
    "the body of a webhook was read before the receiver got it. Put the receiver before every middleware that reads "
    "requests, or have the middleware pass the raw bytes on"
)


def whole(body: bytes, length: str | bytes | None, encoding: str | bytes | None) -> bytes:
    """The body, unless it is empty although the request had one.

    Args:
        length: The header `Content-Length`.
        encoding: The header `Transfer-Encoding`.

    Raises:
        RuntimeError: Something else has read the body. The server answers 500, and nothing is acknowledged.
    """
    if not body and (encoding or int(length or 0) > 0):
        raise RuntimeError(ALREADY_READ)
    return body


def of_environ(environ: WSGIEnvironment) -> bytes | None:
    """The body of a WSGI request, or None when its end cannot be found; the answer is then 411.

    Raises:
        RuntimeError: As for `whole`.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    # One byte more than the limit tells the receiver that the body is too large.
    if environ.get("wsgi.input_terminated"):
        left = MAX_BYTES + 1
    elif length.isdigit():
        left = min(int(length), MAX_BYTES + 1)
    else:
        return None
    body = bytearray()
    # Some servers return less than was asked for.
    while piece := environ["wsgi.input"].read(left - len(body)):
        body += piece
    return whole(bytes(body), length, environ.get("HTTP_TRANSFER_ENCODING"))
