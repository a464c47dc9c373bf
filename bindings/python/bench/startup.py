"""What importing the package costs over a bare interpreter: CPU time, and memory that stays resident.

Prints one number a line: name, value, unit. An import waits for nothing, so its CPU time is what it takes on a machine
with nothing else to do.
"""

from __future__ import annotations

import os
import subprocess
import sys

ROUNDS = 60
RESIDENT = "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')])"


def cpu(program: str) -> float:
    """The CPU time of a fresh interpreter, in seconds."""
    child = os.posix_spawn(sys.executable, [sys.executable, "-I", "-c", program], os.environ)
    _, status, usage = os.wait4(child, 0)
    assert status == 0
    return usage.ru_utime + usage.ru_stime


def resident(program: str) -> int:
    """The memory of a fresh interpreter that has run this, in KiB."""
    command = [sys.executable, "-I", "-c", f"{program}\n{RESIDENT}"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    programs = {"bare": "", "voicecall": "import voicecall"}
    times, kilobytes = dict.fromkeys(programs, 9.0), dict.fromkeys(programs, 10**9)
    for _ in range(ROUNDS):
        for name, program in programs.items():
            times[name] = min(times[name], cpu(program))
            kilobytes[name] = min(kilobytes[name], resident(program))
    print(f"import_time {(times['voicecall'] - times['bare']) * 1e3:.2f} ms")
    print(f"import_memory {(kilobytes['voicecall'] - kilobytes['bare']) / 1024:.2f} MiB")


if __name__ == "__main__":
    main()
