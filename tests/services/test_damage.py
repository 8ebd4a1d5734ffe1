"""Damage reports after they were logged: acknowledged, updated, assessed, adopted; and the pad and its post following them."""

from datetime import timedelta

import pytest

from domain.announcements import Topic
from domain.assessments import Confidence
from domain.damage import ReportState, Severity
from domain.errors import OpsError
from domain.facts import Facts
from domain.inspections import InspectionResult
from domain.pad_facts import DamageAssessed, DamageReported, PadRestricted, ReportUpdated, ReturnForecast
from domain.pads import Lifecycle, PadStatus
from domain.returns import Obstacle
from domain.sources import Tier
from services.damage import Assess, ReportDamage, UpdateReport
from services.forecasts import ForecastReturn
from services.pads import AddPad, EditPad
from services.repairs import PlanRepair
from services.returns import InspectPad
from storage import outbox
from tests.services.house import PADS, House, at, guest, pad_chief, verified

SUMMARY = "service cabin fell into the flame trench"


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


async def reported(house: House, severity: Severity = Severity.CRITICAL) -> None:
    await house.desks.damage.report(pad_chief(), ReportDamage("Site 31/6", severity, SUMMARY))


async def shown(house: House) -> list[Facts]:
    """What the report's posts say now, edits included."""
    posts = await house.database.read(lambda reader: outbox.posts_of(reader, 1, "report:1"))
    return [post.shown for post in posts]


async def update(house: House, state: ReportState, severity: Severity | None = None, reason: str | None = "so") -> None:
    await house.desks.damage.update(pad_chief(), UpdateReport("DR-1", state, severity, reason))


# --- acknowledged ------------------------------------------------------------------------------------------------------


async def test_who_acknowledged_a_report_and_after_how_long_stands_on_its_card(evening: House) -> None:
    await reported(evening)
    evening.clock.move_to(evening.clock.now() + timedelta(minutes=7))
    await evening.desks.damage.acknowledge(pad_chief(), 1)
    said = (await shown(evening))[0]
    assert isinstance(said, DamageReported)
    assert said.acknowledged_by == "a member"
    assert said.acknowledged_at == said.reported_at + timedelta(minutes=7)
    with refused("report_acknowledged"):
        await evening.desks.damage.acknowledge(pad_chief(), 1)
    with refused("button_stale"):
        await evening.desks.damage.acknowledge(pad_chief(), 9)


# --- updated -----------------------------------------------------------------------------------------------------------


async def test_a_report_made_milder_changes_its_card_and_not_its_pad(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    await reported(evening)
    await update(evening, ReportState.CONFIRMED, Severity.MINOR, "only paint")
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert (card.reports[0].severity, card.finding.status) == (Severity.MINOR, PadStatus.OUT_OF_SERVICE)
    assert card.finding.awaiting_return
    said = [facts for facts in await shown(evening) if isinstance(facts, DamageReported)]
    assert {(facts.severity, facts.state) for facts in said} == {(Severity.MINOR, ReportState.CONFIRMED)}
    posted = [facts for _, facts in await evening.posts(PADS) if isinstance(facts, ReportUpdated)]
    assert [(facts.severity_after, facts.reason, facts.status_after) for facts in posted] == [
        (Severity.MINOR, "only paint", PadStatus.OUT_OF_SERVICE)
    ]


async def test_a_report_that_grows_takes_its_pad_along(evening: House) -> None:
    await reported(evening, Severity.MINOR)
    await update(evening, ReportState.CONFIRMED, Severity.CRITICAL)
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert (card.finding.status, card.pad.latched) == (PadStatus.OUT_OF_SERVICE, PadStatus.OUT_OF_SERVICE)


@pytest.mark.parametrize("end", [ReportState.CLOSED, ReportState.REJECTED, ReportState.REPAIRED])
async def test_a_report_does_not_end_over_work_that_is_not_finished(evening: House, end: ReportState) -> None:
    await reported(evening)
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench"))
    with refused("report_has_work"):
        await update(evening, end)
    await evening.desks.repairs.complete(pad_chief(), "RT-1", None)
    if end is ReportState.REPAIRED:
        await update(evening, end)
    else:
        with refused("report_has_work"):
            await update(evening, end)


async def test_a_closed_report_is_opened_again_with_a_reason(evening: House) -> None:
    await reported(evening)
    await update(evening, ReportState.CLOSED)
    assert (await evening.desks.pads.status(guest(), "Site 31/6")).reports == ()
    with refused("reason_needed"):
        await update(evening, ReportState.CONFIRMED, reason=None)
    await update(evening, ReportState.CONFIRMED)
    assert [one.label for one in (await evening.desks.pads.status(guest(), "Site 31/6")).reports] == ["DR-1"]


async def test_what_was_believed_of_a_report_is_still_what_was_recorded_then(evening: House) -> None:
    await reported(evening)
    evening.clock.move_to(at("2025-12-02T12:00"))
    await update(evening, ReportState.CONFIRMED, Severity.MAJOR)
    then = await evening.desks.pads.status(guest(), "Site 31/6", "2025-12-01")
    assert [(one.severity, one.state) for one in then.reports] == [(Severity.CRITICAL, ReportState.REPORTED)]


async def test_reasons_and_names_can_be_erased_and_the_chain_holds(evening: House) -> None:
    await reported(evening)
    await update(evening, ReportState.CONFIRMED, Severity.MINOR, "Anna said so")
    assert "Anna" not in str(await evening.rows("SELECT state FROM journal"))
    await evening.database.write(lambda tx: tx.execute("DELETE FROM journal_personal"))
    assert verified(await evening.chain())


# --- assessed and adopted ----------------------------------------------------------------------------------------------


async def assess(
    house: House, severity: Severity, tier: Tier, source: str, stated: str | None = None, **fields: object
) -> str:
    request = Assess("DR-1", severity, tier, source, stated, **fields)  # type: ignore[arg-type]
    return (await house.desks.damage.assess(pad_chief(), request)).value.assessment.label


async def test_the_case_stands_side_by_side_and_the_report_stays_as_it_is(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    await reported(evening)
    await assess(evening, Severity.MINOR, Tier.OFFICIAL, "Roscosmos", "15:00", note="will be eliminated shortly")
    await assess(evening, Severity.CRITICAL, Tier.INDEPENDENT, "Georgy Trishkin", "16:00")
    await assess(evening, Severity.MAJOR, Tier.MEDIA, "Vitaly Egorov", "16:30", confidence=Confidence.LOW)
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    views = card.views[1]
    assert views.official is not None
    assert views.other is not None
    assert (views.official.severity, views.other.severity, views.contradict) == (
        Severity.MINOR,
        Severity.CRITICAL,
        True,
    )
    assert card.reports[0].severity is Severity.CRITICAL
    posted = [facts for _, facts in await evening.posts(PADS) if isinstance(facts, DamageAssessed)]
    assert [(facts.source, facts.severity, facts.ours) for facts in posted] == [
        ("Roscosmos", Severity.MINOR, Severity.CRITICAL),
        ("Georgy Trishkin", Severity.CRITICAL, Severity.CRITICAL),
        ("Vitaly Egorov", Severity.MAJOR, Severity.CRITICAL),
    ]


async def test_adopting_changes_the_report_with_its_reason_and_names_the_source(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    await reported(evening, Severity.MINOR)
    label = await assess(evening, Severity.CRITICAL, Tier.INSPECTION, "Inspection team")
    done = (await evening.desks.damage.adopt(pad_chief(), label, "they climbed down")).value
    assert (done.report.severity, done.report.state, done.after.status) == (
        Severity.CRITICAL,
        ReportState.CONFIRMED,
        PadStatus.OUT_OF_SERVICE,
    )
    posted = [facts for _, facts in await evening.posts(PADS) if isinstance(facts, ReportUpdated)]
    assert (posted[0].adopted, posted[0].reason) == (("AS-1", "Inspection team"), "they climbed down")


async def test_assessments_recorded_later_are_not_what_was_believed(evening: House) -> None:
    await reported(evening)
    await assess(evening, Severity.MINOR, Tier.OFFICIAL, "Roscosmos")
    evening.clock.move_to(at("2025-12-02T12:00"))
    await assess(evening, Severity.CRITICAL, Tier.INDEPENDENT, "Anatoly Zak", "2025-11-27")
    then = await evening.desks.pads.status(guest(), "Site 31/6", "2025-12-01")
    assert then.views[1].other is None
    assert (await evening.desks.pads.status(guest(), "Site 31/6")).views[1].contradict


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"source": "…"}, "name_without_letters"),
        ({"link": "javascript:alert(1)"}, "link_unclear"),
        ({"stated": "2026-01"}, "stated_in_future"),
        ({"stated": "NET 2025-11"}, "stated_needs_date"),
        ({"stated": "soon"}, "when_unclear"),
        ({"report": "DR-9"}, "report_unknown"),
    ],
)
async def test_a_wrong_assessment_is_refused_and_nothing_is_kept(
    evening: House, fields: dict[str, str], code: str
) -> None:
    await reported(evening)
    before = len(await evening.chain())
    given = {"report": "DR-1", "severity": Severity.MINOR, "tier": Tier.MEDIA, "source": "TASS"} | fields
    with refused(code):
        await evening.desks.damage.assess(pad_chief(), Assess(**given))  # type: ignore[arg-type]
    assert len(await evening.chain()) == before


async def test_nothing_is_assessed_or_adopted_of_a_report_that_is_over(evening: House) -> None:
    await reported(evening)
    label = await assess(evening, Severity.MINOR, Tier.OFFICIAL, "Roscosmos")
    await update(evening, ReportState.CLOSED)
    with refused("report_not_open"):
        await assess(evening, Severity.MAJOR, Tier.MEDIA, "TASS")
    with refused("report_not_open"):
        await evening.desks.damage.adopt(pad_chief(), label, "late")
    with refused("assessment_unknown"):
        await evening.desks.damage.adopt(pad_chief(), "AS-7", "what")


# --- forecasts ---------------------------------------------------------------------------------------------------------


async def forecast(house: House, source: str, **fields: str) -> object:
    request = ForecastReturn("Site 31/6", source, Tier.OFFICIAL, **fields)
    return (await house.desks.forecasts.forecast(pad_chief(), request)).value


async def test_forecasts_stand_per_source_superseded_ones_are_counted_and_words_are_kept(evening: House) -> None:
    await evening.subscribe(Topic.PAD, PADS)
    await reported(evening)
    await forecast(evening, "Roscosmos", note="shortly")
    await forecast(evening, "Anatoly Zak", latest="2027-11-27", note="up to two years")
    evening.clock.move_to(at("2025-12-10T12:00"))
    await forecast(evening, "ROSCOSMOS", earliest="2026-03", note="at least four months")
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert [(one.source, one.note) for one in card.forecasts] == [
        ("Anatoly Zak", "up to two years"),
        ("ROSCOSMOS", "at least four months"),
    ]
    assert card.superseded == 1
    posted = [facts for _, facts in await evening.posts(PADS) if isinstance(facts, ReturnForecast)]
    assert posted[-1].before == (None, None, "shortly")
    then = await evening.desks.pads.status(guest(), "Site 31/6", "2025-12-01")
    assert [(one.source, one.note) for one in then.forecasts] == [
        ("Roscosmos", "shortly"),
        ("Anatoly Zak", "up to two years"),
    ]


async def test_nobody_expects_a_pad_back_that_is_in_service(evening: House) -> None:
    with refused("pad_in_service"):
        await forecast(evening, "Roscosmos", note="shortly")


# --- restrictions and edits --------------------------------------------------------------------------------------------


async def test_a_restriction_is_put_on_replaced_and_lifted_and_leaves_what_reports_did(evening: House) -> None:
    desk = evening.desks.pads
    await evening.subscribe(Topic.PAD, PADS)
    assert (await desk.restrict(pad_chief(), "Site 31/6", "wind")).value.after.status is PadStatus.RESTRICTED
    with refused("restriction_unchanged"):
        await desk.restrict(pad_chief(), "Site 31/6", "wind")
    await desk.restrict(pad_chief(), "Site 31/6", "no wind measurement")
    await reported(evening)
    lifted = (await desk.lift(pad_chief(), "Site 31/6", "repaired")).value
    assert (lifted.pad.restriction, lifted.after.status) == (None, PadStatus.OUT_OF_SERVICE)
    with refused("nothing_to_lift"):
        await desk.lift(pad_chief(), "Site 31/6", "again")
    posted = [facts for _, facts in await evening.posts(PADS) if isinstance(facts, PadRestricted)]
    assert [(facts.restriction, facts.lifted) for facts in posted] == [
        ("wind", False),
        ("no wind measurement", False),
        ("no wind measurement", True),
    ]


async def test_editing_a_pad_changes_what_is_given_and_says_what(evening: House) -> None:
    request = EditPad("site 31-6", name="Site 31", vehicles="Soyuz-2.1a, Soyuz-2.1b", lifecycle=Lifecycle.BUILDING)
    done = (await evening.desks.pads.edit(pad_chief(), request)).value
    assert [(option, is_) for option, _, is_ in done.edits] == [
        ("name", "Site 31"),
        (
            "vehicles",
            "Soyuz-2.1a (cargo), Soyuz-2.1a (crew), Soyuz-2.1b (cargo), Soyuz-2.1b (crew)",
        ),
        ("lifecycle", "building"),
    ]
    found = (await evening.desks.pads.status(guest(), "Site 31")).pad
    assert len(found.capabilities) == 4
    await evening.desks.pads.edit(pad_chief(), EditPad("Site 31", kinds="cargo"))
    assert {one.kind.value for one in (await evening.desks.pads.status(guest(), "Site 31")).pad.capabilities} == {
        "cargo"
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "pad_edit_changes_nothing"),
        ({"site": "Baikonur Cosmodrome"}, "pad_edit_changes_nothing"),
        ({"name": "site 1s"}, "pad_exists"),
        ({"vehicles": " , "}, "text_empty"),
        ({"kinds": "tourist"}, "kind_unknown"),
    ],
)
async def test_an_edit_that_says_nothing_new_or_something_wrong_is_refused(
    evening: House, fields: dict[str, str], code: str
) -> None:
    await evening.desks.pads.add(pad_chief(), AddPad("Site 1S", "Vostochny", "Soyuz-2.1b"))
    with refused(code):
        await evening.desks.pads.edit(pad_chief(), EditPad("Site 31/6", **fields))  # type: ignore[arg-type]


async def test_a_pad_that_is_away_keeps_its_name(evening: House) -> None:
    await reported(evening)
    with refused("pad_renamed_while_away"):
        await evening.desks.pads.edit(pad_chief(), EditPad("Site 31/6", name="Site 31/6 (old)"))
    await evening.desks.pads.edit(pad_chief(), EditPad("Site 31/6", name="SITE 31-6"))


async def test_who_took_on_less_has_not_taken_on_what_it_grew_into(evening: House) -> None:
    await reported(evening, Severity.MINOR)
    await evening.desks.damage.acknowledge(pad_chief(), 1)
    evening.clock.move_to(evening.clock.now() + timedelta(days=30))
    await update(evening, ReportState.CONFIRMED, Severity.CRITICAL)
    said = (await shown(evening))[0]
    assert isinstance(said, DamageReported)
    assert (said.acknowledged_at, said.acknowledged_by) == (None, None)
    assert (said.status_before, said.status_after) == (PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE)
    assert said.waiting == ("Progress MS-33",)
    evening.clock.move_to(evening.clock.now() + timedelta(minutes=7))
    await evening.desks.damage.acknowledge(pad_chief(), 1)
    said = (await shown(evening))[0]
    assert isinstance(said, DamageReported)
    assert said.called_at == said.acknowledged_at - timedelta(minutes=7)  # type: ignore[operator]
    assert await evening.rows("SELECT away_since FROM pads WHERE latched <> 'operational'") != [(None,)]


async def test_an_inspection_before_the_damage_counts_for_nothing_whatever_the_clock_says(evening: House) -> None:
    now = evening.clock.now()
    evening.clock.move_to(now + timedelta(hours=2))
    await evening.desks.returns.inspect(pad_chief(), InspectPad("Site 31/6", InspectionResult.PASSED))
    evening.clock.move_to(now)
    await reported(evening)
    await update(evening, ReportState.CLOSED)
    gate = (await evening.desks.returns.request(pad_chief(), "Site 31/6")).value.gate
    assert [one.obstacle for one in gate.hindrances] == [Obstacle.INSPECTION_OLD]


async def test_what_others_say_in_their_own_words_can_be_erased(evening: House) -> None:
    await reported(evening)
    await assess(evening, Severity.MINOR, Tier.OFFICIAL, "Anna Petrova", note="Anna saw it")
    await forecast(evening, "Anna Petrova", note="Anna says shortly")
    assert "Anna" not in str(await evening.rows("SELECT state FROM journal"))
