"""Source words and ordered rules → canonical status and the days past due they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loan_etl_tui.config.loan_status import folded_word
from loan_etl_tui.config.models import Condition, FieldSpec, LoanStatus, StatusRule
from loan_etl_tui.config.plan import Plan
from loan_etl_tui.model.frames import source_column
from loan_etl_tui.model.loan import Kind, Status
from loan_etl_tui.transform.fields import context_of
from loan_etl_tui.transform.parse import parse_column
from loan_etl_tui.transform.sanitize import clean, null_words

RAW_LENGTH = 80


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """The status of every row.

    Attributes:
        status: (n,) string, canonical; null where the word is unknown.
        raw: (n,) string, the source's word, trimmed, at most 80 characters.
        dpd_min, dpd_max: (n,) int16, the bucket of the word or rule; null where it names none.
        prefixed: (n,) bool, whether the configured prefix stood before the word.
        issue: (n,) string, C-STATUS or null.
        text: (n,) string, what the finding quotes.
    """

    status: pa.Array
    raw: pa.Array
    dpd_min: pa.Array
    dpd_max: pa.Array
    prefixed: pa.Array
    issue: pa.Array
    text: pa.Array


@dataclass(frozen=True, slots=True)
class _Meaning:
    status: str | None
    dpd_min: int | None = None
    dpd_max: int | None = None
    prefixed: bool = False


def read_status(raw: pa.Table, plan: Plan) -> ReadStatus:
    """Find the canonical status of every row.

    Ordered rules are tried first, the first whose conditions all hold decides; then the word is
    looked up exactly. What neither knows is C-STATUS, or UNKNOWN where the config says so.

    Args:
        raw: (n,) raw batch.
        plan: the delivery's plan.
    """
    spec = plan.transform.loan_status
    rows = raw.num_rows
    if spec.const is not None:
        return _constant(spec.const, rows)
    name = plan.find(spec.from_) if spec.from_ is not None else None
    texts = pa.nulls(rows, pa.string())
    if name is not None:
        texts = pa.chunked_array(raw.column(source_column(name))).combine_chunks()
    cleaned = pc.utf8_trim_whitespace(clean(texts))
    by_word = _by_word(cleaned, spec)
    found = _override_by_rules(by_word, raw, plan, spec.rules)
    return _with_unknown(found, cleaned, texts, spec)


def _constant(status: Status, rows: int) -> ReadStatus:
    none = pa.nulls(rows, pa.string())
    days = pa.nulls(rows, pa.int16())
    word = pa.repeat(pa.scalar(str(status)), rows)
    no = pa.repeat(pa.scalar(False), rows)
    return ReadStatus(word, word, days, days, no, none, none)


def _by_word(cleaned: pa.Array, spec: LoanStatus) -> dict[str, pa.Array]:
    """Look each distinct word up once."""
    known = {
        folded_word(word): _Meaning(str(entry.status), *(entry.dpd or (None, None)))
        for word, entry in spec.words.items()
    }
    coded = cleaned.dictionary_encode()
    meanings = [_meaning(word, spec.strip_prefix, known) for word in coded.dictionary.to_pylist()]
    return {
        "status": _spread([m.status for m in meanings], pa.string(), coded),
        "dpd_min": _spread([m.dpd_min for m in meanings], pa.int16(), coded),
        "dpd_max": _spread([m.dpd_max for m in meanings], pa.int16(), coded),
        "prefixed": pc.fill_null(_spread([m.prefixed for m in meanings], pa.bool_(), coded), False),
    }


def _meaning(word: str, prefix: str | None, known: Mapping[str, _Meaning]) -> _Meaning:
    prefixed = prefix is not None and word.casefold().startswith(prefix.strip().casefold())
    if prefixed and prefix is not None:
        word = word[len(prefix.strip()) :]
    found = known.get(folded_word(word), _Meaning(None))
    return _Meaning(found.status, found.dpd_min, found.dpd_max, prefixed)


def _spread(values: list[object], kind: pa.DataType, coded: pa.DictionaryArray) -> pa.Array:
    return pa.array(values, kind).take(coded.indices)


def _override_by_rules(
    found: dict[str, pa.Array], raw: pa.Table, plan: Plan, rules: tuple[StatusRule, ...]
) -> dict[str, pa.Array]:
    """Let the first matching rule decide; a rule without dpd leaves the days to the dpd field."""
    open_rows = np.ones(raw.num_rows, dtype=bool)
    for rule in rules:
        hit = open_rows & _holds(rule, raw, plan)
        if not hit.any():
            continue
        mask = pa.array(hit)
        low, high = rule.dpd or (None, None)
        for key, value, kind in (
            ("status", str(rule.status), pa.string()),
            ("dpd_min", low, pa.int16()),
            ("dpd_max", high, pa.int16()),
        ):
            found = found | {key: pc.if_else(mask, pa.scalar(value, kind), found[key])}
        open_rows &= ~hit
    return found


def _holds(rule: StatusRule, raw: pa.Table, plan: Plan) -> np.ndarray:
    holds = np.ones(raw.num_rows, dtype=bool)
    for column, condition in rule.when.items():
        name = plan.find(column)
        if name is None:
            return np.zeros(raw.num_rows, dtype=bool)
        text = pa.chunked_array(raw.column(source_column(name))).combine_chunks()
        for test in _tests(text, condition, plan):
            holds &= pc.fill_null(test, False).to_numpy(zero_copy_only=False)
    return holds


def _tests(text: pa.Array, condition: Condition, plan: Plan) -> list[pa.Array]:
    word = pc.utf8_trim_whitespace(clean(text))
    tests: list[pa.Array] = []
    if condition.eq is not None:
        tests.append(pc.equal(word, str(condition.eq)))
    if condition.ne is not None:
        tests.append(pc.not_equal(word, str(condition.ne)))
    if condition.in_ is not None:
        tests.append(pc.is_in(word, value_set=pa.array(condition.in_, pa.string())))
    if condition.null is not None or condition.notnull is not None:
        blank = _is_blank(word, plan)
        wants_blank = condition.null is True or condition.notnull is False
        tests.append(blank if wants_blank else pc.invert(blank))
    return tests + _number_tests(text, condition, plan)


def _number_tests(text: pa.Array, condition: Condition, plan: Plan) -> list[pa.Array]:
    bounds = {
        "greater": condition.gt,
        "greater_equal": condition.ge,
        "less": condition.lt,
        "less_equal": condition.le,
    }
    said = {name: bound for name, bound in bounds.items() if bound is not None}
    if not said:
        return []
    spec = FieldSpec.model_validate({"from": "condition", "via": "number"})
    number = parse_column("number", text, spec, context_of(plan)).value
    return [
        pc.call_function(name, [number, pa.scalar(bound, number.type)])
        for name, bound in said.items()
    ]


def _is_blank(word: pa.Array, plan: Plan) -> pa.Array:
    blanks = [*sorted(null_words(Kind.DATE)), *plan.transform.null_tokens, ""]
    return pc.or_(pc.is_null(word), pc.is_in(word, value_set=pa.array(blanks, pa.string())))


def _with_unknown(
    found: dict[str, pa.Array], cleaned: pa.Array, texts: pa.Array, spec: LoanStatus
) -> ReadStatus:
    status = found["status"]
    unknown = pc.is_null(status)
    issue = pa.nulls(len(texts), pa.string())
    if spec.unknown == "UNKNOWN":
        status = pc.fill_null(status, str(Status.UNKNOWN))
    else:
        # A faulty record has no text at all; it is explained by its fault alone.
        wrong = pc.and_(unknown, pc.is_valid(texts))
        issue = pc.if_else(wrong, pa.scalar("C-STATUS"), issue)
    return ReadStatus(
        status=status,
        raw=pc.utf8_slice_codeunits(pc.fill_null(cleaned, ""), 0, RAW_LENGTH),
        dpd_min=found["dpd_min"],
        dpd_max=found["dpd_max"],
        prefixed=found["prefixed"],
        issue=issue,
        text=texts,
    )
