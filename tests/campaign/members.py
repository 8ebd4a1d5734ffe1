"""Members of the guild: they give commands, press buttons, are told something, leave. Each thing is done by a member of its own."""

from dataclasses import dataclass, field
from typing import Any

from tests.campaign.life import QUIET_S, Life
from tests.wire.books import ASKS, Asked, answer_of
from tests.wire.client import Place, Seen

_STALE = 0.1
_BUTTON_PAUSES = 3
_PAUSE_S = 6.0
_ASKING = frozenset({"request_return", "void_return"})
_DECIDING = {
    "confirmreturn": frozenset({"confirm_return", "return_pad", "release_report"}),
    "declinereturn": frozenset({"decline_return"}),
    "withdrawreturn": frozenset({"withdraw_return"}),
}
"""What one member who asks for a return and then presses its buttons does in the first step, and in those that follow."""


@dataclass
class Members(Life):
    """Everybody in the guild. `asked` is what they gave and pressed."""

    place: Place = field(init=False)
    channels: dict[str, int] = field(default_factory=dict)
    role_id: int = 0
    asked: list[Asked] = field(default_factory=list)
    patience: int = 4
    """So many quiet looks at a bot that is there and says nothing, before a member takes it for no answer."""

    directors: int = 0
    """The role of those who may do everything."""

    _members: int = 0
    _left: set[int] = field(default_factory=set)
    _pressed: set[tuple[int, str]] = field(default_factory=set)

    async def ask(self, command: str, **options: Any) -> str:
        """Have a member give a command, a member of its own. What was answered: done (or refused) or nothing."""
        return await self.give(await self.another_member(), command, options, _ASKING if command == ASKS else None)

    async def give(
        self,
        member: int,
        command: str,
        options: dict[str, Any],
        actions: frozenset[str] | None = None,
        *,
        where: str = "ops",
    ) -> str:
        """Have this member give a command; `actions` tell what it does from what else the member does."""
        if not self.is_up or not await self.wire.act("commands") or not await self.is_there(self.channels[where]):
            return "nothing"
        place = Place(self.place.guild_id, self.channels[where], member)
        interaction_id = await self.wire.invoke(place, command, **options)
        self.asked.append(Asked(interaction_id, member, command, actions))
        return await self.answered(interaction_id)

    async def is_there(self, channel_id: int) -> bool:
        """Whether there is such a channel (still)."""
        return channel_id in await self.wire.act("list_channels")

    async def press(self, action: str, pick: float, *, by_asker: bool = False) -> str:
        """Have a member press one of the buttons of this kind that stand: a member of its own, or whoever asked last for a return.

        `pick` (0 to 1) says which: of a return mostly one of the newest, whose number is the highest. What was answered, as with a
        command; nothing where there is no such button.
        """
        buttons = await self.buttons(action)
        if action in _DECIDING and buttons and pick > _STALE:
            newest = max(int(name.rpartition(":")[2]) for _, name in buttons)
            buttons = [(one, name) for one, name in buttons if name.endswith(f":{newest}")]
        asker = self._last_asker()
        if not self.is_up or not buttons or (by_asker and (asker is None or (asker, action) in self._pressed)):
            return "nothing"
        message, custom_id = buttons[int(pick * len(buttons))]
        member = asker if by_asker and asker is not None else await self.another_member()
        return await self.press_this(message, custom_id, member, _DECIDING[action] if by_asker else None)

    async def press_this(
        self, message: Seen, custom_id: str, member: int, actions: frozenset[str] | None, *, guild_id: int | None = None
    ) -> str:
        """Have this member press this button, in the guild unless another is said (0: in direct messages)."""
        action = custom_id.split(":")[1]
        self._pressed.add((member, action))
        where = {"guild_id": self.place.guild_id if guild_id is None else guild_id, "channel_id": message.channel_id}
        # Unchecked: what a member still sees may have lost its buttons in this very moment.
        started = await self.wire.act(
            "press", **where, member_id=member, message_id=message.id, custom_id=custom_id, unchecked=True
        )
        interaction_id = int(started["interaction_id"])
        self.asked.append(Asked(interaction_id, member, f"{action} pressed", actions))
        return await self.answered(interaction_id)

    async def await_button(self, action: str) -> None:
        """Wait until a button of this kind stands, as long as something happens, and past the courier's first pauses."""
        for _ in range(_BUTTON_PAUSES):
            seen, quiet = await self.wire.now_at(), 0
            while quiet < 3 and self.is_up:
                if await self.buttons(action):
                    return
                last = await self.wire.stirred(seen, QUIET_S)
                quiet = quiet + 1 if last == seen else 0
                seen = last
            await self.pass_time(_PAUSE_S)

    async def dismiss_asker(self, *, leaves: bool) -> None:
        """Whoever asked last for a return leaves the server, or loses all roles."""
        asker, guild_id = self._last_asker(), self.place.guild_id
        if asker is None:
            return
        if leaves:
            self._left.add(asker)
            await self.wire.act("remove_member", guild_id=guild_id, member_id=asker)
        else:
            await self.wire.act("set_roles", guild_id=guild_id, member_id=asker, role_ids=[])

    def _last_asker(self) -> int | None:
        """Who asked last for a pad's return, if they are still in the server."""
        asked = (
            one.member_id for one in reversed(self.asked) if one.command == ASKS and one.member_id not in self._left
        )
        return next(asked, None)

    async def another_member(self) -> int:
        """A new member who may do everything."""
        self._members += 1
        name, roles = f"console {self._members}", [self.directors]
        made = await self.wire.act("make_member", guild_id=self.place.guild_id, name=name, role_ids=roles)
        return int(made["member_id"])

    async def buttons(self, action: str) -> list[tuple[Seen, str]]:
        """The buttons of this kind that stand below the bot's posts, oldest first."""
        there = set(await self.wire.act("list_channels"))
        said = [one for one in await self.wire.everything_said() if one.by_bot and not one.deleted]
        shown = [one for one in said if one.channel_id in there]
        return [(one, name) for one in shown for name in one.buttons if name.startswith(f"gantry:{action}:")]

    async def answered(self, interaction_id: int) -> str:
        """Wait for an answer as long as something happens and the bot is there."""
        seen, quiet = await self.wire.now_at(), 0
        while True:
            shown = await self.wire.act("interaction", interaction_id=interaction_id)
            if (told := answer_of(shown)) != "nothing":
                return told
            if not self.is_up or quiet > self.patience:
                return "nothing"
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last
