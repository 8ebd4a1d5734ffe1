"""Members who keep the watch's own things: boards, digests, and what they want to be reminded of.

Some of it one member does in several steps: says their zone, sets a reminder, puts it off, cancels it. What each step writes into
the journal tells it from the others.
"""

from dataclasses import dataclass, field, replace

from domain.delivery import NOT_REACHED
from tests.campaign.members import Members
from tests.wire.books import Books, Finding

_ZONE = frozenset({"set_zone"})
_SET = frozenset({"set_reminder"})
_CANCEL = frozenset({"cancel_reminder"})
_SNOOZE = frozenset({"snooze_reminder"})
_DIRECT = "snoozeown"
_IN_CHANNEL = "snooze"


@dataclass
class Watchkeepers(Members):
    """`taken` are the messages of boards that members have deleted."""

    taken: set[int] = field(default_factory=set)
    _direct: dict[int, int] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)
    _pressed_once: set[str] = field(default_factory=set)
    _cancelled: set[int] = field(default_factory=set)

    async def set_reminder(
        self,
        when: str,
        text: str,
        repeat: str | None,
        *,
        where: str | None,
        zone: str | None,
        says_zone: bool,
        closed: bool,
    ) -> str:
        """Have a new member set a reminder: by direct message, or in the channel `where`. `closed`: they take no direct messages.

        Whoever has not said their zone is asked for it where it matters, by a form.
        """
        member = await self.another_member()
        if where is None:
            made = await self.wire.act("set_direct", member_id=member, closed=closed)
            self._direct[int(made["channel_id"])] = member
            if not closed:
                self._open.add(int(made["channel_id"]))
        if zone is not None and says_zone:
            await self.give(member, "remind zone", {"timezone": zone}, _ZONE)
        options = {"when": when, "text": text} | ({} if repeat is None else {"repeat": repeat})
        command = "remind me" if where is None else "remind here"
        answer = await self.give(member, command, options, _SET, where=where or "ops")
        return answer if answer != "asked" else await self._say_zone(zone or "UTC")

    async def _say_zone(self, zone: str) -> str:
        """Send the form that was opened last. Opening it did nothing, and nor did saying the zone before: who is asked has none."""
        opened = self.asked[-1]
        earlier = [one.member_id == opened.member_id for one in self.asked]
        self.asked[:] = [
            replace(one, actions=frozenset()) if same else one for one, same in zip(self.asked, earlier, strict=True)
        ]
        if not self.is_up:
            return "nothing"
        sent = await self.wire.act("submit", interaction_id=opened.interaction_id, values={"timezone": zone})
        interaction_id = int(sent["interaction_id"])
        self.asked.append(replace(opened, interaction_id=interaction_id, actions=_SET | _ZONE))
        return await self.answered(interaction_id)

    async def snooze(self, pick: float) -> str:
        """Put off something that has come, by a button that was not pressed before: its member does, or anybody in a channel."""
        found = [*await self.buttons(_DIRECT), *await self.buttons(_IN_CHANNEL)]
        fresh = [
            (message, name)
            for message, name in found
            if name not in self._pressed_once and (self._direct.get(message.channel_id), _DIRECT) not in self._pressed
        ]
        if not fresh or not self.is_up:
            return "nothing"
        message, name = fresh[int(pick * len(fresh))]
        self._pressed_once.add(name)
        member = self._direct.get(message.channel_id)
        if member is None:
            return await self.press_this(message, name, await self.another_member(), _SNOOZE)
        return await self.press_this(message, name, member, _SNOOZE, guild_id=0)

    async def cancel_reminder(self, pick: float) -> str:
        """Have a member cancel what they wanted to be reminded of."""
        waiting = [one for one in self.due.open_reminders() if one[0] not in self._cancelled]
        if not waiting or not self.is_up:
            return "nothing"
        number, author = waiting[int(pick * len(waiting))]
        self._cancelled.add(number)
        return await self.give(author, "remind cancel", {"reminder": f"RM-{number}"}, _CANCEL)

    def unreached(self, books: Books) -> list[Finding]:
        """Members who take direct messages, and were called out of reach."""
        missed = [row for row in books.outbox if row["reason"] == NOT_REACHED and row["channel_id"] in self._open]
        return [
            Finding("lost", f"delivery {row['id']} did not reach a member who takes direct messages") for row in missed
        ]

    async def end_digest(self, pick: float) -> str:
        """Have a member end one of the digests."""
        there = self.due.digests()
        if not there:
            return "nothing"
        return await self.ask("announce unsubscribe", subscription=str(there[int(pick * len(there))]))

    async def delete_board(self, pick: float) -> None:
        """Have a member delete the message of a board."""
        channels = set(await self.wire.act("list_channels"))
        said = {one.id: one for one in await self.wire.everything_said() if not one.deleted}
        there = [one for one in self.due.board_posts() if one in said and said[one].channel_id in channels]
        if there:
            message_id = there[int(pick * len(there))]
            self.taken.add(message_id)
            await self.wire.act("delete_message", message_id=message_id)
