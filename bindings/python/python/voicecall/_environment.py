"""Credentials from the environment; read when a client is made of them, and at no other time."""

from __future__ import annotations

import os

from voicecall import errors
from voicecall.enums import Rule

__all__ = ["credentials"]


def credentials() -> dict[str, str]:
    """Key, secret and, where it is set, the endpoint.

    Raises:
        ConfigurationError: The key or the secret is missing.
    """
    found = {
        "app_key": _required("VOICECALL_APP_KEY", "/appKey"),
        "app_secret": _required("VOICECALL_APP_SECRET", "/appSecret"),
    }
    endpoint = os.environ.get("VOICECALL_ENDPOINT")
    return {**found, "endpoint": endpoint} if endpoint else found


def _required(variable: str, field: str) -> str:
    value = os.environ.get(variable)
    if not value:
        message = f"the environment has no {variable}"
        raise errors.ConfigurationError(message, field=field, rule=Rule.REQUIRED)
    return value
