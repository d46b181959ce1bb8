"""Every complaint about a config: its place, its words, its hint, and all of them at once."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from loan_etl_tui.config.models import FieldSpec, PipelineConfig, RecordDate
from loan_etl_tui.config.problems import ConfigProblems, Problem
from loan_etl_tui.config.read import Pipeline, parse_pipeline, read_pipeline, shown_path
from loan_etl_tui.model.errors import Exit
from loan_etl_tui.model.sanitizers import DATE_FORMATS, SANITIZERS

Problems = Callable[..., tuple[Problem, ...]]
Read = Callable[..., Pipeline]

BUILT_IN = sorted((Path(__file__).parents[3] / "configs").glob("*.yaml"))

RATE = "interest_rate: {from: rate, via: rate, unit: percent}"
PAID = "principal_paid: {from: paid, via: money, as: cumulative}"
DATE = "record_date: {from: argument}"
WORD = "Charged Off: CHARGED_OFF"
RULE = "V-ANN: off"


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_the_built_in_configs_are_sound(path: Path) -> None:
    assert read_pipeline(path).warnings == ()


def test_the_message_has_the_form_that_the_design_promises(problems: Problems) -> None:
    (problem,) = problems(("unit: percent", "unit: pct"))
    assert str(problem) == (
        "configs/harbor.yaml:17:50: transform.loan.interest_rate.unit is 'pct'; "
        "choose percent, fraction or bps."
    )
    assert problem.hint == "did you mean 'percent'?"


def test_the_error_of_one_problem_is_its_line_and_hint(read: Read) -> None:
    with pytest.raises(ConfigProblems) as refused:
        read(("unit: percent", "unit: pct"))
    assert str(refused.value) == str(refused.value.problems[0])
    assert refused.value.hint == "did you mean 'percent'?"
    assert refused.value.exit_code is Exit.CONFIG


# One mistake each: what is replaced, by what, the key path, words of the message, the hint.
MISTAKES = [
    ("title: Harbor book", "titel: Harbor book", "titel", "is not a key here", "'title'"),
    ("platform: harbor\n", "", "platform", "is missing", ""),
    ("platform: harbor", "platform: Harbor!", "platform", "is 'Harbor!'; give 2 to 64", ""),
    ("version: 1", "version: one", "version", "give a whole number", ""),
    ("version: 1", "version: 0", "version", "give 1 or more", ""),
    ("title: Harbor book", "title: [a]", "title", "is a list; give text", ""),
    ("title: Harbor book", "title:", "title", "is empty; give text", ""),
    ("title: Harbor book", "enabled: yes", "enabled", "choose true or false", ""),
    ("title: Harbor book", "load: here", "load", "is not a block of keys", ""),
    ("title: Harbor book", "after: other", "after", "is 'other'; give a list", "['other']"),
    ("title: Harbor book", "expect: {by_day: 40}", "expect.by_day", "give 31 or less", ""),
    ("header_contains: [id, status]", "delimiter: ';;'", "source.delimiter", "one character", ""),
    ("header_contains: [id, status]", "encoding: hex", "source.encoding", "text encoding", ""),
    ("header_contains: [id", "header: none\n  header_contains: [id", None, "stands beside", ""),
    ("inbox/harbor_*.csv", '"a\\0b"', "source.path", "without control characters", ""),
    ("inbox/harbor_*.csv", "[]", "source.path", "is an empty list", ""),
    ("'^Total (\\d+): (\\d+)'", "'(x'", "source.skip_rows.0.matches", "regular expression", ""),
    ("'^Total (\\d+): (\\d+)'", "'[[a]'", "source.skip_rows.0.matches", "regular expr", ""),
    ("currency: USD", "currency: usd", "transform.currency", "ISO 4217", ""),
    ("currency: USD", "currency: USD\n  time_zone: Mars", "transform.time_zone", "time zone", ""),
    ("private: [ssn]", "rounding: {amount: 5}", "transform.rounding.amount", "no amount", ""),
    ("via: id}", "via: idd}", "transform.loan.loan_id.via", "choose money", "'id'"),
    ("[ISO]", "[Mon-YYY]", "transform.loan.issue_date.formats.0", "choose ISO", "'Mon-YYYY'"),
    ("[ISO]", "[]", "transform.loan.issue_date.formats", "sanitizer date needs it", ""),
    (", unit: percent", "", "transform.loan.interest_rate.unit", "is missing", "percent"),
    ("unit: percent", "unit: percent, max: 3", None, "no parameter of the sanitizer rate", "text"),
    ("{from: rate, via", "{via", "transform.loan.interest_rate", "says nowhere", ""),
    ("{from: rate,", "{from: rate, const: 1,", None, "stands beside from", ""),
    ("{from: rate, via: rate, unit: percent}", "{from: rate}", None, "is missing", ""),
    ("{from: amount, via: money}", "{from: a, via: rate, unit: bps}", None, "reads no amount", ""),
    ("{from: amount, via: money}", "{const: 12.34567}", None, "give a number", ""),
    ("{from: amount, via: money}", "{const: null}", None, "every loan has this value", ""),
    ("{from: id, via: id}", "{const: x}", "transform.loan.loan_id.const", "the same id", ""),
    ("{from: issued, via: date, formats: [ISO]}", "{const: 2018-2-1}", None, "2018-12-31", ""),
    ("{from: amount, via: money}", "{from: {a: b}, via: money}", None, "give text or a list", ""),
    ("    original_balance: {from: amount, via: money}\n", "", None, "is missing", ""),
    ("as: cumulative", "as: flow", "transform.status.principal_paid.as", "is 'flow'", ""),
    ("as: cumulative", "as: month_end", None, "goes with via: date", ""),
    ("as: cumulative", "floor: 0", None, "only beside diff_of", ""),
    (
        "principal_paid: {from: paid, via: money, as: cumulative",
        "fees_paid: {from: a, via: money, as: balance",
        None,
        "is 'balance'; choose cumulative",
        "",
    ),
    ("unit: percent", "unit: percent, as: balance", None, "status block", ""),
    (PAID, "dpd: {formula: original_minus_paid}", None, "principal_charged_off", ""),
    (PAID, "recoveries: {diff_of: [a], via: money}", None, "two columns", ""),
    (PAID, "recoveries: {diff_of: [a, b]}", None, "say via: money or number", ""),
    (PAID, "recoveries: {from: a, via: money, default: x}", None, "give a number", ""),
    (PAID, "extra: {A B: {from: x}}", "transform.status.extra.A B", "is no name", ""),
    (PAID, "extra: {a: {first_of: [{from: x, via: int}, {from: y}]}}", None, "mixes", ""),
    (PAID, "extra: {a: {first_of: [{from: x}], via: int}}", None, "beside first_of", ""),
    (DATE, "coverage: full", "transform.record_date", "is missing", "argument"),
    (DATE, "record_date: {from: file_name}", "transform.record_date.pattern", "is missing", ""),
    (DATE, "record_date: {const: 86400}", "transform.record_date.const", "2018-12-31", ""),
    (DATE, "record_date: {const: 2018-02-30}", "transform.record_date.const", "give a date", ""),
    (DATE, "record_date: {from: a, hint: {agg: max}}", None, "from and month_of", ""),
    (DATE, "shape: origination\n  record_date: {from: a}", None, "does not go with", ""),
    (WORD, "Charged Off: CHARGEDOFF", None, "choose PENDING", "'CHARGED_OFF'"),
    (WORD, "Late: {status: LATE, dpd: [30, 16]}", None, "lower end first", ""),
    (WORD, "' current.': LATE", "transform.loan_status.words.' current.'", "same word", ""),
    (WORD, "Late: {status: LATE, dpd: [1]}", None, "[low, high]", ""),
    (WORD, "Late: {dpd: [1, 2]}", "transform.loan_status.words.Late.status", "is missing", ""),
    ("    from: status\n", "    const: CURRENT\n    from: status\n", None, "one of from", ""),
    ("max_rejected: 1%", "max_rejected: 1.5", None, "a count like 20", ""),
    ("max_rejected: 1%", "max_rejected: 101%", None, "a count like 20", ""),
    (RULE, "V-AN: off", "validate.rules.V-AN", "is no rule", "'V-ANN'"),
    (RULE, "X-BAL: W", "validate.rules.X-BAL.from", "is missing; it is a source column", ""),
    (RULE, "V-ANN: X", "validate.rules.V-ANN", "choose off, W, R or F", ""),
    (RULE, "C-TERMSET: {alowed: [36]}", None, "is no parameter", "'allowed'"),
    (RULE, "V-CLOSED: {from: c, formats: [abc]}", None, "choose ISO", ""),
    ("max_rejected: 1%", "control_totals: [{measure: rows}]", None, "needs it", ""),
    (
        "max_rejected: 1%",
        "control_totals: [{measure: rows, skipped: foter, value: 2}]",
        "validate.control_totals.0.skipped",
        "choose footer",
        "'footer'",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "words", "hint"), MISTAKES)
def test_a_mistake_is_named_with_what_is_allowed(
    problems: Problems, old: str, new: str, key: str | None, words: str, hint: str
) -> None:
    found = problems((old, new))
    fitting = [one for one in found if words in one.message and hint in one.hint]
    assert fitting, found
    assert key is None or key in [one.key_path for one in fitting]


@pytest.mark.parametrize(
    ("old", "new", "key", "words", "hint"),
    # These two contradict blocks that stand elsewhere.
    [
        one
        for one in MISTAKES
        if not {"header: none", "origination"} & set(re.split(r"\n|shape: ", one[1]))
    ],
)
def test_a_mistake_is_placed_in_the_lines_that_it_changed(
    problems: Problems, sound: str, old: str, new: str, key: str | None, words: str, hint: str
) -> None:
    first = sound[: sound.index(old)].count("\n") + 1
    # What is missing is placed at the key of the block that lacks it, which stands above.
    for problem in problems((old, new)):
        assert problem.line > 0
        assert problem.column > 0
        assert problem.line <= first + new.count("\n")


def test_an_unknown_key_is_placed_at_the_key(problems: Problems) -> None:
    (problem,) = problems(("title: Harbor book", "titel: Harbor book"))
    assert (problem.line, problem.column) == (3, 1)


def test_a_missing_key_is_placed_at_the_block_that_lacks_it(problems: Problems) -> None:
    (problem,) = problems(("    original_balance: {from: amount, via: money}\n", ""))
    assert (problem.line, problem.column) == (13, 3)
    assert problem.key_path == "transform.loan.original_balance"


def test_a_wrong_short_form_is_placed_at_its_value(problems: Problems) -> None:
    (problem,) = problems((WORD, "Charged Off: CHARGEDOFF"))
    assert (problem.line, problem.column) == (24, 20)


def test_every_problem_of_a_file_is_said_at_once_in_its_order(problems: Problems) -> None:
    found = problems(
        ("title: Harbor book", "titel: x\nplatform: twice"),
        ("currency: USD", "currency: usd"),
        (f"  {DATE}\n", ""),
        ("unit: percent", "unit: pct"),
        ("as: cumulative", "as: flow"),
        (WORD, "Charged Off: GONE"),
        (RULE, "V-AN: off"),
    )
    keys = [problem.key_path for problem in found]
    assert keys == [
        "titel",
        "",
        "transform.record_date",
        "transform.currency",
        "transform.loan.interest_rate.unit",
        "transform.status.principal_paid.as",
        "transform.loan_status.words.Charged Off.status",
        "validate.rules.V-AN",
    ]
    positions = [(problem.line, problem.column) for problem in found]
    assert positions == sorted(positions)


def test_a_block_is_judged_as_a_whole_though_one_of_its_values_is_wrong(
    problems: Problems,
) -> None:
    found = problems((RATE, "interest_rate: {via: rate, unit: pct, floor: x}"))
    words = " | ".join(problem.message for problem in found)
    assert "says nowhere" in words
    assert "choose percent" in words
    assert "only beside diff_of" in words
    assert "give a number" in words


def test_no_problem_is_said_twice(problems: Problems) -> None:
    found = problems((RATE, "interest_rate: {first_of: [{via: rat}]}"))
    assert len(set(found)) == len(found)


def test_many_problems_pickle_with_their_message(read: Read) -> None:
    with pytest.raises(ConfigProblems) as refused:
        read(("currency: USD", "currency: usd"), ("unit: percent", "unit: pct"))
    again = pickle.loads(pickle.dumps(refused.value))
    assert again.problems == refused.value.problems
    assert str(again) == str(refused.value)
    assert str(again).count("\n  hint: ") == 1


def test_values_keep_the_text_they_were_written_with(read: Read) -> None:
    config = read(
        (RATE, "interest_rate: {from: 0123, via: rate, unit: percent, null_values: [no]}")
    )
    spec = config.config.transform.loan.interest_rate
    assert spec is not None
    assert spec.from_ == "0123"
    assert spec.null_values == ("no",)


def test_short_forms_mean_their_long_forms(read: Read) -> None:
    short = read().config
    long = read((WORD, "Charged Off: {status: CHARGED_OFF}"), (RULE, "V-ANN: {severity: off}"))
    assert long.config == short


def test_a_config_pickles(read: Read) -> None:
    pipeline = read()
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline


def test_the_name_of_a_pipeline_is_the_stem_of_its_file(read: Read) -> None:
    assert read().name == "harbor"


def test_python_spellings_of_keys_are_no_keys_of_the_file(problems: Problems) -> None:
    found = problems((RATE, RATE.replace("{from:", "{from_:")))
    assert any(p.key_path.endswith("from_") and "not a key" in p.message for p in found)


def test_python_may_spell_keys_its_own_way() -> None:
    assert FieldSpec(from_="a", via="money") == FieldSpec.model_validate(
        {"from": "a", "via": "money"}
    )


def test_a_model_made_in_python_is_judged_by_the_same_rules() -> None:
    with pytest.raises(ValueError, match="needs one of from, const or first_of"):
        RecordDate()


def test_a_newer_version_is_the_only_complaint(problems: Problems) -> None:
    (problem,) = problems(("version: 1", "version: 2"), ("currency: USD", "money: USD"))
    assert problem.key_path == "version"
    assert "newer than this program" in problem.message
    assert (problem.line, problem.column) == (1, 10)


@pytest.mark.parametrize(
    "mapped",
    [
        "{from: ssn}",
        "{from: SSN}",
        "{from: ' S S N '}",
        "{from: [tax_id, ssn]}",
        "{first_of: [{from: a}, {from: ssn}]}",
    ],
)
def test_a_private_column_is_not_stored_by_oversight(problems: Problems, mapped: str) -> None:
    (problem,) = problems((PAID, f"extra: {{who: {mapped}}}"))
    assert "is private" in problem.message
    assert problem.line == 19


def test_a_private_column_as_status_word_is_stored_too(problems: Problems) -> None:
    (problem,) = problems(("    from: status\n", "    from: ssn\n"))
    assert problem.key_path == "transform.loan_status.from"


def test_three_digits_of_a_private_zip_code_are_no_secret(read: Read) -> None:
    assert read((PAID, "extra: {zip3: {from: ssn, via: zip3}}")).warnings == ()


def test_private_columns_that_are_allowed_are_a_warning(read: Read) -> None:
    allowed = ("private: [ssn]", "private: [ssn]\n  allow_private: true")
    pipeline = read((PAID, "extra: {who: {from: ssn}}"), allowed)
    assert pipeline.warnings == ("private column 'ssn' is stored, as allow_private says",)


def test_columns_of_a_headerless_file_are_positions(problems: Problems) -> None:
    found = problems(("header_contains: [id, status]", "header: none"))
    keys = {problem.key_path for problem in found}
    assert {"transform.loan.loan_id.from", "transform.loan_status.from"} <= keys
    assert all("needs the column's position" in problem.message for problem in found)


def test_positions_are_good_names_where_there_is_no_header(read: Read, sound: str) -> None:
    text = sound.replace("header_contains: [id, status]", "header: none").replace(
        "    from: status", "    from: 9"
    )
    names = iter("12345678")
    text = re.sub(r"\{from: (?!argument)\w+", lambda _: f"{{from: {next(names)}", text)
    assert parse_pipeline(text, Path("f.yaml")).config.transform.loan.loan_id.from_ == "1"


@pytest.mark.parametrize("name", sorted(SANITIZERS))
def test_every_sanitizer_takes_all_its_parameters(name: str) -> None:
    values = {
        "unit": {"rate": "bps", "term": "days"}.get(name, ""),
        "formats": list(DATE_FORMATS),
        "precision": "month",
        "pivot": "30",
        "as": "month_end",
        "add_months": "-1",
        "decimal": "comma",
        "currency": "EUR",
        "cap": "10.01",
        "case": "upper",
        "pattern": r"^\d+$",
        "null_codes": ["9"],
        "pick": "low",
        "cut_parenthesis": "false",
        "max": "64",
        "lower": "true",
        "map": {"1": "one", "2": None},
        "unmapped": "other",
    }
    said = {one: values[one] for one in SANITIZERS[name].parameters}
    FieldSpec.model_validate({"from": "column", "via": name, **said})


def test_a_config_is_frozen(read: Read) -> None:
    config: PipelineConfig = read().config
    with pytest.raises(ValueError, match="frozen"):
        config.platform = "other"  # type: ignore[misc]


def test_a_file_is_shown_from_where_the_person_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(tmp_path / "configs" / "a.yaml") == "configs/a.yaml"
    assert shown_path(Path("/elsewhere/a.yaml")) == "/elsewhere/a.yaml"
