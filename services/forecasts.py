"""The forecasts desk: who expects a pad back when. Nothing is averaged, and what was said before stays readable."""

from dataclasses import dataclass, replace

from domain.capabilities import Capability
from domain.forecasts import Forecast, checked_forecast, current
from domain.pad_facts import PadRef, ReturnForecast
from domain.pads import Pad
from domain.returns import require_away
from domain.sources import Tier
from domain.text import name_key, optional_paragraph, require_name
from domain.when_text import parse_stated, parse_when
from services import lookups
from services.actors import Actor
from services.changes import Change, Changes, Receipt
from storage import forecasts


@dataclass(frozen=True, slots=True)
class ForecastReturn:
    """`/pad forecast`, as typed."""

    pad: str
    source: str
    tier: Tier
    earliest: str | None = None
    latest: str | None = None
    stated: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Forecasted:
    """A new forecast, what the same source said before it, and whether it stands: what was stated earlier does not."""

    forecast: Forecast
    pad: Pad
    before: Forecast | None
    stands: bool


class ForecastDesk:
    """Forecasts of returns to service."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def forecast(self, actor: Actor, request: ForecastReturn) -> Receipt[Forecasted]:
        """Keep when a source expects the pad back; dates, or only words in `note`. Raises Conflict for a pad that is in service."""
        source = require_name(request.source, what="source")
        note = optional_paragraph(request.note, what="note")

        async def work(change: Change) -> Forecasted:
            ws = change.workspace.id
            pad = await lookups.pad(change.tx, ws, request.pad)
            require_away(pad)
            earliest = None if request.earliest is None else parse_when(request.earliest, change.now)
            latest = None if request.latest is None else parse_when(request.latest, change.now)
            checked_forecast(earliest, latest, note)
            known = await forecasts.of_outage(change.tx, ws, pad.id)
            made = Forecast(
                number=await forecasts.next_number(change.tx, ws),
                pad_id=pad.id,
                source=source,
                tier=request.tier,
                earliest=earliest,
                latest=latest,
                stated=parse_stated(request.stated, change.now),
                note=note,
                recorded_by=change.actor.member_id,
                recorded_at=change.now,
            )
            await forecasts.insert(change.tx, ws, made)
            kept, personal = replace(made, source="", note=None), {"source": source, "note": note}
            await change.record("forecast_return", ("forecast", made.number), kept, personal=personal)
            before = next((one for one in current(known) if name_key(one.source) == name_key(source)), None)
            await change.announce(_facts(made, pad, before))
            return Forecasted(made, pad, before, stands=made in current((*known, made)))

        return await self._changes.make(actor, Capability.PAD, work)


def _facts(made: Forecast, pad: Pad, before: Forecast | None) -> ReturnForecast:
    return ReturnForecast(
        pad=PadRef(pad.id, pad.name),
        forecast=made.number,
        source=made.source,
        tier=made.tier,
        earliest=made.earliest,
        latest=made.latest,
        stated=made.stated,
        note=made.note,
        before=None if before is None else (before.earliest, before.latest, before.note),
    )
