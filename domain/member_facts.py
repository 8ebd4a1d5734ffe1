"""What members' own reminders say; the rules of `domain.facts` hold here too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.member_reminders import Where
from domain.recurrence import Repeat


@dataclass(frozen=True, slots=True)
class MemberReminded:
    """A member's own reminder is due. `channel_id` is where it was set; `next_at` when it comes again, where it repeats."""

    workspace_id: int
    number: int
    where: Where
    author_id: int
    channel_id: int
    text: str
    due_at: datetime
    repeat: Repeat | None = None
    next_at: datetime | None = None
    delayed: bool = False
    fact: Literal["member_reminded"] = "member_reminded"

    @property
    def is_private(self) -> bool:
        """True for what only its member may read."""
        return self.where is Where.ME


@dataclass(frozen=True, slots=True)
class ReminderUndelivered:
    """A private reminder did not reach its member's direct messages. What it says stays private; `repeats` when it comes again."""

    number: int
    author_id: int
    due_at: datetime
    repeats: bool = False
    fact: Literal["reminder_undelivered"] = "reminder_undelivered"


MemberFacts = MemberReminded | ReminderUndelivered
