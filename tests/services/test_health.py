"""Medical facts are for those with `medical`; nothing of them leaks through any other door."""

import json
import logging
from contextlib import suppress

import pytest

from domain.announcements import Topic
from domain.capabilities import Capability
from domain.errors import NotPermitted, OpsError
from domain.facts import MedicalMatter
from domain.health import HealthStatus
from services.actors import Actor
from services.crew import AssignSeat, EditPerson
from tests.services.house import CREW, FLIGHT, GUILD, House, admin, director, guest, member, pad_chief, verified

NOTE = "palpitations after the spacewalk"


def surgeon() -> Actor:
    """The flight surgeon."""
    return member(Capability.MEDICAL, number=7)


@pytest.fixture
async def crewed(evening: House) -> House:
    """The evening, with Soyuz MS-28's flight engineers."""
    for name in ("Sergei Mikaev", "Chris Williams"):
        await evening.desks.crew.assign(director(), AssignSeat("Soyuz MS-28", name, "Flight Engineer"))
    return evening


async def record(house: House, person: str, status: HealthStatus, note: str | None = None) -> frozenset[int]:
    return (await house.desks.health.record(surgeon(), person, status, note)).announced_in


async def test_a_flight_surgeon_records_and_reads_a_persons_standing(crewed: House) -> None:
    await record(crewed, "Mikaev", HealthStatus.LIMITED, NOTE)
    await record(crewed, "mikaev", HealthStatus.FIT)
    found = await crewed.desks.health.show(surgeon(), "Sergei Mikaev")
    assert [(one.status, one.note) for one in found.records] == [(HealthStatus.FIT, None), (HealthStatus.LIMITED, NOTE)]
    assert (await crewed.desks.health.show(surgeon(), "Chris Williams")).records == ()


@pytest.mark.parametrize("who", [admin, director, pad_chief, guest])
async def test_everyone_else_gets_the_ordinary_refusal_whoever_they_name(crewed: House, who: object) -> None:
    await record(crewed, "Mikaev", HealthStatus.UNFIT, NOTE)
    before = await crewed.chain()
    for person in ("Sergei Mikaev", "Chris Williams", "Nobody At All"):
        for attempt in (
            crewed.desks.health.show(who(), person),  # type: ignore[operator]
            crewed.desks.health.record(who(), person, HealthStatus.FIT, None),  # type: ignore[operator]
        ):
            with pytest.raises(NotPermitted) as refusal:
                await attempt
            assert dict(refusal.value.params) == {"capability": "medical"}
    assert await crewed.chain() == before


async def test_medical_alone_gives_nothing_else(crewed: House) -> None:
    with pytest.raises(NotPermitted):
        await crewed.desks.crew.assign(surgeon(), AssignSeat("Soyuz MS-28", "Sergei Mikaev", "Commander"))


async def test_the_channels_hear_once_that_a_matter_is_handled_and_nothing_more(crewed: House) -> None:
    await crewed.subscribe(Topic.CREW, CREW)
    await crewed.subscribe(Topic.ALL, FLIGHT)
    assert await record(crewed, "Mikaev", HealthStatus.FIT) == frozenset()
    assert await record(crewed, "Mikaev", HealthStatus.OBSERVATION, NOTE) == {CREW, FLIGHT}
    for person, status in (
        ("Mikaev", HealthStatus.UNFIT),
        ("Williams", HealthStatus.LIMITED),
        ("Mikaev", HealthStatus.FIT),
        ("Williams", HealthStatus.FIT),
    ):
        assert await record(crewed, person, status, NOTE) == frozenset()
    assert await crewed.posts() == [(CREW, MedicalMatter()), (FLIGHT, MedicalMatter())]
    stored = await crewed.rows("SELECT facts FROM outbox")
    assert {json.dumps(json.loads(str(facts))) for (facts,) in stored} == {'{"fact": "medical_matter"}'}


async def test_nothing_of_it_is_outside_the_parts_that_can_be_erased(crewed: House) -> None:
    await crewed.subscribe(Topic.ALL, FLIGHT)
    await record(crewed, "Mikaev", HealthStatus.UNFIT, NOTE)
    await record(crewed, "Williams", HealthStatus.OBSERVATION, NOTE)
    person_ids = {str(row[0]) for row in await crewed.rows("SELECT person_id FROM medical_records")}
    tables = await crewed.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    for (table,) in tables:
        if table in {"medical_records", "journal_personal"}:
            continue
        text = repr(await crewed.rows(f"SELECT * FROM {table}"))
        assert NOTE not in text
        assert "unfit" not in text
    entries = [linked.entry for linked in await crewed.chain() if linked.entry.action == "record_health"]
    assert len(entries) == 2
    # The two entries differ in nothing that the chain keeps, but for their place, their time and their digest.
    assert {(entry.subject_kind, entry.subject_id, entry.state_json, entry.event_at) for entry in entries} == {
        ("health", 0, "{}", None)
    }
    assert str(entries[0].subject_id) not in person_ids
    assert verified(await crewed.chain())


async def test_nothing_of_it_is_in_lists_cards_as_of_or_logs(crewed: House, caplog: pytest.LogCaptureFixture) -> None:
    desks, me = crewed.desks, guest()

    async def everything() -> str:
        seen = [
            await desks.crew.list(me),
            await desks.crew.list(me, "Soyuz MS-28", "2025-11-27"),
            await desks.coverage.aboard(me),
            await desks.coverage.aboard(me, "ISS", "2025-11-27"),
            await desks.coverage.coverage(me),
            await desks.missions.status(me, "Soyuz MS-28"),
            await desks.missions.status(me, "Soyuz MS-28", "2025-11-27"),
            await desks.completion.people(me, "mikaev"),
        ]
        return repr(seen)

    before = await everything()
    with caplog.at_level(logging.DEBUG):
        await record(crewed, "Mikaev", HealthStatus.UNFIT, NOTE)
    assert await everything() == before
    ours = [line.getMessage() for line in caplog.records if line.name.startswith("gantry")]
    assert not any("mikaev" in line.casefold() or "unfit" in line or NOTE in line for line in ours)


async def test_its_refusal_names_no_person(crewed: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(NotPermitted) as refusal:
        await crewed.desks.health.record(admin(), "Sergei Mikaev", HealthStatus.UNFIT, NOTE)
    text = " ".join(line.getMessage() for line in caplog.records if line.name.startswith("gantry"))
    assert dict(refusal.value.params) == {"capability": "medical"}
    assert "Mikaev" not in text


@pytest.mark.parametrize("typed", ["", "\x00", "\ud800", "%", "x" * 5000, "\u202e" * 4000])
async def test_whatever_is_typed_is_answered_or_refused(crewed: House, typed: str) -> None:
    for attempt in (
        crewed.desks.health.show(surgeon(), typed),
        crewed.desks.health.record(surgeon(), typed, HealthStatus.FIT, typed),
        crewed.desks.health.record(surgeon(), "Mikaev", HealthStatus.FIT, typed),
    ):
        with suppress(OpsError):
            await attempt
    kept = await crewed.rows("SELECT COUNT(*) FROM medical_records WHERE workspace_id = ?", GUILD)
    assert int(str(kept[0][0])) <= 1


async def test_two_entries_of_one_person_become_one_whether_or_not_anything_is_recorded(crewed: House) -> None:
    await crewed.desks.crew.remove(director(), "Soyuz MS-28", "Chris Williams", "the same person as another")
    await record(crewed, "Chris Williams", HealthStatus.UNFIT, NOTE)
    await crewed.desks.crew.edit(director(), EditPerson("Sergei Mikaev", also="Chris Williams"))
    found = await crewed.desks.health.show(surgeon(), "Chris Williams")
    assert (found.person, [one.note for one in found.records]) == ("Sergei Mikaev", [NOTE])
