"""Connectors are found by name among what is installed."""

from __future__ import annotations

import pickle
from importlib.metadata import Distribution, EntryPoint, EntryPoints
from pathlib import Path

import pytest

from loan_etl_tui.config.models import Source as SourceSpec
from loan_etl_tui.model.errors import ConfigError
from loan_etl_tui.source import base
from loan_etl_tui.source.base import Delivery, Source, open_source


class Lying(Distribution):
    """A distribution whose metadata lies in some folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: object) -> Path:  # type: ignore[override]
        return self._folder / str(path)


def offer(monkeypatch: pytest.MonkeyPatch, folder: Path, **connectors: str) -> None:
    entries = [
        EntryPoint(name, value, base.ENTRY_POINTS)._for(Lying(folder))  # type: ignore[attr-defined]
        for name, value in connectors.items()
    ]
    monkeypatch.setattr(base, "entry_points", lambda group: EntryPoints(entries))


def test_the_csv_connector_is_installed(tmp_path: Path) -> None:
    assert isinstance(open_source(SourceSpec(path="x"), tmp_path), Source)


def test_an_unknown_connector_names_those_installed_and_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"source.connector is 'cvs'; installed: .*csv") as raised:
        open_source(SourceSpec(connector="cvs", path="x"), tmp_path)
    assert raised.value.hint == "did you mean 'csv'?"


def test_a_connector_that_cannot_be_loaded_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, tmp_path / "site", excel="no_such_package:Excel")
    with pytest.raises(ConfigError, match="cannot be loaded: No module named 'no_such_package'"):
        open_source(SourceSpec(connector="excel", path="x"), Path("/elsewhere"))


@pytest.mark.parametrize("where", ["workspace", "working folder"])
def test_code_that_merely_lies_about_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    offer(monkeypatch, tmp_path, evil="evil:Source")
    if where == "working folder":
        monkeypatch.chdir(tmp_path)
    root = tmp_path if where == "workspace" else Path("/elsewhere")
    with pytest.raises(ConfigError, match="installed: none"):
        open_source(SourceSpec(connector="evil", path="x"), root)


def test_a_delivery_crosses_process_borders(tmp_path: Path) -> None:
    delivery = Delivery(tmp_path, "tape.csv", 1, "0" * 64, 2, 3, 4)
    assert pickle.loads(pickle.dumps(delivery)) == delivery
