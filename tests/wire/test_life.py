"""One mission's life as a channel hears it: planned, moved, launched, docked, counted down, through 26 hours without us, landed."""

import asyncio

import pytest

from tests.wire.client import PATIENCE_S, Wire
from tests.wire.conftest import Start
from tests.wire.desk import Desk, set_up, sit_down
from tests.wire.oracle import faults_found, rows_of

NAME = "Soyuz MS-28"
PLANS = {
    "launch": "2025-11-30 09:27",
    "docking": "2025-12-01 12:38",
    "landing": "2025-12-10 05:00",
}
ANSWERED = "✅ Soyuz MS-28 · landing: answered"
LIFE = [
    "🆕 Soyuz MS-28",
    "🗓️ Planned: Soyuz MS-28 · launch",
    "⏩ Slipped: Soyuz MS-28 · launch",
    "🗓️ Planned: Soyuz MS-28 · docking",
    "🗓️ Planned: Soyuz MS-28 · landing",
    "⏳ L−1 day: Soyuz MS-28 · launch",
    "⏳ T−1 day: Soyuz MS-28 · docking",
    "⏳ L−12 h: Soyuz MS-28 · launch",
    "⏳ L−1 h: Soyuz MS-28 · launch",
    "⏳ L−10 m: Soyuz MS-28 · launch",
    "🕛 Soyuz MS-28 · launch: now",
    "🚀 Done: Soyuz MS-28 · launch",
    "⏳ T−1 h: Soyuz MS-28 · docking",
    "⏳ T−10 m: Soyuz MS-28 · docking",
    "🕛 Soyuz MS-28 · docking: now",
    "🔗 Done: Soyuz MS-28 · docking",
    "⏳ R−7 days: Soyuz MS-28 · landing",
    "⏳ R−3 days: Soyuz MS-28 · landing",
    "⏳ R−12 h: Soyuz MS-28 · landing",
    "⏳ R−1 h: Soyuz MS-28 · landing",
    "🕛 Soyuz MS-28 · landing: now",
    ANSWERED,
    "🪂 Done: Soyuz MS-28 · landing",
]
"""The titles in the flight channel when all is over. The question "did it happen?" says by then how it was answered."""


async def plan(desk: Desk, event: str, **more: str) -> None:
    await desk.wire.command(desk.place, "mission plan", mission=NAME, event=event, when=PLANS[event], **more)


async def told(desk: Desk, title: str) -> None:
    """Wait until the channel has been told everything up to and including this title."""
    await desk.announced(times=1 + LIFE.index(title) + 1)  # the station's entry comes before them


async def at(desk: Desk, instants: dict[str, str]) -> None:
    """Go from one instant to the next; each has its post."""
    for instant, title in instants.items():
        await desk.wire.set_clock(f"{instant}:00+00:00")
        await told(desk, title)


@pytest.mark.parametrize("nonces", [180.0, 0.0], ids=["nonces remembered", "nonces forgotten"])
async def test_a_missions_life_is_told_once_each(wire: Wire, start: Start, nonces: float) -> None:
    desk = await sit_down(wire)
    await wire.act("set_world", nonce_window_s=nonces)
    gantry = await start()
    await wire.connected()
    await set_up(desk)
    await wire.command(
        desk.place, "docking station", name="International Space Station", short="ISS", ports="Rassvet nadir"
    )
    await wire.command(desk.place, "mission create", name=NAME, vehicle="Soyuz-2.1a", station="ISS")
    await plan(desk, "launch")
    await wire.command(
        desk.place, "mission move", mission=NAME, event="launch", when="2025-12-01 09:27", reason="weather"
    )
    await plan(desk, "docking", port="Rassvet nadir")
    await plan(desk, "landing")
    await told(desk, "🗓️ Planned: Soyuz MS-28 · landing")
    await at(
        desk,
        {
            "2025-11-30T09:27": "⏳ L−1 day: Soyuz MS-28 · launch",
            "2025-11-30T12:38": "⏳ T−1 day: Soyuz MS-28 · docking",
            "2025-11-30T21:27": "⏳ L−12 h: Soyuz MS-28 · launch",
            "2025-12-01T08:27": "⏳ L−1 h: Soyuz MS-28 · launch",
            "2025-12-01T09:17": "⏳ L−10 m: Soyuz MS-28 · launch",
            "2025-12-01T09:27": "🕛 Soyuz MS-28 · launch: now",
        },
    )
    await wire.move_clock(60)
    await wire.command(desk.place, "mission done", mission=NAME, event="launch", when="2025-12-01 09:27:57")
    await told(desk, "🚀 Done: Soyuz MS-28 · launch")
    await at(
        desk,
        {
            "2025-12-01T11:38": "⏳ T−1 h: Soyuz MS-28 · docking",
            "2025-12-01T12:28": "⏳ T−10 m: Soyuz MS-28 · docking",
            "2025-12-01T12:38": "🕛 Soyuz MS-28 · docking: now",
        },
    )
    await wire.command(desk.place, "docking confirm", mission=NAME)
    await told(desk, "🔗 Done: Soyuz MS-28 · docking")
    await at(
        desk,
        {
            "2025-12-03T05:00": "⏳ R−7 days: Soyuz MS-28 · landing",
            "2025-12-07T05:00": "⏳ R−3 days: Soyuz MS-28 · landing",
        },
    )

    await wire.set_clock("2025-12-08T20:00:00+00:00")
    await gantry.kill()
    await wire.set_clock("2025-12-09T22:00:00+00:00")  # R−1 day and R−12 h have passed
    before = await wire.now_at()
    gantry = await start()
    await told(desk, "⏳ R−12 h: Soyuz MS-28 · landing")
    assert "Delayed: this was due 9 Dec 2025 17:00 UTC" in (await desk.posts())[-1].words
    await wire.connected(after=before)

    await at(
        desk,
        {
            "2025-12-10T04:00": "⏳ R−1 h: Soyuz MS-28 · landing",
            "2025-12-10T05:00": "🕛 Soyuz MS-28 · landing: now",
            "2025-12-10T05:16": ANSWERED,
        },
    )
    question = (await desk.posts())[-1]
    (done,) = [name for name, label in question.buttons.items() if label == "Done"]
    assert "10 Dec 2025 05:00 UTC" in (await wire.press(desk.place, question, done)).words
    await told(desk, "🪂 Done: Soyuz MS-28 · landing")
    async with asyncio.timeout(PATIENCE_S):  # the ops channel's lane looks before it goes on
        while any(row["state"] in {"pending", "sending"} for row in rows_of(gantry.database)):
            await wire.now_at()
    assert await gantry.stop() == 0
    said = await desk.posts()
    for post in said:
        print(f"{post.words}\n")  # noqa: T201 - the transcript: pytest shows it with -s
    assert [post.words.partition("\n")[0] for post in said if "Station" not in post.words] == LIFE
    assert await faults_found(wire, gantry.database) == []
