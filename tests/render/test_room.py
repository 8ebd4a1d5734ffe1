"""What is too much for a card is counted, never dropped: whatever a pad has gone through, its cards reach Discord whole."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.embeds import embed_of
from cogs.render import pad_posts, pads
from cogs.render.card import Card
from cogs.render.room import CARD_MAX, FIELD_MAX, TEXT_MAX, cut
from cogs.text import load_catalogues
from domain.assessments import Assessment, Confidence, views_of
from domain.damage import DamageReport, ReportState, Severity
from domain.expected import Estimate, Window
from domain.forecasts import Forecast
from domain.inspections import Inspection, InspectionResult
from domain.missions import Event, EventKind, EventState, Mission, MissionKind
from domain.pad_facts import PadRef, ReturnRequested
from domain.pads import Capability, Lifecycle, Pad, status_of
from domain.repairs import RepairTask, TaskState
from domain.returns import gate_of
from domain.sources import Tier
from domain.when import Precision, When
from services.pads import PadCard
from services.returns import GateShown, Inspected

ENGLISH = load_catalogues().locale("en")
NOON = datetime(2025, 11, 27, 12, tzinfo=UTC)
DAY = When(datetime(2026, 7, 27, tzinfo=UTC), Precision.DAY)
OPEN = [state for state in ReportState if state.is_open]
UNITS = st.sampled_from(["x", "word ", "*", "@", "://", "a\n"])


def typed(unit: str, limit: int) -> str:
    """The longest text of that kind that a member may type."""
    return (unit * limit)[:limit].strip() or "x"


@st.composite
def pad_cards(draw: st.DrawFn) -> PadCard:
    """A pad about which people have written much, or little."""
    unit, size = draw(UNITS), draw(st.sampled_from([0.1, 1.0]))

    def paragraph(limit: int) -> str:
        return typed(unit, int(limit * size))

    def text(limit: int) -> str:
        return paragraph(limit).replace("\n", " ")

    reports = tuple(
        DamageReport(number, 1, severity, paragraph(1000), NOON, NOON, 7, text(80), state)
        for number, (severity, state) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(Severity), st.sampled_from(OPEN)), max_size=30)), 1
        )
    )
    pad = Pad(
        1,
        text(80),
        text(80),
        text(80),
        draw(st.sampled_from(Lifecycle)),
        capabilities=tuple(
            Capability(f"{n} {text(70)}", kind) for n in range(draw(st.integers(0, 9))) for kind in MissionKind
        ),
        restriction=draw(st.sampled_from([None, text(200)])),
        returned_at=draw(st.sampled_from([None, NOON])),
    )
    views = {
        report.number: views_of(
            Assessment(n, report.number, severity, tier, f"{n} {text(70)}", DAY, Confidence.MEDIUM, None, None, 7, NOON)
            for n, (severity, tier) in enumerate([(Severity.MINOR, Tier.OFFICIAL), (Severity.MAJOR, Tier.INDEPENDENT)])
        )
        for report in reports
    }
    tasks = tuple(
        RepairTask(n, 1, text(120), TaskState.BLOCKED, text(80), DAY, after=tuple(range(200, 200 + n)))
        for n in range(draw(st.integers(0, 60)))
    )
    forecasts = tuple(
        Forecast(n, 1, f"{n} {text(70)}", Tier.MEDIA, DAY, DAY, DAY, paragraph(1000), 7, NOON)
        for n in range(draw(st.integers(0, 20)))
    )
    launch = Event(9, EventKind.LAUNCH, EventState.PLANNED, DAY)
    return PadCard(
        pad=pad,
        finding=status_of(pad, reports),
        reports=reports,
        tasks=tasks,
        waiting=tuple(
            Mission(n, text(80), MissionKind.CREW, text(80), events=(launch,)) for n in range(draw(st.integers(0, 40)))
        ),
        reporters={report.number: text(32) for report in reports},
        asked_at=NOON,
        believed_at=draw(st.sampled_from([None, NOON])),
        views=views,
        forecasts=forecasts,
        superseded=draw(st.integers(0, 3)),
        estimate=draw(st.sampled_from([None, Estimate(Window(NOON, None), tuple(range(30)), 5, (5,))])),
    )


def whole(card: Card) -> None:
    """The card reaches Discord as it is."""
    embed = embed_of(card)
    assert [(one.name, one.value) for one in embed.fields] == [(one.name, one.value) for one in card.fields]
    assert (embed.title, embed.description or "", embed.footer.text or "") == (card.title, card.text, card.footer)
    assert all(len(one.value) <= FIELD_MAX for one in card.fields)
    assert len(embed) <= CARD_MAX


def counted(text: str) -> int:
    """The lines of a field, those that it only counts included."""
    *lines, last = text.split("\n")
    more = re.fullmatch(r"and (\d+) more", last)
    return len(lines) + (int(more[1]) if more else 1)


@settings(max_examples=200)
@given(pad_cards())
def test_a_pads_card_is_whole_names_the_deciding_report_and_counts_what_it_does_not_show(card: PadCard) -> None:
    shown = pads.status(card, ENGLISH)
    whole(shown)
    named = [field.name for field in shown.fields if field.name.startswith("DR-")]
    values = {field.name: field.value for field in shown.fields}
    if card.reports:
        gravest = max(report.severity.rank for report in card.reports)
        first = next(report for report in card.reports if named[0].startswith(f"{report.label} "))
        assert first.severity.rank == gravest
        assert card.finding.deciding in {None, first}
    assert len(named) <= 5
    more = re.match(r"and (\d+) more open reports?: `/repair list`$", values.get("More reports", ""))
    assert len(named) + (int(more[1]) if more else 0) == len(card.reports)
    if card.tasks:
        assert counted(values["Repairs under way"]) == len(card.tasks)
    if card.waiting:
        assert counted(values["Missions planned from here"]) == len(card.waiting)
    said = values.get("Expected back", "")
    voices = len(card.forecasts) + (card.estimate is not None)
    more = re.search(r"^and (\d+) more$", said, re.MULTILINE)
    assert len(re.findall("^• ", said, re.MULTILINE)) + (int(more[1]) if more else 0) == voices
    assert said.startswith("• Own estimate") is (card.estimate is not None)
    assert ("in `/pad history`" in said) is bool(voices and card.superseded)


@given(
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.sampled_from(Lifecycle), st.booleans(), st.booleans()
)
def test_the_gates_list_says_what_is_gravest_first_and_fits_its_card(
    reports: int, unfinished: int, unverified: int, lifecycle: Lifecycle, restricted: bool, inspected: bool
) -> None:
    held = [DamageReport(10**5 + n, 1, Severity.MAJOR, "bent", NOON, NOON, 7) for n in range(reports)]
    work = [RepairTask(10**5 + n, 1, "weld") for n in range(unfinished)]
    work += [RepairTask(n, 1, "weld", TaskState.DONE, done_at=NOON, done_by=10**19) for n in range(unverified)]
    pad = Pad(1, "x" * 80, "site", lifecycle=lifecycle, restriction="wind" if restricted else None)
    inspection = Inspection(10**5, 1, InspectionResult.FAILED, None, 7, NOON + timedelta(days=1)) if inspected else None
    gate = gate_of(pad, held, work, inspection, touched_since=False)
    if gate.is_open:
        return
    for card in (
        pads.gate(GateShown(pad, gate, None), ENGLISH),
        pads.inspected(Inspected(Inspection(1, 1, InspectionResult.FAILED, None, 7, NOON), pad, gate), ENGLISH),
    ):
        whole(card)
        assert len(card.text) < TEXT_MAX * 0.7, "other languages need more"
    lines = pads.gate(GateShown(pad, gate, None), ENGLISH).text.split("\n")
    first = [line for line in lines if "`/repair" not in line or "report" in line]
    assert lines[: len(first)] == first
    assert ("standing restriction" in "\n".join(first)) is restricted
    assert "`/pad inspect`" in "\n".join(first)
    for label, many in (("report", reports), ("repair", unfinished + unverified)):
        more = re.search(rf"and (\d+) more (?:open )?{label}s?: `/repair list`", "\n".join(lines))
        named = [line for line in lines if line.startswith(f"• {'DR' if label == 'report' else 'RT'}-")]
        assert len(named) + (int(more[1]) if more else 0) == many


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 80), UNITS)
def test_a_request_says_how_much_was_cancelled_and_names_that_first(
    verified: int, cancelled: int, damages: int, unit: str
) -> None:
    tasks: list[tuple[int, str, str | None]] = [(n, typed(unit, 120), None) for n in range(verified)]
    tasks += [(100 + n, typed(unit, 120), typed(unit, 1000)) for n in range(cancelled)]
    reports = tuple((n, Severity.CRITICAL, ReportState.CLOSED) for n in range(damages))
    facts = ReturnRequested(PadRef(1, "Site 31/6"), 5, 7, reports, tuple(tasks), 4, 8, NOON)
    card = pad_posts.return_requested(facts, ENGLISH)
    whole(card)
    work = card.fields[2]
    assert (f"{verified} verified" in work.name) is bool(verified)
    assert (f"{cancelled} cancelled" in work.name) is bool(cancelled)
    assert work.value.startswith("RT-100 ") is bool(cancelled)
    if unit != "a\n" and tasks:
        assert counted(work.value) == verified + cancelled


@pytest.mark.parametrize(
    ("lines", "options", "text"),
    [
        ([], {}, ""),
        ([], {"besides": 2}, "and 2 more"),
        (["one", "two"], {}, "one\ntwo"),
        (["one", "two"], {"room": 7}, "one\ntwo"),
        (["one" * 5, "two" * 5], {"room": 30}, "oneoneoneoneone\nand 1 more"),
        (["one", "two", "three"], {"at_most": 1, "besides": 1}, "one\nand 3 more"),
        (["one" * 9, "two"], {"room": 20}, "oneoneon…\nand 1 more"),
        (["one" * 9], {"room": 5}, "oneo…"),
    ],
)
def test_lines_are_cut_whole_and_the_rest_is_counted(lines: list[str], options: dict[str, int], text: str) -> None:
    assert cut(lines, ENGLISH, **options) == text  # type: ignore[arg-type]


def test_the_deciding_report_is_shown_though_it_is_the_oldest_of_many() -> None:
    reports = tuple(
        DamageReport(number, 1, Severity.MINOR if number != 3 else Severity.CRITICAL, "bent", NOON, NOON, 7)
        for number in range(1, 30)
    )
    pad = Pad(1, "Site 31/6", "Baikonur")
    card = PadCard(pad, status_of(pad, reports), reports, (), (), {}, NOON)
    named = [field.name.split(" ")[0] for field in pads.status(card, ENGLISH).fields]
    assert named[1:6] == ["DR-3", "DR-29", "DR-28", "DR-27", "DR-26"]
    tie = tuple(replace(report, severity=Severity.MAJOR) for report in reports)
    shown = pads.status(replace(card, finding=status_of(pad, tie), reports=tie), ENGLISH)
    assert [field.name.split(" ")[0] for field in shown.fields][1:3] == ["DR-1", "DR-29"]
