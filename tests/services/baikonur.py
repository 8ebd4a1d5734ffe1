"""The outage of Site 31/6 as a team would have recorded it, day by day, through the desks."""

from domain.assessments import Confidence
from domain.capabilities import Capability
from domain.damage import ReportState, Severity
from domain.inspections import InspectionResult
from domain.sources import Tier
from services.damage import Assess, ReportDamage, UpdateReport
from services.forecasts import ForecastReturn
from services.repairs import PlanRepair
from services.returns import InspectPad
from tests.services.house import House, at, member, pad_chief

CABIN = "service cabin fell into the flame trench; access bridges and structure deformed"


async def first_evening(house: House) -> None:
    """27 November: reported, acknowledged, four views and three forecasts that contradict each other."""
    house.clock.move_to(at("2025-11-27T17:00"))
    damage, said = house.desks.damage, house.desks.forecasts
    await damage.report(
        pad_chief(),
        ReportDamage("Site 31/6", Severity.CRITICAL, CABIN, "service cabin", "2025-11-27 15:00"),
    )
    house.clock.move_to(at("2025-11-27T17:12"))
    await damage.acknowledge(pad_chief(), 1)
    for severity, tier, source, stated, sure, note in (
        (Severity.MINOR, Tier.OFFICIAL, "Roscosmos", "2025-11-27 15:00", None, "will be eliminated shortly"),
        (Severity.CRITICAL, Tier.INDEPENDENT, "Georgy Trishkin", "2025-11-27 16:00", Confidence.MEDIUM, None),
        (Severity.MAJOR, Tier.MEDIA, "Vitaly Egorov", "2025-11-27 16:30", Confidence.LOW, "an unusual metal structure"),
        (Severity.CRITICAL, Tier.INDEPENDENT, "Anatoly Zak", "2025-11-27", Confidence.HIGH, "the cabin fell"),
    ):
        await damage.assess(pad_chief(), Assess("DR-1", severity, tier, source, stated, None, sure, note))
    house.clock.move_to(at("2025-11-27T17:40"))
    for forecast in (
        ForecastReturn("Site 31/6", "Roscosmos", Tier.OFFICIAL, stated="2025-11-27 15:00", note="shortly"),
        ForecastReturn("Site 31/6", "Georgy Trishkin", Tier.INDEPENDENT, stated="2025-11-27 16:00", note="unknown"),
        ForecastReturn(
            "Site 31/6", "Anatoly Zak", Tier.INDEPENDENT, None, "2027-11-27", "2025-11-27", "up to two years"
        ),
    ):
        await said.forecast(pad_chief(), forecast)


async def december(house: House) -> None:
    """Repairs are planned and begin, an assessment is adopted, the cargo flight slips, the operator changes its mind twice."""
    damage, said, repairs = house.desks.damage, house.desks.forecasts, house.desks.repairs
    house.clock.move_to(at("2025-11-28T09:00"))
    for request in (
        PlanRepair("DR-1", "clear the flame trench", "site crew", "2025-12-15", days=14),
        PlanRepair("DR-1", "bring in service cabin parts", None, "2025-12-05", days=7),
        PlanRepair("DR-1", "install the new service cabin", None, "2026-02-28", days=60, after="RT-1, RT-2"),
        PlanRepair("DR-1", "inspect and test the cabin", None, "2026-03-04", days=2, after="RT-3"),
    ):
        await repairs.plan(pad_chief(), request)
    await damage.adopt(pad_chief(), "AS-3", "a bridge hangs, the rest is not seen yet")
    house.clock.move_to(at("2025-11-29T08:00"))
    await damage.adopt(pad_chief(), "AS-4", "our own cameras show the cabin in the trench")
    house.clock.move_to(at("2025-12-01T07:00"))
    await repairs.complete(pad_chief(), "RT-2", "components have arrived")
    await repairs.progress(pad_chief(), "RT-1", 30, None)
    house.clock.move_to(at("2025-12-10T12:00"))
    await said.forecast(
        pad_chief(),
        ForecastReturn("Site 31/6", "Roscosmos", Tier.OFFICIAL, "2026-03", None, "2025-12-10", "at least four months"),
    )
    await house.move("Progress MS-33", "launch", "NET 2026-03", "Site 31/6 repair", cause="DR-1")
    house.clock.move_to(at("2025-12-15T12:00"))
    await repairs.complete(pad_chief(), "RT-1", None)
    await said.forecast(
        pad_chief(),
        ForecastReturn(
            "Site 31/6", "Roscosmos", Tier.OFFICIAL, None, "2026-02-28", "2025-12-15", "by the end of winter"
        ),
    )
    await damage.update(pad_chief(), UpdateReport("DR-1", ReportState.IN_REPAIR))


async def winter(house: House) -> None:
    """The cabin goes in, late; on 3 March the launch has a day again."""
    repairs = house.desks.repairs
    for day, percent in (("2026-01-05", 20), ("2026-01-14", 35), ("2026-02-20", 80)):
        house.clock.move_to(at(f"{day}T10:00"))
        await repairs.progress(pad_chief(), "RT-3", percent, None)
    house.clock.move_to(at("2026-03-03T06:00"))
    await repairs.complete(pad_chief(), "RT-3", "over 150 people")
    house.clock.move_to(at("2026-03-03T12:00"))
    await house.move("Progress MS-33", "launch", "2026-03-22 11:59", "service cabin restored", cause="dr 1")


async def back_in_service(house: House) -> None:
    """4 and 5 March: everything verified, an inspection that failed and one that passed, and the second person's word."""
    repairs, damage, returns = house.desks.repairs, house.desks.damage, house.desks.returns
    house.clock.move_to(at("2026-03-04T09:00"))
    await repairs.complete(pad_chief(), "RT-4", None)
    for task in ("RT-1", "RT-2", "RT-3", "RT-4"):
        await repairs.verify(member(Capability.PAD, number=77), task, None)
    await damage.update(pad_chief(), UpdateReport("DR-1", ReportState.CLOSED, reason="cabin restored"))
    await returns.inspect(pad_chief(), InspectPad("Site 31/6", InspectionResult.FAILED, "a hose leaks"))
    house.clock.move_to(at("2026-03-04T18:00"))
    await returns.inspect(pad_chief(), InspectPad("Site 31/6", InspectionResult.PASSED, "sound"))
    await returns.request(pad_chief(), "Site 31/6")
    house.clock.move_to(at("2026-03-05T08:00"))
    await returns.confirm(member(Capability.APPROVE, number=9), 1, (4, pad_chief().standing))
    house.clock.move_to(at("2026-03-10T08:00"))


async def whole_story(house: House) -> None:
    """From the report to the return."""
    await first_evening(house)
    await december(house)
    await winter(house)
    await back_in_service(house)
