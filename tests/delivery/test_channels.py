"""What each of Discord's answers means for a delivery, and what the edge asks of Discord."""

import asyncio
import errno
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.channels import REFUSALS, Ambiguous, ChannelEdge, Deleted, NotSent, outcome_of
from bot.pace import Pace
from domain.delivery import DeliveryRefused
from tests.clock import ManualClock

NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)


def answer(status: int, code: int = 0) -> discord.HTTPException:
    """The library's exception for an answer of Discord."""
    kind: type[discord.HTTPException] = {403: discord.Forbidden, 404: discord.NotFound}.get(
        status, discord.DiscordServerError if status >= 500 else discord.HTTPException
    )
    response: Any = SimpleNamespace(status=status, reason="")
    return kind(response, {"code": code, "message": ""})


def no_connection() -> aiohttp.ClientConnectorError:
    key = ConnectionKey("discord.invalid", 443, True, True, None, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(errno.ECONNREFUSED, "refused"))


@pytest.mark.parametrize(("code", "reason"), REFUSALS.items())
def test_each_listed_refusal_parks_with_its_reason(code: int, reason: str) -> None:
    outcome = outcome_of(answer(403 if code != 50035 else 400, code))
    assert isinstance(outcome, DeliveryRefused)
    assert outcome.code == reason


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (answer(400), DeliveryRefused),
        (answer(400, 50006), DeliveryRefused),
        (answer(401), NotSent),
        (answer(403), NotSent),
        (answer(403, 40333), DeliveryRefused),
        (answer(404), NotSent),
        (answer(404, 10008), Deleted),
        (answer(405), DeliveryRefused),
        (answer(413), DeliveryRefused),
        (answer(429), Ambiguous),
        (answer(500), Ambiguous),
        (answer(502), Ambiguous),
        (answer(503), Ambiguous),
        (answer(504), Ambiguous),
        (answer(524), Ambiguous),
        (discord.RateLimited(30), NotSent),
        (no_connection(), NotSent),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Ambiguous),
        (aiohttp.ServerDisconnectedError(), Ambiguous),
        (TimeoutError(), Ambiguous),
        (TypeError("an answer nobody expected"), Ambiguous),
        (ValueError("not JSON"), Ambiguous),
    ],
    ids=lambda value: f"{value!r}"[:60],
)
def test_each_error_has_one_meaning(error: Exception, meaning: type[Exception]) -> None:
    assert type(outcome_of(error)) is meaning


def test_a_rate_limit_says_how_long_to_wait() -> None:
    outcome = outcome_of(discord.RateLimited(30))
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after_s == 30


@dataclass(frozen=True)
class Card:
    """A rendered delivery."""

    embed: discord.Embed
    content: str | None = None
    view: discord.ui.View | None = None
    evidence: tuple[str, ...] = ()
    allowed_mentions: discord.AllowedMentions = discord.AllowedMentions.none()  # noqa: RUF009 - never changed


class Failing:
    """A client whose every request takes a while and fails."""

    def __init__(self, error: Exception, clock: ManualClock, takes_s: float) -> None:
        self._error, self._clock, self._takes_s = error, clock, takes_s

    def get_partial_messageable(self, _: int) -> "Failing":
        return self

    async def send(self, **_: object) -> None:
        self._clock.move_by(timedelta(seconds=self._takes_s))
        raise self._error


@pytest.mark.parametrize(("takes_s", "meaning"), [(0.5, NotSent), (1.5, Ambiguous)])
async def test_no_connection_is_ambiguous_once_the_library_may_have_tried_before(
    takes_s: float, meaning: type[Exception]
) -> None:
    clock = ManualClock(NOON)
    client: Any = Failing(no_connection(), clock, takes_s)
    with pytest.raises(meaning):
        await ChannelEdge(client, asyncio.Event(), clock, Pace(9, clock)).post(1, Card(discord.Embed()), (), "n")
