"""/pad and /repair as a pad crew uses them: damage in one command or one form, photos, and the tasks that follow."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commands.world import Answer, World
from tests.photos.pictures import PNG, opened

FORM = {"pad": ["Site 31/6"], "severity": "major", "summary": "Crack in the bridge"}


def evidence(world: World) -> list[Path]:
    """Every kept picture, small copies left out."""
    found = (world.data / "evidence").rglob("*")
    return [path for path in found if path.is_file() and path.suffix != ".thumbnail"]


async def test_a_pads_status_rests_on_its_reports_and_names_who_waits(world: World) -> None:
    answer = await world.slash(world.guest, "pad status", pad="site 31-6")
    assert not answer.private
    for words in (
        "Site 31/6 — 🔴 out of service",
        "The status rests on DR-1, which nobody has confirmed yet.",
        "reported by Pad chief",
        "Clear the flame trench",
        "Progress MS-33 — 19 Dec 2025",
    ):
        assert words in answer.text


async def test_a_pads_status_as_of_a_date_knows_nothing_of_later_damage(world: World) -> None:
    answer = await world.slash(world.guest, "pad status", pad="Site 31/6", as_of="2025-11-26")
    assert "operational" in answer.text
    assert "DR-1" not in answer.text


async def test_the_list_of_pads_shows_status_and_capabilities(world: World) -> None:
    for command in ("pad list", "pad status"):
        answer = await world.slash(world.guest, command)
        assert not answer.private
        assert "**Site 31/6**, Baikonur Cosmodrome — 🔴 out of service · Soyuz-2.1a (cargo, crew)" in answer.text


async def test_a_pad_is_entered_and_announced(world: World) -> None:
    answer = await world.slash(
        world.pad_chief,
        "pad add",
        name="LC-39A",
        site="Kennedy Space Center",
        vehicles="Falcon 9, Falcon Heavy",
        kinds="crew, cargo",
        components="tower, crew access arm",
        operator="SpaceX",
        lifecycle="active",
    )
    assert "✅ Pad LC-39A entered" in answer.text
    assert "Falcon 9 (crew, cargo); Falcon Heavy (crew, cargo)" in answer.text
    assert len(await world.posts()) == 1


async def test_damage_reported_with_options_is_logged_at_once_and_its_card_posted_where_it_was_reported_too(
    world: World,
) -> None:
    answer = await world.slash(
        world.pad_chief,
        "pad report",
        pad="Site 31/6",
        component="bridges",
        severity="major",
        summary="Second bridge is bent",
        observed="2025-11-27 17:30",
    )
    assert answer.private
    assert "✅ DR-2 logged: major" in answer.text
    here, heard = await world.posts(world.corner), await world.posts(world.flight)
    assert len(here) == len(heard) == 1
    for words in (
        "🚧 DR-2: damage at Site 31/6",
        "access bridges",
        "still 🔴 out of service",
        "Reported by: Pad chief",
    ):
        assert words in here[0]
    assert await world.posts(world.pads) == []


async def test_damage_reported_in_a_subscribed_channel_is_posted_there_once(world: World) -> None:
    await world.slash(
        world.pad_chief, "pad report", where=world.flight, pad="Site 1S", severity="minor", summary="Rust"
    )
    assert len(await world.posts(world.flight)) == 1


async def test_a_bare_report_opens_the_form_filled_with_what_was_typed(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report", pad="site 31-6", component="trench", severity="critical")
    fields = fields_of(shown)
    assert list(fields) == ["pad", "component", "severity", "summary", "photo"]
    chosen = [option["value"] for option in fields["pad"]["options"] if option.get("default")]
    assert chosen == ["Site 31/6"]
    assert fields["component"]["value"] == "trench"
    assert [option["value"] for option in fields["severity"]["options"] if option.get("default")] == ["critical"]
    assert "Site 1/5" not in [option["value"] for option in fields["pad"]["options"]]  # retired


async def test_a_form_is_logged_with_its_photo(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report")
    answer = await world.fill(world.pad_chief, shown, **FORM, component="trench", photo=[("../../x.png", PNG)])
    assert "✅ DR-2 logged: major" in answer.text
    assert "1 photo kept." in answer.text
    card = (await world.messages(world.corner))[0]
    assert "Crack in the bridge" in (card.embeds[0].description or "")
    assert len(card.attachments) == 1
    assert opened(await card.attachments[0].read()).size == (4, 3)
    assert [path.read_bytes() for path in evidence(world)] == [PNG]


async def test_a_photo_given_with_the_command_is_kept_and_attached(world: World) -> None:
    answer = await world.slash(
        world.pad_chief, "pad report", pad="Site 31/6", severity="minor", summary="Soot", photo=("soot.png", PNG)
    )
    assert "1 photo kept." in answer.text
    (message,) = await world.messages(world.corner)
    (attachment,) = message.attachments
    assert message.embeds[0].image.url == f"attachment://{attachment.filename}"


async def test_a_photo_given_with_the_command_comes_along_with_the_form(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report", photo=("soot.png", PNG))
    answer = await world.fill(world.pad_chief, shown, **FORM)
    assert "1 photo kept." in answer.text


async def test_photos_of_command_and_form_together_are_never_too_many(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report", photo=("soot.png", PNG))
    room = fields_of(shown)["photo"]["max_values"]
    more = [(f"{n}.png", PNG + bytes([n])) for n in range(room)]
    answer = await world.fill(world.pad_chief, shown, **FORM, photo=more)
    assert "4 photos kept." in answer.text


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (("big.png", PNG + bytes(1_000_001)), "larger than 1 MB"),
        (("script.png", b"<html>not a picture</html>"), "not a picture I can keep"),
        (("empty.png", b""), "not a picture I can keep"),
    ],
)
async def test_a_photo_that_cannot_be_kept_is_refused_with_nothing_changed(
    world: World, photo: tuple[str, bytes], words: str
) -> None:
    async def at_once() -> Answer:
        return await world.slash(
            world.pad_chief, "pad report", pad="Site 31/6", severity="minor", summary="Soot", photo=photo
        )

    async def in_the_form() -> Answer:
        shown = await world.slash(world.pad_chief, "pad report")
        return await world.fill(world.pad_chief, shown, **FORM, photo=[photo])

    for act in (at_once, in_the_form):
        assert words in (await world.refused(act)).text
    assert evidence(world) == []
    assert await world.posts() == []


@pytest.mark.parametrize(
    ("observed", "summary", "words"),
    [
        ("next spring", "Bent", "is not a time I can read"),
        ("2026-01-01 12:00", "Bent", "lies ahead of now"),
        (None, "\u200b\u202e \u2800", "is empty once invisible characters are left out"),
    ],
)
async def test_a_form_that_cannot_be_taken_is_refused_inside_the_form(
    world: World, observed: str | None, summary: str, words: str
) -> None:
    given: dict[str, Any] = {} if observed is None else {"observed": observed}
    shown = await world.slash(world.pad_chief, "pad report", **given)

    async def act() -> Answer:
        return await world.fill(world.pad_chief, shown, **(FORM | {"summary": summary}))

    refused = (await world.refused(act)).text
    assert words in refused
    assert ("What you typed: Bent" in refused) == (summary == "Bent")


async def test_two_members_with_open_forms_at_once_do_not_mix(world: World) -> None:
    first = await world.slash(world.pad_chief, "pad report", observed="2025-11-27 16:00")
    second = await world.slash(world.director, "pad report", observed="2025-11-27 17:00")
    assert first.form != second.form
    await world.fill(world.director, second, **(FORM | {"summary": "The director's"}))
    await world.fill(world.pad_chief, first, **(FORM | {"summary": "The chief's"}))
    cards = await world.posts(world.corner)
    assert len(cards) == 2
    for card, words in zip(
        cards, (("The director's", "17:00", "Director"), ("The chief's", "16:00", "Pad chief")), strict=True
    ):
        assert all(word in card for word in words)


async def test_one_member_with_two_open_forms_sends_each_as_filled(world: World) -> None:
    first, second = [await world.slash(world.pad_chief, "pad report") for _ in range(2)]
    await world.fill(world.pad_chief, first, **(FORM | {"summary": "One"}))
    await world.fill(world.pad_chief, second, **(FORM | {"summary": "Two"}))
    assert [("One" in card, "Two" in card) for card in await world.posts(world.corner)] == [
        (True, False),
        (False, True),
    ]


async def test_a_form_sent_twice_is_logged_once_and_told_the_second_time(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report")
    await world.fill(world.pad_chief, shown, **FORM)
    shown.result._interaction.modal_consumed = False  # as when a client sends it again

    async def again() -> Answer:
        return await world.fill(world.pad_chief, shown, **FORM)

    assert "This form is no longer open" in (await world.refused(again)).text
    assert len(await world.posts(world.corner)) == 1


async def test_a_form_left_open_across_a_restart_is_answered(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report")
    await world.restart()

    async def act() -> Answer:
        return await world.fill(world.pad_chief, shown, **FORM)

    assert "I restarted in between" in (await world.refused(act)).text


async def test_a_form_sent_by_someone_whose_role_was_taken_is_refused(world: World) -> None:
    shown = await world.slash(world.pad_chief, "pad report")
    world.take_role(world.pad_chief, world.roles["pad crew"])

    async def act() -> Answer:
        return await world.fill(world.pad_chief, shown, **FORM, photo=[("x.png", PNG)])

    assert "This needs the capability" in (await world.refused(act)).text
    assert evidence(world) == []


async def test_a_server_with_more_pads_than_a_list_holds_types_the_pad(world: World) -> None:
    for n in range(25):
        await world.slash(world.pad_chief, "pad add", name=f"Pad {n}", site="Here", vehicles="Soyuz-2.1a")
    shown = await world.slash(world.pad_chief, "pad report", pad="pad 24")
    assert fields_of(shown)["pad"]["value"] == "pad 24"
    answer = await world.fill(world.pad_chief, shown, **(FORM | {"pad": "PAD-24"}))
    assert "Pad 24 is now 🟠 restricted" in answer.text


async def test_a_photo_that_cannot_be_stored_is_told_and_nothing_is_logged(world: World) -> None:
    (world.data / "evidence").write_bytes(b"a file where the directory should be")

    async def act() -> Answer:
        return await world.slash(
            world.pad_chief, "pad report", pad="Site 31/6", severity="minor", summary="Soot", photo=("soot.png", PNG)
        )

    assert "I cannot write my files" in (await world.refused(act)).text


async def test_a_retired_pad_takes_no_reports(world: World) -> None:
    answer = await world.refused(
        lambda: world.slash(world.pad_chief, "pad report", pad="Site 1/5", severity="minor", summary="Rust")
    )
    assert "is retired and takes no damage reports" in answer.text


async def test_a_repair_is_planned_moved_on_and_completed(world: World) -> None:
    planned = await world.slash(
        world.pad_chief,
        "repair plan",
        report="dr1",
        title="Rebuild the cabin",
        owner="Ground crew",
        due="2026-02",
        after="RT-1, RT-2",
        days=60,
    )
    assert "✅ RT-3 planned" in planned.text
    assert "Due understood as **February 2026**." in planned.text
    assert "Waits for RT-1, RT-2." in planned.text
    moved = await world.slash(world.pad_chief, "repair progress", repair="rt-1", percent=40, note="half of it out")
    assert "✅ RT-1 at 40 %" in moved.text
    blocked = await world.refused(lambda: world.slash(world.pad_chief, "repair complete", repair="3"))
    assert "RT-3 waits for RT-1" in blocked.text
    done = await world.slash(world.pad_chief, "repair complete", repair="RT-1")
    assert "Someone else has to verify it" in done.text
    assert "2 tasks of this report are still open." in done.text
    titles = [post.split("\n")[0] for post in await world.posts()]
    assert titles == [
        "🔧 Repair planned: RT-3 Rebuild the cabin",
        "🔧 Repair progress: RT-1 Clear the flame trench",
        "🔧 Repair done: RT-1 Clear the flame trench",
    ]
    listed = await world.slash(world.guest, "repair list", pad="Site 31/6")
    assert not listed.private
    assert "**RT-3** Rebuild the cabin — planned" in listed.text
    assert "February 2026" in listed.text


async def test_work_on_a_finished_task_is_refused(world: World) -> None:
    await world.slash(world.pad_chief, "repair complete", repair="RT-2")
    answer = await world.refused(lambda: world.slash(world.pad_chief, "repair progress", repair="RT-2", percent=50))
    assert "RT-2 is done; there is nothing left to do on it. `/repair start` reopens it;" in answer.text


async def test_repairs_from_plan_to_verification_as_a_crew_works(world: World) -> None:
    chief = world.pad_chief

    async def do(command: str, **options: Any) -> str:
        return (await world.slash(chief, f"repair {command}", **options)).text

    async def listed(task: str) -> str:
        text = (await world.slash(world.guest, "repair list", pad="Site 31/6")).text
        return text.partition(f"**{task}**")[2].partition("• **")[0]

    await do("plan", report="DR-1", title="Install the cabin", after="RT-1, RT-2", days=60)
    await do("plan", report="DR-1", title="Paint it", due="2025-12-10", after="RT-3")
    ordered = await do(
        "material", repair="RT-3", item="Cabin frame", state="on_order", quantity="2", expected="2026-01"
    )
    assert "Cabin frame (2): on order, expected January 2026" in ordered
    assert "↳ Waits for parts: Cabin frame (2): on order, expected January 2026" in await listed("RT-3")

    circle = await world.refused(lambda: world.slash(chief, "repair edit", repair="RT-1", after="RT-4"))
    assert "the tasks would wait for each other: RT-1 → RT-4 → RT-3 → RT-1" in circle.text
    assert "`title`: Paint it → **Paint the cabin**" in await do("edit", repair="RT-4", title="Paint the cabin")

    assert "⚠️ What it comes after is not done yet: RT-1, RT-2." in await do("start", repair="RT-3")
    assert "in work" in await listed("RT-3")
    assert "✅ RT-1 is blocked" in await do("block", repair="RT-1", reason="Water in the trench")
    assert "↳ ⛔ Water in the trench" in await listed("RT-1")
    stuck = await world.refused(lambda: world.slash(chief, "repair progress", repair="RT-1", percent=20))
    assert "RT-1 is blocked: Water in the trench." in stuck.text
    assert "Work has not begun yet." in await do("unblock", repair="RT-1")
    assert "✅ RT-1 at 70 %" in await do("progress", repair="RT-1", percent=70)

    await do("complete", repair="RT-1")
    assert "Waits for verification by somebody other than Pad chief" in await listed("RT-1")
    await do("cancel", repair="RT-2", reason="Another crew brings them")
    assert "Another crew brings them" in await listed("RT-2")
    assert "⚠️ Parts were still awaited: Cabin frame (2)" in await do("complete", repair="RT-3")
    assert "It had been said to be done" in await do("start", repair="RT-3")
    assert "Cabin frame (2): on hand" in await do("material", repair="RT-3", item="cabin-frame", state="on_hand")
    assert "Parts were still awaited" not in await do("complete", repair="RT-3")

    await world.move_to(world.clock.now() + timedelta(days=16))
    assert "⚠️ **overdue**" in await listed("RT-4")
    await do("complete", repair="RT-4")
    assert "overdue" not in await listed("RT-4")

    own = await world.refused(lambda: world.slash(chief, "repair verify", repair="RT-1"))
    assert "You said yourself that RT-1 is done, so somebody else must verify it" in own.text
    checked = await world.slash(world.director, "repair verify", repair="RT-1", note="Dry and clear")
    assert "✅ RT-1 verified" in checked.text
    assert "Verified 13 Dec 2025" in await listed("RT-1")
    titles = [post.split("\n")[0] for post in await world.posts()]
    assert [title for title in titles if "RT-1 " in title or "RT-3 " in title] == [
        "🔧 Repair planned: RT-3 Install the cabin",
        "📦 Parts: RT-3 Install the cabin",
        "▶️ Repair started: RT-3 Install the cabin",
        "⛔ Repair blocked: RT-1 Clear the flame trench",
        "▶️ Repair no longer blocked: RT-1 Clear the flame trench",
        "🔧 Repair progress: RT-1 Clear the flame trench",
        "🔧 Repair done: RT-1 Clear the flame trench",
        "🔧 Repair done: RT-3 Install the cabin",
        "↩️ Repair reopened: RT-3 Install the cabin",
        "📦 Part has arrived: RT-3 Install the cabin",
        "🔧 Repair done: RT-3 Install the cabin",
        "✅ Repair verified: RT-1 Clear the flame trench",
    ]
    assert "✅ RT-4 Paint the cabin: done" in titles, "its last reminder says so by now"


def fields_of(shown: Answer) -> dict[str, dict[str, Any]]:
    """A form's fields by their custom_id."""
    assert shown.result.modal is not None
    labels = shown.result.modal["components"]
    return {label["component"]["custom_id"]: label["component"] for label in labels}
