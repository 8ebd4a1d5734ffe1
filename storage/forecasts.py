"""Forecasts of pads' returns to service. Rows are added, and marked when the pad is back; nothing is deleted."""

from datetime import datetime

from domain.forecasts import Forecast
from domain.sources import Tier
from domain.text import name_key
from domain.when import Precision, When
from storage.database import Reader, Row, Statement, Transaction
from storage.rows import from_us, from_us_or_none, to_us, to_us_or_none, when_from

_COLUMNS = """
number, pad_id, source, source_key, tier, earliest_precision, earliest_at, latest_precision, latest_at, stated_precision,
stated_at, note, recorded_by, recorded_at, returned_at, earliest_net
"""
_NEXT = "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM forecasts WHERE workspace_id = ?"
_INSERT = f"INSERT INTO forecasts (workspace_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Forecasts of an outage that goes on; those of earlier ones were scored.
_STANDING = f"""
SELECT {_COLUMNS} FROM forecasts WHERE workspace_id = ? AND pad_id = ? AND returned_at IS NULL ORDER BY number
"""
_ALL_STANDING = f"SELECT {_COLUMNS} FROM forecasts WHERE workspace_id = ? AND returned_at IS NULL ORDER BY number"
_ON_PAD = f"SELECT {_COLUMNS} FROM forecasts WHERE workspace_id = ? AND pad_id = ? ORDER BY number"
_SCORE = "UPDATE forecasts SET returned_at = ? WHERE workspace_id = ? AND pad_id = ? AND returned_at IS NULL"


async def next_number(tx: Transaction, workspace_id: int) -> int:
    """The number of the next forecast."""
    return int((await tx.fetch(_NEXT, (workspace_id,)))[0]["number"])


async def insert(tx: Transaction, workspace_id: int, forecast: Forecast) -> None:
    """Keep a new forecast."""
    earliest, latest = forecast.earliest, forecast.latest
    await tx.execute(
        _INSERT,
        (
            workspace_id,
            forecast.number,
            forecast.pad_id,
            forecast.source,
            name_key(forecast.source),
            forecast.tier.value,
            earliest.precision.value if earliest else None,
            to_us_or_none(earliest.at if earliest else None),
            latest.precision.value if latest else None,
            to_us_or_none(latest.at if latest else None),
            forecast.stated.precision.value,
            to_us_or_none(forecast.stated.at),
            forecast.note,
            forecast.recorded_by,
            to_us(forecast.recorded_at),
            to_us_or_none(forecast.returned_at),
            int(earliest.no_earlier_than) if earliest else 0,
        ),
    )


async def settle(tx: Transaction, workspace_id: int, pad_id: int, returned_at: datetime) -> None:
    """The pad is back: what stood of its forecasts, superseded ones too, is scored by that instant."""
    await tx.execute(_SCORE, (to_us(returned_at), workspace_id, pad_id))


async def of_outage(reader: Reader, workspace_id: int, pad_id: int) -> tuple[Forecast, ...]:
    """Every forecast of a pad's present outage, superseded ones too, in the order in which they were recorded."""
    return from_rows(await reader.fetch(*of_one_outage(workspace_id, pad_id)))


async def on_pad(reader: Reader, workspace_id: int, pad_id: int) -> tuple[Forecast, ...]:
    """Every forecast there ever was of a pad."""
    return from_rows(await reader.fetch(_ON_PAD, (workspace_id, pad_id)))


def of_one_outage(workspace_id: int, pad_id: int) -> Statement:
    """Finds the rows of `of_outage`, for a trip that asks for more."""
    return (_STANDING, (workspace_id, pad_id))


def every_of_an_outage(workspace_id: int) -> Statement:
    """Finds the rows of all forecasts of outages that go on, for a trip that asks for more."""
    return (_ALL_STANDING, (workspace_id,))


def from_rows(rows: list[Row]) -> tuple[Forecast, ...]:
    """The forecasts of these rows."""
    return tuple(_forecast(row) for row in rows)


def _forecast(row: Row) -> Forecast:
    return Forecast(
        number=row["number"],
        pad_id=row["pad_id"],
        source=row["source"],
        tier=Tier(row["tier"]),
        earliest=when_from(row["earliest_precision"], row["earliest_at"], row["earliest_net"]),
        latest=when_from(row["latest_precision"], row["latest_at"], 0),
        stated=When(from_us(row["stated_at"]), Precision(row["stated_precision"])),
        note=row["note"],
        recorded_by=row["recorded_by"],
        recorded_at=from_us(row["recorded_at"]),
        returned_at=from_us_or_none(row["returned_at"]),
    )
