"""Every language is complete, says what English says, and is installed as it stands in its catalogue."""

import re
import runpy
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from cogs.text import load_catalogues
from tests.house.tree import ROOT

TOOL = runpy.run_path(str(ROOT / "tools" / "messages.py"))
CATALOGUES: dict[str, Catalog] = {path.parent.parent.name: TOOL["read"](path) for path in TOOL["language_paths"](ROOT)}
TYPED = re.compile(r"`[^`]*`")
MARKS = re.compile(r"\*\*?|~~|__|<[#@]&?\{\w+\}>|\]\(\{\w+\}\)|(?:DR|RT|ST)-(?:\{\w+\}|\d+)|/[a-z]+ [a-z]+")


@pytest.fixture(params=sorted(CATALOGUES))
def language(request: pytest.FixtureRequest) -> str:
    """Every language that has a catalogue."""
    return str(request.param)


def entries(language: str) -> Iterator[Message]:
    """Every sentence of a language's catalogue."""
    return (message for message in CATALOGUES[language] if message.id)


def texts(value: object) -> tuple[str, ...]:
    """A message's text or texts."""
    found: tuple[str, ...] = TOOL["texts"](value)
    return found


def english_of(message: Message, number: int) -> str:
    """What a translation is held against; the first form of a plural may leave out what the English singular does."""
    english = texts(message.id)
    return english[min(number, len(english) - 1)]


def translations(language: str) -> Iterator[tuple[str, str]]:
    """English and its translation, a plural once for each of its forms."""
    for message in entries(language):
        for number, text in enumerate(texts(message.string)):
            yield english_of(message, number), text


def signs(text: str) -> Counter[str]:
    """Emoji and other signs that are not letters."""
    return Counter(sign for sign in text if unicodedata.category(sign) in {"So", "Sm"} or sign in "↳•○")


def test_russian_is_among_the_languages() -> None:
    assert "ru" in CATALOGUES


def test_nothing_is_left_in_english(language: str) -> None:
    untranslated = [message.id for message in entries(language) if not all(texts(message.string))]
    assert untranslated == []


def test_nothing_is_a_guess(language: str) -> None:
    assert [message.id for message in entries(language) if message.fuzzy] == []


def test_every_plural_has_as_many_forms_as_the_language(language: str) -> None:
    wanted = CATALOGUES[language].num_plurals
    assert [m.id for m in entries(language) if m.pluralizable and len(texts(m.string)) != wanted] == []


def test_placeholders_are_those_of_the_english_sentence(language: str) -> None:
    other = [
        text for english, text in translations(language) if TOOL["placeholders"](text) != TOOL["placeholders"](english)
    ]
    assert other == []


@pytest.mark.parametrize("kind", ["typed", "marks", "signs", "edges"])
def test_what_discord_reads_is_that_of_the_english_sentence(language: str, kind: str) -> None:
    """Commands and examples in backticks, emphasis, mentions, links, references, emoji, and spaces at the edges."""
    readers: dict[str, Callable[[str], object]] = {
        "typed": lambda text: Counter(TYPED.findall(text)),
        "marks": lambda text: Counter(MARKS.findall(TYPED.sub("", text))),
        "signs": signs,
        "edges": lambda text: (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], text.count("\n")),
    }
    read = readers[kind]
    assert [(english, text) for english, text in translations(language) if read(english) != read(text)] == []


def test_what_is_installed_is_what_stands_in_the_catalogue(language: str) -> None:
    """The build compiles it: an environment that is older than the catalogue is brought up to date by any make target."""
    spoken = load_catalogues().locale(language)._catalogue
    assert load_catalogues().languages == {"en", *CATALOGUES}
    for message in entries(language):
        one, *many = texts(message.id)
        shown = {spoken.ngettext(one, many[0], n) for n in range(200)} if many else {spoken.gettext(one)}
        assert shown == set(texts(message.string))
