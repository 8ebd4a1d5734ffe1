"""What members type, made safe to keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.text import NAME_MAX, name_key, one_line, optional_line, paragraph, require_name

NASTY = (
    "\x00\u200b\u200e\u202e\u2066\u00ad\ufeff\ud800\udfff\u3164\u2800\u115f\u0301\u0e47\u20dd\ufe0f\u200d\n\t\r\u2028"
)
texts = st.text(st.one_of(st.characters(), st.sampled_from(NASTY), st.sampled_from("ae👩🚀 ")), max_size=60)


def line(raw: str, limit: int = 200) -> str:
    return one_line(raw, what="note", limit=limit)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Soyuz MS-28", "Soyuz MS-28"),
        ("  two   words \t here ", "two words here"),
        ("e\u0301tape", "étape"),
        ("e\u200b\u0301tape", "étape"),
        ("GO\u202eON\u2066!\u2069", "GOON!"),
        ("a\u200bb\u200cc\ufeffd\u00ade", "abcde"),
        ("nul\x00byte", "nulbyte"),
        ("lone \ud83d surrogate \udc00", "lone surrogate"),
        ("a\r\nb\u2028c\x85d", "a b c d"),
        ("private \ue000 and unassigned \U000e0fff", "private and unassigned"),
        ("blank \u3164\u2800\u115f letters", "blank letters"),
        ("❤️ on the pad", "❤️ on the pad"),
        ("👩‍🚀 and 🏳️‍🌈", "👩‍🚀 and 🏳️‍🌈"),
        ("ශ්‍රී", "ශ්‍රී"),
        ("end\u200d \u200dhere", "end here"),
    ],
)
def test_a_line_keeps_what_can_be_seen_and_nothing_else(raw: str, kept: str) -> None:
    assert line(raw) == kept


@pytest.mark.parametrize("mark", ["\u0301", "\u0e47", "\u20dd", "\u0336"])
def test_marks_do_not_stack_into_other_lines(mark: str) -> None:
    assert len(line("z" + mark * 500)) <= 4


@pytest.mark.parametrize("separator", ["\u200b", "\u200d", "\u202e", "\u034f"])
def test_invisible_characters_do_not_let_marks_stack(separator: str) -> None:
    marks = [character for character in line("z" + ("\u0336" + separator) * 50) if unicodedata.combining(character)]
    assert len(marks) <= 3


@pytest.mark.parametrize(
    "raw",
    ["", "   ", "\x00", "\u200b\u200b", "\u202e", "\u200d", "\ufe0f", "\u3164", "\u2800 \u2800", "\ud800", "\u0301"],
)
def test_nothing_that_can_be_seen_is_refused_as_empty(raw: str) -> None:
    for clean in (line, lambda text: paragraph(text, what="note")):
        with pytest.raises(InvalidInput) as refusal:
            clean(raw)
        assert refusal.value.code == "text_empty"


def test_too_much_is_refused_with_the_numbers_a_member_needs() -> None:
    with pytest.raises(InvalidInput) as refusal:
        line("🚀" * 4000)
    assert refusal.value.code == "text_too_long"
    assert dict(refusal.value.params) == {"what": "note", "limit": 200, "length": 4000}


def test_four_thousand_overrides_around_a_word_leave_the_word() -> None:
    assert line("\u202e" * 2000 + "GO" + "\u202e" * 2000) == "GO"


def test_a_paragraph_keeps_its_lines_and_one_empty_line_at_most() -> None:
    assert paragraph("one\r\n\n\n\n two \n\u202e\nthree\n", what="note") == "one\n\ntwo\n\nthree"


def test_an_option_left_out_stays_left_out() -> None:
    assert optional_line(None, what="note") is None


@given(texts)
def test_a_kept_line_is_composed_single_and_free_of_invisible_characters(raw: str) -> None:
    try:
        kept = line(raw)
    except InvalidInput:
        return
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == " ".join(kept.split())
    categories = {unicodedata.category(character) for character in kept if character != "\u200d"}
    assert categories.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    kept.encode("utf-8")


@given(texts)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    for clean in (line, lambda text: paragraph(text, what="note")):
        try:
            kept = clean(raw)
        except InvalidInput:
            continue
        assert clean(kept) == kept


@pytest.mark.parametrize(
    "typed", ["Soyuz MS-28", "soyuz ms28", "SOYUZ MS‑28", "Soyuz  MS – 28", "soyuz.ms_28", "Ｓoyuz MS-28"]
)
def test_a_name_is_one_name_whatever_its_case_hyphens_and_spacing(typed: str) -> None:
    assert name_key(typed) == "soyuzms28"


def test_different_numbers_are_different_names() -> None:
    assert name_key("Soyuz MS-28") != name_key("Soyuz MS-29")


@given(st.text(max_size=40))
def test_a_key_never_holds_what_the_driver_cannot_take(raw: str) -> None:
    name_key(raw).encode("utf-8")


@pytest.mark.parametrize("raw", ["---", "…", "·"])
def test_a_name_needs_a_letter_or_a_digit(raw: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        require_name(raw, what="name")
    assert refusal.value.code == "name_without_letters"


def test_a_name_has_a_limit_of_its_own() -> None:
    assert len(require_name("x" * NAME_MAX, what="name")) == NAME_MAX
    with pytest.raises(InvalidInput):
        require_name("x" * (NAME_MAX + 1), what="name")


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_a_plain_name_has_the_key_it_would_have_beside_a_letter_that_is_not(name: str) -> None:
    assert name_key(f"{name}é") == f"{name_key(name)}é"
