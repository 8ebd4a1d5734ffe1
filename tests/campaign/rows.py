"""Every row of the campaign, by its number."""

from tests.campaign import (
    clocks,
    crash_points,
    lost_answers,
    outages,
    random_kills,
    rate_limits,
    stops,
    taken_away,
)
from tests.campaign.outcome import Row

_MODULES = (crash_points, random_kills, lost_answers, outages, rate_limits, clocks, taken_away, stops)
ROWS: dict[int, Row] = {module.ROW.number: module.ROW for module in _MODULES}
