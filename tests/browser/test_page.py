"""The demo as a newcomer meets it: `python -m demo` in a process of its own, its page in a real browser."""

import re
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.page import DemoPage, open_page

ROOT = Path(__file__).resolve().parent.parent.parent
ADDRESS = re.compile(r"http://\S+")
STOP_S = 20
PAGES = 3


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    """A demo of this test's own on a free port, stopped at the end: the pages of its channel, its boards and its digest."""
    command = [sys.executable, "-u", "-m", "demo", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = ""
            for line in process.stdout:
                said += line
                if len(found := ADDRESS.findall(said)) == PAGES:
                    yield found
                    break
            else:
                pytest.fail(f"the demo ended without naming its addresses:\n{said}")
        finally:
            process.terminate()
            process.communicate(timeout=STOP_S)
    assert process.returncode == 0


@pytest.fixture
async def page(addresses: list[str]) -> AsyncIterator[DemoPage]:
    async with open_page(addresses[0]) as opened:
        yield opened


async def test_a_status_card_says_where_the_mission_is_and_the_clock_brings_its_countdown(page: DemoPage) -> None:
    await page.act_as("Flight director")
    await page.command("mission status", {"mission": "Soyuz MS-28"})
    card = await page.wait_for("Mission elapsed time")
    await expect(card).to_contain_text("Soyuz MS-28")
    await expect(card).to_contain_text("docked")
    assert await page.messages("⏳").count() == 0
    await page.command("demo clock", {"to": "next event due"})
    await expect(await page.wait_for("cabin parts begin to arrive")).to_contain_text("RT-2")
    await page.command("demo clock", {"to": "2025-12-02T06:00"})
    await expect(await page.wait_for("⏳")).to_contain_text("R−")


async def test_a_pad_chief_logs_damage_with_a_photo_through_the_form(page: DemoPage, tmp_path: Path) -> None:
    photo = tmp_path / "deck.png"
    photo.write_bytes(png(width=8, height=8))
    await page.act_as("Pad chief")
    await page.command("pad report")
    await page.fill_form(
        {"Pad": "Site 31/6", "Severity": "minor", "What you see": "Soot on the lower deck", "Photo": [photo]}
    )
    await page.submit_form()
    await page.wait_for("DR-2 logged: minor")
    posted = await page.wait_for("DR-2: damage at Site 31/6")
    await expect(posted).to_contain_text("Soot on the lower deck")
    await expect(posted.locator("img").last).to_be_visible()


async def test_boards_change_beside_the_channel_and_the_digest_comes_in_the_morning(
    page: DemoPage, addresses: list[str]
) -> None:
    async with open_page(addresses[1]) as boards, open_page(addresses[2]) as daily:
        await expect(await boards.wait_for("Launch pads")).to_contain_text("out of service")
        await page.act_as("Flight director")
        await page.command("demo clock", {"to": "2025-11-28T09:00:30"})
        await expect(await daily.wait_for("Daily digest")).to_contain_text("1 critical")
        await expect(boards.messages("Missions").last).to_contain_text("As of 28 Nov 2025")
        assert await boards.messages("Missions").count() == 1


async def test_a_guest_may_look_and_is_refused_a_change(page: DemoPage) -> None:
    await page.act_as("Guest")
    await page.command("mission status", {"mission": "Soyuz MS-28"})
    await page.wait_for("Mission elapsed time")
    change = {"mission": "Soyuz MS-28", "event": "landing", "when": "2026-08-10", "reason": "weather"}
    await page.command("mission move", change)
    await page.wait_for("This needs the capability")
    assert await page.messages("Slipped").count() == 0


def png(*, width: int, height: int) -> bytes:
    """A small grey picture."""
    rows = (b"\0" + b"\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
