"""Who may do what: every command and every button, pressed by every kind of member. A new one without a row here fails."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord
import pytest
from simcord import MemberActor

from cogs.install import PRESSES
from cogs.render.errors import CAPABILITY_NAMES
from domain.capabilities import Capability
from storage import assessments, security, subscriptions
from tests.commands.test_contract import commands
from tests.commands.world import Answer, World
from tests.photos.pictures import PNG

READ, OPERATE, PAD, ADMIN = Capability.READ, Capability.OPERATE, Capability.PAD, Capability.ADMIN
MEDICAL, APPROVE = Capability.MEDICAL, Capability.APPROVE
MEMBERS = ("guest", "operator", "pad_chief", "approver", "medic", "director")
HOLDERS = {
    READ: set(MEMBERS),
    OPERATE: {"operator", "director"},
    PAD: {"pad_chief", "director"},
    ADMIN: {"director"},
    MEDICAL: {"medic"},
    APPROVE: {"approver", "director"},
}


@dataclass(frozen=True)
class Row:
    """What a command needs, and options with which it succeeds the n-th time. `named` when they name this server's things."""

    needs: Capability
    options: Callable[[World, int], dict[str, Any]] = lambda _world, _n: {}
    named: bool = True
    before: Callable[[World, int], Awaitable[None]] | None = None


async def _flying(world: World, n: int) -> None:
    await world.slash(world.director, "mission create", name=f"Probe {n}", vehicle="Soyuz-2.1a", station="ISS")
    await world.slash(world.director, "mission done", mission=f"Probe {n}", event="launch")


async def _held(world: World, n: int) -> None:
    await world.slash(world.director, "mission create", name=f"Probe {n}", vehicle="Soyuz-2.1a", launch="2026-05")
    await world.slash(world.director, "mission hold", mission=f"Probe {n}", reason="range")


async def _stated(world: World, n: int) -> None:
    if not n:
        await world.post_statement("All is well.")


async def _muted(world: World, n: int) -> None:
    await world.slash(world.director, "announce mute", mission=SOON[n])


async def _subscribed(world: World, n: int) -> None:
    """A subscription more, so that the first of them may go."""
    await world.slash(world.director, "announce subscribe", topic=("crew", "eva")[n], channel=world.pads)
    found = await world.application.database.read(lambda reader: subscriptions.load_all(reader, world.guild.id))
    FIRST["subscription"] = str(found[0].id)


async def _pinned(world: World, n: int) -> None:
    await world.slash(world.director, "board pin", kind=("crew", "pads")[n])


async def _assessed(world: World, n: int) -> None:
    """One assessment more, to be adopted."""
    said: dict[str, Any] = {
        "report": "DR-1",
        "severity": ("minor", "major")[n],
        "tier": "official",
        "source": f"Source {n}",
    }
    await world.slash(world.director, "pad assess", **said)
    found = await world.application.database.read(lambda reader: assessments.complete(reader, world.guild.id, 1))
    FIRST["assessment"] = found[0].label


async def _restricted(world: World, n: int) -> None:
    await world.slash(world.director, "pad restrict", pad="Site 43/4", reason=f"wind {n}")


async def _blocked(world: World, n: int) -> None:
    await world.slash(world.pad_chief, "repair block", repair=f"RT-{n + 1}", reason="no crane")


async def _done_by_another(world: World, n: int) -> None:
    """The director verifies what the pad chief did, and the other way round."""
    await world.slash((world.pad_chief, world.director)[n], "repair complete", repair=f"RT-{n + 1}")


async def _reminded(world: World, n: int) -> None:
    """A reminder of whoever is going to cancel it."""
    await world.slash(getattr(world, sorted(HOLDERS[READ])[n]), "remind me", when="in 3 h", text="look")


FIRST = {"assessment": "AS-1", "subscription": "1"}
"""The oldest subscription of this server, as last seen: its number is an id, known only when it is made."""


SOON = ("Soyuz MS-29", "Progress MS-33")
"""Missions that have yet to launch."""
GONE = ("undocking", "landing")
"""Events that can be taken out of a plan."""


def _report(_: World, n: int) -> dict[str, Any]:
    return {"pad": "Site 31/6", "severity": "minor", "summary": f"Scratch {n}", "photo": ("x.png", PNG)}


ROWS = {
    "mission status": Row(READ, lambda _w, _n: {"mission": "Soyuz MS-28"}),
    "mission create": Row(OPERATE, lambda _w, n: {"name": f"New {n}", "vehicle": "Soyuz-2.1a"}, named=False),
    "mission plan": Row(OPERATE, lambda _w, _n: {"mission": "Soyuz MS-28", "event": "milestone", "when": "2026-05"}),
    "mission move": Row(
        OPERATE,
        lambda _w, n: {"mission": "Soyuz MS-28", "event": "landing", "when": f"2026-08-0{n + 1}", "reason": "weather"},
    ),
    "mission done": Row(OPERATE, lambda _w, _n: {"mission": "Soyuz MS-28", "event": "milestone"}),
    "mission list": Row(READ, lambda _w, _n: {"phase": "planned"}, named=False),
    "mission timeline": Row(READ, lambda _w, _n: {"mission": "Soyuz MS-28"}),
    "mission history": Row(READ, lambda _w, _n: {"mission": "Soyuz MS-28"}),
    "mission hold": Row(OPERATE, lambda _w, n: {"mission": SOON[n], "reason": "pad"}),
    "mission resume": Row(OPERATE, lambda _w, n: {"mission": f"Probe {n}"}, before=_held),
    "mission scrub": Row(OPERATE, lambda _w, n: {"mission": SOON[n], "reason": "pad"}),
    "mission drop": Row(OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "event": GONE[n], "reason": "no need"}),
    "mission fail": Row(OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "event": GONE[n], "reason": "a hook held"}),
    "mission cancel": Row(OPERATE, lambda _w, n: {"mission": SOON[n], "reason": "given up"}),
    "mission correct": Row(
        OPERATE,
        lambda _w, n: {
            "mission": "Soyuz MS-28",
            "event": "docking",
            "when": f"2025-11-27 12:3{n + 5}",
            "reason": "a wrong clock",
        },
    ),
    "mission clear": Row(
        OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "state": "not_cleared", "reason": f"leak {n}"}
    ),
    "mission edit": Row(OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "spacecraft": f"No. 75{n}"}),
    "mission claim": Row(
        OPERATE,
        lambda _w, n: {
            "mission": "Soyuz MS-28",
            "event": "landing",
            "when": f"2026-07-2{n}",
            "source": "NASA",
            "tier": "official",
        },
    ),
    "crew list": Row(READ, lambda _w, _n: {"mission": "Soyuz MS-28"}),
    "crew assign": Row(OPERATE, lambda _w, n: {"mission": "Soyuz MS-29", "person": f"Person {n}", "role": "Commander"}),
    "crew aboard": Row(READ, lambda _w, _n: {"station": "ISS"}),
    "crew coverage": Row(READ, lambda _w, _n: {"station": "ISS"}),
    "crew edit": Row(OPERATE, lambda _w, n: {"person": "Mikaev", "also": f"Spelling {n}"}),
    "crew remove": Row(
        OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "person": ("Mikaev", "Williams")[n], "reason": "mistake"}
    ),
    "crew return": Row(OPERATE, lambda _w, n: {"person": ("Mikaev", "Williams")[n], "mission": "Soyuz MS-29"}),
    "crew health": Row(MEDICAL, lambda _w, _n: {"person": "Mikaev", "status": "observation", "note": "tired"}),
    "docking plan": Row(
        OPERATE,
        lambda _w, n: {"mission": f"Probe {n}", "port": "Zvezda aft", "when": "2026-05"},
        before=_flying,
    ),
    "docking undock": Row(OPERATE, lambda _w, n: {"mission": ("Soyuz MS-28", "Soyuz MS-27")[n]}),
    "docking relocate": Row(
        OPERATE, lambda _w, n: {"mission": "Soyuz MS-28", "port": ("Zvezda aft", "Harmony nadir")[n]}
    ),
    "docking ports": Row(READ, lambda _w, _n: {"station": "ISS"}),
    "docking station": Row(OPERATE, lambda _w, n: {"name": f"Station {n}"}, named=False),
    "docking confirm": Row(
        OPERATE,
        lambda _w, n: {"mission": f"Probe {n}", "port": ("Zvezda aft", "Harmony nadir")[n % 2]},
        before=_flying,
    ),
    "pad status": Row(READ, lambda _w, _n: {"pad": "Site 31/6"}),
    "pad list": Row(READ, named=False),
    "pad impact": Row(READ, lambda _w, _n: {"pad": "Site 31/6"}),
    "pad history": Row(READ, lambda _w, _n: {"pad": "Site 31/6"}),
    "pad add": Row(PAD, lambda _w, n: {"name": f"Pad {n}", "site": "Here", "vehicles": "Soyuz-2.1a"}, named=False),
    "pad report": Row(PAD, _report),
    "pad edit": Row(PAD, lambda _w, n: {"pad": "Site 43/4", "operator": f"Operator {n}"}),
    "pad update": Row(PAD, lambda _w, n: {"report": "DR-1", "state": ("confirmed", "in_repair")[n]}),
    "pad assess": Row(
        PAD, lambda _w, n: {"report": "DR-1", "severity": "minor", "tier": "media", "source": f"Paper {n}"}
    ),
    "pad adopt": Row(
        PAD, lambda _w, _n: {"assessment": FIRST["assessment"], "reason": "they looked"}, before=_assessed
    ),
    "pad forecast": Row(
        PAD, lambda _w, n: {"pad": "Site 31/6", "source": f"Paper {n}", "tier": "media", "latest": "2026-05"}
    ),
    "pad restrict": Row(PAD, lambda _w, n: {"pad": "Site 43/4", "reason": f"wind {n}"}),
    "pad lift": Row(PAD, lambda _w, _n: {"pad": "Site 43/4", "reason": "calm"}, before=_restricted),
    "pad inspect": Row(PAD, lambda _w, _n: {"pad": "Site 31/6", "result": "failed", "note": "bent"}),
    "pad return-to-service": Row(PAD, lambda _w, _n: {"pad": "Site 31/6"}),
    "repair list": Row(READ, lambda _w, _n: {"pad": "Site 31/6"}),
    "repair plan": Row(PAD, lambda _w, n: {"report": "DR-1", "title": f"Work {n}"}),
    "repair progress": Row(PAD, lambda _w, n: {"repair": "RT-2", "percent": 10 + n}),
    "repair complete": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}"}),
    "repair edit": Row(PAD, lambda _w, n: {"repair": "RT-1", "days": 3 + n}),
    "repair start": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}"}),
    "repair block": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}", "reason": "no crane"}),
    "repair unblock": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}"}, before=_blocked),
    "repair material": Row(PAD, lambda _w, n: {"repair": "RT-1", "item": f"bolt {n}", "state": "needed"}),
    "repair verify": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}"}, before=_done_by_another),
    "repair cancel": Row(PAD, lambda _w, n: {"repair": f"RT-{n + 1}", "reason": "not needed"}),
    "remind me": Row(READ, lambda _w, n: {"when": f"in {n + 1} h", "text": "look"}, named=False),
    "remind here": Row(OPERATE, lambda _w, n: {"when": f"in {n + 1} h", "text": "look"}, named=False),
    "remind cancel": Row(READ, lambda _w, n: {"reminder": f"RM-{n + 1}"}, before=_reminded),
    "remind zone": Row(READ, lambda _w, _n: {"timezone": "Europe/Moscow"}, named=False),
    "remind list": Row(READ, named=False),
    "remind countdown": Row(OPERATE, lambda _w, n: {"event": "Soyuz MS-28 · landing", "offsets": f"{n + 2}d"}),
    "announce subscribe": Row(OPERATE, lambda _w, n: {"topic": ("crew", "pad", "eva")[n]}, named=False),
    "announce unsubscribe": Row(OPERATE, lambda _w, _n: {"subscription": FIRST["subscription"]}, before=_subscribed),
    "announce list": Row(READ, named=False),
    "board pin": Row(OPERATE, lambda _w, n: {"kind": ("crew", "pads")[n]}, named=False),
    "board unpin": Row(OPERATE, lambda _w, n: {"kind": ("crew", "pads")[n]}, before=_pinned),
    "announce post": Row(OPERATE, lambda _w, n: {"text": f"All is well {n}.", "mission": "Soyuz MS-28"}),
    "announce correct": Row(
        OPERATE,
        lambda _w, n: {"announcement": "ST-1", "text": f"All is very well {n}.", "reason": "better news"},
        before=_stated,
    ),
    "announce digest": Row(OPERATE, lambda _w, n: {"time": f"{n + 6}:00"}, named=False),
    "announce mute": Row(OPERATE, lambda _w, n: {"mission": SOON[n]}),
    "announce unmute": Row(OPERATE, lambda _w, n: {"mission": SOON[n]}, before=_muted),
    "ops setup": Row(ADMIN, named=False),
    "ops grant": Row(ADMIN, lambda w, _n: {"capability": "operate", "role": w.roles["approvers"]}, named=False),
    "ops revoke": Row(ADMIN, lambda w, _n: {"capability": "approve", "role": w.roles["approvers"]}, named=False),
    "ops set": Row(ADMIN, lambda _w, _n: {"key": "morning", "value": "6"}, named=False),
    "ops explain": Row(ADMIN, lambda w, _n: {"member": w.director}, named=False),
    "ops verify": Row(READ, named=False),
    "ops status": Row(READ, named=False),
}
STRANGERS: dict[str, Callable[[World], dict[str, Any]]] = {
    "ops grant": lambda w: {"capability": "pad", "role": w.chiefs},
    "ops revoke": lambda w: {"capability": "operate", "role": w.chiefs},
    "ops explain": lambda w: {"member": w.stranger},
}
"""Options that are roles and members: Discord offers only those of the server."""
OPENS_FORM = {"pad report": PAD}
"""Commands that open a form when called bare, and what opening it needs."""


def test_every_command_has_its_row() -> None:
    assert commands().keys() == ROWS.keys()


@pytest.mark.parametrize("command", sorted(ROWS))
async def test_a_command_is_done_for_those_who_hold_its_capability_and_refused_to_all_others(
    world: World, command: str
) -> None:
    row = ROWS[command]
    for member in MEMBERS:
        if member not in HOLDERS[row.needs]:
            await _is_refused(world, getattr(world, member), command, row)
    for n, member in enumerate(sorted(HOLDERS[row.needs])):
        if row.before:
            await row.before(world, n)
        answer = await world.slash(getattr(world, member), command, **row.options(world, n))
        assert "Not done" not in answer.text, (member, answer.text)


async def kept_refusals(world: World) -> list[tuple[int, str, str, str]]:
    """What the security log has of this server."""
    kept = await world.application.database.read(lambda reader: security.latest(reader, world.guild.id, 500))
    return sorted((row.member_id, row.door.value, row.handler, row.capability or "") for row in kept)


async def _is_refused(world: World, member: MemberActor, command: str, row: Row) -> None:
    async def act() -> Answer:
        return await world.slash(member, command, **row.options(world, 0))

    before = await kept_refusals(world)
    answer = await world.refused(act)
    assert await kept_refusals(world) == sorted([*before, (member.id, "command", command, row.needs.value)])
    assert f"This needs the capability **{CAPABILITY_NAMES[row.needs]}**" in answer.text
    assert "/ops grant" in answer.text


async def test_another_servers_admin_finds_nothing_of_this_one(world: World) -> None:
    before = await world.journal_length()
    for command, row in ROWS.items():
        if row.named:
            answer = await world.slash(world.stranger, command, **row.options(world, 0))
            # Reports and tasks are counted in each server: theirs of the same number is what they find.
            counted = command.startswith("repair") or "report" in row.options(world, 0)
            assert "Not done" in answer.text or counted, (command, answer.text)
            for name in ("Roscosmos", "Baikonur Cosmodrome", "Ryzhikov", "flame trench"):
                assert name not in answer.text, command
    assert await world.journal_length() == before


async def test_what_another_servers_admin_does_stays_in_their_server(world: World) -> None:
    before = await world.journal_length()
    for command, row in sorted(ROWS.items()):
        if row.named:
            continue
        options = STRANGERS[command](world) if command in STRANGERS else row.options(world, 0)
        if command == "ops revoke":
            await world.slash(world.stranger, "ops grant", **options)
        answer = await world.slash(world.stranger, command, **options)
        assert "Not done" not in answer.text, (command, answer.text)
        for name in ("Soyuz MS", "Site 31/6", "ISS", "DR-1 "):
            assert name not in answer.text, command
    assert await world.journal_length() == before
    assert await world.posts() == []


@pytest.mark.parametrize("command", sorted(OPENS_FORM))
async def test_a_form_opens_only_for_those_who_may_send_it(world: World, command: str) -> None:
    for member in MEMBERS:
        answer = await world.slash(getattr(world, member), command)
        if member in HOLDERS[OPENS_FORM[command]]:
            assert answer.form
        else:
            assert answer.form is None
            assert "This needs the capability" in answer.text


async def test_before_set_up_every_command_says_what_to_do(bare: World) -> None:
    for command, row in ROWS.items():
        if command != "ops setup":
            answer = await bare.slash(bare.director, command, **row.options(bare, 0))
            assert "`/ops setup`" in answer.text, command
            assert answer.private


async def _undoable(world: World) -> discord.Message:
    moved = await world.slash(
        world.operator, "mission move", mission="Soyuz MS-28", event="landing", when="2026-08", reason="weather"
    )
    return moved.message


async def _slipped(world: World) -> discord.Message:
    moved = await world.slash(
        world.operator, "mission move", mission="Progress MS-33", event="launch", when="2026-03-22", reason="pad"
    )
    return moved.message


async def _question(world: World, at: str) -> discord.Message:
    await world.slash(world.operator, "mission plan", mission="Soyuz MS-28", event="milestone", when=at, name="Burn")
    await world.move_to(datetime.fromisoformat("2025-11-29T12:00:00+00:00"))
    asked = [message for message in await world.messages() if "did it happen?" in (message.embeds[0].title or "")]
    return asked[-1]


async def _claim(world: World) -> discord.Message:
    claimed = await world.slash(
        world.operator, "mission claim", mission="Soyuz MS-28", event="landing", when="2026-07-26", source="NASA",
        tier="official",
    )  # fmt: skip
    return claimed.message


async def _long_list(world: World) -> discord.Message:
    for n in range(14):
        await world.slash(world.director, "pad add", name=f"Pad {n}", site="Here", vehicles="Soyuz-2.1a")
    return (await world.slash(world.operator, "pad list")).message


async def _draft(world: World) -> discord.Message:
    return await world.draft("The crew is well.")


async def _parked(world: World) -> discord.Message:
    await world.slash(world.operator, "announce subscribe", topic="crew", channel=world.pads)
    world.deny(world.pads, send_messages=True)
    await world.slash(world.operator, "crew assign", mission="Soyuz MS-29", person="Anna Kikina", role="Pilot")
    await world.settle()
    return (await world.slash(world.guest, "ops status")).message


async def _reported(world: World) -> discord.Message:
    await world.slash(world.director, "pad report", pad="Site 43/4", severity="critical", summary="a crack")
    return (await world.messages(world.corner))[-1]


async def asked_return(world: World) -> discord.Message:
    """A request to return Site 43/4, asked by the pad chief: its damage is closed and it has been inspected."""
    chief = world.pad_chief
    await world.slash(chief, "pad report", pad="Site 43/4", severity="critical", summary="a crack")
    number = (await world.posts(world.corner))[-1].split(":")[0].split()[-1]
    await world.slash(chief, "pad update", report=number, state="closed", reason="it was paint")
    await world.move_by(timedelta(minutes=1))
    await world.slash(chief, "pad inspect", pad="Site 43/4", result="passed")
    await world.slash(chief, "pad return-to-service", pad="Site 43/4")
    return (await world.messages(world.corner))[-1]


async def _set_reminder(world: World) -> discord.Message:
    return (await world.slash(world.pad_chief, "remind me", when="in 10 minutes", text="look")).message


async def _reminder_here(world: World) -> discord.Message:
    await world.slash(world.operator, "remind here", when="in 10 minutes", text="look")
    await world.move_by(timedelta(minutes=11))
    return (await world.messages(world.corner))[-1]


async def _reminder_of_ones_own(world: World) -> discord.Message:
    """It stands in direct messages; here as if it had been copied from there."""
    await _set_reminder(world)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="In 1 hour", custom_id=f"gantry:snoozeown:{world.guild.id}:1:1h"))
    view.add_item(discord.ui.Button(label="Stop repeating", custom_id=f"gantry:stopown:{world.guild.id}:1"))
    known = world.application.client.get_channel(world.corner.id)
    assert isinstance(known, discord.TextChannel)
    message = await known.send("a copy", view=view)
    view.stop()
    return message


async def _undelivered(world: World) -> discord.Message:
    await _set_reminder(world)
    there = f"*/channels/{world.pad_chief.user.dm_channel.id}/messages"
    world.env.inject_error("POST", there, status=403, code=50007)
    await world.move_by(timedelta(minutes=11))
    return (await world.messages(world.corner))[-1]


async def _undelivered_again_and_again(world: World) -> discord.Message:
    await world.slash(world.director, "remind zone", timezone="UTC")
    await world.slash(world.director, "remind me", when="in 10 minutes", text="look", repeat="daily")
    world.env.inject_error("POST", f"*/channels/{world.director.user.dm_channel.id}/messages", status=403, code=50007)
    await world.move_by(timedelta(minutes=11))
    return (await world.messages(world.corner))[-1]


@dataclass(frozen=True)
class ButtonRow:
    """What a button needs, its label, and how a message with it comes to stand in a channel."""

    needs: Capability
    label: str
    stand: Callable[[World], Awaitable[discord.Message]]


BUTTONS = {
    "undo": ButtonRow(OPERATE, "Undo", _undoable),
    "shift": ButtonRow(OPERATE, "Shift along: docking", _slipped),
    "done": ButtonRow(OPERATE, "Done", lambda world: _question(world, "2025-11-28 12:00")),
    "donewhen": ButtonRow(OPERATE, "Done", lambda world: _question(world, "2025-11-28")),
    "held": ButtonRow(OPERATE, "Held", lambda world: _question(world, "2025-11-28 12:00")),
    "moved": ButtonRow(OPERATE, "Moved", lambda world: _question(world, "2025-11-28 12:00")),
    "adopt": ButtonRow(OPERATE, "Adopt this date", _claim),
    "page": ButtonRow(READ, "Next ▶", _long_list),
    "approve": ButtonRow(APPROVE, "Approve and post", _draft),
    "reject": ButtonRow(APPROVE, "Reject", _draft),
    "withdraw": ButtonRow(OPERATE, "Withdraw", _draft),
    "retry": ButtonRow(OPERATE, "Try again: #pads", _parked),
    "ack": ButtonRow(PAD, "Acknowledge", _reported),
    "confirmreturn": ButtonRow(APPROVE, "Confirm return to service", asked_return),
    "declinereturn": ButtonRow(APPROVE, "Decline", asked_return),
    "withdrawreturn": ButtonRow(PAD, "Withdraw", asked_return),
    "drop": ButtonRow(OPERATE, "Give up: #pads", _parked),
    "cancelreminder": ButtonRow(READ, "Cancel this reminder", _set_reminder),
    "snooze": ButtonRow(OPERATE, "In 1 hour", _reminder_here),
    "snoozeown": ButtonRow(READ, "In 1 hour", _reminder_of_ones_own),
    "stopown": ButtonRow(READ, "Stop repeating", _reminder_of_ones_own),
    "stopreminder": ButtonRow(OPERATE, "Stop repeating", _undelivered_again_and_again),
    "showreminder": ButtonRow(READ, "Show it to me", _undelivered),
}


def test_every_button_has_its_row() -> None:
    assert PRESSES.keys() == BUTTONS.keys()


@pytest.mark.parametrize("action", sorted(BUTTONS))
async def test_a_button_obeys_only_those_who_hold_its_capability(world: World, action: str) -> None:
    row = BUTTONS[action]
    message = await row.stand(world)
    for member in MEMBERS:
        if member not in HOLDERS[row.needs]:
            actor = getattr(world, member)

            async def press(actor: MemberActor = actor) -> Answer:
                return await world.press(actor, message, row.label)

            before = await kept_refusals(world)
            answer = await world.refused(press)
            assert await kept_refusals(world) == sorted([*before, (actor.id, "button", action, row.needs.value)])
            assert "This needs the capability" in answer.text
    holder = max(HOLDERS[row.needs])  # of who may approve that is the director, of who may withdraw the operator
    answer = await world.press(getattr(world, holder), message, row.label)
    assert answer.form or "Not done" not in answer.text


async def test_a_role_taken_away_between_command_and_press_counts(world: World) -> None:
    message = await _undoable(world)
    before = await world.journal_length()
    world.take_role(world.operator, world.roles["operators"])
    answer = await world.press(world.operator, message, "Undo")
    assert "This needs the capability" in answer.text
    assert await world.journal_length() == before
