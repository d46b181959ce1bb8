"""Starts one command, waits for it, and writes down what it used.

A process of its own, without any import that is not needed: the kernel counts the memory of the
process that forks as the peak of the forked one, and this one's is smaller than any to be measured.

    python -I -S launch.py NOTE COMMAND...
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> int:
    """Run the command and write wall and CPU seconds and peak bytes to the note, as JSON."""
    note, *command = sys.argv[1:]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    used = {
        "wall_s": wall_s,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * _RSS_UNIT,
        "code": process.returncode,
    }
    Path(note).write_text(json.dumps(used), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
