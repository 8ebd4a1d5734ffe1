"""A digest reaches Discord whole, however much there is to say and however long people's words are."""

import pytest

from cogs.embeds import embed_of
from cogs.render.digest import posted
from cogs.render.room import CARD_MAX, FIELD_MAX, TEXT_MAX
from cogs.text import load_catalogues
from domain.digest import LINES_MAX, NEWS_MAX
from tests.render.examples import digest
from tests.render.test_room import typed

ENGLISH = load_catalogues().locale("en")
FOOTER_ROOM = 40
"""What is added when it is sent: our name and the reference."""


@pytest.mark.parametrize("unit", ["x", "word ", "*", "@", "://", "a\n"])
@pytest.mark.parametrize("lines", [1, max(LINES_MAX, NEWS_MAX)])
def test_every_section_is_there_and_what_is_too_much_is_counted(unit: str, lines: int) -> None:
    card = posted(digest(typed(unit, 200), lines), ENGLISH)
    embed = embed_of(card)
    assert len(embed) + FOOTER_ROOM <= CARD_MAX
    assert [field.value for field in embed.fields] == [field.value for field in card.fields]
    assert embed.description == card.text
    assert len(card.fields) == 6
    assert all(len(field.value) <= FIELD_MAX for field in card.fields)
    assert len(card.text) <= TEXT_MAX
    if lines > 1:
        assert all(field.value.rpartition("\n")[2].startswith("and ") for field in card.fields)
        assert "\nand " in card.text
    assert "@everyone" not in card.text.replace("@\u200b", "")


def test_a_section_with_nothing_is_not_there() -> None:
    empty = digest()
    kept = type(empty)(9, empty.day, empty.due_at, empty.since, empty.next_due_at, parked=empty.parked)
    card = posted(kept, ENGLISH)
    assert [field.name for field in card.fields] == ["📭 Parked posts: `/ops status` tries them again"]
    assert card.text == "Nothing changed since 26 Jul 2026 12:00 UTC."
