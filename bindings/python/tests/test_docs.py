"""What users read: every public name says what it is, and every example runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MethodDescriptorType, ModuleType
from typing import Any

import pytest

import voicecall
from voicecall import _results, _values
from voicecall.testing import Sandbox, sign_push
from voicecall.webhook import Cdr, FeeEvent

DESCRIBED = (FunctionType, property, GetSetDescriptorType, MethodDescriptorType, BuiltinFunctionType)
README = Path(__file__).parents[1] / "README.md"


def public_modules() -> Iterator[ModuleType]:
    """The modules that users import."""
    yield voicecall
    for module in pkgutil.walk_packages(voicecall.__path__, "voicecall."):
        if not any(part.startswith("_") for part in module.name.split(".")):
            yield importlib.import_module(module.name)


def public_names() -> Iterator[tuple[str, object]]:
    """Public classes and functions, and the public members of classes."""
    for module in public_modules():
        yield module.__name__, module
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isroutine(thing):
                yield f"{module.__name__}.{name}", thing
            if inspect.isclass(thing) and thing.__module__.startswith("voicecall"):
                yield from members(f"{module.__name__}.{name}", thing)


def members(path: str, cls: type) -> Iterator[tuple[str, object]]:
    """What a class of the package adds to its bases."""
    for base in cls.__mro__:
        if base.__module__.startswith("voicecall"):
            for name, member in vars(base).items():
                member = getattr(member, "__func__", member)
                if not name.startswith("_") and isinstance(member, DESCRIBED):
                    yield f"{path}.{name}", member


def examples() -> list[doctest.DocTest]:
    """The examples of every docstring."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [*public_modules(), *(importlib.import_module(f"voicecall.{name}") for name in ("_surface", "_native"))]
    found = {example.name: example for module in modules for example in finder.find(module)}
    return [example for example in found.values() if example.examples]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_an_example_in_a_docstring(
    example: doctest.DocTest, doctest_names: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    example.globs = {**doctest_names, **example.globs}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    told: list[str] = []
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)
    assert runner.tries == len(example.examples)


def snippets(file: Path) -> list[str]:
    """The examples of a text, in their order."""
    return re.findall(r"^```python\n(.*?)^```$", file.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.usefixtures("environment")
def test_the_examples_of_the_readme_run_one_after_the_other(
    voicecall_sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "reader"}
    for snippet in snippets(README):
        exec(compile(snippet, README.name, "exec"), names)
    told = capsys.readouterr().out
    assert "calling: 1201_" in told and "PlacedCall(session_id='1201_" in told and "'state_code': 8105" in told

    headers = sign_push("app-key-0001", "example-secret-0001", "https://push.example.com/fee")
    assert names["receive"](headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}').status == 200
    assert capsys.readouterr().out == "new: 1\n"
    names["report"]()
    told = capsys.readouterr().out
    assert told.startswith("1 billed ") and told.endswith("None 1 0 0.00 CNY\n")
    assert (tmp_path / "january.csv").read_bytes().startswith(b"\xef\xbb\xbf")

    headers = sign_push("app-key-0001", "example-secret-0001", "https://push.example.com/fee")
    assert names["read_only"](headers, b'{"eventType":"fee","feeLst":[{"sessionId":"1"}]}').status == 200
    assert capsys.readouterr().out.startswith("1 ")
    assert names["read_only"]({}, b"{").status == 401

    cdr = recorded_cdr(voicecall_sandbox)
    names["keep"](cdr)
    assert (tmp_path / f"{cdr.session_id}.wav").stat().st_size > 44


def recorded_cdr(sandbox: Sandbox) -> Cdr:
    """The CDR of a call that was recorded."""
    number = sandbox.display_numbers[0]
    with sandbox.client() as client:
        call = client.create_voice_callback(
            display_nbr=number,
            caller_nbr="+8613800000071",
            display_callee_nbr=number,
            callee_nbr="+8613800000072",
            record_flag=True,
            fee_url="http://127.0.0.1:9/nobody-listens",
        )
    sandbox.wait_for_call(call.session_id, timeout=30)
    pushes = sandbox.pushes(session_id=call.session_id, wait=10)
    event = voicecall.webhook.parse(
        json.dumps(next(push["body"] for push in pushes if push["event"] == "fee")).encode()
    )
    assert isinstance(event, FeeEvent)
    return event.cdrs[0]


@pytest.mark.usefixtures("environment")
def test_the_quick_start_of_the_repository_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = snippets(README.parents[2] / "README.md")
    exec(compile(snippet, "README.md", "exec"), {"__name__": "reader"})
    assert capsys.readouterr().out.startswith("calling: 1201_")


def test_the_readme_names_every_exception() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in voicecall.errors.__all__ if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("path", "thing"), list(public_names()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_public_name_says_what_it_is(path: str, thing: object) -> None:
    if isinstance(thing, str):
        return  # A member of an enumeration; what it means stands below it in the source.
    doc = inspect.getdoc(thing)
    assert doc, f"{path} has no docstring"
    assert doc[0].isupper() or doc[0] in "`0123456789", path
    if isinstance(thing, FunctionType):
        check_arguments(path, thing, doc)


def check_arguments(path: str, function: FunctionType, doc: str) -> None:
    """Documented arguments are those that there are; where some are documented, all are."""
    section = re.search(r"^Args:\n((?: .*\n?|\n)*)", doc, re.MULTILINE)
    if section is None:
        return
    documented = re.findall(r"^    \*{0,2}(\w+): ", section[1], re.MULTILINE)
    there = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]
    assert documented == there, path


@pytest.mark.parametrize("cls", [voicecall.VoiceCallError, Sandbox, *vars(_values).values(), *vars(_results).values()])
def test_every_attribute_is_documented(cls: object) -> None:
    if not inspect.isclass(cls) or "Attributes:" not in (cls.__doc__ or ""):
        return
    section = inspect.cleandoc(cls.__doc__ or "").split("Attributes:\n")[1]
    assert re.findall(r"^    (\w+): ", section, re.MULTILINE) == list(vars(cls)["__annotations__"])


def test_native_functions_have_signatures() -> None:
    for cls in (voicecall.webhook.Cdr, voicecall.webhook.StatusEvent, voicecall.webhook.FeeEvent):
        for name, member in vars(cls).items():
            if callable(member) and not name.startswith("_"):
                assert inspect.signature(getattr(cls, name)), name


def test_what_is_imported_from_the_package_is_listed() -> None:
    """Every model, enumeration and exception is a name of the package itself."""
    for module in (voicecall.models, voicecall.enums, voicecall.errors):
        assert [name for name in module.__all__ if getattr(voicecall, name) is not getattr(module, name)] == []
