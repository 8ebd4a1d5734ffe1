"""Refusals as the security log keeps them: who was refused what, where and when. Never what was typed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ROWS_AN_HOUR = 20
"""So many refusals of one member in one hour have a row each; one more row sums up the rest of that hour."""
KEPT_FOR = timedelta(days=90)
NO_SERVER = 0
"""Stands for the workspace of what was tried in a direct message."""


class Door(StrEnum):
    """Where a member was refused. Completion is not among them: it offers nothing and has no place for words."""

    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal. `handler` is the command's name, the button's action or the form's name."""

    workspace_id: int
    member_id: int
    door: Door
    handler: str
    code: str
    capability: str | None
    refused_at: datetime
    times: int = 1
