"""The one way state changes: one transaction that is permitted, once per interaction, journalled, and announced.

`Changes.make` opens the write, locks the workspace, refuses a replay, asks for the capability, runs the work with a `Change`,
writes the counters, commits, and rings whoever must look. Nothing else in the house writes domain state.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import compress
from typing import Generic, NamedTuple, Protocol, TypeVar

from domain import journal as chain
from domain.announcements import Audience, audience_of, is_heard_muted, places_of
from domain.capabilities import Capability, Grants, Standing, holds, require
from domain.clock import Clock
from domain.delivery import Operation
from domain.errors import Conflict, NotFound
from domain.facts import Facts
from domain.places import Place
from services.actors import SYSTEM_ID, Actor
from storage import boards, journal, outbox, subscriptions, workspaces
from storage.database import Database, Reader, Transaction
from storage.outbox import Posted
from storage.states import dump
from storage.subscriptions import Heard
from storage.workspaces import Counters, Workspace

T = TypeVar("T")


class Bells(Protocol):
    """Whom to wake after a commit. Ringing is cheap and may be done for nothing."""

    def ring_courier(self) -> None:
        """There may be something to send."""
        ...

    def ring_timekeeper(self) -> None:
        """The nearest due instant may have changed."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt(Generic[T]):
    """What a change returns: its result, and the channels in which an announcement of it will appear."""

    value: T
    announced_in: frozenset[int]


@dataclass(frozen=True, slots=True)
class View:
    """What a read sees: one reader, the workspace, and the moment of asking."""

    reader: Reader
    workspace: Workspace
    actor: Actor
    now: datetime


class Announcement(NamedTuple):
    """Something to be announced; whatever has the same cause is one delivery in a channel, however often it is asked for."""

    facts: Facts
    cause: str


@dataclass(slots=True)
class Change:
    """A change under way. Everything it writes is committed together or not at all."""

    tx: Transaction
    workspace: Workspace
    actor: Actor
    now: datetime
    _counters: Counters
    _key: bytes
    _grants: Grants
    _announced_in: set[int] = field(default_factory=set)
    _announcements: int = 0
    _edits: int = 0
    _known: Heard | None = None
    must_ring: bool = False
    touched_schedule: bool = False

    @property
    def wrote_deliveries(self) -> bool:
        """Whether there is something for the courier."""
        return self.must_ring or bool(self._announced_in)

    @property
    def journal_head(self) -> chain.Point:
        """The last entry of the journal so far, and its MAC."""
        return chain.Point(self._counters.journal_seq, self._counters.journal_mac)

    def holds(self, standing: Standing, capability: Capability) -> bool:
        """Whether somebody else, too, may do something here: of a second person's decision, the first."""
        return holds(standing, capability, self._grants)

    def new_id(self) -> int:
        """A fresh id, unique in the workspace."""
        self._counters.last_id += 1
        return self._counters.last_id

    def new_report_number(self) -> int:
        """The next DR number."""
        self._counters.last_report_number += 1
        return self._counters.last_report_number

    def new_task_number(self) -> int:
        """The next RT number."""
        self._counters.last_task_number += 1
        return self._counters.last_task_number

    async def record(
        self,
        action: str,
        subject: tuple[str, int],
        state: object,
        *,
        personal: Mapping[str, object] | None = None,
        event_at: datetime | None = None,
    ) -> int:
        """Append a journal entry and return its number. `state` is the subject after the change; `personal` can be erased."""
        counters = self._counters
        salt = secrets.token_hex(16)
        name = self.actor.name.encode(errors="replace").decode()  # a display name may hold what UTF-8 cannot
        personal_json = chain.canonical_json({"actor": name, **(personal or {})})
        entry = chain.Entry(
            workspace_id=self.workspace.id,
            seq=counters.journal_seq + 1,
            recorded_at=self.now,
            actor_id=self.actor.member_id,
            action=action,
            subject_kind=subject[0],
            subject_id=subject[1],
            state_json=dump(state),
            event_at=event_at,
            personal_digest=chain.digest_personal(salt, personal_json),
        )
        mac = chain.link(self._key, counters.journal_mac, entry)
        await journal.append(self.tx, chain.Linked(entry, mac), salt, personal_json)
        counters.journal_seq, counters.journal_mac = entry.seq, mac
        return entry.seq

    async def announce(
        self,
        facts: Facts,
        *,
        also: Iterable[int] = (),
        only: int | None = None,
        cause: str | None = None,
        threads: bool = False,
    ) -> bool:
        """Write one delivery for each subscribed channel, and for the channels in `also`; False when its mission is muted.

        With `only` it is for that channel alone, subscribed or not; with `threads` each post gets a thread to talk in.
        `cause` makes the delivery one however often it is asked for; without it, it is this change.
        """
        audience = audience_of(facts)
        if audience.mission_id in (await self._heard()).muted and not is_heard_muted(facts):
            return False
        self._announcements += 1
        is_new = cause is None
        cause = cause or f"journal:{self._counters.journal_seq}.{self._announcements}"
        for place in await self.places_for(audience, only=only, also=also):
            await self._post(facts, cause, place, thread=threads, is_new=is_new)
        return True

    async def announce_many(self, announcements: Sequence[Announcement]) -> list[bool]:
        """`announce` each of these in this order, in one go; for each whether it was heard: its mission was not muted."""
        heard = await self._heard()
        audiences = [audience_of(one.facts) for one in announcements]
        is_heard = [
            audience.mission_id not in heard.muted or is_heard_muted(one.facts)
            for one, audience in zip(announcements, audiences, strict=True)
        ]
        wanted: dict[Audience, tuple[Place, ...]] = {}
        postings = []
        for one, audience in compress(zip(announcements, audiences, strict=True), is_heard):
            alike = heard.as_told_apart(audience)
            if alike not in wanted:
                wanted[alike] = await self.places_for(alike)
            postings += [_posting(one.facts, one.cause, place) for place in wanted[alike]]
        await outbox.insert_many(self.tx, self.workspace.id, postings, self.now)
        self._announced_in.update(posting.channel_id for posting in postings)
        return is_heard

    async def tell(self, places: Iterable[Place], facts: Facts, *, cause: str) -> None:
        """Write one delivery for each of these places, whatever they have subscribed to."""
        for place in places:
            await self._post(facts, cause, place, thread=False, is_new=False)

    async def places_for(
        self, audience: Audience, *, only: int | None = None, also: Iterable[int] = ()
    ) -> tuple[Place, ...]:
        """The channels that would hear it, and those in `also`; or `only` that one, subscribed or not."""
        places = places_of(one for one in (await self._heard()).subscriptions if one.wants(audience))
        for channel_id in also if only is None else (only,):
            places.setdefault(channel_id, Place(channel_id))
        return tuple(place for place in places.values() if only in {None, place.channel_id})

    async def edit(self, post: Posted, facts: Facts, *, cause: str) -> None:
        """Have a post say something else, after whatever waits before it in its channel. Nobody is pinged by that."""
        self._edits += 1
        posting = outbox.Posting(
            channel_id=post.channel_id,
            facts=facts,
            cause=f"{cause}:edit:{self._counters.journal_seq}.{self._edits}",
            language=post.language,
            mention_role_ids=post.mention_role_ids,
            operation=Operation.EDIT,
            target_id=post.id,
        )
        await self._insert_new(posting)
        self.must_ring = True

    async def _heard(self) -> Heard:
        if self._known is None:
            self._known = await subscriptions.load_heard(self.tx, self.workspace.id)
        return self._known

    async def notify_ops(self, facts: Facts, *, cause: str) -> None:
        """Tell the ops channel about the bot itself."""
        posting = outbox.Posting(self.workspace.ops_channel_id, facts, cause, "en")
        await outbox.insert(self.tx, self.workspace.id, posting, self.now)
        self._announced_in.add(self.workspace.ops_channel_id)

    def ops_delivery_key(self, cause: str) -> str:
        """What makes a post to the ops channel one delivery."""
        return outbox.key_of(self.workspace.id, cause, self.workspace.ops_channel_id)

    async def _post(self, facts: Facts, cause: str, place: Place, *, thread: bool, is_new: bool) -> None:
        channel_id = place.channel_id
        posting = _posting(facts, cause, place)
        floor = (self.actor.request_id or 0) if channel_id == self.actor.channel_id else 0
        if is_new:
            post_id: int | None = await self._insert_new(posting, floor)
        else:
            post_id = await outbox.insert(self.tx, self.workspace.id, posting, self.now, floor_message_id=floor)
        if thread and post_id is not None:
            opening = replace(posting, cause=f"{cause}:thread", operation=Operation.THREAD, target_id=post_id)
            await self._insert_new(opening)
        self._announced_in.add(channel_id)

    async def _insert_new(self, posting: outbox.Posting, floor_message_id: int = 0) -> int:
        """Write a delivery whose cause must be new. Raises RuntimeError when it is not: one of the two would be lost."""
        made = await outbox.insert(self.tx, self.workspace.id, posting, self.now, floor_message_id=floor_message_id)
        if made is None:
            raise RuntimeError(f"two deliveries of one cause: {posting.cause}")
        return made

    def receipt(self, value: T) -> Receipt[T]:
        """What the caller gets once this is committed."""
        return Receipt(value, frozenset(self._announced_in))


class Changes:
    """The door to all state: `make` for changes, `read` for questions."""

    def __init__(self, database: Database, clock: Clock, journal_key: bytes, bells: Bells) -> None:
        self._database = database
        self._clock = clock
        self._key = journal_key
        self._bells = bells

    @property
    def clock(self) -> Clock:
        """The house's clock."""
        return self._clock

    @property
    def database(self) -> Database:
        """The database, for the few that read across workspaces (timekeeper, courier, health)."""
        return self._database

    async def make(
        self, actor: Actor, capability: Capability | None, work: Callable[[Change], Awaitable[T]]
    ) -> Receipt[T]:
        """Run one change. Raises NotFound `not_set_up`, Conflict `already_done` for a replay, NotPermitted, or the work's own.

        Without a capability it is any member's to make: only for what is theirs alone, which the work must see to.
        """

        async def transaction(tx: Transaction) -> tuple[Receipt[T], Change]:
            opened = await _require_workspace(tx, actor.workspace_id)
            if capability is not None:
                _authorise(actor, capability, opened)
            await _claim(tx, actor, self._clock.now())
            change = Change(tx, opened.workspace, actor, self._clock.now(), opened.counters, self._key, opened.grants)
            # Before the work: a board that this change pins is true already.
            change.touched_schedule = await boards.mark_changed(tx, opened.workspace.id, change.now)
            receipt = change.receipt(await work(change))
            await workspaces.save_counters(tx, opened.workspace.id, opened.counters)
            return receipt, change

        receipt, change = await self._database.write(transaction)
        if change.wrote_deliveries:
            self._bells.ring_courier()
        if change.touched_schedule:
            self._bells.ring_timekeeper()
        return receipt

    async def found(
        self, actor: Actor, settle: Callable[[Workspace | None], Workspace], work: Callable[[Change], Awaitable[T]]
    ) -> Receipt[T]:
        """Set a workspace up, or change its settings: the one change that may come before there is a workspace.

        `settle` makes the settings from those that stand; from None the first time.
        """

        async def transaction(tx: Transaction) -> Receipt[T]:
            opened = await workspaces.load(tx, actor.workspace_id)
            if opened is None:
                require(actor.standing, Capability.ADMIN, {})
                settled = settle(None)
                await workspaces.insert(tx, settled, self._clock.now(), chain.GENESIS)
                counters = Counters(journal_mac=chain.GENESIS)
            else:
                _authorise(actor, Capability.ADMIN, opened)
                settled = settle(opened.workspace)
                await workspaces.save_settings(tx, settled)
                counters = opened.counters
            await _claim(tx, actor, self._clock.now())
            change = Change(
                tx, settled, actor, self._clock.now(), counters, self._key, {} if opened is None else opened.grants
            )
            receipt = change.receipt(await work(change))
            await workspaces.save_counters(tx, settled.id, counters)
            await boards.mark_changed(tx, settled.id, change.now)
            return receipt

        receipt = await self._database.write(transaction)
        self._bells.ring_courier()
        self._bells.ring_timekeeper()
        return receipt

    async def read(
        self, actor: Actor, work: Callable[[View], Awaitable[T]], capability: Capability | None = Capability.READ
    ) -> T:
        """Answer a question. Raises NotFound `not_set_up`, NotPermitted, or the work's own.

        Without a capability it is answered to any member: only for what a member may always know about themselves.
        """

        async def reading(reader: Reader) -> T:
            opened = await _require_workspace(reader, actor.workspace_id)
            if capability is not None:
                _authorise(actor, capability, opened)
            return await work(View(reader, opened.workspace, actor, self._clock.now()))

        return await self._database.read(reading)


def _posting(facts: Facts, cause: str, place: Place) -> outbox.Posting:
    return outbox.Posting(place.channel_id, facts, cause, place.language, place.mention_role_ids)


async def _require_workspace(reader: Reader, workspace_id: int) -> workspaces.Opened:
    opened = await workspaces.load(reader, workspace_id)
    if opened is None:
        raise NotFound("not_set_up")
    return opened


def _authorise(actor: Actor, capability: Capability, opened: workspaces.Opened) -> None:
    if actor.member_id == SYSTEM_ID:
        return
    require(actor.standing, capability, opened.grants)


async def _claim(tx: Transaction, actor: Actor, now: datetime) -> None:
    if actor.request_id is None:
        return
    if not await workspaces.claim_request(tx, actor.workspace_id, actor.request_id, now):
        raise Conflict("already_done")
