"""The fixture `voicecall_sandbox` for pytest: a local platform that serves all tests of a run.

Its clock runs as fast as the setting `voicecall_speed` of pytest's configuration says, 60 times faster than real time
by default.
"""

from __future__ import annotations

import pytest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecall.testing import Sandbox


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the setting."""
    parser.addini(
        "voicecall_speed", "how many times faster than real time the local VoiceCall platform runs", default="60"
    )


@pytest.fixture(scope="session")
def voicecall_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A local VoiceCall platform; see `voicecall.testing.Sandbox`."""
    from voicecall.testing import Sandbox

    speed = float(request.config.getini("voicecall_speed"))
    with Sandbox(speed=speed) as sandbox:
        yield sandbox
