"""What a watch does for itself, beside its missions and its pad: boards, digests, and what members want to be reminded of."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.campaign.steps import Channel, Command, Handle, Own, Remind

_OPENS = ((0.85, "pin"), (0.9, "remind"), (0.6, "remind"), (0.5, "digest"))
"""How many shifts begin with a board, a reminder, a digest: only once they are there something can happen to them."""

_ALSO = 0.6
_BOARD_PLACES = ("board", "board", "flight", "flight", "pads", "countdowns")
_DIGEST_PLACES = ("countdowns", "pads", "ops", "flight")
_REMINDER_PLACES = ("flight", "countdowns", "pads", "ops", "watch")
_KINDS = ("missions", "missions", "pads", "crew")
_ZONES = {
    "UTC": 0,
    "Europe/Berlin": 60,
    "Europe/Moscow": 180,
    "Asia/Kolkata": 330,
    "America/New_York": -300,
    "Pacific/Kiritimati": 840,
}
"""Zones that members live in, and how many minutes they are ahead in these weeks."""

_EVENING = (18 * 60 + 3, 22 * 60)
"""Minutes of the UTC day between which most wall times lie: a shift begins at 18:00."""

_REPEATS = ("daily", "daily", "weekdays", "weekly", "monthly")
_DAY_MIN = 24 * 60


@dataclass
class Watch:
    """A watch on duty. All it does comes from `dice`."""

    dice: random.Random

    def __post_init__(self) -> None:
        self._opening = [what for chance, what in _OPENS if self.dice.random() < chance]
        self.dice.shuffle(self._opening)

    def also(self) -> Iterator[Own]:
        """What it does now, if anything: at first whatever the shift begins with, two at a time."""
        for _ in self._opening[:2]:
            yield self._named(self._opening.pop())
        if self.dice.random() < _ALSO:
            kinds = {
                "pin": 3,
                "unpin": 2,
                "delete board": 2,
                "digest": 2,
                "end digest": 1,
                "remind": 3,
                "snooze": 4,
                "cancel": 1,
            }
            yield self._named(self.dice.choices(list(kinds), list(kinds.values()))[0])

    def _named(self, what: str) -> Own:
        match what:
            case "pin" | "unpin":
                return self._board(what)
            case "digest":
                return self._digest()
            case "remind":
                return self._remind()
            case "snooze" | "cancel" | "end digest" | "delete board":
                return Handle(what, self.dice.random())
        raise ValueError(what)

    def _board(self, verb: str) -> Command:
        kind, place = self.dice.choice(_KINDS), self.dice.choice(_BOARD_PLACES)
        return Command(f"board {verb}", {"kind": kind, "channel": Channel(place)})

    def _digest(self) -> Command:
        """A channel's digest, or its digest at another time: mostly this evening, sometimes in a zone of its own."""
        zone = self.dice.choice((None, None, None, *_ZONES))
        options: dict[str, object] = {
            "channel": Channel(self.dice.choice(_DIGEST_PLACES)),
            "time": self._wall_time(zone or "UTC"),
        }
        if zone is not None:
            options["timezone"] = zone
        if self.dice.random() < 0.6:
            options["quiet_days"] = self.dice.choice(("say", "skip"))
        return Command("announce digest", options)

    def _remind(self) -> Remind:
        """In a while, or at a time of day where the member lives, often again and again. Nothing else says the same text."""
        text = f"valve {self.dice.randrange(10**9):09}"
        where = None if self.dice.random() < 0.65 else self.dice.choice(_REMINDER_PLACES)
        closed = where is None and self.dice.random() < 0.35
        if self.dice.random() < 0.5:
            return Remind(f"in {self.dice.randint(1, 90)} minutes", text, where=where, closed=closed)
        zone = self.dice.choice(list(_ZONES))
        repeat = self.dice.choice((None, *_REPEATS))
        return Remind(self._wall_time(zone), text, repeat, where, zone, self.dice.random() < 0.6, closed)

    def _wall_time(self, zone: str) -> str:
        minute = (self.dice.randint(*_EVENING) + _ZONES[zone]) % _DAY_MIN
        return f"{minute // 60:02}:{minute % 60:02}"
