"""What members type, made safe to keep: normalised, free of invisible characters, within a stated length.

This says nothing about how text is shown; rendering it inert is the renderer's task.
"""

import unicodedata

from domain.errors import InvalidInput

NAME_MAX = 80
LINE_MAX = 200
NOTE_MAX = 1000

_SPACING = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_JOINERS_KEPT = frozenset("\u200d")  # joins emoji; harmless between letters after NFC
_COMBINING_RUN_MAX = 3


def one_line(raw: str, *, what: str, limit: int = LINE_MAX) -> str:
    """Return `raw` as one clean line of at most `limit` characters; raise InvalidInput when nothing or too much is left.

    `what` is the option's name as the member sees it, so that the refusal can name it.
    """
    return _bounded(" ".join(_visible(raw, newlines=False).split()), what=what, limit=limit)


def paragraph(raw: str, *, what: str, limit: int = NOTE_MAX) -> str:
    """Like `one_line`, but keeps line breaks (at most one empty line in a row)."""
    lines = [" ".join(line.split()) for line in _visible(raw, newlines=True).split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return _bounded("\n".join(kept).strip(), what=what, limit=limit)


def optional_line(raw: str | None, *, what: str, limit: int = LINE_MAX) -> str | None:
    """`one_line` for an option that may be left out; None stays None."""
    return None if raw is None else one_line(raw, what=what, limit=limit)


def optional_paragraph(raw: str | None, *, what: str, limit: int = NOTE_MAX) -> str | None:
    """`paragraph` for an option that may be left out; None stays None."""
    return None if raw is None else paragraph(raw, what=what, limit=limit)


def name_key(name: str) -> str:
    """The key under which a name is unique: case, hyphens, dashes, dots and spacing set aside ("Soyuz MS-28" = "soyuz ms28")."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum() or unicodedata.category(character) == "So")


def require_name(raw: str, *, what: str) -> str:
    """A name that people will type again: one line, at most NAME_MAX characters, with at least one letter or digit."""
    name = one_line(raw, what=what, limit=NAME_MAX)
    if not name_key(name):
        raise InvalidInput("name_without_letters", what=what)
    return name


def _visible(raw: str, *, newlines: bool) -> str:
    try:
        raw.encode("utf-8")
    except UnicodeEncodeError:
        raw = raw.encode("utf-8", "ignore").decode("utf-8")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    kept: list[str] = []
    combining = 0
    for character in text:
        combining = combining + 1 if unicodedata.combining(character) else 0
        if character in _SPACING:
            kept.append("\n" if newlines and character in "\n\u2028\u2029" else " ")
        elif combining <= _COMBINING_RUN_MAX and _is_visible(character):
            kept.append(character)
    return "".join(kept)


def _is_visible(character: str) -> bool:
    """False for control, format (bidirectional overrides, zero width), surrogate, private and unassigned characters."""
    return character in _JOINERS_KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _bounded(text: str, *, what: str, limit: int) -> str:
    if not text:
        raise InvalidInput("text_empty", what=what)
    if len(text) > limit:
        raise InvalidInput("text_too_long", what=what, limit=limit, length=len(text))
    return text
