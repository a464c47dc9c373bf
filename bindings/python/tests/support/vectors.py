"""The test vectors that every language runs, and how a case is compared."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[4] / "core" / "tests" / "vectors"


def cases(name: str, kind: str) -> list[dict[str, Any]]:
    """The cases of a file, their envelope and number checked."""
    found: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    for case in found:
        assert set(case) == {"id", "kind", "contract", "given", "expected"}, case.get("id")
        assert case["kind"] == kind, case["id"]
    assert len({case["id"] for case in found}) == len(found)
    assert len(found) == _promised(name)
    return found


def body(given: dict[str, Any]) -> bytes:
    """The bytes of a case."""
    if "body_base64" in given:
        return base64.b64decode(given["body_base64"])
    if "body_repeat" in given:
        repeat = given["body_repeat"]
        text: str = repeat["prefix"] + repeat["repeat"] * repeat["count"] + repeat["suffix"]
    else:
        text = given["body"]
    return text.encode()


def same(found: object, expected: object) -> bool:
    """Whether two JSON values are equal. To Python, though not to JSON, `1` is `True` and `1.0`."""
    return json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


def _promised(name: str) -> int:
    """The number of cases that the format's description has for this file."""
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| `{name}`"))
    return int(row.split("|")[3])
