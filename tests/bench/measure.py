"""Runs a command in a process of its own and says what it used: seconds, CPU, peak memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOAN_ETL = Path(sys.executable).with_name("loan-etl")

_LAUNCH = Path(__file__).with_name("launch.py")


def bytecode(folder: Path) -> dict[str, str]:
    """Variables that let commands share compiled modules where this machine keeps none.

    Without them each command would compile its libraries anew, which no installation does.

    Args:
        folder: where compiled modules go.
    """
    if not sys.dont_write_bytecode:
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}


@dataclass(frozen=True, slots=True)
class Used:
    """A finished command and what it used.

    Attributes:
        wall_s: seconds from start to end.
        cpu_s: its own CPU seconds, user and system; a server's are not among them.
        peak_bytes: largest resident memory, shared libraries included.
        code: exit code; negative for a signal.
        out, err: what it wrote.
    """

    wall_s: float
    cpu_s: float
    peak_bytes: int
    code: int
    out: str
    err: str

    @property
    def peak_mb(self) -> float:
        """Peak memory in millions of bytes."""
        return self.peak_bytes / 1e6


def measured(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 3_600,
) -> Used:
    """Run a command to its end.

    Settings of loan-etl in the caller's environment do not reach it.

    Args:
        command: program and arguments.
        cwd: folder it runs in.
        environment: variables beside the inherited ones.
        timeout_s: the command and all it started are killed after that.

    Raises:
        subprocess.TimeoutExpired: it took longer than `timeout_s`.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOAN_ETL_")}
    with tempfile.TemporaryDirectory(prefix="loan-etl-note-") as folder:
        note = Path(folder) / "note.json"
        launch = [sys.executable, "-I", "-S", str(_LAUNCH), str(note), *map(str, command)]
        process = subprocess.Popen(
            launch,
            cwd=cwd,
            env=kept | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        used = json.loads(note.read_text(encoding="utf-8"))
    return Used(**used, out=out, err=err)
