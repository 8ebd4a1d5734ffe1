"""The words of a timeline: the message, the picture's description and the attached text say the same, whatever was planned."""

import pytest
from syrupy.assertion import SnapshotAssertion

from cogs.embeds import embed_of
from cogs.render.room import TEXT_MAX as EMBED_TEXT_MAX
from cogs.render.timeline import alt_text, fits, lines_of, timeline, written_out
from cogs.render.timeline_chart import ROWS_MAX, chart
from cogs.text import load_catalogues
from tests.charts.flights import HOSTILE_NAMES, STORIES, hostile

ENGLISH = load_catalogues().locale("en")
DISCORD_DESCRIPTION_MAX = 1024
"""Of an attachment."""


@pytest.mark.parametrize("story", [name for name in STORIES if name != "sixty_events"])
def test_a_timeline_reads_as_it_did(story: str, snapshot: SnapshotAssertion) -> None:
    found = STORIES[story]()
    card = timeline(found, ENGLISH)
    assert f"{card.title}\n{card.text}\n{card.footer}" == snapshot(name="message")
    assert alt_text(found, ENGLISH) == snapshot(name="description")


@pytest.mark.parametrize("story", ["soyuz_ms_28", "progress_ms_33", "second_attempt"])
def test_a_chart_says_and_places_what_it_did(story: str, snapshot: SnapshotAssertion) -> None:
    assert chart(STORIES[story](), ENGLISH) == snapshot


@pytest.mark.parametrize("story", STORIES)
def test_every_event_is_in_the_text_and_the_text_fits(story: str) -> None:
    found = STORIES[story]()
    card, whole = timeline(found, ENGLISH), written_out(found, ENGLISH)
    assert all(lines_of(row, found.asked_at, ENGLISH).plain in whole for row in found.timeline.rows)
    assert len(card.text) <= EMBED_TEXT_MAX
    assert embed_of(card).description == card.text
    assert len(alt_text(found, ENGLISH)) <= DISCORD_DESCRIPTION_MAX


def test_what_a_message_has_no_room_for_is_named_and_attached() -> None:
    found = STORIES["sixty_events"]()
    assert not fits(found, ENGLISH)
    text = timeline(found, ENGLISH).text
    shown = text.count("Step ")
    assert f"{60 - shown} more events are in the attached text." in text
    assert written_out(found, ENGLISH).count("Step ") == 60


def test_a_long_chart_keeps_the_events_nearest_to_now_and_says_so() -> None:
    drawn = chart(STORIES["sixty_events"](), ENGLISH)
    assert len(drawn.rows) == ROWS_MAX
    assert drawn.note.startswith(f"{ROWS_MAX} of 60 events are drawn")
    assert drawn.rows[0].label < "Step 29" < drawn.rows[-1].label
    assert drawn.now_at is not None


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_does_nothing_in_the_message_and_is_itself_in_the_picture(name: str) -> None:
    found = hostile(name)
    card = timeline(found, ENGLISH)
    for text in (card.title, card.text):
        assert "@everyone" not in text
        assert "<@" not in text.replace("\\<", "")
        assert "](" not in text.replace("\\]", "")
    drawn = chart(found, ENGLISH)
    assert drawn.title == name
    assert drawn.rows[0].label.casefold() == name.casefold()


def test_every_symbol_in_a_chart_is_explained_in_words() -> None:
    drawn = chart(STORIES["second_attempt"](), ENGLISH)
    explained = {symbol for symbol, _ in drawn.legend}
    assert {row.symbol for row in drawn.rows} <= explained
    assert all(words for _, words in drawn.legend)
