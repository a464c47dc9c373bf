"""Waiting for what happens in a call."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from support.records import cdr, fee, status
from voicecall import Intake, errors


def test_a_wait_ends_with_the_push(intake: Intake) -> None:
    with ThreadPoolExecutor() as pool:
        answered = pool.submit(intake.wait_for, "1", "answered", timeout=timedelta(seconds=20))
        billed = pool.submit(intake.wait_for, "1", timeout=20)
        intake.receive({}, status("answer", "1"))
        call = answered.result(20)
        assert call is not None and call.state == "answered"
        intake.receive({}, fee(cdr("1")))
        call = billed.result(20)
        assert call is not None and call.state == "billed"
    assert intake.wait_for("2", timeout=0) is None
    intake.receive({}, fee(cdr("3", callOutAnswerTime="", ulFailReason=31)))
    assert intake.wait_for("3", "a_answered", timeout=1e6) is None  # It cannot any more.


def test_closing_ends_a_wait(intake: Intake) -> None:
    begun = threading.Event()

    def wait() -> None:
        begun.set()
        with pytest.raises(errors.ClientClosed):
            intake.wait_for("1", timeout=1e6)

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(wait)
        assert begun.wait(20)
        intake.close()
        waiting.result(20)


def test_ctrl_c_ends_a_wait(store: str) -> None:
    program = f"""
import signal, sys, threading
from voicecall import Intake
signal.signal(signal.SIGINT, signal.default_int_handler)  # A shell's background jobs are started without.
intake = Intake({store!r})
threading.Timer(0.1, signal.raise_signal, [signal.SIGINT]).start()
try:
    intake.wait_for("1", timeout=1e6)
except KeyboardInterrupt:
    print("ended")
"""
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert finished.stdout == "ended\n"
