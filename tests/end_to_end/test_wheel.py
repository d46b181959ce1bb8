"""The wheel carries everything: what it installs makes a workspace without the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.mark.gate
def test_an_installed_wheel_makes_a_workspace(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, PROJECT]
    subprocess.run(build, check=True)
    [wheel] = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--target", installed, wheel], check=True)
    path = os.pathsep.join([str(installed), sysconfig.get_path("purelib")])
    call = [sys.executable, "-S", "-m", "loan_etl_tui", "init", tmp_path / "loans"]
    subprocess.run(call, check=True, env={"PYTHONPATH": path}, cwd=tmp_path)
    made = {file.name for file in (tmp_path / "loans" / "configs").iterdir()}
    assert made == {file.name for file in (PROJECT / "configs").glob("*.yaml")}
    assert (tmp_path / "loans" / "schema" / "pipeline.schema.json").exists()
    assert {file.name for file in (installed / "loan_etl_tui" / "_shipped" / "schema").iterdir()}
