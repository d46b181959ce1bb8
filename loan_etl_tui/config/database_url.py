"""A database URL as people write it → the one SQLAlchemy needs, with whole paths."""

from __future__ import annotations

import re
from pathlib import Path

from loan_etl_tui.config.masking import mask_url, secret_query_keys
from loan_etl_tui.model.errors import ConfigError

# The driver that a bare word means; SQLAlchemy alone would look for another one.
_DRIVERS = {
    "postgresql": "postgresql+psycopg2",
    "postgres": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
}
# Databases that are a file of this machine: what follows the three slashes is a path.
_FILES = frozenset({"sqlite", "duckdb"})

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9]*)(?P<driver>\+[A-Za-z0-9_]+)?://(?P<rest>.*)", re.S
)


def normal_url(text: str, root: Path) -> str:
    """Bring a database URL to the one form the program works with.

    `postgresql://` and `postgres://` mean psycopg2, `mysql://` means PyMySQL; a bare path is an
    embedded database, and a relative path lies in the workspace.

    Args:
        text: a URL or a path, secrets resolved.
        root: the workspace.

    Raises:
        ConfigError: it is neither, keeps its data in memory, or carries a secret in its query.
    """
    if not text or not text.isprintable():
        raise ConfigError("a database URL is empty or holds a line end.", _WAY_ON)
    keys = secret_query_keys(text)
    if keys:
        raise ConfigError(
            f"database {mask_url(text)!r} carries a secret in its query ({keys[0]}).",
            "put the password before the host: postgresql://user:${env:NAME}@host/database.",
        )
    found = _URL.fullmatch(text)
    if found is None:
        return _file_url("sqlite", text, root)
    scheme, driver = found["scheme"].lower(), found["driver"] or ""
    if scheme in _FILES:
        return _file_url(scheme + driver, _path_in(found["rest"], text), root)
    if driver:
        scheme = "postgresql" if scheme == "postgres" else scheme
        return f"{scheme}{driver.lower()}://{found['rest']}"
    return f"{_DRIVERS.get(scheme, scheme)}://{found['rest']}"


_WAY_ON = "give a path, or a URL such as postgresql://user:${env:NAME}@host/database."


def _path_in(rest: str, text: str) -> str:
    """Take the path out of `///path`; two slashes would name a host, which a file has not."""
    if not rest.startswith("/") or rest == "/":
        shown = mask_url(text)
        raise ConfigError(
            f"database {shown!r} names no file.", "three slashes: sqlite:///loans.db."
        )
    return rest[1:]


def _file_url(scheme: str, path: str, root: Path) -> str:
    name, mark, query = path.partition("?")
    if not name or name == ":memory:" or "mode=memory" in query:
        words = "a database in memory is gone when the run ends."
        raise ConfigError(words, "give a file: sqlite:///loans.db.")
    if "://" in name or name.startswith("file:"):
        raise ConfigError(f"database {mask_url(path)!r} is no path.", _WAY_ON)
    return f"{scheme}:///{root / name}{mark}{query}"
