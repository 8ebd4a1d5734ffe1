"""What a closed pad does to the manifest, asked and told: on a card, of one mission, in a relief, in a post by itself."""

import pytest

from domain.announcements import Topic
from domain.damage import ReportState, Severity
from domain.errors import NotFound
from domain.impact import Blocked
from domain.impact_facts import LAUNCHES_MAX, PadImpact
from domain.missions import MissionKind
from domain.pads import PadStatus
from domain.sources import Tier
from services import outages
from services.damage import Assess, ReportDamage, UpdateReport
from services.forecasts import ForecastReturn
from services.impact import PadsImpact
from services.pads import AddPad
from tests.services.house import FLIGHT, GUILD, PADS, House, at, guest, pad_chief


def report(severity: Severity = Severity.CRITICAL, pad: str = "Site 31/6") -> ReportDamage:
    return ReportDamage(pad, severity, "service cabin fell into the flame trench")


async def closed(house: House) -> None:
    await house.desks.damage.report(pad_chief(), report())


async def forecast(house: House, source: str, **said: str) -> None:
    request = ForecastReturn("Site 31/6", source, Tier.INDEPENDENT, **said)
    await house.desks.forecasts.forecast(pad_chief(), request)


async def asked(house: House, pad: str | None = "Site 31/6") -> PadsImpact:
    return await house.desks.impact.impact(guest(), pad)


def blocked(found: PadsImpact) -> list[tuple[str, str, int | None, int | None]]:
    return [
        (one.mission.name, one.blocked.value, one.gap_low, one.gap_high)
        for impact in found.impacts.pads
        for one in impact.launches
    ]


def lost(found: PadsImpact) -> list[tuple[str, str, str | None]]:
    return [
        (one.capability.vehicle, one.capability.kind.value, one.next.name if one.next else None)
        for one in found.impacts.gone
    ]


@pytest.fixture
async def manifest(evening: House) -> House:
    """The evening, with the next crew flight from the pad and a flight from elsewhere."""
    await evening.create("Soyuz MS-29", kind=MissionKind.CREW, pad="Site 31/6", launch="2026-07")
    await evening.create("Crew-12", "Falcon 9", kind=MissionKind.CREW, launch="2026-02")
    return evening


async def test_a_closed_pad_blocks_crew_first_and_says_what_is_lost(manifest: House) -> None:
    await closed(manifest)
    await forecast(manifest, "Roscosmos", note="shortly")
    assert blocked(await asked(manifest)) == [
        ("Soyuz MS-29", "possibly", None, None),
        ("Progress MS-33", "possibly", None, None),
    ]
    await forecast(manifest, "Anatoly Zak", latest="2027-11-27")
    found = await asked(manifest)
    assert blocked(found) == [("Soyuz MS-29", "possibly", None, 514), ("Progress MS-33", "possibly", None, 708)]
    assert lost(found) == [("Soyuz-2.1a", "crew", "Soyuz MS-29"), ("Soyuz-2.1a", "cargo", "Progress MS-33")]


async def test_a_later_word_of_the_same_source_takes_the_place_of_its_earlier_one(manifest: House) -> None:
    await closed(manifest)
    await forecast(manifest, "Roscosmos", earliest="2026-03", latest="2027-03")
    await forecast(manifest, "roscosmos", earliest="2026-01-10", latest="2026-02-28")
    assert blocked(await asked(manifest)) == [
        ("Soyuz MS-29", "no", 0, 0),
        ("Progress MS-33", "certainly", 22, 71),
    ]


async def test_one_pad_and_all_pads_are_told_alike(manifest: House) -> None:
    await manifest.desks.pads.add(pad_chief(), AddPad("Site 43/4", "Plesetsk", "soyuz 2.1A", "crew"))
    await manifest.create("Soyuz MS-30", "soyuz 2 1a", kind=MissionKind.CREW, launch="2026-05", pad="Site 43/4")
    await manifest.create("Soyuz MS-31", "Soyuz-2.1a", kind=MissionKind.CREW)
    await closed(manifest)
    await manifest.desks.damage.report(pad_chief(), report(pad="Site 43/4"))
    one, every = await asked(manifest), await asked(manifest, None)
    assert (
        lost(one) == lost(every) == [("Soyuz-2.1a", "crew", "Soyuz MS-30"), ("Soyuz-2.1a", "cargo", "Progress MS-33")]
    )
    assert [impact.state.pad.name for impact in every.impacts.pads] == ["Site 31/6", "Site 43/4"]
    assert one.impacts.pads[0].launches == every.impacts.pads[0].launches
    assert (one.of_one, every.of_one) == (True, False)


async def test_an_operational_pad_blocks_nothing_and_is_not_among_all(manifest: House) -> None:
    found = await asked(manifest)
    assert {one.blocked for one in found.impacts.pads[0].launches} == {Blocked.NO}
    assert (found.impacts.gone, found.impacts.pads[0].blocked) == ((), ())
    assert (await asked(manifest, None)).impacts.pads == ()


async def test_a_pad_that_can_launch_it_is_an_alternative_and_nothing_is_lost(manifest: House) -> None:
    await manifest.desks.pads.add(pad_chief(), AddPad("Site 1S", "Vostochny", "soyuz 2.1a", "crew"))
    await closed(manifest)
    found = await asked(manifest)
    assert lost(found) == [("Soyuz-2.1a", "cargo", "Progress MS-33")]
    real = {one.capability.kind: [state.pad.name for state in one.real] for one in found.impacts.pads[0].substitutes}
    assert real == {MissionKind.CREW: ["Site 1S"], MissionKind.CARGO: []}


# --- by itself ---------------------------------------------------------------------------------------------------------


async def impacts_posted(house: House, channel_id: int = FLIGHT) -> list[PadImpact]:
    return [facts for channel, facts in await house.posts() if channel == channel_id and isinstance(facts, PadImpact)]


@pytest.fixture
async def heard(manifest: House) -> House:
    """The manifest, with a channel for launches and one for pads."""
    await manifest.subscribe(Topic.LAUNCH, FLIGHT)
    await manifest.subscribe(Topic.PAD, PADS, severity=Severity.CRITICAL)
    return manifest


async def test_critical_damage_tells_those_who_plan_launches_by_itself(heard: House) -> None:
    await closed(heard)
    (told,) = await impacts_posted(heard)
    assert [one.mission for one in told.launches] == ["Soyuz MS-29", "Progress MS-33"]
    assert [(one.kind, one.mission) for one in told.gone] == [
        (MissionKind.CREW, "Soyuz MS-29"),
        (MissionKind.CARGO, "Progress MS-33"),
    ]
    assert await impacts_posted(heard, PADS) == [told]


async def test_it_is_told_once_for_each_time_the_pad_goes_out_of_service(heard: House) -> None:
    await heard.desks.damage.report(pad_chief(), report(Severity.MAJOR))
    assert await impacts_posted(heard) == []
    await heard.desks.damage.update(pad_chief(), UpdateReport("DR-1", ReportState.CONFIRMED, Severity.CRITICAL))
    assert len(await impacts_posted(heard)) == 1
    await closed(heard)
    assert len(await impacts_posted(heard)) == 1


async def test_an_adopted_assessment_that_closes_the_pad_tells_it_too(heard: House) -> None:
    await heard.desks.damage.report(pad_chief(), report(Severity.MAJOR))
    await heard.desks.damage.assess(pad_chief(), Assess("DR-1", Severity.CRITICAL, Tier.INSPECTION, "the inspectors"))
    await heard.desks.damage.adopt(pad_chief(), "AS-1", "they were there")
    assert len(await impacts_posted(heard)) == 1


async def test_a_post_names_so_many_launches_and_counts_the_rest(heard: House) -> None:
    for number in range(LAUNCHES_MAX):
        await heard.create(f"Progress {number}", pad="Site 31/6", launch="2026-09")
    await closed(heard)
    (told,) = await impacts_posted(heard)
    assert (len(told.launches), told.more) == (LAUNCHES_MAX, 2)


# --- what it cost ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["DR-1", "dr 1", "dr1", "Dr-1", "DR#1"])
async def test_a_cause_that_is_a_report_is_kept_by_its_label_and_adds_up(manifest: House, typed: str) -> None:
    await closed(manifest)
    await manifest.move("Progress MS-33", "launch", "NET 2026-03", cause=typed)
    manifest.clock.move_to(at("2026-03-03T12:00"))
    assert (await asked(manifest)).costs[_pad_id(await asked(manifest))].unmeasured == 1
    await manifest.move("Progress MS-33", "launch", "2026-03-22")
    found = await asked(manifest)
    cost = found.costs[_pad_id(found)]
    assert [(one.mission, one.kind.value, one.days) for one in cost.dates] == [("Progress MS-33", "launch", 93)]
    assert (cost.days, cost.unmeasured) == (93, 0)

    before = await manifest.database.read(lambda reader: outages.cost_of(reader, GUILD, [1], at("2026-01-01T00:00")))
    assert (before.days, before.unmeasured) == (0, 1)


async def test_a_cause_in_words_stays_and_a_report_that_is_not_there_is_refused(manifest: House) -> None:
    await closed(manifest)
    moved = await manifest.move("Progress MS-33", "launch", "2026-01-10", cause="DR-1 and the weather")
    assert moved.card.latest_move is not None
    assert moved.card.latest_move.cause == "DR-1 and the weather"
    with pytest.raises(NotFound, check=lambda error: error.code == "report_unknown"):
        await manifest.move("Progress MS-33", "launch", "2026-01-11", cause="DR-7")


def _pad_id(found: PadsImpact) -> int:
    return found.impacts.pads[0].state.pad.id


# --- one mission, one relief -------------------------------------------------------------------------------------------


async def test_a_missions_card_says_what_its_pad_puts_in_its_way(manifest: House) -> None:
    await closed(manifest)
    await forecast(manifest, "Roscosmos", earliest="2026-03")
    risk = (await manifest.desks.missions.status(guest(), "Progress MS-33")).risk
    assert risk is not None
    assert risk.state.finding.status is PadStatus.OUT_OF_SERVICE
    assert (risk.launch.blocked, risk.launch.gap_low, risk.launch.gap_high) == (Blocked.CERTAINLY, 72, None)
    for unhurt in ("Soyuz MS-28", "Crew-12"):
        assert (await manifest.desks.missions.status(guest(), unhurt)).risk is None


async def test_a_missions_card_as_of_a_day_does_not_know_what_was_said_later(manifest: House) -> None:
    manifest.clock.move_to(at("2025-11-28T12:00"))
    await closed(manifest)
    manifest.clock.move_to(at("2025-12-10T12:00"))
    await forecast(manifest, "Roscosmos", earliest="2026-03")
    then = (await manifest.desks.missions.status(guest(), "Progress MS-33", "2025-12-01")).risk
    assert then is not None
    assert (then.launch.blocked, then.expected.earliest) == (Blocked.POSSIBLY, None)
    assert (await manifest.desks.missions.status(guest(), "Progress MS-33", "2025-11-27T20:00")).risk is None


async def test_the_relief_flight_is_told_with_its_pads_risk(manifest: House) -> None:
    await manifest.create("Soyuz MS-30", kind=MissionKind.CREW, pad="Site 31/6", station="ISS", launch="2026-01")
    (one,) = await manifest.desks.coverage.coverage(guest())
    assert one.relief_risk is None
    await closed(manifest)
    await forecast(manifest, "Roscosmos", earliest="2026-03", latest="2026-04-30")
    (one,) = await manifest.desks.coverage.coverage(guest())
    assert one.relief_risk is not None
    assert (one.relief_risk.launch.blocked, one.relief_risk.launch.gap_low) == (Blocked.CERTAINLY, 29)
