"""More than one language: each channel hears its own, each member is answered in theirs, and every form fits Discord."""

from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.actors import _dispatch_actor_interaction

from cogs.text import load_catalogues
from cogs.views.done import DoneForm, MovedForm
from cogs.views.drop import DropForm
from cogs.views.forms import OnceForm
from cogs.views.report import Draft, ReportForm
from cogs.views.zone import ZoneForm
from services.member_reminders import Remind
from tests.commands.test_announce_remind_ops import titles
from tests.commands.world import Answer, World, buttons_of

RU = {"locale": "ru"}
COMMAND, COMPLETION = 2, 4
TITLE_MAX, LABEL_MAX, HINT_MAX, BUTTON_MAX = 45, 45, 100, 80


async def ask_in_russian(world: World, command: str, kind: int = COMMAND, /, **options: Any) -> Any:
    """Type a command, or ask for completion of its last option, as a member whose Discord is set to Russian."""
    group, name = command.split()
    known = world.env.backend.find_command(group, None, type=1)
    assert known is not None
    typed: list[dict[str, Any]] = [{"type": 3, "name": option, "value": value} for option, value in options.items()]
    if kind == COMPLETION:
        typed[-1]["focused"] = True
    sub = {"type": 1, "name": name, "options": typed}
    data = {"id": known["id"], "name": group, "type": 1, "options": [sub]}
    return await _dispatch_actor_interaction(world.operator, kind, world.corner, data, extra=RU)


async def test_each_channel_hears_the_same_event_in_its_own_language(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="all", channel=world.pads, language="ru")
    await world.slash(
        world.operator, "mission move", mission="Soyuz MS-29", event="launch", when="NET 2026-09", reason="the pad"
    )
    await world.slash(world.pad_chief, "pad report", pad="Site 1S", severity="critical", summary="Seen")
    assert titles(await world.posts(world.pads)) == [
        "⏩ Перенос: Soyuz MS-29 · пуск",
        "🚧 DR-2: повреждение, Site 1S, Vostochny Cosmodrome",
        "🚧 Последствия: Site 1S выведена из строя",
    ]
    assert "июль 2026 → **не ранее сентября 2026**" in (await world.posts(world.pads))[0]
    assert titles(await world.posts(world.flight))[-3:] == [
        "⏩ Slipped: Soyuz MS-29 · launch",
        "🚧 DR-2: damage at Site 1S, Vostochny Cosmodrome",
        "🚧 What it means: Site 1S is out of service",
    ]


async def test_a_question_and_its_buttons_come_in_the_channels_language(world: World) -> None:
    await world.slash(world.operator, "announce subscribe", topic="return", channel=world.pads, language="ru")
    await world.move_to(world.env.now().replace(month=12, day=10, hour=6))
    asked = [message for message in await world.messages(world.pads) if message.components]
    assert "посадка: состоялось?" in (asked[-1].embeds[0].title or "")
    assert {button.label for button in buttons_of(asked[-1])} == {"Выполнено", "Перенесено", "Приостановлено"}


async def test_a_member_is_answered_in_the_language_of_their_discord(world: World) -> None:
    answer = Answer(await ask_in_russian(world, "mission status", mission="Soyuz MS-28"))
    assert "Плановая длительность: 242 дня" in answer.text
    refused = Answer(await ask_in_russian(world, "mission status", mission="Nobody knows"))
    assert "Миссии «Nobody knows» здесь нет" in refused.text
    assert refused.private


async def test_a_board_and_a_digest_speak_the_language_that_was_chosen(world: World) -> None:
    await world.slash(world.operator, "board pin", kind="pads", channel=world.pads, language="ru")
    await world.slash(world.operator, "announce digest", time="9", channel=world.pads, quiet_days="say", language="ru")
    await world.move_to(world.env.now().replace(day=28, hour=9))
    posts = await world.posts(world.pads)
    assert [title for title in titles(posts) if title.startswith("🏗️")] == ["🏗️ Стартовые площадки"]
    assert "🗞️ Ежедневная сводка · 28 ноября 2025" in titles(posts)


async def test_a_reminder_speaks_the_language_of_who_set_it(world: World) -> None:
    answer = Answer(await ask_in_russian(world, "remind here", when="in 20 minutes", text="сверка"))
    assert "RM-1: напомню в этом канале" in answer.text
    await world.move_to(world.env.now() + timedelta(minutes=20))
    assert "⏰ Напоминание" in titles(await world.posts(world.corner))
    refused = Answer(await ask_in_russian(world, "remind here", when="на днях", text="сверка"))
    assert "«на днях» — непонятное время для напоминания" in refused.text


@pytest.mark.parametrize("typed", ["посад", "landing"])
async def test_events_are_found_by_what_a_member_reads_and_by_what_the_contract_calls_them(
    world: World, typed: str
) -> None:
    kinds = await ask_in_russian(world, "mission plan", COMPLETION, mission="Soyuz MS-28", event=typed)
    assert kinds.autocomplete_choices == [{"name": "посадка", "value": "landing"}]
    events = await ask_in_russian(world, "mission move", COMPLETION, mission="Soyuz MS-28", event=typed)
    assert [(choice["name"], choice["value"]) for choice in events.autocomplete_choices or []] == [
        ("посадка · 27 июля 2026", "landing")
    ]


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
async def test_every_form_fits_discord(language: str) -> None:
    locale = load_catalogues().locale(language)

    async def nothing(*_given: object) -> None: ...

    draft = Draft(None, None, None, None, None, ())
    forms: list[OnceForm] = [
        DoneForm("a", 1, locale, nothing),
        MovedForm("b", 1, locale, nothing),
        DropForm("c", 1, locale, nothing),
        ReportForm("d", draft, (), locale, nothing),
        ZoneForm("e", Remind("18:30", "a call"), "Europe/Moscow", locale, nothing),
    ]
    for form in forms:
        labels = [child for child in form.children if isinstance(child, discord.ui.Label)]
        assert 1 <= len(form.title) <= TITLE_MAX
        assert len(labels) == len(form.children)
        assert all(1 <= len(label.text) <= LABEL_MAX for label in labels)
        assert all(len(label.description or "") <= HINT_MAX for label in labels)
