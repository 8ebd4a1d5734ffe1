"""Text that members typed does nothing, whatever it is, and every card fits Discord, whatever it holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.embeds import (
    FIELD_NAME_MAX,
    FIELDS_MAX,
    FOOTER_MAX,
    TITLE_MAX,
    embed_of,
    page_card,
    pages_of,
)
from cogs.render.announcements import announcement
from cogs.render.card import Card, Field, Listing
from cogs.render.inert import inert, shortened
from cogs.render.room import CARD_MAX, FIELD_MAX, TEXT_MAX
from cogs.text import Locale, load_catalogues
from domain.facts import MedicalMatter
from tests.render.examples import KINDS, WORDLESS, examples

TRIGGERS = "*_~|`>#[]<"
WORDS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="@#<>:&[]()*_~|`\\/-+0123456789. \n\tae\u202e\u200b", max_size=120),
    st.lists(
        st.sampled_from(
            ["@everyone", "<@1>", "<@&1>", "<#1>", "</x:1>", "<t:0:R>", "[a](https://b)", "||s||", "# h", "\n- l",
             "\n1. n", "\n> q", "\n-# s", "```c```", "\\", "**b**", "__u__", "https://x", "{0}", "{mission}"]
        )
    ).map("".join),
)  # fmt: skip


def live_triggers(text: str) -> list[str]:
    """What Discord would still obey in a text."""
    found, position = [], 0
    while position < len(text):
        if text[position] == "\\":
            if position + 1 == len(text):
                found.append("a backslash that escapes what follows")
            position += 2
            continue
        if text[position] in TRIGGERS:
            found.append(text[position])
        position += 1
    found += ["mention"] if re.search("@(?!\u200b)", text) else []
    found += ["link"] if "://" in text else []
    found += ["list"] if re.search(r"^\s*([-+*]|\d{1,9}\.)\s", text, re.MULTILINE) else []
    found += ["direction"] if re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00]", text) else []
    return found


@given(WORDS)
def test_no_trigger_is_left_in_what_a_member_typed(typed: str) -> None:
    assert live_triggers(inert(typed)) == []


@given(WORDS, st.integers(2, 60))
def test_a_cut_never_wakes_a_trigger(typed: str, limit: int) -> None:
    cut = shortened(inert(typed), limit)
    assert len(cut) <= limit
    assert [found for found in live_triggers(cut) if found != "mention"] == []


@pytest.mark.parametrize(
    "typed", ["Soyuz MS-28", "Site 31/6", "service cabin (8U0216)", "a.b, c; d!", "Łódź 👩‍🚀", "10 %"]
)
def test_ordinary_names_are_shown_as_they_are(typed: str) -> None:
    assert inert(typed) == typed


@pytest.mark.parametrize("braces", ["{0}", "{mission}", "{", "}", "{{}}", "{what!r:>99}", "%s", "%(x)s"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WORDLESS])
def test_braces_and_percent_signs_in_a_members_words_are_only_characters(
    kind: type, braces: str, english: Locale
) -> None:
    facts = next(facts for facts in examples(braces) if isinstance(facts, kind))
    card = announcement(facts, english)
    everything = card.title + card.text + "".join(field.value for field in card.fields)
    assert inert(braces) in everything


@given(WORDS)
def test_no_announcement_obeys_a_members_words(typed: str) -> None:
    locale = load_catalogues().locale("en")
    for facts in examples(f"x{typed}"):
        card = announcement(facts, locale)
        everything = "\n".join([card.title, card.text, *(field.value for field in card.fields)])
        assert "@everyone" not in everything
        ours = everything.replace("<@7>", "").replace("<@8>", "").replace("<@&8>", "")  # members and roles we name
        assert "<@" not in ours.replace("\\<@", "")
        assert "](https" not in everything.replace("\\](https", "")
        assert "<t:0:R>" not in everything.replace("\\<t:0:R", "")


LONG = st.integers(0, 9000).flatmap(
    lambda length: st.sampled_from(["x", "\\*", "🚀", "a\n", "\\\\"]).map(lambda unit: unit * length)
)
CARDS = st.builds(
    Card,
    title=LONG,
    text=LONG,
    fields=st.lists(st.builds(Field, name=LONG, value=LONG), max_size=40).map(tuple),
    footer=LONG,
)


@given(CARDS)
def test_every_card_fits_discord(card: Card) -> None:
    embed = embed_of(card)
    assert len(embed) <= CARD_MAX
    assert len(embed.title or "") <= TITLE_MAX
    assert len(embed.description or "") <= TEXT_MAX
    assert len(embed.fields) <= FIELDS_MAX
    assert all(len(field.name or "") <= FIELD_NAME_MAX for field in embed.fields)
    assert all(1 <= len(field.value or "") <= FIELD_MAX for field in embed.fields)
    assert len(embed.footer.text or "") <= FOOTER_MAX


@given(st.lists(LONG.map(lambda text: text[:5000]), max_size=60), LONG.map(lambda text: text[:800]))
def test_every_page_fits_discord_and_no_entry_is_lost(entries: list[str], lead: str) -> None:
    listing = Listing("Title", tuple(f"{n}¦{entry}" for n, entry in enumerate(entries)), "nothing", lead=lead)
    pages = pages_of(listing)
    for number in range(len(pages)):
        assert len(embed_of(page_card(listing, number, f"page {number + 1} of {len(pages)}"))) <= CARD_MAX
        assert len(pages[number]) <= TEXT_MAX
    shown = "\n".join(pages)
    assert all(f"{n}¦" in shown for n in range(len(entries)))


def test_a_page_beyond_the_last_is_the_last() -> None:
    listing = Listing("Title", tuple(str(n) for n in range(30)), "nothing")
    assert page_card(listing, 99, "").text == pages_of(listing)[-1]


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
def test_every_kind_of_facts_renders_in_every_language(language: str) -> None:
    locale = load_catalogues().locale(language)
    made = examples()
    assert {type(facts) for facts in made} == set(KINDS)
    for facts in made:
        card = announcement(facts, locale)
        assert card.title
        assert len(embed_of(card)) > len(card.title) or isinstance(facts, MedicalMatter)
