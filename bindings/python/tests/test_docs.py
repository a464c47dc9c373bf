"""What users read: every public name says what it is, and every example runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MethodDescriptorType, ModuleType

import pytest

import voicecall
from voicecall import _values
from voicecall.testing import Sandbox

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
def test_an_example_in_a_docstring(example: doctest.DocTest, doctest_names: dict[str, object]) -> None:
    example.globs = {**doctest_names, **example.globs}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    told: list[str] = []
    runner.run(example, out=told.append)
    assert runner.failures == 0, "".join(told)
    assert runner.tries == len(example.examples)


BLOCKS = re.findall(r"(<!-- test: run -->\n)?```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_in_the_readme(number: int, voicecall_sandbox: Sandbox) -> None:
    runs, block = BLOCKS[number]
    code = compile(block, README.name, "exec")
    if runs:
        names = {name: getattr(voicecall_sandbox, name) for name in ("app_key", "app_secret", "endpoint")}
        exec(code, names)


def test_the_readme_names_every_exception() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in voicecall.errors.__all__ if f"`{name}`" not in text] == []


@pytest.mark.parametrize(("path", "thing"), list(public_names()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_public_name_says_what_it_is(path: str, thing: object) -> None:
    if isinstance(thing, str):
        return  # A member of an enumeration; what it means stands below it in the source.
    doc = inspect.getdoc(thing)
    assert doc, f"{path} has no docstring"
    assert doc[0].isupper() or doc[0] in '`0123456789', path
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


@pytest.mark.parametrize("cls", [voicecall.VoiceCallError, Sandbox, *vars(_values).values()])
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
