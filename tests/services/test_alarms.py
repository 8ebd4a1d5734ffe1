"""A critical report calls until somebody takes it on, then until somebody says how grave it is; whatever happens in between."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.alarm_facts import ReportUnacknowledged, ReportUnassessed
from domain.alarms import AlarmEnd
from domain.announcements import Topic
from domain.damage import ReportState, Severity
from domain.errors import Conflict, InvalidInput, NotPermitted
from domain.facts import Facts
from domain.pad_facts import DamageReported
from domain.sources import Tier
from services.actors import Actor
from services.announcements import Mention
from services.damage import Assess, ReportDamage, UpdateReport
from services.operations import SetUp
from services.settings import NamedRole, SetSetting, SettingChanged
from storage import outbox
from tests.services.house import (
    EVENING,
    FLIGHT,
    OPS,
    PADS,
    House,
    admin,
    at,
    built_house,
    channel,
    guest,
    opened_house,
    pad_chief,
)

CREW, DIRECTORS = 71, 72
HERE = 950
"""The channel in which the house's members type."""
TEN = timedelta(minutes=10)


@pytest.fixture
async def struck(tmp_path: Path, templates: Path) -> AsyncIterator[House]:
    """18:00: the pad's service cabin has fallen; one channel hears of the pad, another of missions. Two roles are on the list."""
    async with built_house(templates / "struck", tmp_path, the_strike) as house:
        yield house


async def the_strike(house: House) -> None:
    await house.set_up()
    await house.pad()
    await house.subscribe(Topic.PAD, PADS)
    await house.subscribe(Topic.LAUNCH, FLIGHT)
    await roles(house, CREW, DIRECTORS)
    await report(house)


async def report(house: House, severity: Severity = Severity.CRITICAL) -> None:
    await house.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", severity, "service cabin fell"))


async def roles(house: House, *role_ids: int) -> SettingChanged:
    named = tuple(NamedRole(f"<@&{role}>", Mention(role)) for role in role_ids)
    value = ", ".join(role.text for role in named) or "none"
    return await set_(house, "escalation_roles", value, named)


async def set_(house: House, key: str, value: str, named: tuple[NamedRole, ...] = ()) -> SettingChanged:
    return (await house.desks.operations.set(admin(), SetSetting(key, value, roles=named))).value


async def acknowledge(house: House, who: Actor | None = None) -> None:
    await house.desks.damage.acknowledge(who or replace(pad_chief(), name="Anna"), 1)


async def update(house: House, state: ReportState, severity: Severity) -> None:
    await house.desks.damage.update(pad_chief(), UpdateReport("DR-1", state, severity, "looked again"))


async def assess(house: House) -> None:
    await house.desks.damage.assess(pad_chief(), Assess("DR-1", Severity.MAJOR, Tier.OFFICIAL, "Roscosmos"))


async def alarms_at(house: House, instant: str) -> list[ReportUnacknowledged | ReportUnassessed]:
    """The alarms posted by then since the last look, one for each, however many channels heard it."""
    found = await house.fire_at(at(f"2025-{instant}"))
    alarms = [one for one in found if isinstance(one, ReportUnacknowledged | ReportUnassessed)]
    return list(dict.fromkeys(alarms))


async def mentions(house: House) -> list[tuple[int, str]]:
    """Every alarm in the outbox as (channel, roles)."""
    return [
        (int(str(row[0])), str(row[1]))
        for row in await house.rows(
            "SELECT channel_id, mentions FROM outbox WHERE subject = 'report:1' AND operation = 'post' ORDER BY id"
        )
    ]


async def shown(house: House, kind: type[Facts] = ReportUnacknowledged) -> list[Facts]:
    """What each alarm says since its newest edit."""
    posts = await house.database.read(lambda reader: outbox.posts_about(reader, 1, "report:1"))
    return [post.shown for post in posts if isinstance(post.facts, kind)]


async def card(house: House) -> DamageReported:
    """What the report's own card says now."""
    (first, *_) = await house.database.read(lambda reader: outbox.posts_of(reader, 1, "report:1"))
    assert isinstance(first.shown, DamageReported)
    return first.shown


# --- until somebody takes it on --------------------------------------------------------------------------------------------


async def test_a_critical_report_nobody_takes_on_is_repeated_to_the_next_role_and_round_again(struck: House) -> None:
    assert await alarms_at(struck, "11-27T18:09:59") == []
    calls = []
    for minute in ("10", "20", "30"):
        (alarm,) = await alarms_at(struck, f"11-27T18:{minute}")
        assert isinstance(alarm, ReportUnacknowledged)
        calls.append((alarm.round, alarm.role_id, alarm.delayed))
    assert calls == [(1, CREW, False), (2, DIRECTORS, False), (3, CREW, False)]
    assert await alarms_at(struck, "11-27T18:30") == [], "fired twice, raised once"
    assert (await mentions(struck))[:4] == [
        (PADS, f"[{CREW}]"),
        (HERE, f"[{CREW}]"),
        (PADS, f"[{DIRECTORS}]"),
        (HERE, f"[{DIRECTORS}]"),
    ], "where its card stands, the channel it was reported in as well; and only the role whose turn it is"


async def test_it_is_repeated_for_ever(struck: House) -> None:
    for hour in range(19, 23):
        for minute in range(0, 60, 10):
            assert len(await alarms_at(struck, f"11-27T{hour}:{minute:02}")) == 1


@pytest.mark.parametrize("severity", [Severity.MINOR, Severity.MAJOR])
async def test_milder_damage_calls_nobody(house: House, severity: Severity) -> None:
    await house.pad()
    await report(house, severity)
    assert await house.reminders() == []


async def test_without_roles_nobody_is_mentioned_and_the_ops_channel_hears_it_too(struck: House) -> None:
    await roles(struck)
    (alarm,) = await alarms_at(struck, "11-27T18:10")
    assert isinstance(alarm, ReportUnacknowledged)
    assert alarm.role_id is None
    assert await mentions(struck) == [(PADS, "[]"), (HERE, "[]"), (OPS, "[]")]


@pytest.mark.parametrize(("subscribed", "heard"), [(True, PADS), (False, OPS)])
async def test_a_report_whose_card_stands_nowhere_is_heard_by_subscribers_or_else_in_the_ops_channel(
    house: House, subscribed: bool, heard: int
) -> None:
    await house.pad()
    await roles(house, CREW)
    await house.desks.damage.report(
        replace(pad_chief(), request_id=None), ReportDamage("Site 31/6", Severity.CRITICAL, "cabin")
    )
    if subscribed:
        await house.subscribe(Topic.PAD, PADS)
    await alarms_at(house, "11-27T18:10")
    assert await mentions(house) == [(heard, f"[{CREW}]")]


async def test_whoever_takes_it_on_ends_it_and_every_post_says_who_and_after_how_long(struck: House) -> None:
    await alarms_at(struck, "11-27T18:10")
    await alarms_at(struck, "11-27T18:20")
    struck.clock.move_to(at("2025-11-27T18:23"))
    with pytest.raises(NotPermitted):
        await acknowledge(struck, guest())
    await acknowledge(struck)
    said = await shown(struck)
    assert len(said) == 4
    for one in said:
        assert isinstance(one, ReportUnacknowledged)
        assert (one.end, one.acknowledged_by) == (AlarmEnd.ACKNOWLEDGED, "Anna")
        assert one.acknowledged_at == at("2025-11-27T18:23")
    now = await card(struck)
    assert (now.acknowledged_by, now.acknowledged_at, now.repeated) == ("Anna", at("2025-11-27T18:23"), 2)
    assert await alarms_at(struck, "11-27T19:00") == []
    with pytest.raises(Conflict):
        await acknowledge(struck)


async def test_taken_on_between_its_time_and_its_firing_it_is_not_repeated(struck: House) -> None:
    struck.clock.move_to(at("2025-11-27T18:10:01"))
    await acknowledge(struck)
    assert await alarms_at(struck, "11-27T18:10:02") == []
    assert "2025-11-27T18:10 unacknowledged expired" in await struck.reminders()


async def test_lowered_it_stops_and_raised_again_it_begins_anew_with_the_first_role(struck: House) -> None:
    await alarms_at(struck, "11-27T18:10")
    struck.clock.move_to(at("2025-11-27T18:15"))
    await update(struck, ReportState.REPORTED, Severity.MAJOR)
    assert {one.end for one in await shown(struck) if isinstance(one, ReportUnacknowledged)} == {AlarmEnd.LOWERED}
    assert await alarms_at(struck, "11-27T18:31") == []
    await update(struck, ReportState.REPORTED, Severity.CRITICAL)
    assert await alarms_at(struck, "11-27T18:40:59") == []
    (alarm,) = await alarms_at(struck, "11-27T18:41")
    assert isinstance(alarm, ReportUnacknowledged)
    assert (alarm.round, alarm.role_id) == (1, CREW)
    assert alarm.critical_since == at("2025-11-27T18:31")
    await acknowledge(struck)
    assert (await card(struck)).repeated == 2, "the card counts every repetition there was"


async def test_confirming_it_without_taking_it_on_changes_nothing(struck: House) -> None:
    struck.clock.move_to(at("2025-11-27T18:05"))
    await update(struck, ReportState.CONFIRMED, Severity.CRITICAL)
    assert [line for line in await struck.reminders() if "unack" in line] == ["2025-11-27T18:10 unacknowledged pending"]


@pytest.mark.parametrize("state", [ReportState.CLOSED, ReportState.REJECTED])
async def test_a_report_that_is_over_calls_nobody_until_it_is_opened_again(struck: House, state: ReportState) -> None:
    await alarms_at(struck, "11-27T18:10")
    await update(struck, state, Severity.CRITICAL)
    assert {one.end for one in await shown(struck) if isinstance(one, ReportUnacknowledged)} == {AlarmEnd.SETTLED}
    assert await alarms_at(struck, "11-27T19:00") == []
    await update(struck, ReportState.REPORTED, Severity.CRITICAL)
    (alarm,) = await alarms_at(struck, "11-27T19:10")
    assert isinstance(alarm, ReportUnacknowledged)
    assert alarm.round == 1


async def test_a_restart_forgets_nothing(struck: House) -> None:
    await alarms_at(struck, "11-27T18:10")
    async with opened_house(struck.directory) as after:
        assert await alarms_at(after, "11-27T18:19:59") == []
        (alarm,) = await alarms_at(after, "11-27T18:20")
        assert isinstance(alarm, ReportUnacknowledged)
        assert (alarm.round, alarm.role_id) == (2, DIRECTORS)


async def test_after_three_hours_away_it_is_repeated_once_marked_late_and_then_in_its_time(struck: House) -> None:
    (alarm,) = await alarms_at(struck, "11-27T21:13")
    assert (alarm.delayed, alarm.due_at) == (True, at("2025-11-27T18:10"))
    assert await alarms_at(struck, "11-27T21:22:59") == []
    (again,) = await alarms_at(struck, "11-27T21:23")
    assert isinstance(again, ReportUnacknowledged)
    assert (again.round, again.delayed) == (2, False)


async def test_quiet_hours_do_not_put_it_off(struck: House) -> None:
    await set_(struck, "quiet_from", "17")
    await set_(struck, "quiet_until", "6")
    assert len(await alarms_at(struck, "11-27T18:10")) == 1


async def test_of_many_alarms_the_newest_of_each_channel_are_edited(struck: House) -> None:
    for step in range(1, 15):
        await struck.fire_at(EVENING + step * TEN)
    await acknowledge(struck)
    ended = [one for one in await shown(struck) if isinstance(one, ReportUnacknowledged) and one.end]
    assert len(ended) == 20
    assert min(one.round for one in ended) == 5


# --- then until somebody says how grave it is ----------------------------------------------------------------------------


@pytest.fixture
async def taken_on(struck: House) -> House:
    """Taken on at 18:00."""
    await acknowledge(struck)
    return struck


async def test_taken_on_without_an_assessment_it_is_asked_about_again_and_again(taken_on: House) -> None:
    assert await alarms_at(taken_on, "11-27T21:59") == []
    (asked,) = await alarms_at(taken_on, "11-27T22:00")
    assert isinstance(asked, ReportUnassessed)
    assert (asked.acknowledged_by, asked.acknowledged_at) == (pad_chief().member_id, EVENING)
    assert await alarms_at(taken_on, "11-28T01:59") == []
    assert len(await alarms_at(taken_on, "11-28T02:00")) == 1
    assert await mentions(taken_on) == [(PADS, "[]"), (HERE, "[]")] * 2


async def test_an_assessment_ends_the_question_and_the_post_says_so(taken_on: House) -> None:
    await alarms_at(taken_on, "11-27T22:00")
    await assess(taken_on)
    assert {one.end for one in await shown(taken_on, ReportUnassessed)} == {AlarmEnd.ASSESSED}  # type: ignore[union-attr]
    assert await alarms_at(taken_on, "11-29T22:00") == []


async def test_assessed_before_it_is_taken_on_it_is_not_asked_about_but_calls_on(struck: House) -> None:
    await assess(struck)
    assert len(await alarms_at(struck, "11-27T18:10")) == 1
    await acknowledge(struck)
    assert await alarms_at(struck, "11-29T22:00") == []


async def test_lowered_or_over_it_is_not_asked_about(taken_on: House) -> None:
    await alarms_at(taken_on, "11-27T22:00")
    await update(taken_on, ReportState.CONFIRMED, Severity.MAJOR)
    assert {one.end for one in await shown(taken_on, ReportUnassessed)} == {AlarmEnd.LOWERED}  # type: ignore[union-attr]
    assert await alarms_at(taken_on, "11-28T09:00") == []
    await update(taken_on, ReportState.CONFIRMED, Severity.CRITICAL)
    assert await alarms_at(taken_on, "11-28T09:09") == []
    (called,) = await alarms_at(taken_on, "11-28T09:10")
    assert isinstance(called, ReportUnacknowledged), "who took on less has not taken on this"
    await update(taken_on, ReportState.REJECTED, Severity.CRITICAL)
    assert await alarms_at(taken_on, "11-30T09:00") == []


async def test_quiet_hours_put_the_question_off_to_their_end(taken_on: House) -> None:
    await set_(taken_on, "quiet_from", "21")
    done = await set_(taken_on, "quiet_until", "6")
    assert done.replanned == 1
    assert await alarms_at(taken_on, "11-28T05:59") == []
    assert len(await alarms_at(taken_on, "11-28T06:00")) == 1
    assert len(await alarms_at(taken_on, "11-28T10:00")) == 1
    await set_(taken_on, "quiet_from", "13")
    await set_(taken_on, "quiet_from", "off")
    assert len(await alarms_at(taken_on, "11-28T14:00")) == 1, "no quiet hours any more: it comes in its own time again"


async def test_after_an_outage_it_is_asked_once_and_says_that_it_is_late(taken_on: House) -> None:
    (asked,) = await alarms_at(taken_on, "11-28T09:30")
    assert (asked.delayed, asked.due_at) == (True, at("2025-11-27T22:00"))
    assert await alarms_at(taken_on, "11-28T13:29") == []
    assert len(await alarms_at(taken_on, "11-28T13:30")) == 1


# --- the settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "before", "after"),
    [
        ("escalate_after", "5m", "10m", "5m"),
        ("escalate_after", "90 MIN", "10m", "90m"),
        ("escalate_after", "120m", "10m", "2h"),
        ("escalate_after", "off", "10m", "off"),
        ("assess_after", "1d", "4h", "1d"),
        ("assess_after", "Off", "4h", "off"),
    ],
)
async def test_a_time_is_set_and_shown(house: House, key: str, value: str, before: str, after: str) -> None:
    done = await set_(house, key, value)
    assert (done.before, done.after) == (before, after)
    with pytest.raises(Conflict):
        await set_(house, key, after)
    found = (await house.desks.operations.status(guest())).workspace
    assert {"escalate_after": found.escalate_after, "assess_after": found.assess_after}[key] == {
        "5m": timedelta(minutes=5), "90m": timedelta(minutes=90), "2h": timedelta(hours=2), "1d": timedelta(days=1),
        "off": timedelta(0),
    }[after]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("escalate_after", "soon", "span_unclear"),
        ("escalate_after", "10", "span_unclear"),
        ("escalate_after", "0m", "span_unclear"),
        ("escalate_after", "-5m", "span_unclear"),
        ("escalate_after", "٥m", "span_unclear"),
        ("assess_after", "8d", "span_too_long"),
        ("assess_after", "99999d", "span_too_long"),
        ("escalation_roles", "", "role_unknown"),
        ("escalation_roles", " , ,", "role_unknown"),
    ],
)
async def test_a_time_or_list_that_cannot_be_is_refused(house: House, key: str, value: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await set_(house, key, value)
    assert refusal.value.code == code


async def test_roles_are_kept_in_their_order_once_each_and_cleared(house: House) -> None:
    done = await roles(house, 73, 71, 73, 72)
    assert (done.before, done.after) == ("none", "<@&73>, <@&71>, <@&72>")
    assert (await house.desks.operations.status(guest())).workspace.escalation_roles == (73, 71, 72)
    assert (await roles(house)).after == "none"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ((NamedRole("Pilots", None),), "role_unknown"),
        ((NamedRole("@everyone", Mention(1, is_everyone=True)),), "mention_everyone"),
        (tuple(NamedRole(str(number), Mention(number)) for number in range(1, 12)), "too_many_roles"),
    ],
)
async def test_a_role_that_cannot_be_called_is_refused(house: House, named: tuple[NamedRole, ...], code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await set_(house, "escalation_roles", "as named", named)
    assert refusal.value.code == code


async def test_a_role_that_would_not_be_woken_is_taken_and_said(house: House) -> None:
    named = (NamedRole("a", Mention(71)), NamedRole("b", Mention(72, will_ping=False)))
    assert (await set_(house, "escalation_roles", "a, b", named)).silent_roles == (72,)


async def test_another_time_moves_what_is_planned(struck: House) -> None:
    assert (await set_(struck, "escalate_after", "30m")).replanned == 1
    assert await alarms_at(struck, "11-27T18:29") == []
    assert len(await alarms_at(struck, "11-27T18:30")) == 1
    struck.clock.move_to(at("2025-11-27T18:45"))
    await set_(struck, "escalate_after", "20m")
    assert await alarms_at(struck, "11-27T18:49") == []
    assert len(await alarms_at(struck, "11-27T18:50")) == 1, "counted from the last repetition"
    struck.clock.move_to(at("2025-11-27T19:05"))
    await set_(struck, "escalate_after", "1m")
    (alarm,) = await alarms_at(struck, "11-27T19:05")
    assert not alarm.delayed, "its new time was over already: it comes now, and nobody has been late"


async def test_switched_off_nobody_is_called_and_switched_on_again_it_goes_on(struck: House) -> None:
    assert (await set_(struck, "escalate_after", "off")).replanned == 1
    assert await alarms_at(struck, "11-27T20:00") == []
    await set_(struck, "escalate_after", "10m")
    assert len(await alarms_at(struck, "11-27T20:00")) == 1


async def test_the_question_may_be_switched_off_too(taken_on: House) -> None:
    await set_(taken_on, "assess_after", "off")
    assert await alarms_at(taken_on, "11-28T20:00") == []
    await set_(taken_on, "assess_after", "1h")
    assert len(await alarms_at(taken_on, "11-28T20:00")) == 1


async def test_what_is_planned_is_listed(struck: House) -> None:
    found = await struck.desks.countdowns.list(guest())
    assert [(one.kind.value, one.report) for one in found] == [("unacknowledged", (1, "service cabin fell"))]


async def test_setting_up_again_keeps_times_and_roles(struck: House) -> None:
    await set_(struck, "escalate_after", "1h")
    await struck.desks.operations.set_up(admin(), SetUp(channel(OPS), "Asia/Almaty", 8))
    found = (await struck.desks.operations.status(guest())).workspace
    assert (found.escalate_after, found.escalation_roles) == (timedelta(hours=1), (CREW, DIRECTORS))


# --- whatever happens in whatever order ----------------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(["wait 4m", "wait 10m", "wait 5h", "lower", "raise", "close", "open", "take on", "assess", "set"]),
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_exactly_one_alarm_waits_while_it_is_needed_and_none_otherwise(templates: Path, steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        async with built_house(templates / "struck", Path(directory), the_strike) as house:
            state, severity, taken, assessed = "reported", "critical", False, False
            for step in steps:
                if step.startswith("wait"):
                    amount = int(step[5:-1])
                    unit = timedelta(minutes=1) if step.endswith("m") else timedelta(hours=1)
                    await house.fire_at(house.clock.now() + amount * unit)
                elif step == "lower" and state == "reported" and severity == "critical":
                    await update(house, ReportState.REPORTED, Severity.MAJOR)
                    severity = "major"
                elif step == "raise" and state == "reported" and severity == "major":
                    await update(house, ReportState.REPORTED, Severity.CRITICAL)
                    severity = "critical"
                elif step == "close" and state == "reported":
                    await update(house, ReportState.CLOSED, Severity(severity))
                    state = "closed"
                elif step == "open" and state == "closed":
                    await update(house, ReportState.REPORTED, Severity(severity))
                    state = "reported"
                elif step == "take on" and state == "reported" and not taken:
                    await acknowledge(house)
                    taken = True
                elif step == "assess" and state == "reported":
                    await assess(house)
                    assessed = True
                elif step == "set":
                    known = (await house.desks.operations.status(guest())).workspace.escalate_after
                    await set_(house, "escalate_after", "7m" if known == TEN else "10m")
                calls = state == "reported" and severity == "critical"
                wanted = [] if not calls or (taken and assessed) else ["unassessed" if taken else "unacknowledged"]
                waiting = [line.split()[1] for line in await house.reminders() if line.endswith("pending")]
                assert waiting == wanted, step
                open_ = [one for one in await shown(house) if isinstance(one, ReportUnacknowledged) and not one.end]
                assert (calls and not taken) or not open_, step
