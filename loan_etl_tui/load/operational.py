"""The tables the engine keeps for itself: deliveries, runs, rejects, warnings, corrections."""

from __future__ import annotations

from loan_etl_tui.model.loan import Field, Kind

SCHEMA_VERSION_NUMBER = 1


def _key(name: str, kind: Kind, length: int, meaning: str) -> Field:
    return Field(name, kind, length, False, "key", meaning)


def _must(name: str, kind: Kind, length: int, meaning: str) -> Field:
    return Field(name, kind, length, False, "ops", meaning)


def _may(name: str, kind: Kind, length: int, meaning: str) -> Field:
    return Field(name, kind, length, True, "ops", meaning)


DELIVERY: tuple[Field, ...] = (
    _key("platform_name", Kind.SLUG, 64, "the platform, as a slug"),
    _key("pipeline", Kind.ID, 64, "the config that read it"),
    _key("sha256", Kind.ID, 64, "hash of the delivery's bytes"),
    _must("version", Kind.BIGINT, 0, "order among deliveries of the platform"),
    _must("name", Kind.TEXT, 0, "file name as it arrived"),
    _must("bytes", Kind.BIGINT, 0, "size as it arrived"),
    _must("first_seen_at", Kind.STAMP, 0, "when these bytes were first recorded, UTC"),
    _may("last_run_id", Kind.ID, 32, "run that loaded it last; NULL = never loaded"),
    _may("record_date", Kind.DATE, 0, "record date it was last loaded with"),
    _may("config_sha256", Kind.ID, 64, "config it was last loaded with"),
    _may("ledger_sha256", Kind.ID, 64, "fixes it was last loaded with"),
    _must("open_rejects", Kind.BIGINT, 0, "rejected rows nobody has decided yet"),
)

LOAD_RUN: tuple[Field, ...] = (
    _key("run_id", Kind.ID, 32, "the run"),
    _must("run_number", Kind.BIGINT, 0, "order of runs; no clock is trusted for it"),
    _must("pipeline", Kind.ID, 64, "the config"),
    _must("platform_name", Kind.SLUG, 64, "the platform, as a slug"),
    _may("sha256", Kind.ID, 64, "the delivery; NULL when none was found"),
    _may("config_sha256", Kind.ID, 64, "effective config"),
    _may("ledger_sha256", Kind.ID, 64, "fixes that applied"),
    _may("record_date", Kind.DATE, 0, "record date of the whole delivery, where it has one"),
    _may("record_date_origin", Kind.TEXT, 32, "where the record date came from"),
    _must("started_at", Kind.STAMP, 0, "UTC"),
    _may("finished_at", Kind.STAMP, 0, "UTC"),
    _must("status", Kind.TEXT, 32, "loaded, loaded_with_rejects, held, failed, …"),
    _must("counts", Kind.JSON, 0, "rows by what became of them"),
    _must("control_totals", Kind.JSON, 0, "declared and found totals"),
    _must("who", Kind.TEXT, 0, "person or account"),
    _must("app_version", Kind.TEXT, 32, "version of the program"),
)

REJECTED_ROW: tuple[Field, ...] = (
    _key("reject_id", Kind.BIGINT, 0, "number"),
    _must("run_id", Kind.ID, 32, "run that rejected the row"),
    _must("file", Kind.BIGINT, 0, "file inside the delivery, from 0"),
    _must("record", Kind.BIGINT, 0, "data record, from 1"),
    _must("line", Kind.BIGINT, 0, "physical line the record starts on"),
    _may("loan_id", Kind.TEXT, 0, "the loan, where it could be read"),
    _must("code", Kind.TEXT, 32, "the finding"),
    _may("field", Kind.TEXT, 128, "canonical field the finding is about"),
    _may("raw_value", Kind.TEXT, 0, "text of the cell, cut"),
    _may("raw_row", Kind.TEXT, 0, "mapped source columns as JSON, private ones masked"),
    _may("decided_by", Kind.TEXT, 0, "who rejected it for good"),
    _may("decided_at", Kind.STAMP, 0, "when, UTC"),
    _may("reason", Kind.TEXT, 0, "why"),
)

RULE_HIT: tuple[Field, ...] = (
    _key("hit_id", Kind.BIGINT, 0, "number"),
    _must("run_id", Kind.ID, 32, "run that found it"),
    _must("code", Kind.TEXT, 32, "the finding"),
    _must("severity", Kind.TEXT, 1, "W warning, F gate"),
    _must("file", Kind.BIGINT, 0, "file inside the delivery, from 0"),
    _must("record", Kind.BIGINT, 0, "data record, from 1"),
    _must("line", Kind.BIGINT, 0, "physical line the record starts on"),
    _may("loan_id", Kind.TEXT, 0, "the loan"),
    _may("record_date", Kind.DATE, 0, "record date of the row"),
    _may("field", Kind.TEXT, 128, "canonical field the finding is about"),
    _may("observed", Kind.TEXT, 0, "what was seen, cut"),
    _may("expected", Kind.TEXT, 0, "what was expected"),
)

CORRECTION: tuple[Field, ...] = (
    _key("correction_id", Kind.BIGINT, 0, "number"),
    _must("run_id", Kind.ID, 32, "run that changed the value"),
    _must("previous_run_id", Kind.ID, 32, "run that had written the row before"),
    _may("previous_version", Kind.BIGINT, 0, "version the old value came from; NULL = never given"),
    _must("platform_name", Kind.SLUG, 64, "the platform, as a slug"),
    _must("loan_id", Kind.ID, 128, "the loan"),
    _may("record_date", Kind.DATE, 0, "record date of the new value; NULL = origination"),
    _must("table_name", Kind.TEXT, 16, "loan or status"),
    _must("field", Kind.TEXT, 128, "column, or extra.KEY"),
    _must("kind", Kind.TEXT, 16, "restated by a delivery, or fixed by a person"),
    _may("code", Kind.TEXT, 32, "the finding it answers"),
    _may("old_value", Kind.TEXT, 0, "canonical text; JSON text for extra.KEY"),
    _may("new_value", Kind.TEXT, 0, "canonical text; JSON text for extra.KEY"),
    _must("who", Kind.TEXT, 0, "person or account"),
    _may("reason", Kind.TEXT, 0, "why"),
    _must("corrected_at", Kind.STAMP, 0, "when, UTC"),
)

SCHEMA_VERSION: tuple[Field, ...] = (
    _key("version", Kind.BIGINT, 0, "version of these tables"),
    _must("app_version", Kind.TEXT, 32, "program that made them"),
    _must("applied_at", Kind.STAMP, 0, "when, UTC"),
)

# Keys that the database counts up by itself.
NUMBERED: frozenset[str] = frozenset({"reject_id", "hit_id", "correction_id"})
