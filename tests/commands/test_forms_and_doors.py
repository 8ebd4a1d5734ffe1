"""Forms are asked again when they are sent, direct messages open no door, and every refusal leaves its row."""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from simcord import MemberActor, RoleHandle

import cogs.views
from cogs.views import done, drop, report, zone
from cogs.views.forms import OnceForm
from domain.capabilities import Capability
from domain.security import NO_SERVER, ROWS_AN_HOUR
from storage import security
from tests.commands.test_contract import commands
from tests.commands.test_rights import _parked, _question, kept_refusals
from tests.commands.world import Answer, World

Opening = Callable[[World, MemberActor], Awaitable[Answer]]


@dataclass(frozen=True)
class FormRow:
    """What sending a form needs, who opens it (and by which role), how, and what is filled in."""

    needs: Capability
    opener: Callable[[World], tuple[MemberActor, RoleHandle]]
    open: Opening
    values: Callable[[], dict[str, Any]]


async def _open_report(world: World, member: MemberActor) -> Answer:
    return await world.slash(member, "pad report", pad="Site 31/6")


async def _open_done(world: World, member: MemberActor) -> Answer:
    return await world.press(member, await _question(world, "2025-11-28"), "Done")


async def _open_moved(world: World, member: MemberActor) -> Answer:
    return await world.press(member, await _question(world, "2025-11-28"), "Moved")


async def _open_drop(world: World, member: MemberActor) -> Answer:
    return await world.press(member, await _parked(world), "Give up: #pads")


async def _open_zone(world: World, member: MemberActor) -> Answer:
    return await world.slash(member, "remind here", when="tomorrow 9:00", text="handover")


FORMS = {
    report.FORM: FormRow(
        Capability.PAD,
        lambda world: (world.pad_chief, world.roles["pad crew"]),
        _open_report,
        lambda: {"pad": ["Site 31/6"], "severity": "minor", "summary": "Scratch"},
    ),
    done.FORM: FormRow(
        Capability.OPERATE,
        lambda world: (world.operator, world.roles["operators"]),
        _open_done,
        lambda: {"when": "2025-11-28 10:00"},
    ),
    drop.FORM: FormRow(
        Capability.OPERATE,
        lambda world: (world.operator, world.roles["operators"]),
        _open_drop,
        lambda: {"reason": "nobody needs it"},
    ),
    zone.FORM: FormRow(
        Capability.OPERATE,
        lambda world: (world.operator, world.roles["operators"]),
        _open_zone,
        lambda: {"timezone": "Europe/Moscow"},
    ),
    done.MOVED_FORM: FormRow(
        Capability.OPERATE,
        lambda world: (world.operator, world.roles["operators"]),
        _open_moved,
        lambda: {"when": "2026-02", "reason": "weather"},
    ),
}


def forms() -> set[str]:
    """The name of every form there is: a constant of the module that makes it."""
    found = set()
    for listed in pkgutil.iter_modules(cogs.views.__path__):
        module = importlib.import_module(f"cogs.views.{listed.name}")
        names = {value for name, value in vars(module).items() if name == "FORM" or name.endswith("_FORM")}
        made = [kind for kind in vars(module).values() if _is_form(kind) and kind.__module__ == module.__name__]
        assert len(names) >= len(made), module.__name__
        found |= names
    return found


def _is_form(kind: object) -> bool:
    return inspect.isclass(kind) and issubclass(kind, discord.ui.Modal) and kind is not OnceForm


def test_every_form_has_its_row() -> None:
    assert forms() == FORMS.keys()


@pytest.mark.parametrize("form", sorted(FORMS))
async def test_a_role_taken_away_while_a_form_is_open_counts_when_it_is_sent(world: World, form: str) -> None:
    row = FORMS[form]
    member, role = row.opener(world)
    opened = await row.open(world, member)
    assert opened.form
    world.take_role(member, role)
    before = await kept_refusals(world)

    async def send() -> Answer:
        return await world.fill(member, opened, **row.values())

    answer = await world.refused(send)
    assert "This needs the capability" in answer.text
    assert await kept_refusals(world) == sorted([*before, (member.id, "form", form, row.needs.value)])


@pytest.mark.parametrize("form", sorted(FORMS))
async def test_a_form_sent_by_who_may_is_done(world: World, form: str) -> None:
    row = FORMS[form]
    member, _ = row.opener(world)
    answer = await world.fill(member, await row.open(world, member), **row.values())
    assert "Not done" not in answer.text
    assert await kept_refusals(world) == []


async def test_no_command_is_offered_in_a_direct_message(world: World) -> None:
    assert world.director.user.available_commands() == ()
    assert commands()


async def test_a_button_in_a_direct_message_is_refused_and_kept_without_a_server(world: World) -> None:
    user = world.director.user
    await user.send_dm("hello")
    known = world.application.client.get_user(user.id) or await world.application.client.fetch_user(user.id)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="old", custom_id="gantry:undo:1"))
    message = await known.send("an old message", view=view)
    view.stop()
    answer = Answer(await user.click(message, custom_id="gantry:undo:1"))
    assert "in a server only" in answer.text
    kept = await world.application.database.read(lambda reader: security.latest(reader, NO_SERVER, 10))
    assert [(row.member_id, row.door.value, row.handler, row.code) for row in kept] == [
        (user.id, "button", "undo", "only_in_server")
    ]


async def test_a_member_who_is_refused_again_and_again_fills_no_table(world: World) -> None:
    for _ in range(ROWS_AN_HOUR + 3):
        answer = await world.slash(world.guest, "ops grant", capability="admin", role=world.roles["operators"])
        assert "This needs the capability" in answer.text
    kept = await world.application.database.read(lambda reader: security.latest(reader, world.guild.id, 500))
    assert len(kept) == ROWS_AN_HOUR + 1
    assert max(row.times for row in kept) == 3
    status = await world.slash(world.director, "ops status")
    assert f"{ROWS_AN_HOUR + 3} attempts" in status.text


async def test_the_security_log_holds_nothing_that_was_typed(world: World) -> None:
    await world.slash(world.guest, "mission create", name="Very secret", vehicle="Hidden vehicle")
    found = await world.application.database.read(lambda reader: reader.fetch("SELECT * FROM refusals"))
    assert "ecret" not in str([tuple(row) for row in found])
    assert len(found) == 1


async def test_a_conflict_is_no_matter_for_the_security_log(world: World) -> None:
    await world.slash(world.director, "ops revoke", capability="medical", role=world.roles["operators"])
    assert await kept_refusals(world) == []
