"""Makes the pictures of this folder again: real commands, run in a fresh demo workspace.

.venv/bin/python screenshots/make.py
"""

from __future__ import annotations

import fcntl
import os
import pty
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
COMMAND = Path(sys.executable).with_name("loan-etl")
WIDTH = 120
SHOTS = {
    "demo": ("loan-etl demo demo",),
    "preview": ("loan-etl preview harborlend --issues --rows 400",),
    "run": ("loan-etl list", "loan-etl history", "loan-etl rules V-PRIN-1"),
}


def main() -> None:
    """Run every command and draw what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, calls in SHOTS.items():
            place = Path(folder) if name == "demo" else Path(folder) / "demo"
            draw(name, [(call, printed(call, place)) for call in calls])


def printed(call: str, folder: Path) -> str:
    """Run one command on a terminal of 120 columns and return what it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 36, WIDTH, 0, 0))
    process = subprocess.Popen(  # noqa: S603 - our own command
        [str(COMMAND), *shlex.split(call)[1:]],
        cwd=folder,
        env=os.environ | {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    while part := _read(ours):
        shown += part
    process.wait()
    os.close(ours)
    return shown.decode("utf-8").replace("\r\n", "\n").replace(str(folder), "~")


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other side of a terminal is closed
        return b""


def draw(name: str, shown: list[tuple[str, str]]) -> None:
    """Write one picture."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    for call, output in shown:
        console.print(Text(f"$ {call}", style="bold green"))
        console.print(Text(output.rstrip()))
        console.print()
    console.save_svg(str(HERE / f"{name}.svg"), title="loan-etl", theme=MONOKAI)


if __name__ == "__main__":
    main()
