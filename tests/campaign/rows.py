"""Every row of the campaign, by its number."""

from tests.campaign import crash_points, lost_answers, random_kills
from tests.campaign.outcome import Row

ROWS: dict[int, Row] = {row.number: row for row in (crash_points.ROW, random_kills.ROW, lost_answers.ROW)}
