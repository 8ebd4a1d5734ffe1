"""Where a run takes place: a guild with its channels, members who give commands, one Gantry that dies and is started again.

A run asks nothing of the bot's inside. It gives commands, moves the clock, breaks things; at the end everything is put right, the
bot gets its time (the world's, not ours), and the oracle is asked. The bot's life is in `life`, the members are in `members`.
"""

import random
from dataclasses import dataclass

from storage.rows import from_us, to_us
from tests.campaign.outcome import Outcome
from tests.campaign.planted import plant
from tests.campaign.watchkeepers import Watchkeepers
from tests.wire.books import Finding, read_books
from tests.wire.desk import EVENING
from tests.wire.oracle import examine
from tests.wire.permissions import MEMBERS, Permission
from tests.wire.world import NEWS

NONCES_KEPT_S = 1e9
"""A nonce that is remembered. The library's own second try follows after real seconds, in which our clock may go on for days."""

STEPS_MAX = 120
_BOARDS_WAIT_S = 11.0
"""So long a board may keep what is no longer true to itself."""
_BOARDS_WAIT_US = int(_BOARDS_WAIT_S * 1_000_000)
_BOT = MEMBERS | int(Permission.MENTION_EVERYONE)


@dataclass
class Stage(Watchkeepers):
    """One run's."""

    plants: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._gardener = random.Random(f"planted:{self.seed}")

    async def build(self) -> None:
        """A new world: the guild, its channels, a thread, an announcement channel, a role to mention, a role that may do all."""
        wire = self.wire
        await wire.reset(EVENING)
        names = ("ops", "flight", "countdowns", "pads", "board")
        self.place, self.channels = await wire.settle_in(*names, bot_permissions=_BOT)
        guild_id = self.place.guild_id
        for name, kind in (("news", NEWS),):
            made = await wire.act("make_channel", guild_id=guild_id, name=name, kind=kind)
            self.channels[name] = made["channel_id"]
        said = await wire.act("say", channel_id=self.channels["flight"], member_id=self.place.member_id)
        thread = await wire.act("make_thread", message_id=said["message_ids"][0], name="watch")
        self.channels["watch"] = thread["thread_id"]
        self.role_id = (await wire.act("make_role", guild_id=guild_id, name="Flight control"))["role_id"]
        manages = int(Permission.MANAGE_GUILD)
        made = await wire.act("make_role", guild_id=guild_id, name="Directors", permissions=manages)
        self.directors = made["role_id"]

    async def open(self, *, crash_at: str = "") -> None:
        """Start Gantry and have the guild set up: by as many processes as it takes."""
        await self.bring_up(crash_at=crash_at)
        channels, role = self.channels, self.role_id
        for command, options in (
            ("ops setup", {}),
            ("announce subscribe", {"topic": "all", "channel": channels["flight"]}),
            ("announce subscribe", {"topic": "countdown", "channel": channels["countdowns"], "mention": role}),
            ("announce subscribe", {"topic": "all", "channel": channels["watch"]}),
            ("announce subscribe", {"topic": "launch", "channel": channels["news"]}),
            ("announce subscribe", {"topic": "pad", "channel": channels["pads"], "mention": role}),
            ("announce subscribe", {"topic": "repair", "channel": channels["pads"]}),
            ("pad add", {"name": "Site 31/6", "site": "Baikonur", "vehicles": "Soyuz-2.1a", "kinds": "crew,cargo"}),
        ):
            while await self.ask(command, **options) == "nothing":
                await self.keep_up()

    def plant(self) -> None:
        """Now and then, write an edit or a thread for a post that stands."""
        operation, often = self._gardener.choice(("edit", "edit", "thread")), self._gardener.random() < 0.35
        if often and self.plants and self.is_up and self.database is not None:
            channels = [self.channels[name] for name in ("flight", "countdowns", "news", "pads")]
            plant(self.database, operation, channels, self._gardener)

    async def recover(self) -> None:
        """Faults end, the bot runs again, the clock goes on until nothing is open and nothing due, and the bot is stopped."""
        await self.wire.act("clear_faults")
        await self.pass_time(10.0)  # what comes late has come
        await self._come_to_rest()
        if self.taken and (turns_at := self.due.day_turns_at()) is not None:
            # That a board was deleted is found out as it is edited, and whatever happens that is as the day turns.
            await self.pass_time((from_us(turns_at) - await self.wire.clock()).total_seconds() + 1.0)
            await self._come_to_rest()
        await self.stop()

    async def _come_to_rest(self) -> None:
        """Give it the time it needs; boards say at last what is true."""
        for step in range(STEPS_MAX):
            await self.keep_up(down_s=60.0)
            if await self.rest(looks=2 if step else 6):
                if not self.due.boards_by(to_us(await self.wire.clock()) + _BOARDS_WAIT_US):
                    return
                await self.pass_time(_BOARDS_WAIT_S)
                continue
            await self.pass_time((6.0, 11.0, 30.0, 310.0)[min(step % 8, 3)])
        self.found.append(Finding("other", f"it did not come to rest in {STEPS_MAX} steps"))

    async def outcome(self) -> Outcome:
        """Recover, and ask the oracle."""
        await self.recover()
        for code in self.exits:
            if code not in self.expected_exits:
                self.found.append(Finding("other", f"it ended with {code}"))
        assert self.database is not None
        verdict = await examine(self.wire, self.database, self.asked)
        self.found += self.unreached(read_books(self.database))
        return Outcome(self.case, verdict.expected, (*self.found, *verdict.findings), verdict.returned)
