"""When a damage report calls for somebody, and whom: nobody has taken it on, or nobody has said how grave it is.

Only a critical report that is open calls. Everything here is pure: the report, its workspace's settings and the clock go in.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from domain.countdown import DELAYED_AFTER, ReminderKind
from domain.damage import DamageReport, Severity

ESCALATE_AFTER = timedelta(minutes=10)
ASSESS_AFTER = timedelta(hours=4)
"""The times of a workspace that has set none."""
ROLES_MAX = 10


class AlarmEnd(StrEnum):
    """Why an alarm is over."""

    ACKNOWLEDGED = "acknowledged"
    ASSESSED = "assessed"
    LOWERED = "lowered"
    SETTLED = "settled"


def critical_since(report: DamageReport) -> datetime:
    """When this report last became critical: it was reported, grew graver, or was opened again."""
    return report.held_since or report.reported_at


def waits_since(report: DamageReport, kind: ReminderKind) -> datetime:
    """From when the time of an alarm of this kind counts."""
    since = critical_since(report)
    if kind is ReminderKind.UNACKNOWLEDGED or report.acknowledged_at is None:
        return since
    return max(since, report.acknowledged_at)


def alarm_of(report: DamageReport, *, is_assessed: bool) -> ReminderKind | None:
    """What the report calls for now; None when it calls for nothing."""
    if report.needs_somebody:
        return ReminderKind.UNACKNOWLEDGED
    is_critical = report.state.is_open and report.severity is Severity.CRITICAL
    return ReminderKind.UNASSESSED if is_critical and not is_assessed else None


def end_of(kind: ReminderKind, report: DamageReport, *, is_assessed: bool) -> AlarmEnd | None:
    """Why an alarm of this kind no longer holds; None while it does."""
    if kind is ReminderKind.UNACKNOWLEDGED and report.acknowledged_at is not None:
        return AlarmEnd.ACKNOWLEDGED
    if kind is ReminderKind.UNASSESSED and is_assessed:
        return AlarmEnd.ASSESSED
    if not report.state.is_open:
        return AlarmEnd.SETTLED
    return None if report.severity is Severity.CRITICAL else AlarmEnd.LOWERED


def counted_from(due_at: datetime, fired_at: datetime) -> datetime:
    """From when the next alarm's distance counts: the instant at which one was due; where it came late, when it came."""
    return due_at if fired_at - due_at <= DELAYED_AFTER else fired_at


def role_of_round(roles: Sequence[int], round_: int) -> int | None:
    """The role that repetition `round_` (from 1) calls: down the list, then from its beginning again."""
    return roles[(round_ - 1) % len(roles)] if roles else None
