"""What must hold of pads in the books, whatever was killed: back by the gate only, rows and posts as the journal says last.

The journal is read from its first entry; what the gate asks is asked here once more, in fewer words, of the states it holds.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from storage.rows import to_us
from tests.wire.books import Books, Finding, Row

_RANKS = {"operational": 0, "restricted": 1, "out_of_service": 2}
_OVER = frozenset({"closed", "rejected"})
_SETTLED = frozenset({"verified", "cancelled"})
_KEPT = {
    "pad": ("latched", "restriction", "lifecycle", "returned_at"),
    "report": ("pad_id", "severity", "state", "held_since", "acknowledged_by", "acknowledged_at", "settled_at"),
    "repair": ("report_number", "state", "progress", "done_at", "done_by", "verified_at", "verified_by"),
    "return": ("pad_id", "state", "requested_by", "requested_at", "basis_seq", "decided_by", "decided_at"),
}
"""What the row of a subject must have as its last journal entry has it."""
_TOUCHES = ("held_since", "done_at", "inspected_at")
_FOLLOWED = {"report": ("severity", "state", "acknowledged_at"), "return": ("decision", "decided_by")}
"""What the posts of a subject must say as its row does."""


def faults_of_pads(books: Books) -> list[Finding]:
    """What is wrong about pads, their reports, repairs and returns."""
    found = []
    for workspace in books.workspaces:
        ledger = _Ledger(workspace["id"])
        for entry in books.journal:
            if entry["workspace_id"] == workspace["id"]:
                found += ledger.read(entry)
        found += _rows_apart(books, ledger)
        found += _of_returns(books, ledger)
    return [Finding("other", text) for text in found]


def posts_left_behind(books: Books) -> list[Finding]:
    """Posts of reports and returns of which the last words written are not those of their subject's row."""
    rows = {f"report:{row['number']}": (row["workspace_id"], "report", row) for row in books.reports}
    rows |= {f"return:{row['number']}": (row["workspace_id"], "return", row) for row in books.returns}
    found = []
    for post in books.outbox:
        followed = rows.get(post["cause"]) if post["operation"] == "post" else None
        if followed is None or post["state"] in {"expired", "delivered_deleted"}:
            continue
        workspace_id, kind, row = followed
        assert post["workspace_id"] == workspace_id, "the campaign has one server"
        edits = [other for other in books.outbox if other["target_id"] == post["id"] and other["operation"] == "edit"]
        said = json.loads((edits or [post])[-1]["facts"])
        wanted = row if kind == "report" else row | {"decision": None if row["state"] == "waiting" else row["state"]}
        found += [
            Finding("lost", f"post {post['id']} of {post['cause']} says {name} {said[name]}, its row {wanted[name]}")
            for name in _FOLLOWED[kind]
            if _value(said[name]) != wanted[name]
        ]
    return found


@dataclass
class _Ledger:
    """A workspace's journal as far as it has been read: each subject's state by its last entry."""

    workspace_id: int
    states: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    latched_at: dict[int, int] = field(default_factory=dict)
    confirmed_at: dict[int, int] = field(default_factory=dict)
    _confirming: tuple[int, int] = (0, 0)
    _touched: dict[tuple[str, int], int] = field(default_factory=dict)
    """When damage, work and inspections were recorded, as the journal's order has it: a clock may be set back."""

    def read(self, entry: Row) -> list[str]:
        """Take the next entry, and say what is wrong about it."""
        kind, number, action = entry["subject_kind"], entry["subject_id"], entry["action"]
        state, before = json.loads(entry["state"]), self.states.get((kind, number), {})
        found = []
        # One change has one instant and one actor: what a confirmation did stands beside it.
        if action == "confirm_return":
            self._confirming = entry["recorded_at"], entry["actor_id"]
            self.confirmed_at[state["pad_id"]] = entry["seq"]
            found += [f"RS-{number} was confirmed with {what}" for what in self._in_the_way(state)]
        by_return = self._confirming == (entry["recorded_at"], entry["actor_id"])
        if kind == "pad":
            if _RANKS[state["latched"]] < _RANKS[before.get("latched", "operational")] and not by_return:
                found.append(f"pad {number} became {state['latched']} by {action}, without a confirmed return")
            if state["latched"] != before.get("latched", "operational") and action == "latch_pad":
                self.latched_at[number] = entry["seq"]
        if kind == "report":
            limits = state["severity"] != "minor" and state["state"] not in _OVER
            was_held = limits or before.get("held_since") is not None
            if was_held and state["held_since"] is None and not (action == "release_report" and by_return):
                found.append(f"DR-{number} holds its pad no more by {action}, without a confirmed return")
        if any(state.get(name) not in {None, before.get(name)} for name in _TOUCHES):
            self._touched[kind, number] = entry["seq"]
        self.states[kind, number] = state
        return found

    def of_kind(self, kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Every subject of a kind, by number."""
        return ((number, state) for (one, number), state in self.states.items() if one == kind)

    def _in_the_way(self, request: Mapping[str, Any]) -> list[str]:
        """What stood in the way of a pad's return when it was confirmed."""
        pad_id = request["pad_id"]
        holding = {
            number: state
            for number, state in self.of_kind("report")
            if state["pad_id"] == pad_id and state["held_since"] is not None
        }
        tasks = {number: state for number, state in self.of_kind("repair") if state["report_number"] in holding}
        found = [f"DR-{number} {state['state']}" for number, state in holding.items() if state["state"] not in _OVER]
        found += [f"RT-{number} {state['state']}" for number, state in tasks.items() if state["state"] not in _SETTLED]
        if self.states["pad", pad_id]["restriction"] is not None:
            found.append("a standing restriction")
        inspections = [state for _, state in self.of_kind("inspection") if state["pad_id"] == pad_id]
        touched = {("report", number) for number in holding} | {("repair", number) for number in tasks}
        last = max((self._touched.get(one, 0) for one in touched), default=0)
        inspected = max((seq for one, seq in self._touched.items() if one[0] == "inspection"), default=0)
        if not inspections or inspections[-1]["result"] != "passed" or inspected <= last:
            found.append("no passed inspection after all of it")
        return found


def _rows_apart(books: Books, ledger: _Ledger) -> list[str]:
    """Rows that do not say what the journal's last entry about them says."""
    tables = {"pad": (books.pads, "id"), "report": (books.reports, "number")}
    tables |= {"repair": (books.tasks, "number"), "return": (books.returns, "number")}
    found = []
    for kind, (rows, key) in tables.items():
        known = {row[key]: row for row in rows if row["workspace_id"] == ledger.workspace_id}
        journalled = dict(ledger.of_kind(kind))
        if known.keys() != journalled.keys():
            found.append(f"there are {kind} rows {sorted(known)}, and journal entries of {sorted(journalled)}")
        found += [
            f"{kind} {number} has {name} {known[number][name]}, by its last journal entry {state[name]}"
            for number, state in journalled.items()
            for name in _KEPT[kind]
            if number in known and _value(state[name]) != known[number][name]
        ]
    return found


def _of_returns(books: Books, ledger: _Ledger) -> list[str]:
    """What is wrong about requests, and about pads that are away though they came back."""
    requests = [row for row in books.returns if row["workspace_id"] == ledger.workspace_id]
    waiting = Counter(row["pad_id"] for row in requests if row["state"] == "waiting")
    found = [f"pad {pad_id} has {count} waiting returns" for pad_id, count in waiting.items() if count > 1]
    for row in requests:
        own = row["decided_by"] == row["requested_by"]
        if row["state"] in {"confirmed", "declined"} and (own or row["decided_by"] is None):
            found.append(f"RS-{row['number']} was {row['state']} by {row['decided_by']}, who asked for it")
        if row["state"] == "withdrawn" and not own:
            found.append(f"RS-{row['number']} was withdrawn by {row['decided_by']}, who had not asked for it")
    for pad in books.pads:
        if pad["workspace_id"] != ledger.workspace_id:
            continue
        is_away = pad["latched"] != "operational"
        was_latched, came_back = ledger.latched_at.get(pad["id"], 0), ledger.confirmed_at.get(pad["id"], 0)
        if is_away is not (was_latched > came_back):
            found.append(f"pad {pad['id']} is {pad['latched']}, latched at {was_latched} and returned at {came_back}")
    return found


def _value(found: Any) -> Any:
    """A value of the journal's JSON as a row has it: an instant as microseconds."""
    if isinstance(found, str) and len(found) > 18 and found[10] == "T":
        return to_us(datetime.fromisoformat(found))
    return found
