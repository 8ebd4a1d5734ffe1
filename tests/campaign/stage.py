"""Where a run takes place: a guild with its channels, members who give commands, one Gantry that dies and is started again.

A run asks nothing of the bot's inside. It gives commands, moves the clock, breaks things; at the end everything is put right, the
bot gets its time (the world's, not ours), and the oracle is asked.
"""

import contextlib
import random
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.rows import from_us, to_us
from tests.campaign.outcome import Outcome
from tests.campaign.planted import plant
from tests.wire.books import ASKS, answer_of
from tests.wire.client import Place, Seen, Wire
from tests.wire.conftest import Start
from tests.wire.desk import EVENING
from tests.wire.oracle import Asked, Finding, examine
from tests.wire.permissions import MEMBERS, Permission
from tests.wire.processes import Running
from tests.wire.world import NEWS

QUIET_S = 0.12
"""Real seconds without any happening after which the bot waits for something: for its clock, or for us."""

NONCES_KEPT_S = 1e9
"""A nonce that is remembered. The library's own second try follows after real seconds, in which our clock may go on for days."""

LATE_S = 4.0
"""Longer than any scripted effect comes late (3 s), shorter than the courier's shortest pause (5 s)."""

STEPS_MAX = 120
_STALE = 0.1
_BUTTON_PAUSES = 3
_PAUSE_S = 6.0
_PATIENT_LOOKS = 40
"""So many quiet looks in a row at a bot that starts, before its clock is moved: it may be only busy."""

_IN_WORDS = frozenset({69, 75, 78})
"""Exit codes that come with a sentence for the operator."""

_ASKING = frozenset({"request_return", "void_return"})
_DECIDING = {
    "confirmreturn": frozenset({"confirm_return", "return_pad", "release_report"}),
    "declinereturn": frozenset({"decline_return"}),
    "withdrawreturn": frozenset({"withdraw_return"}),
}
"""What one member who asks for a return and then presses its buttons does in the first step, and in those that follow."""
_BOT = MEMBERS | int(Permission.MENTION_EVERYONE)
_OPEN = "SELECT COUNT(*) FROM outbox WHERE state IN ('pending', 'sending')"
_FREE = """
SELECT COUNT(*) FROM outbox o JOIN lanes l ON l.channel_id = o.channel_id
WHERE o.state IN ('pending', 'sending') AND (l.resume_at IS NULL OR l.resume_at <= ?)
"""
_OVERDUE = "SELECT COUNT(*) FROM reminders WHERE state = 'pending' AND due_at <= ?"
_HEADS = "SELECT COUNT(*) FROM head_schedule WHERE due_at <= ?"
_NEXT_DUE = "SELECT MIN(due_at) FROM reminders WHERE state = 'pending' AND due_at > ?"


@dataclass
class Stage:
    """One run's. `dice` is the only source of chance."""

    wire: Wire
    start: Start
    seed: int
    case: str
    dice: random.Random = field(init=False)
    place: Place = field(init=False)
    channels: dict[str, int] = field(default_factory=dict)
    role_id: int = 0
    asked: list[Asked] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    gantry: Running | None = None
    database: Path | None = None
    environment: dict[str, str] = field(default_factory=lambda: {"WIRE_READY_AFTER_S": "0.3"})
    exits: list[int] = field(default_factory=list)
    expected_exits: set[int] = field(default_factory=lambda: {0, -signal.SIGKILL, 69})
    on_start: Callable[[Running], None] = lambda _: None
    patience: int = 4
    """So many quiet looks at a bot that is there and says nothing, before a member takes it for no answer."""

    plants: bool = True
    logs: list[str] = field(default_factory=list)
    _members: int = 0
    _left: set[int] = field(default_factory=set)
    _pressed: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.case}:{self.seed}")
        self._gardener = random.Random(f"planted:{self.seed}")

    @property
    def is_up(self) -> bool:
        """Whether a Gantry runs."""
        return self.gantry is not None and self.gantry.is_up

    async def build(self) -> None:
        """A new world: the guild, its channels, a thread, an announcement channel, a role to mention, a role that may do all."""
        wire = self.wire
        await wire.reset(EVENING)
        self.place, self.channels = await wire.settle_in("ops", "flight", "countdowns", "pads", bot_permissions=_BOT)
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
        self._directors = made["role_id"]

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

    async def bring_up(self, *, crash_at: str = "") -> None:
        """Start a process and return when it serves, or has died at its start."""
        before = await self.wire.now_at()
        self.gantry = await self.start(crash_at=crash_at, token="", fresh=False, **self.environment)
        self.database = self.gantry.database
        self.on_start(self.gantry)
        seen, quiet = before, 0
        while self.is_up and not await self.wire.log("gateway.identified", after=before):
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last
            if quiet and (quiet > _PATIENT_LOOKS or "waiting before connecting" in self.gantry.said()):
                await self.wire.move_clock(60.0)
        await self.note_end()

    async def keep_up(self, *, crash_at: str = "", down_s: float = 0.0) -> None:
        """Start Gantry again if it has ended, after it was down for so long."""
        await self.note_end()
        if not self.is_up:
            await self.pass_time(down_s)
            await self.bring_up(crash_at=crash_at)

    async def note_end(self) -> None:
        """Take note of a process that has ended. A traceback in what it wrote is a finding, whatever ended it."""
        gantry = self.gantry
        if gantry is None or gantry.is_up:
            return
        self.gantry = None
        self.exits.append(await gantry.ended())
        self.logs.append(gantry.said())
        if self.exits[-1] in _IN_WORDS and not any(line.startswith("gantry: ") for line in gantry.lines):
            self.found.append(Finding("other", f"it ended with {self.exits[-1]} and did not say why"))
        if "Traceback" in gantry.said() or '"exception"' in gantry.said():
            line = next(line for line in gantry.lines if "Traceback" in line or '"exception"' in line)
            self.found.append(Finding("other", f"it wrote a traceback: {line[:1500]}"))

    async def kill(self) -> None:
        """Kill it at once."""
        if self.gantry is not None:
            await self.gantry.kill()
            await self.note_end()

    async def await_records(self, records: int) -> None:
        """Wait until so many things have happened in the world, or nothing happens any more."""
        seen = await self.wire.now_at()
        until = seen + records
        while seen < until and (last := await self.wire.stirred(seen, QUIET_S)) > seen:
            seen = last

    async def kill_after(self, records: int, more_s: float) -> None:
        """Kill it once so many things have happened in the world, or nothing happens any more, and `more_s` real seconds passed."""
        await self.await_records(records)
        await self.wire.stirred(1 << 40, more_s)
        if self.gantry is not None:
            self.gantry.process.kill()

    async def stop_after(self, records: int, *, until_fault: bool) -> None:
        """Tell it to stop once so many things have happened, or a fault has struck, or nothing happens any more."""
        seen = await self.wire.now_at()
        until = seen + records
        kinds = "fault" if until_fault else ""
        while (until_fault or seen < until) and (last := await self.wire.stirred(seen, 3 * QUIET_S, kinds)) > seen:
            seen = last
            if until_fault and await self.wire.log("fault"):
                break
        await self.stop()

    async def ask(self, command: str, **options: Any) -> str:
        """Have a member give a command, a member of its own. What was answered: done (or refused) or nothing."""
        wire, guild_id = self.wire, self.place.guild_id
        if not self.is_up or not await wire.act("commands"):
            return "nothing"
        member = await self._another_member()
        interaction_id = await wire.invoke(Place(guild_id, self.channels["ops"], member), command, **options)
        self.asked.append(Asked(interaction_id, member, command, _ASKING if command == ASKS else None))
        return await self.answered(interaction_id)

    async def press(self, action: str, pick: float, *, by_asker: bool = False) -> str:
        """Have a member press one of the buttons of this kind that stand: a member of its own, or whoever asked last for a return.

        `pick` (0 to 1) says which: of a return mostly one of the newest, whose number is the highest. What was answered, as with a
        command; nothing where there is no such button.
        """
        buttons = await self._buttons(action)
        if action in _DECIDING and buttons and pick > _STALE:
            newest = max(int(name.rpartition(":")[2]) for _, name in buttons)
            buttons = [(one, name) for one, name in buttons if name.endswith(f":{newest}")]
        asker = self._last_asker()
        if not self.is_up or not buttons or (by_asker and (asker is None or (asker, action) in self._pressed)):
            return "nothing"
        message, custom_id = buttons[int(pick * len(buttons))]
        member = asker if by_asker and asker is not None else await self._another_member()
        self._pressed.add((member, action))
        where = {"guild_id": self.place.guild_id, "channel_id": message.channel_id, "member_id": member}
        # Unchecked: what a member still sees may have lost its buttons in this very moment.
        started = await self.wire.act("press", **where, message_id=message.id, custom_id=custom_id, unchecked=True)
        interaction_id = int(started["interaction_id"])
        self.asked.append(Asked(interaction_id, member, f"{action} pressed", _DECIDING[action] if by_asker else None))
        return await self.answered(interaction_id)

    async def await_button(self, action: str) -> None:
        """Wait until a button of this kind stands, as long as something happens, and past the courier's first pauses."""
        for _ in range(_BUTTON_PAUSES):
            seen, quiet = await self.wire.now_at(), 0
            while quiet < 3 and self.is_up:
                if await self._buttons(action):
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

    async def _another_member(self) -> int:
        """A new member who may do everything."""
        self._members += 1
        name, roles = f"console {self._members}", [self._directors]
        made = await self.wire.act("make_member", guild_id=self.place.guild_id, name=name, role_ids=roles)
        return int(made["member_id"])

    async def _buttons(self, action: str) -> list[tuple[Seen, str]]:
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
            if answer_of(shown) != "nothing":
                return "done"
            if not self.is_up or quiet > self.patience:
                return "nothing"
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last

    def plant(self) -> None:
        """Now and then, write an edit or a thread for a post that stands."""
        operation, often = self._gardener.choice(("edit", "edit", "thread")), self._gardener.random() < 0.35
        if often and self.plants and self.is_up and self.database is not None:
            channels = [self.channels[name] for name in ("flight", "countdowns", "news", "pads")]
            plant(self.database, operation, channels, self._gardener)

    async def move_to_due(self, beyond_s: float = 0.0, *, most_s: float = 400 * 86_400.0, looks: int = 3) -> None:
        """Move the clock to the next due instant (by an hour when there is none) and so many seconds behind it."""
        now = await self.wire.clock()
        due_us = self._number(_NEXT_DUE, to_us(now))
        ahead_s = 3600.0 if due_us is None else (from_us(due_us) - now).total_seconds()
        await self.pass_time(min(ahead_s + beyond_s, most_s))
        await self.rest(looks=looks)

    async def pass_time(self, seconds: float) -> None:
        """Let the world's clock go on. What comes late comes in its time, not after hours that were skipped."""
        if seconds > LATE_S:
            await self.wire.move_clock(LATE_S)
            seconds -= LATE_S
        await self.wire.move_clock(seconds)

    async def rest(self, *, looks: int) -> bool:
        """Wait until nothing is open or due, or all that is waits for the clock; give up after so many quiet looks.

        Returns whether all is done.
        """
        seen, quiet = await self.wire.now_at(), 0
        while not (done := await self._all_done()) and quiet < looks and self.is_up:
            if quiet and await self._waits_for_clock():
                return False
            last = await self.wire.stirred(seen, QUIET_S)
            quiet = quiet + 1 if last == seen else 0
            seen = last
        return done

    async def recover(self) -> None:
        """Faults end, the bot runs again, the clock goes on until nothing is open and nothing due, and the bot is stopped."""
        await self.wire.act("clear_faults")
        await self.pass_time(10.0)  # what comes late has come
        for step in range(STEPS_MAX):
            await self.keep_up(down_s=60.0)
            if await self.rest(looks=2 if step else 6):
                break
            await self.pass_time((6.0, 11.0, 30.0, 310.0)[min(step % 8, 3)])
        else:
            self.found.append(Finding("other", f"it did not come to rest in {STEPS_MAX} steps"))
        await self.stop()

    async def stop(self) -> None:
        """Have it end in order (SIGTERM)."""
        if self.gantry is None:
            return
        gantry = self.gantry
        if not gantry.is_up:
            await self.note_end()
            return
        try:
            code = await gantry.stop()
        except TimeoutError:
            self.found.append(Finding("other", "it did not end within 10 s of SIGTERM"))
            await self.kill()
            return
        if code:
            self.found.append(Finding("other", f"it ended with {code} when it was told to stop"))
        await self.note_end()

    async def outcome(self) -> Outcome:
        """Recover, and ask the oracle."""
        await self.recover()
        for code in self.exits:
            if code not in self.expected_exits:
                self.found.append(Finding("other", f"it ended with {code}"))
        assert self.database is not None
        verdict = await examine(self.wire, self.database, self.asked)
        return Outcome(self.case, verdict.expected, (*self.found, *verdict.findings), verdict.returned)

    async def _all_done(self) -> bool:
        """Whether no delivery is open and nothing is due. Not known of a database that is being made: then it is not."""
        now_us = to_us(await self.wire.clock())
        counts = [self._number(_OPEN), self._number(_OVERDUE, now_us), self._number(_HEADS, now_us)]
        return all(count == 0 for count in counts)

    async def _waits_for_clock(self) -> bool:
        """Whether whatever is open waits in a lane that is held: nothing happens then before the clock is moved."""
        now_us = to_us(await self.wire.clock())
        return self._number(_FREE, now_us) == 0 and self._number(_OVERDUE, now_us) == 0

    def _number(self, sql: str, *values: int) -> int | None:
        """One number from the database; None when there is none, or it cannot be asked now. Leaves no trace in its files."""
        if self.database is None:
            return None
        address = f"{self.database.absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=0.0)) as file:
                found: int | None = file.execute(sql, values).fetchone()[0]
                return found
        except sqlite3.OperationalError:
            return None
