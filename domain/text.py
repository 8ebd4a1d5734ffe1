"""What members type, made safe to keep: normalised, free of invisible characters, within a stated length.

This says nothing about how text is shown; rendering it inert is the renderer's task.
"""

import unicodedata

from domain.errors import InvalidInput

NAME_MAX = 80
LINE_MAX = 200
NOTE_MAX = 1000

_SPACING = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_JOINER = "\u200d"  # joins emoji, and letters of some scripts: kept where it stands between two visible characters
_MARKS = frozenset({"Mn", "Me"})
_MARK_RUN_MAX = 3
# Letters, marks and a symbol that are drawn as nothing (Unicode: Default_Ignorable_Code_Point, and the empty Braille cell).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_BLANK_FROM, _BLANK_TO = "\U000e0100", "\U000e01ef"


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
    if name.isascii():  # the same, much sooner
        return "".join(filter(str.isalnum, name.casefold()))
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum() or unicodedata.category(character) == "So")


def require_name(raw: str, *, what: str) -> str:
    """A name that people will type again: one line, at most NAME_MAX characters, with at least one letter or digit."""
    name = one_line(raw, what=what, limit=NAME_MAX)
    if not name_key(name):
        raise InvalidInput("name_without_letters", what=what)
    return name


def _visible(raw: str, *, newlines: bool) -> str:
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    spaced = (_space(character, newlines=newlines) if character in _SPACING else character for character in lines)
    seen = "".join(character for character in spaced if character == "\n" or _is_visible(character))
    # Composed only after the invisible is gone: a letter and its mark may have been kept apart by it.
    return _with_sound_joiners(_without_stacks(unicodedata.normalize("NFC", seen)))


def _space(character: str, *, newlines: bool) -> str:
    return "\n" if newlines and character in "\n\u2028\u2029" else " "


def _without_stacks(text: str) -> str:
    """At most _MARK_RUN_MAX marks on one character; joiners between them do not make it another character."""
    kept: list[str] = []
    run = 0
    for character in text:
        if unicodedata.category(character) in _MARKS:
            run += 1
        elif character != _JOINER:
            run = 0
        if run <= _MARK_RUN_MAX:
            kept.append(character)
    return "".join(kept)


def _with_sound_joiners(text: str) -> str:
    kept: list[str] = []
    for position, character in enumerate(text):
        before, following = kept[-1] if kept else " ", text[position + 1 : position + 2] or " "
        if character != _JOINER or not (before.isspace() or following.isspace() or _JOINER in {before, following}):
            kept.append(character)
    return "".join(kept)


def _is_visible(character: str) -> bool:
    """False for control, format (bidirectional overrides, zero width), surrogate, private and unassigned characters."""
    if character in _BLANK or _BLANK_FROM <= character <= _BLANK_TO:
        return False
    return character == _JOINER or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _bounded(text: str, *, what: str, limit: int) -> str:
    if all(unicodedata.category(character) in _MARKS or character.isspace() for character in text):
        raise InvalidInput("text_empty", what=what)
    if len(text) > limit:
        raise InvalidInput("text_too_long", what=what, limit=limit, length=len(text))
    return text
