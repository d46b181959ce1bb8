"""What stderr and the log file say."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from loan_etl_tui.cli import logfile
from loan_etl_tui.cli.crash import report_crash
from loan_etl_tui.cli.logfile import open_log
from loan_etl_tui.cli.talk import hide, open_talk, talk, tell
from loan_etl_tui.config.masking import Secret
from loan_etl_tui.model.errors import CannotCreate, ConfigError, Exit


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:]
    open_talk()
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    logging.captureWarnings(capture=False)


def test_an_error_is_one_line_and_its_hint_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    tell(ConfigError("a.yaml:1:2: platform is missing.", "add platform: NAME"))
    assert capsys.readouterr().err == (
        "loan-etl: error: a.yaml:1:2: platform is missing.\n  hint: add platform: NAME\n"
    )


def test_a_line_end_in_a_message_forges_no_second_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk.error("loan 'x\nloan-etl: error: all is lost'")
    assert capsys.readouterr().err.count("\n") == 1


def test_a_note_in_a_log_carries_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    talk.info("prosper: reading")
    assert capsys.readouterr().err.endswith("Z prosper: reading\n")


def test_a_password_in_a_url_reaches_neither_stderr_nor_the_log(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    open_log(tmp_path / "log")
    talk.error(
        "cannot reach %s", "postgresql://etl:hunter2@db/l", extra={"hint": "pg://a:hunter2@b"}
    )
    assert "hunter2" not in capsys.readouterr().err
    assert "hunter2" not in (tmp_path / "log").read_text()


def test_a_password_that_was_hidden_is_struck_out_wherever_it_stands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hide(Secret("postgresql://etl:hunter2%2Fx@db/loans"))
    talk.error("role etl with hunter2/x refused; again as hunter2%2Fx")
    assert "hunter2" not in capsys.readouterr().err


def test_the_log_holds_one_json_object_a_line_whatever_the_message_holds(tmp_path: Path) -> None:
    open_log(tmp_path / "log")
    talk.warning("evil\n\x1b[31m\u202e%s", "100%")
    [line] = (tmp_path / "log").read_text(encoding="ascii").splitlines()
    entry = json.loads(line)
    assert entry["message"] == "evil\n\x1b[31m\u202e100%"
    assert entry["level"] == "warning"


def test_the_log_rotates_and_keeps_ten_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logfile, "FILE_BYTES", 200)
    open_log(tmp_path / "log")
    for number in range(40):
        talk.warning("line %d", number)
    assert len(list(tmp_path.iterdir())) == logfile.FILES


def test_a_log_that_cannot_be_made_is_said_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(CannotCreate, match="--log-file"):
        open_log(tmp_path / "no" / "log")


def test_a_full_disk_ends_the_log_and_not_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    open_log(Path("/dev/full"))
    talk.warning("first")
    talk.warning("second")
    told = capsys.readouterr().err
    assert told.count("--log-file stops here") == 1
    assert "second" in told


def test_a_crash_tells_a_place_and_no_value(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    open_log(tmp_path / "log")
    with pytest.raises(KeyError) as raised:
        raise KeyError("123-45-6789")
    assert report_crash(raised.value, debug=False) is Exit.INTERNAL
    told = capsys.readouterr().err
    logged = (tmp_path / "log").read_text()
    assert "123-45-6789" not in told + logged
    assert "KeyError at cli/test_talk.py" in told
    assert json.loads(logged)["incident"] in told


def test_a_crash_shows_its_traceback_to_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    report_crash(ValueError("why"), debug=True)
    assert "ValueError: why" in capsys.readouterr().err
