"""Whatever is typed into whatever option: one answer, never an incident, and a refusal changes nothing.

`EXAMPLES` a command are tried here; set GANTRY_BAD_INPUT in the environment for a long campaign.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.render.room import CARD_MAX
from tests.commands.test_contract import commands
from tests.commands.world import Answer, World
from tests.photos.pictures import PNG

EXAMPLES = int(os.environ.get("GANTRY_BAD_INPUT", "5"))
"""Tries for each command of a group."""

NASTY = (
    "",
    " ",
    "\u200b",
    "\u202eevil\u202c",
    "a\u0000b",
    "\ud800",
    "\x1b[31m",
    "e" + "\u0301" * 40,
    "@everyone <@1> <@&1> <#1> </mission status:1>",
    "[click](https://evil.example) <t:0:R> https://evil.example",
    "# big\n> quote\n- list\n1. one\n||spoiler|| `code` ```block```",
    "'; DROP TABLE missions; --",
    "%_\\%[a-z]*",
    "{0} {mission} {what!r} %s %(x)s",
    "¦¦¦",
    "a¦b",
    "·",
    "Soyuz MS-28 · ",
    "#0",
    "#999999999999",
    "#9999999999999",
    "DR-0",
    "DR-999999999",
    "RT--1",
    "RT-1, RT-1, RT-99",
    "٣",
    "²",
    "👩‍🚀" * 60,
    "🚀" * 1500,
    "x" * 4000,
    "ﷺ" * 500,
    "0000-00-00",
    "9999-12-31",
    "1957-01-01",
    "2200-12-31 23:59",
    "2025-02-30",
    "24:00",
    "in 999999 days",
    "+999999999h",
    "NET NET 2026",
    "NET unknown",
    "2026-07-27 10:30 Europe/Atlantis",
    "2026-03-29 02:30 Europe/Berlin",
    "12:00 +99:99",
    "-1d",
    "0 0 0",
    "99999999999d",
    "1d " * 500,
    "Soyuz MS-28",
    "Site 31/6",
    "unknown",
    ",",
    ",,,a,,",
)
GOOD = {
    "mission": ("Soyuz MS-28", "soyuz ms 29", "Progress MS-33"),
    "name": ("Soyuz MS-40", "ISS", "EVA 9"),
    "vehicle": ("Soyuz-2.1a",),
    "pad": ("Site 31/6", "site 1s"),
    "station": ("ISS", "International Space Station"),
    "event": ("landing", "launch", "eva", "milestone", "Soyuz MS-28 · landing", "#20"),
    "when": ("2026-08-01", "2025-11-27 12:00", "in 3 days", "2026-Q3", "unknown"),
    "launch": ("2026-08-01 10:00",),
    "as_of": ("2025-11-20",),
    "port": ("Poisk zenith",),
    "reason": ("weather",),
    "cause": ("DR-1", "dr 9", "weather"),
    "person": ("Jonny Kim",),
    "role": ("Commander",),
    "report": ("DR-1",),
    "repair": ("RT-1", "rt2", "3"),
    "after": ("RT-1", "RT-2, RT-1", "none"),
    "due": ("2026-01", "none"),
    "owner": ("Ground crew", "none"),
    "item": ("cabin frame", "Cabin-Frame", "bolts"),
    "expected": ("2026-02", "NET 2026-03", "unknown"),
    "offsets": ("7d 1d",),
    "observed": ("2025-11-27 12:00",),
    "timezone": ("Europe/Moscow",),
    "time": ("09:00", "9pm"),
    "language": ("en",),
    "kinds": ("crew, cargo",),
    "source": ("Roscosmos",),
    "link": ("https://www.nasa.gov/news",),
    "assessment": ("AS-1", "as2"),
    "stated": ("2025-11-27", "2025-11"),
    "earliest": ("2026-03", "NET 2026-03"),
    "latest": ("2026-02-28", "2027"),
    "vehicles": ("Soyuz-2.1a, Soyuz-2.1b",),
    "also": ("J. Kim", "none"),
    "key": ("morning", "timezone", "quiet_from", "ops_channel", "countdown.landing"),
    "value": ("07:00", "Europe/Moscow", "7d 1d"),
}
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.text(alphabet="@#<>:&[]()*_~|`\\/-+0123456789. \nae\u202e\u200b", max_size=300),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map(" ".join),
)
NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 23, 24, 100, 101, 2**31, 2**53 - 1, -(2**53) + 1]), st.integers(-(2**53) + 1, 2**53 - 1)
)
FILES = st.sampled_from([("x.png", PNG), ("../../etc/passwd", b"x"), ("\u202egnp.exe", b"MZ"), ("e.gif", b"")])
OF_MEDICS = {"crew health"}
"""Commands that a director may not use either: refused before anything is read, they would try nothing."""
GROUPS = sorted({name.split()[0] for name in commands()})


def options_of(world: World, command: str) -> st.SearchStrategy[dict[str, Any]]:
    """Options for a command: required ones always, each either fitting or anything at all."""
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    required: dict[str, st.SearchStrategy[Any]] = {}
    for parameter in commands()[command].parameters:
        (required if parameter.required else drawn)[parameter.display_name] = _values(world, parameter)
    return st.fixed_dictionaries(required, optional=drawn)


def _values(world: World, parameter: Any) -> st.SearchStrategy[Any]:
    name = parameter.display_name
    if parameter.choices:
        return st.sampled_from([choice.value for choice in parameter.choices])
    kinds = {"integer": NUMBERS, "attachment": FILES}
    if parameter.type.name == "channel":
        return st.sampled_from([world.corner, world.pads])
    if parameter.type.name == "role":
        return st.sampled_from([*world.roles.values(), world.guild.default_role])
    if parameter.type.name == "user":
        return st.sampled_from([world.director, world.medic, world.guest])
    if parameter.type.name in kinds:
        return kinds[parameter.type.name]
    return st.one_of(st.sampled_from(GOOD[name]), TEXTS) if name in GOOD else TEXTS


OUT_OF_RANGE = [
    ("mission create", {"name": "Odd", "vehicle": "Soyuz-2.1a"}, "seats", (-1, 1_000)),
    ("mission create", {"name": "Odd", "vehicle": "Soyuz-2.1a"}, "duration_days", (0, 100_000)),
    ("mission edit", {"mission": "Soyuz MS-28"}, "seats", (-1, 1_000)),
    ("mission edit", {"mission": "Soyuz MS-28"}, "duration_days", (0, 100_000)),
    ("repair plan", {"report": "DR-1", "title": "Work"}, "days", (0, 100_000)),
    ("repair progress", {"repair": "RT-1"}, "percent", (-1, 101)),
    ("repair edit", {"repair": "RT-1"}, "days", (0, 100_000)),
    ("ops setup", {}, "morning", (-1, 24)),
]


@pytest.mark.parametrize(("command", "options", "number", "wrong"), OUT_OF_RANGE)
async def test_a_number_outside_its_range_is_refused_with_the_range(
    world: World, command: str, options: dict[str, Any], number: str, wrong: tuple[int, int]
) -> None:
    for value in (*wrong, 2**53 - 1, -(2**53) + 1):

        async def act(value: int = value) -> Answer:
            typed: dict[str, Any] = {**options, number: value}
            return await world.slash(world.director, command, **typed)

        assert f"`{number}` must be between" in (await world.refused(act)).text


@pytest.mark.parametrize("group", GROUPS)
async def test_anything_typed_into_any_option_gets_one_answer_and_never_an_incident(world: World, group: str) -> None:
    names = sorted(name for name in commands() if name.split()[0] == group)
    for name in names:
        await _try_everything(world, name)
    assert [message.content for message in await world.messages() if message.mentions or message.mention_everyone] == []


async def _try_everything(world: World, command: str) -> None:
    tried: list[dict[str, Any]] = []

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(options_of(world, command))
    def collect(options: dict[str, Any]) -> None:
        tried.append(options)

    collect()
    for options in tried:
        await _try(world, command, options)


async def _try(world: World, command: str, options: dict[str, Any]) -> None:
    before = await world.journal_length()
    member = world.medic if command in OF_MEDICS else world.director
    answer = await world.slash(member, command, **options)
    said = (command, options, answer.text, world.incidents.seen)
    assert answer.result.acknowledged, said
    if answer.form is None:
        _is_one_sound_answer(answer, said)
        if "Not done" in answer.text:
            assert answer.private, said
            assert await world.journal_length() == before, said
    assert world.incidents.seen == [], said


def _is_one_sound_answer(answer: Answer, said: object) -> None:
    assert len(answer.embeds) == 1, said
    embed = answer.embeds[0]
    assert 0 < len(embed) <= CARD_MAX, said
    assert answer.message.content == "", said
    assert not any("\ud800" <= character <= "\udfff" or character in "\u202e\x00" for character in answer.text), said
