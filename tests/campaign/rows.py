"""Every row of the campaign, by its number."""

from tests.campaign import (
    cancellations,
    clocks,
    crash_points,
    full_disks,
    gateways,
    locks,
    lost_answers,
    migrations,
    outages,
    random_kills,
    rate_limits,
    stops,
    taken_away,
    zones,
)
from tests.campaign.outcome import Row

_MODULES = (
    crash_points,
    random_kills,
    full_disks,
    lost_answers,
    outages,
    rate_limits,
    gateways,
    locks,
    cancellations,
    clocks,
    zones,
    taken_away,
    stops,
    migrations,
)
ROWS: dict[int, Row] = {module.ROW.number: module.ROW for module in _MODULES}
