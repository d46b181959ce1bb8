"""Text from tapes, configs and databases, made fit for a person's terminal.

A terminal obeys control characters: a name in a loan tape could recolour the screen, set the
window's title or hide the rest of a line. Everything printed for people passes through here.
"""

from __future__ import annotations

_PICTURES_START = 0x2400  # Unicode has a picture for each of the 32 old control characters
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"


def safe_text(text: str, limit: int = 0) -> str:
    """Show every control, bidi and invisible character instead of obeying it.

    Args:
        text: anything, on one line or several; line ends become visible too.
        limit: the longest result in characters, its last one then being "…"; 0 for no limit.
    """
    if 0 < limit < len(text):
        text = text[: limit - 1] + "…"
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _shown(char) for char in text)


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(_PICTURES_START + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    return char.encode("unicode_escape").decode("ascii")
