"""A damage report with its photo, what it does to the pad and the manifest, and the repairs in their order."""

import hashlib

import pytest

from domain.damage import Severity
from domain.errors import Conflict, InvalidInput, NotFound, NotPermitted, OpsError
from domain.missions import MissionKind
from domain.pads import Lifecycle, PadStatus
from domain.repairs import TaskState
from services.damage import ReportDamage
from services.pads import AddPad
from services.repairs import PlanRepair
from tests.photos.pictures import PNG as PHOTO
from tests.photos.pictures import png
from tests.services.house import House, at, guest, member, pad_chief

SUMMARY = "service cabin fell into the flame trench; access bridges and structure deformed"


def refused(code: str) -> "pytest.RaisesExc[OpsError]":
    return pytest.raises(OpsError, check=lambda error: error.code == code)


def report(severity: Severity = Severity.CRITICAL, **fields: object) -> ReportDamage:
    return ReportDamage("Site 31/6", severity, SUMMARY, **fields)  # type: ignore[arg-type]


def kept_files(house: House) -> list[str]:
    return sorted(path.name for path in (house.directory / "evidence").rglob("*") if path.is_file())


async def test_a_report_keeps_its_photo_closes_the_pad_and_names_who_waits(evening: House) -> None:
    await evening.create("Soyuz MS-29", pad="Site 31/6", launch="2026-07")
    logged = (
        await evening.desks.damage.report(
            pad_chief(), report(component="service cabin", observed="15:00", photos=(PHOTO, PHOTO))
        )
    ).value
    assert (logged.report.label, logged.report.component, logged.component_known) == (
        "DR-1",
        "service cabin (8U0216)",
        True,
    )
    assert logged.report.observed_at == at("2025-11-27T15:00")
    assert (logged.before, logged.after.status, logged.after.unconfirmed) == (
        PadStatus.OPERATIONAL,
        PadStatus.OUT_OF_SERVICE,
        True,
    )
    assert logged.waiting == ("Progress MS-33", "Soyuz MS-29")
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert logged.report.evidence == (digest,)
    assert kept_files(evening) == [digest, f"{digest}.thumbnail"]


async def test_the_pads_card_shows_its_report_its_repairs_and_who_waits(evening: House) -> None:
    await evening.desks.damage.report(pad_chief(), report())
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench"))
    card = await evening.desks.pads.status(guest(), "site 31-6")
    assert (card.finding.status, card.finding.unconfirmed) == (PadStatus.OUT_OF_SERVICE, True)
    assert [one.label for one in card.reports] == ["DR-1"]
    assert [task.label for task in card.tasks] == ["RT-1"]
    assert [mission.name for mission in card.waiting] == ["Progress MS-33"]
    mission = await evening.desks.missions.status(guest(), "Progress MS-33")
    assert mission.pad_status is not None
    assert mission.pad_status.status is PadStatus.OUT_OF_SERVICE


async def test_a_pad_keeps_its_status_whatever_becomes_of_its_reports(evening: House) -> None:
    await evening.desks.damage.report(pad_chief(), report())
    await evening.database.write(lambda tx: tx.execute("UPDATE damage_reports SET state = 'closed'"))
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert (card.finding.status, card.finding.awaiting_return) == (PadStatus.OUT_OF_SERVICE, True)


async def test_a_standing_restriction_is_not_latched_by_a_minor_report(evening: House) -> None:
    await evening.database.write(lambda tx: tx.execute("UPDATE pads SET restriction = 'no wind measurement'"))
    logged = (await evening.desks.damage.report(pad_chief(), report(Severity.MINOR))).value
    assert (logged.pad.latched, logged.after.status) == (PadStatus.OPERATIONAL, PadStatus.RESTRICTED)


async def test_a_minor_report_closes_nothing_and_nobody_waits(evening: House) -> None:
    logged = (await evening.desks.damage.report(pad_chief(), report(Severity.MINOR))).value
    assert (logged.after.status, logged.waiting) == (PadStatus.OPERATIONAL, ())


@pytest.mark.parametrize(
    ("typed", "component", "known"),
    [
        ("FLAME trench", "flame trench", True),
        ("bridges", "access bridges", True),
        ("8u0216", "service cabin (8U0216)", True),
        ("fuel line", "fuel line", False),
        ("e", "e", False),
        (None, None, True),
    ],
)
async def test_a_typed_component_is_matched_where_only_one_can_be_meant(
    evening: House, typed: str | None, component: str | None, known: bool
) -> None:
    logged = (await evening.desks.damage.report(pad_chief(), report(component=typed))).value
    assert (logged.report.component, logged.component_known) == (component, known)


async def test_as_of_before_the_report_the_pad_was_open(evening: House) -> None:
    evening.clock.move_to(at("2025-11-27T20:00"))
    await evening.desks.damage.report(pad_chief(), report(observed="15:00"))
    evening.clock.move_to(at("2025-12-01"))
    then = await evening.desks.pads.status(guest(), "Site 31/6", "2025-11-27 19:59")
    later = await evening.desks.pads.status(guest(), "Site 31/6", "2025-11-27")
    assert [card.finding.status for card in (then, later)] == [PadStatus.OPERATIONAL, PadStatus.OUT_OF_SERVICE]
    with refused("pad_not_known_then"):
        await evening.desks.pads.status(guest(), "Site 31/6", "2025-10-01")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"photos": (b"%PDF",)}, "photo_not_a_picture"),
        ({"photos": (png(promised=(60_000, 60_000)),)}, "photo_too_many_pixels"),
        ({"photos": (PHOTO[:50],)}, "photo_not_a_picture"),
        ({"photos": (PHOTO,) * 5}, "too_many_photos"),
        ({"photos": (PHOTO,) * 100}, "too_many_photos"),
        ({"photos": (PHOTO + b"." * 8_000_001,)}, "photo_too_large"),
        ({"observed": "tomorrow 10:00"}, "instant_in_future"),
        ({"observed": "2025-11-26"}, "instant_needs_time"),
    ],
)
async def test_a_report_that_cannot_be_right_is_refused_and_takes_no_number(
    evening: House, fields: dict[str, object], code: str
) -> None:
    with refused(code):
        await evening.desks.damage.report(pad_chief(), report(**fields))  # type: ignore[arg-type]
    assert (await evening.desks.damage.report(pad_chief(), report())).value.report.label == "DR-1"


async def test_no_photo_is_kept_for_someone_who_may_not_report(evening: House) -> None:
    with pytest.raises(NotPermitted):
        await evening.desks.damage.report(guest(), report(photos=(PHOTO,)))
    assert kept_files(evening) == []


async def test_a_retired_pad_takes_no_report_and_is_not_offered_for_one(evening: House) -> None:
    retired = AddPad("Site 1/5", "Baikonur Cosmodrome", "Soyuz-FG", lifecycle=Lifecycle.RETIRED)
    await evening.desks.pads.add(pad_chief(), retired)
    with refused("pad_retired"):
        await evening.desks.damage.report(pad_chief(), ReportDamage("Site 1/5", Severity.MINOR, "rust"))
    assert [pad.name for pad in await evening.desks.damage.reportable(pad_chief())] == ["Site 31/6"]
    assert [card.pad.name for card in await evening.desks.pads.list(guest())] == ["Site 31/6", "Site 1/5"]


async def test_a_pads_capabilities_are_every_vehicle_with_every_kind_and_crew_only_when_said(house: House) -> None:
    said = (
        await house.desks.pads.add(pad_chief(), AddPad("Site 31/6", "Baikonur", "Soyuz-2.1a", "crew, CARGO,crew"))
    ).value
    unsaid = (await house.desks.pads.add(pad_chief(), AddPad("Site 1S", "Vostochny", "Soyuz-2.1a, Soyuz-2.1b"))).value
    assert [capability.kind for capability in said.capabilities] == [MissionKind.CREW, MissionKind.CARGO]
    assert [(capability.vehicle, capability.kind.value) for capability in unsaid.capabilities] == [
        ("Soyuz-2.1a", "cargo"),
        ("Soyuz-2.1a", "other"),
        ("Soyuz-2.1b", "cargo"),
        ("Soyuz-2.1b", "other"),
    ]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (AddPad("site 31-6", "Baikonur", "Soyuz-2.1a"), "pad_exists"),
        (AddPad("Site 2", "Baikonur", " , "), "text_empty"),
        (AddPad("Site 2", "Baikonur", "Soyuz-2.1a", ","), "text_empty"),
        (AddPad("Site 2", "Baikonur", "Soyuz-2.1a", "tourists"), "kind_unknown"),
        (AddPad("//", "Baikonur", "Soyuz-2.1a"), "name_without_letters"),
        (AddPad("Site 2", "Baikonur", "Soyuz-2.1a", None, ",".join(map(str, range(31)))), "too_many_components"),
    ],
)
async def test_a_pad_that_is_said_wrongly_is_not_added(evening: House, request_: AddPad, code: str) -> None:
    with refused(code):
        await evening.desks.pads.add(pad_chief(), request_)
    assert len(await evening.desks.pads.list(guest())) == 1


# --- repairs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def repairing(evening: House) -> House:
    """DR-1 with three tasks: the cabin is installed after the trench is clear and the parts are there."""
    await evening.desks.damage.report(pad_chief(), report())
    for title, after in [
        ("clear the flame trench", None),
        ("bring in parts", None),
        ("install the cabin", "RT-1, rt2"),
    ]:
        await evening.desks.repairs.plan(pad_chief(), PlanRepair("dr-1", title, "pad crew", after=after, days=18))
    return evening


async def test_a_task_is_not_complete_while_one_before_it_is_open(repairing: House) -> None:
    with refused("task_waits_for") as refusal:
        await repairing.desks.repairs.complete(pad_chief(), "RT-3", None)
    assert refusal.value.params["other"] == "RT-1"
    await repairing.desks.repairs.complete(pad_chief(), "1", "all clear")
    with refused("task_waits_for"):
        await repairing.desks.repairs.complete(pad_chief(), "RT-3", None)
    await repairing.desks.repairs.complete(pad_chief(), "rt 2", None)
    last = (await repairing.desks.repairs.complete(pad_chief(), "#3", None)).value
    assert (last.task.state, last.task.done_by, last.open_left) == (TaskState.DONE, pad_chief().member_id, 0)
    with refused("task_not_open"):
        await repairing.desks.repairs.complete(pad_chief(), "RT-3", None)


async def test_progress_starts_the_work_and_is_kept(repairing: House) -> None:
    progressed = (await repairing.desks.repairs.progress(pad_chief(), "RT-1", 40, "half of it out")).value
    assert progressed.was is not None
    assert (progressed.was.progress, progressed.task.progress, progressed.task.state) == (0, 40, TaskState.IN_WORK)
    (listed,) = await repairing.desks.repairs.list(guest(), "Site 31/6")
    assert [(task.label, task.progress, task.after) for task in listed.tasks] == [
        ("RT-1", 40, ()),
        ("RT-2", 0, ()),
        ("RT-3", 0, (1, 2)),
    ]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (PlanRepair("DR-2", "paint"), "report_unknown"),
        (PlanRepair("RT-1", "paint"), "number_unclear"),
        (PlanRepair("DR-1", "paint", after="RT-9"), "task_not_of_report"),
        (PlanRepair("DR-1", "paint", after="DR-1"), "number_unclear"),
        (PlanRepair("DR-1", "paint", days=0), "number_out_of_range"),
        (PlanRepair("DR-1", "paint", due="soon"), "when_unclear"),
        (PlanRepair("DR-1", "\u202e"), "text_empty"),
    ],
)
async def test_a_task_that_is_said_wrongly_is_not_planned(repairing: House, request_: PlanRepair, code: str) -> None:
    with refused(code) as refusal:
        await repairing.desks.repairs.plan(pad_chief(), request_)
    assert isinstance(refusal.value, InvalidInput | NotFound | Conflict)
    assert len((await repairing.desks.repairs.list(guest()))[0].tasks) == 3


async def test_a_task_cannot_wait_for_a_task_of_another_report(repairing: House) -> None:
    await repairing.desks.damage.report(pad_chief(), report(Severity.MINOR))
    with refused("task_not_of_report"):
        await repairing.desks.repairs.plan(pad_chief(), PlanRepair("DR-2", "paint", after="RT-1"))


async def test_a_closed_report_takes_no_new_task(repairing: House) -> None:
    await repairing.database.write(lambda tx: tx.execute("UPDATE damage_reports SET state = 'closed'"))
    with refused("report_not_open"):
        await repairing.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "paint"))
    assert await repairing.desks.repairs.list(member()) == ()


async def test_damage_whose_repair_nobody_has_planned_leaves_the_estimate_without_an_end(evening: House) -> None:
    await evening.desks.damage.report(pad_chief(), report())
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-1", "clear the flame trench", days=3))
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert card.estimate is not None
    assert card.estimate.window.latest is not None
    await evening.desks.damage.report(pad_chief(), report(Severity.MAJOR))
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert card.estimate is not None
    assert (card.estimate.window.latest, card.estimate.unplanned) == (None, (2,))
    await evening.desks.repairs.plan(pad_chief(), PlanRepair("DR-2", "straighten the bridge", days=1))
    card = await evening.desks.pads.status(guest(), "Site 31/6")
    assert card.estimate is not None
    assert (card.estimate.window.latest is None, card.estimate.unplanned) == (False, ())
