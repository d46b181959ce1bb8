"""How each kind of value is held by a database, and what Python sees of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    TEXT,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Integer,
    Numeric,
    SmallInteger,
    String,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import REAL, TypeDecorator, TypeEngine

from loan_etl_tui.model.loan import (
    MONEY_PRECISION,
    MONEY_SCALE,
    RATE_PRECISION,
    RATE_SCALE,
    Field,
    Kind,
)


def canonical_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON in its one canonical form: sorted keys, no blanks, no escapes without need."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _is_embedded(dialect: Dialect) -> bool:
    return dialect.name == "sqlite"


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC, or SQLite's REAL read and written through Decimal.

    Up to 15 digits a decimal, the double next to it and back again are the same number.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if _is_embedded(dialect):
            return dialect.type_descriptor(REAL())
        return dialect.type_descriptor(self.impl_instance)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        """Hand a value to the driver."""
        return float(value) if value is not None and _is_embedded(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Read a value from the driver, at the column's scale."""
        return None if value is None else Decimal(f"{value:.{self.scale}f}")


class IsoDate(TypeDecorator[date]):
    """A calendar date: DATE, or ISO text in SQLite."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(TEXT() if _is_embedded(dialect) else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        """Hand a value to the driver."""
        return value.isoformat() if value is not None and _is_embedded(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Read a value from the driver."""
        return date.fromisoformat(value) if isinstance(value, str) else value


class UtcStamp(TypeDecorator[datetime]):
    """A moment in UTC: TIMESTAMPTZ, or ISO text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        return dialect.type_descriptor(TEXT() if _is_embedded(dialect) else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        """Hand a value to the driver, in UTC."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        if _is_embedded(dialect):
            return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - SQLAlchemy's signature
        """Read a value from the driver, in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value: JSONB, or canonical text in SQLite."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the database's own type."""
        if _is_embedded(dialect):
            return dialect.type_descriptor(TEXT())
        return dialect.type_descriptor(JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        """Hand a value to the driver."""
        return canonical_json(value) if value is not None and _is_embedded(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        """Read a value from the driver."""
        return json.loads(value) if isinstance(value, str) and _is_embedded(dialect) else value


def _text(length: int, *, bytewise: bool) -> TypeEngine[str]:
    """Text of a length; keys compare byte by byte on every database."""
    server = String(length or None, collation="C" if bytewise else None)
    embedded = TEXT(collation="BINARY" if bytewise else None)
    return (
        String(length or None).with_variant(server, "postgresql").with_variant(embedded, "sqlite")
    )


_FIXED: dict[Kind, TypeEngine[Any]] = {
    Kind.MONEY: ExactDecimal(MONEY_PRECISION, MONEY_SCALE),
    Kind.RATE: ExactDecimal(RATE_PRECISION, RATE_SCALE),
    Kind.DATE: IsoDate(),
    Kind.SMALLINT: SmallInteger().with_variant(Integer(), "sqlite"),
    Kind.BIGINT: BigInteger().with_variant(Integer(), "sqlite"),
    Kind.JSON: CanonicalJson(),
    Kind.STAMP: UtcStamp(),
}

SCALES: dict[Kind, int] = {Kind.MONEY: MONEY_SCALE, Kind.RATE: RATE_SCALE}


def sql_type(field: Field) -> TypeEngine[Any]:
    """Choose the type of a column for every database at once."""
    if field.kind in _FIXED:
        return _FIXED[field.kind]
    return _text(field.length, bytewise=field.kind in {Kind.SLUG, Kind.ID})
