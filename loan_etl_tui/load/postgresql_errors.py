"""What PostgreSQL complains of, in our words: SQLSTATE decides; DETAIL and CONTEXT stay out.

Both can hold a whole row. A refused connection has no SQLSTATE, only text; there a few words of
it decide, and none of it is shown.
"""

from __future__ import annotations

from typing import Any

from loan_etl_tui.model.errors import (
    ConfigError,
    DatabaseBusy,
    DatabaseUnavailable,
    DiskError,
    LawBroken,
    LoanEtlError,
    LoginRefused,
)

_Said = tuple[type[LoanEtlError], str, str]

_AGAIN = "try again."
_TABLES = "see `loan-etl schema` for the tables this version needs."

_BY_STATE: dict[str, _Said] = {
    "25006": (ConfigError, "the server is read-only, perhaps a standby", "name the primary."),
    "3D000": (ConfigError, "the database does not exist", "create it, or name another."),
    "3F000": (ConfigError, "the schema does not exist", "create it, or name another."),
    "40001": (DatabaseBusy, "two transactions got in each other's way", _AGAIN),
    "40P01": (DatabaseBusy, "two transactions got in each other's way", _AGAIN),
    "42501": (LoginRefused, "this role lacks a permission", "see the README for the rights."),
    "42703": (ConfigError, "a column is missing", _TABLES),
    "42P01": (ConfigError, "a table is missing", _TABLES),
    "42P07": (ConfigError, "a table or view of this name exists", "choose another table_prefix."),
    "53100": (DiskError, "the server's disk is full", "free space and run again."),
    "55P03": (DatabaseBusy, "another session holds a lock on the tables", _AGAIN),
    "57014": (DatabaseBusy, "the statement took longer than allowed", _AGAIN),
    "58030": (DiskError, "the server's disk failed", "look at the server's log."),
}

_BY_CLASS: dict[str, _Said] = {
    "08": (DatabaseUnavailable, "the connection was lost", _AGAIN),
    "22": (
        LawBroken,
        "a value that passed every check does not fit its column",
        "this is a defect of the program: please report it.",
    ),
    "23": (
        LawBroken,
        "a row that passed every check breaks a constraint of the tables",
        "this is a defect of the program: please report it.",
    ),
    "28": (LoginRefused, "the login is refused", "look at user, password and pg_hba.conf."),
    "53": (DatabaseUnavailable, "the server is out of resources", _AGAIN),
    "57": (DatabaseUnavailable, "the server shut down or ended the session", _AGAIN),
    "58": (DiskError, "the server met a system error", "look at the server's log."),
}

_AT_LOGIN: tuple[tuple[str, _Said], ...] = (
    ("password authentication failed", _BY_CLASS["28"]),
    ("no password supplied", _BY_CLASS["28"]),
    ("authentication failed", _BY_CLASS["28"]),
    ("no pg_hba.conf entry", _BY_CLASS["28"]),
    ('role "', _BY_CLASS["28"]),
    ('database "', _BY_STATE["3D000"]),
)


def translate_error(error: BaseException, connection: Any, doing: str) -> LoanEtlError:  # noqa: ANN401 - psycopg2's connection
    """Choose our error for a driver's error; no value of a row is in it.

    Args:
        error: what psycopg2 raised.
        connection: the connection, or None while there is none.
        doing: what was going on.
    """
    state = getattr(error, "pgcode", None)
    if state is None:
        kind, said, hint = _without_state(error, connection)
        return kind(f"{doing}: {said}.", hint)
    unknown: _Said = (LoanEtlError, "the database refused a statement", "please report it.")
    kind, said, hint = _BY_STATE.get(state) or _BY_CLASS.get(state[:2]) or unknown
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    where = f", constraint {constraint}" if constraint else ""
    return kind(f"{doing}: {said} (SQLSTATE {state}{where}).", hint)


def _without_state(error: BaseException, connection: Any) -> _Said:  # noqa: ANN401 - as above
    if connection is None:
        text = str(error)
        for words, said in _AT_LOGIN:
            if words in text:
                return said
        return (
            DatabaseUnavailable,
            "the database does not answer",
            "is the server running, and are host and port right?",
        )
    if connection.closed:
        return _BY_CLASS["08"]
    return (LoanEtlError, f"the driver failed ({type(error).__name__})", "please report it.")
