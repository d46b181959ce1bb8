"""What a terminal would obey is shown instead."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from loan_etl_tui.cli.safe import safe_text


@given(st.text())
def test_nothing_printed_can_steer_a_terminal(text: str) -> None:
    shown = safe_text(text)
    assert all(unicodedata.category(char)[0] != "C" for char in shown)
    assert "\u2028" not in shown
    assert "\u2029" not in shown


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S"))))
def test_visible_text_is_left_alone(text: str) -> None:
    assert safe_text(text) == text


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_cut_text_never_exceeds_its_limit_before_escapes(text: str, limit: int) -> None:
    visible = "".join(char for char in text if char.isprintable())
    assert len(safe_text(visible, limit)) <= limit


def test_each_kind_of_control_character_has_its_picture() -> None:
    assert safe_text("a\x1b]0;pwned\x07b") == "a␛]0;pwned␇b"
    assert safe_text("one\r\ntwo\ttabs\x7f") == "one␍␊two␉tabs␡"
    assert safe_text("\x9b31m \u202eevil \u200b \udc80") == "\\x9b31m \\u202eevil \\u200b \\udc80"
