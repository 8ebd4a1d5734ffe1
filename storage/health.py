"""Medical records: apart from everything else, so that nothing reads them by accident and they can be erased."""

from domain.health import HealthRecord, HealthStatus
from storage.database import Reader, Row, Transaction
from storage.rows import from_us, to_us

_COLUMNS = "id, person_id, status, note, recorded_at, recorded_by"
# What was recorded of one person, newest first.
_OF_PERSON = f"SELECT {_COLUMNS} FROM medical_records WHERE workspace_id = ? AND person_id = ? ORDER BY id DESC LIMIT ?"
# Whether anybody's latest record is a matter to be handled.
_ANY_MATTER = """
SELECT 1 FROM medical_records r
WHERE r.workspace_id = ? AND r.status <> 'fit' AND r.id = (
    SELECT MAX(l.id) FROM medical_records l WHERE l.workspace_id = r.workspace_id AND l.person_id = r.person_id)
LIMIT 1
"""
_INSERT = f"INSERT INTO medical_records (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
# A person entered twice is one: their records follow.
_MERGE = "UPDATE medical_records SET person_id = ? WHERE workspace_id = ? AND person_id = ?"


async def of_person(reader: Reader, workspace_id: int, person_id: int, limit: int) -> tuple[HealthRecord, ...]:
    """What was recorded of a person, newest first."""
    rows = await reader.fetch(_OF_PERSON, (workspace_id, person_id, limit))
    return tuple(_record(row) for row in rows)


async def any_matter(reader: Reader, workspace_id: int) -> bool:
    """Whether a medical matter is being handled."""
    return bool(await reader.fetch(_ANY_MATTER, (workspace_id,)))


async def insert(tx: Transaction, workspace_id: int, record: HealthRecord) -> None:
    """Add a record."""
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            record.id,
            record.person_id,
            record.status.value,
            record.note,
            to_us(record.recorded_at),
            record.recorded_by,
        ),
    )


async def merge(tx: Transaction, workspace_id: int, person_id: int, into_id: int) -> None:
    """Let one person's records be another's, because the two are one."""
    await tx.execute(_MERGE, (into_id, workspace_id, person_id))


def _record(row: Row) -> HealthRecord:
    return HealthRecord(
        id=row["id"],
        person_id=row["person_id"],
        status=HealthStatus(row["status"]),
        note=row["note"],
        recorded_at=from_us(row["recorded_at"]),
        recorded_by=row["recorded_by"],
    )
