"""The bare driver: for each question the rows its answer is made of, fetched with plain sqlite3 by whoever knows the tables.

One connection, no thread, rows as tuples, nothing made of them. This is the floor that Gantry's cost is measured against.
"""

import sqlite3
from collections.abc import Sequence

from benchmarks.filling import WORKSPACE
from services.missions import LIST_MAX

_WORKSPACE = "SELECT * FROM workspaces WHERE id = ?"
_GRANTS = "SELECT * FROM grants WHERE workspace_id = ?"
_MISSION = "SELECT * FROM missions WHERE workspace_id = ? AND name_key = ?"
_EVENTS = "SELECT * FROM events WHERE workspace_id = ? AND mission_id = ? ORDER BY id"
_SEATS = "SELECT * FROM seats WHERE workspace_id = ? AND mission_id = ? ORDER BY position"
_CREW = """
SELECT p.*, s.spelling FROM seats c CROSS JOIN people p CROSS JOIN person_spellings s
WHERE c.workspace_id = ? AND c.mission_id = ? AND p.workspace_id = c.workspace_id AND p.id = c.person_id
  AND s.workspace_id = p.workspace_id AND s.person_id = p.id
"""
_PAD = "SELECT * FROM pads WHERE workspace_id = ? AND id = ?"
_CAPABILITIES = "SELECT * FROM pad_capabilities WHERE workspace_id = ? AND pad_id = ?"
_PAD_REPORTS = """
SELECT * FROM damage_reports WHERE workspace_id = ? AND pad_id = ? AND state NOT IN ('closed', 'rejected')
"""
_STATION = "SELECT * FROM stations WHERE workspace_id = ? AND id = ?"
_PORTS = "SELECT * FROM ports WHERE workspace_id = ? AND station_id = ?"
_MOVE = """
SELECT * FROM schedule_ledger WHERE workspace_id = ? AND mission_id = ? AND kind IN ('move', 'adoption')
ORDER BY id DESC LIMIT 1
"""
_MOVES = "SELECT * FROM schedule_ledger WHERE workspace_id = ? AND mission_id = ? AND recorded_at <= ? ORDER BY id"
_CLAIMS = "SELECT * FROM schedule_claims WHERE workspace_id = ? AND mission_id = ? ORDER BY id"
_LIVE = "phase IN ('planned', 'on_hold', 'in_flight', 'docked', 'free_flight', 'scrubbed')"
_OF_LIVE = (
    f"CROSS JOIN {{table}} t WHERE m.workspace_id = ? AND m.{_LIVE} AND t.workspace_id = ? AND t.mission_id = m.id"
)
_LIVE_MISSIONS = f"SELECT * FROM missions WHERE workspace_id = ? AND {_LIVE}"
_LIVE_EVENTS = f"SELECT t.* FROM missions m {_OF_LIVE.format(table='events')}"
_LIVE_SEATS = f"SELECT t.* FROM missions m {_OF_LIVE.format(table='seats')}"
_LIVE_CREW = f"""
SELECT p.* FROM missions m CROSS JOIN seats t CROSS JOIN people p
WHERE m.workspace_id = ? AND m.{_LIVE} AND t.workspace_id = ? AND t.mission_id = m.id
  AND p.workspace_id = t.workspace_id AND p.id = t.person_id
"""
_ALL_OF = "SELECT * FROM {table} WHERE workspace_id = ?"
_OPEN_REPORTS = "SELECT * FROM damage_reports WHERE workspace_id = ? AND state NOT IN ('closed', 'rejected')"
_NAMES = "SELECT name FROM missions WHERE workspace_id = ? AND name_key LIKE ? LIMIT 25"
_STATE = """
SELECT state FROM journal WHERE workspace_id = ? AND subject_kind = ? AND subject_id = ? AND recorded_at <= ?
ORDER BY seq DESC LIMIT 1
"""
_REPORT_STATES = """
SELECT j.state FROM damage_reports t CROSS JOIN journal j
WHERE t.workspace_id = ? AND t.pad_id = ? AND j.workspace_id = ? AND j.seq = (
    SELECT k.seq FROM journal k
    WHERE k.workspace_id = ? AND k.subject_kind = 'report' AND k.subject_id = t.number AND k.recorded_at <= ?
    ORDER BY k.seq DESC LIMIT 1)
"""
_STATES = """
SELECT j.state FROM {table} t CROSS JOIN journal j WHERE t.workspace_id = ? AND j.workspace_id = ? AND j.seq = (
    SELECT k.seq FROM journal k
    WHERE k.workspace_id = ? AND k.subject_kind = ? AND k.subject_id = t.{key} AND k.recorded_at <= ?
    ORDER BY k.seq DESC LIMIT 1)
"""
_KEPT_IN = {
    "mission": ("missions", "id"),
    "pad": ("pads", "id"),
    "station": ("stations", "id"),
    "report": ("damage_reports", "number"),
}
_FIRST = f"(SELECT id FROM missions WHERE workspace_id = ? AND {_LIVE} ORDER BY id LIMIT {LIST_MAX}) f"
_FIRST_MISSIONS = f"SELECT m.* FROM {_FIRST} CROSS JOIN missions m WHERE m.workspace_id = ? AND m.id = f.id"
_FIRST_EVENTS = f"SELECT e.* FROM {_FIRST} CROSS JOIN events e WHERE e.workspace_id = ? AND e.mission_id = f.id"
_FIRST_SEATS = f"SELECT s.* FROM {_FIRST} CROSS JOIN seats s WHERE s.workspace_id = ? AND s.mission_id = f.id"

_Rows = list[tuple[object, ...]]


class Plain:
    """Questions put to the driver. Each returns how many rows it fetched, so that nobody can leave the fetching out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def status(self, name_key: str) -> int:
        """One mission's card."""
        mission = self._rows(_MISSION, WORKSPACE, name_key)
        mission_id, pad_id, station_id = self._ids(mission[0])
        return len(self._door()) + len(mission) + self._around(mission_id, pad_id, station_id)

    def list(self) -> int:
        """The missions that one list shows, with pads and stations."""
        first = (self._rows(sql, WORKSPACE, WORKSPACE) for sql in (_FIRST_MISSIONS, _FIRST_EVENTS, _FIRST_SEATS))
        return len(self._door()) + sum(map(len, first)) + self._places()

    def live(self) -> int:
        """Every mission that is not over, with pads and stations."""
        return self.live_missions() + self._places()

    def live_missions(self) -> int:
        """Every mission that is not over, and nothing else."""
        rows = [self._rows(sql, WORKSPACE, WORKSPACE) for sql in (_LIVE_EVENTS, _LIVE_SEATS)]
        return len(self._door()) + len(self._rows(_LIVE_MISSIONS, WORKSPACE)) + sum(map(len, rows))

    def aboard(self) -> int:
        """Every mission that is not over, with pads and stations, and who has a seat."""
        return self.live() + len(self._rows(_LIVE_CREW, WORKSPACE, WORKSPACE))

    def completion(self, pattern: str) -> int:
        """Names that hold what was typed."""
        return len(self._door()) + len(self._rows(_NAMES, WORKSPACE, pattern))

    def status_as_of(self, name_key: str, at_us: int) -> int:
        """One mission's card from the journal's states."""
        mission = self._rows(_MISSION, WORKSPACE, name_key)
        mission_id, pad_id, station_id = self._ids(mission[0])
        subjects = (("mission", mission_id), ("pad", pad_id), ("station", station_id))
        states = sum(len(self._rows(_STATE, WORKSPACE, kind, subject_id, at_us)) for kind, subject_id in subjects)
        states += len(self._rows(_REPORT_STATES, WORKSPACE, pad_id, WORKSPACE, WORKSPACE, at_us))
        crew = self._rows(_CREW, WORKSPACE, mission_id)
        move = self._rows(_MOVE, WORKSPACE, mission_id)
        return len(self._door()) + states + len(crew) + len(move)

    def list_as_of(self, at_us: int) -> int:
        """Every mission, pad, station and report from the journal's states."""
        states = (
            self._rows(_STATES.format(table=table, key=key), WORKSPACE, WORKSPACE, WORKSPACE, kind, at_us)
            for kind, (table, key) in _KEPT_IN.items()
        )
        return len(self._door()) + sum(map(len, states))

    def history_as_of(self, name_key: str, at_us: int) -> int:
        """A mission's state, its ledger and its claims."""
        mission_id, _, _ = self._ids(self._rows(_MISSION, WORKSPACE, name_key)[0])
        state = self._rows(_STATE, WORKSPACE, "mission", mission_id, at_us)
        moves = self._rows(_MOVES, WORKSPACE, mission_id, at_us)
        return len(self._door()) + len(state) + len(moves) + len(self._rows(_CLAIMS, WORKSPACE, mission_id))

    def _door(self) -> _Rows:
        return self._rows(_WORKSPACE, WORKSPACE) + self._rows(_GRANTS, WORKSPACE)

    def _around(self, mission_id: int, pad_id: int, station_id: int) -> int:
        rows = [self._rows(sql, WORKSPACE, mission_id) for sql in (_EVENTS, _SEATS, _CREW, _MOVE)]
        rows += [self._rows(sql, WORKSPACE, pad_id) for sql in (_PAD, _CAPABILITIES, _PAD_REPORTS)]
        rows += [self._rows(sql, WORKSPACE, station_id) for sql in (_STATION, _PORTS)]
        return sum(map(len, rows))

    def _places(self) -> int:
        tables = ("pads", "pad_capabilities", "stations", "ports")
        rows = [self._rows(_OPEN_REPORTS, WORKSPACE)]
        rows += [self._rows(_ALL_OF.format(table=table), WORKSPACE) for table in tables]
        return sum(map(len, rows))

    def _ids(self, mission: Sequence[object]) -> tuple[int, int, int]:
        """(mission, pad, station) of a whole row."""
        return int(str(mission[1])), int(str(mission[7])), int(str(mission[8]))

    def _rows(self, sql: str, *params: int | str) -> _Rows:
        return self._connection.execute(sql, params).fetchall()
