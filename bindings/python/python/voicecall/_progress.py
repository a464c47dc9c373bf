"""What `progress` of a download can be: nothing, a callable, or a bar on the terminal."""

from __future__ import annotations

from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Progress = Callable[[int, int | None], object]

__all__ = ["reporter"]


@contextmanager
def reporter(progress: bool | Progress | None) -> Generator[Progress | None]:
    """The callable to report to, while the download lasts."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        with _bar() as report:
            yield report
    elif callable(progress):
        yield progress
    else:
        raise TypeError(f"progress must be a bool or a callable, not {type(progress).__name__}")


@contextmanager
def _bar() -> Generator[Progress]:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise ImportError("progress=True needs tqdm; run: pip install tqdm") from None

    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, desc="recording") as bar:

        def report(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report
