"""The statements desk: what is posted in the team's name is drafted by one person and approved by another.

A draft waits in the ops channel, as a delivery like any other, with its buttons. What is approved is exactly what was shown there:
a draft is never changed, only decided. Corrections go the same way, or approval would mean nothing.
"""

from dataclasses import dataclass, replace

from domain.announcements import audience_of
from domain.capabilities import Capability
from domain.errors import Conflict, NotFound
from domain.facts import DraftWaiting, StatementPosted
from domain.missions import Mission
from domain.places import Place
from domain.statements import STATEMENT_MAX, Draft, DraftState, approve, reject
from domain.text import one_line, paragraph
from services import lookups
from services.actors import Actor
from services.announcements import ChannelFacts, require_usable
from services.changes import Change, Changes, Receipt
from storage import missions, outbox, statements


@dataclass(frozen=True, slots=True)
class PostStatement:
    """`/announce post`, as typed. Without a channel it is for every channel that hears statements."""

    text: str
    channel: ChannelFacts | None = None
    mission: str | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it stands, and the channel in which its card waits."""

    draft: Draft
    ops_channel_id: int


class StatementDesk:
    """Drafts, approvals and corrections."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def draft(self, actor: Actor, request: PostStatement) -> Receipt[Drafted]:
        """Draft a statement. Raises Conflict `statement_unheard` when no channel would hear it."""
        if request.channel is not None:
            require_usable(request.channel)

        async def work(change: Change) -> Drafted:
            ws = change.workspace.id
            text = paragraph(request.text, what="text", limit=STATEMENT_MAX)
            mission = None if request.mission is None else await lookups.mission(change.tx, ws, request.mission)
            if request.channel is not None:
                await outbox.ensure_lane(change.tx, ws, request.channel.id, request.channel.last_message_id)
            made = Draft(
                number=await statements.next_number(change.tx, ws),
                text=text,
                mission_id=mission.id if mission else None,
                channel_id=request.channel.id if request.channel else None,
                drafted_by=change.actor.member_id,
                drafted_at=change.now,
            )
            made = replace(made, channels=await _heard_in(change, made, mission))
            await statements.insert(change.tx, ws, made, None)
            await change.record("draft_statement", ("statement", made.number), made)
            await change.notify_ops(_waiting(made, mission), cause=_draft_cause(made.number))
            return Drafted(made, change.workspace.ops_channel_id)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def correct(self, actor: Actor, statement: str, text: str, reason: str) -> Receipt[Drafted]:
        """Draft the correction of a statement that was posted."""

        async def work(change: Change) -> Drafted:
            ws = change.workspace.id
            because = one_line(reason, what="reason")
            wanted = paragraph(text, what="text", limit=STATEMENT_MAX)
            number = lookups.statement_number(statement)
            original, stands = await _posted(change, number)
            if wanted == stands.text:
                raise Conflict("statement_unchanged", number=number)
            made = Draft(
                number=await statements.next_number(change.tx, ws),
                text=wanted,
                mission_id=original.mission_id,
                channel_id=original.channel_id,
                drafted_by=change.actor.member_id,
                drafted_at=change.now,
                corrects=number,
                replaces=stands.number,
            )
            made = replace(made, channels=await _stands_in(change, number))
            await statements.insert(change.tx, ws, made, because)
            await change.record("draft_correction", ("statement", made.number), made, personal={"reason": because})
            mission = await _mission(change, original.mission_id)
            facts = _waiting(made, mission, before=stands.text, reason=because)
            await change.notify_ops(facts, cause=_draft_cause(made.number))
            return Drafted(made, change.workspace.ops_channel_id)

        return await self._changes.make(actor, Capability.OPERATE, work)

    async def approve(self, actor: Actor, number: int) -> Receipt[Drafted]:
        """Approve a draft: it is posted, or what it corrects is edited, in this very transaction."""

        async def work(change: Change) -> Drafted:
            found, reason = await _load(change, number)
            mission = await _mission(change, found.mission_id)
            stands = None if found.corrects is None else await _posted(change, found.corrects)
            decided = approve(
                found,
                change.actor.member_id,
                change.now,
                standing=stands[1].number if stands else None,
                channels=() if stands else await _heard_in(change, found, mission),
            )
            if stands is not None:
                decided = replace(decided, channels=await _stands_in(change, stands[0].number))
            await _decide(change, decided, "approve_statement")
            if stands is None:
                await change.announce(_posted_facts(found, mission), cause=_cause(number), only=found.channel_id)
            else:
                await _edit(change, decided, mission, stands[1].text, reason)
            return Drafted(decided, change.workspace.ops_channel_id)

        return await self._changes.make(actor, Capability.APPROVE, work)

    async def reject(self, actor: Actor, number: int) -> Receipt[Drafted]:
        """Reject a draft of somebody else's."""
        return await self._changes.make(actor, Capability.APPROVE, lambda change: _turn_down(change, number, own=False))

    async def withdraw(self, actor: Actor, number: int) -> Receipt[Drafted]:
        """Take one's own draft back."""
        return await self._changes.make(actor, Capability.OPERATE, lambda change: _turn_down(change, number, own=True))


async def _turn_down(change: Change, number: int, *, own: bool) -> Drafted:
    found, _ = await _load(change, number)
    if own is not (found.drafted_by == change.actor.member_id):
        raise Conflict("draft_of_another" if own else "draft_to_withdraw", number=number)
    decided = reject(found, change.actor.member_id, change.now)
    await _decide(change, decided, f"{decided.state.value}_statement")
    return Drafted(decided, change.workspace.ops_channel_id)


async def _decide(change: Change, decided: Draft, action: str) -> None:
    """Keep the decision, and have the card in the ops channel say it, without its buttons."""
    ws = change.workspace.id
    await statements.decide(change.tx, ws, decided)
    await change.record(action, ("statement", decided.number), decided)
    for post in await outbox.posts_of(change.tx, ws, _draft_cause(decided.number)):
        if isinstance(post.facts, DraftWaiting):
            await change.edit(post, _with_decision(post.facts, decided), cause=_draft_cause(decided.number))


async def _edit(change: Change, correction: Draft, mission: Mission | None, before: str, reason: str | None) -> None:
    assert correction.corrects is not None  # noqa: S101 - only corrections come here
    cause = _cause(correction.corrects)
    facts = StatementPosted(
        number=correction.corrects,
        text=correction.text,
        mission_id=correction.mission_id,
        mission=mission.name if mission else None,
        corrected_at=change.now,
        reason=reason,
        before=before,
    )
    for post in await outbox.posts_of(change.tx, change.workspace.id, cause):
        await change.edit(post, facts, cause=cause)


async def _heard_in(change: Change, draft: Draft, mission: Mission | None) -> tuple[Place, ...]:
    """Where a statement goes, and whom it mentions there. Raises Conflict `statement_unheard` when that is nowhere."""
    channels = await change.places_for(audience_of(_posted_facts(draft, mission)), only=draft.channel_id)
    if not channels:
        raise Conflict("statement_unheard")
    return tuple(sorted(channels, key=lambda place: place.channel_id))


async def _stands_in(change: Change, number: int) -> tuple[Place, ...]:
    """Where a statement stands. Raises Conflict `statement_not_standing` when that is nowhere any more."""
    posts = await outbox.posts_of(change.tx, change.workspace.id, _cause(number))
    if not posts:
        raise Conflict("statement_not_standing", number=number)
    return tuple(Place(post.channel_id, post.language) for post in posts)


async def _load(change: Change, number: int) -> tuple[Draft, str | None]:
    found = await statements.load(change.tx, change.workspace.id, number)
    if found is None:
        raise NotFound("button_stale")
    return found


async def _posted(change: Change, number: int) -> tuple[Draft, Draft]:
    """A statement that was approved, and the draft whose text stands in it now."""
    found = await statements.load(change.tx, change.workspace.id, number)
    if found is None or found[0].corrects is not None or found[0].state is not DraftState.APPROVED:
        raise NotFound("statement_unknown", number=number)
    return found[0], await statements.standing(change.tx, change.workspace.id, number) or found[0]


async def _mission(change: Change, mission_id: int | None) -> Mission | None:
    return None if mission_id is None else await missions.load(change.tx, change.workspace.id, mission_id)


def _posted_facts(draft: Draft, mission: Mission | None) -> StatementPosted:
    return StatementPosted(draft.number, draft.text, draft.mission_id, mission.name if mission else None)


def _waiting(
    draft: Draft,
    mission: Mission | None,
    *,
    before: str | None = None,
    reason: str | None = None,
) -> DraftWaiting:
    return DraftWaiting(
        number=draft.number,
        text=draft.text,
        mission=mission.name if mission else None,
        channels=draft.channels,
        drafted_by=draft.drafted_by,
        corrects=draft.corrects,
        before=before,
        reason=reason,
    )


def _with_decision(facts: DraftWaiting, decided: Draft) -> DraftWaiting:
    return replace(facts, decision=decided.state, decided_by=decided.decided_by)


def _cause(number: int) -> str:
    return f"statement:{number}"


def _draft_cause(number: int) -> str:
    return f"draft:{number}"
