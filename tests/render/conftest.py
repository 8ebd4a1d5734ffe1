"""The scenario's evening as the desks answer about it, without Discord, and cards as plain text."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cogs.embeds import embed_of
from cogs.pictures.thumbnail import thumbnail
from cogs.render.card import Card
from cogs.text import Locale, load_catalogues
from demo.baikonur import STARTS_AT
from demo.scenario import Place, RecordClock, Silence, enter
from domain.capabilities import Standing
from domain.facts import Facts
from services.actors import Actor
from services.desks import Desks, open_desks
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.states import load_facts
from tests.storage.opening import opened

PLACE = Place(
    guild_id=1,
    channel_id=2,
    director_id=3,
    pad_chief_id=4,
    approver_id=8,
    director_role_id=5,
    pad_role_id=6,
    approver_role_id=7,
)


@dataclass(frozen=True)
class Evening:
    """The desks at 2025-11-27 18:00 UTC, a member who may do everything, and the clock."""

    desks: Desks
    actor: Actor
    clock: RecordClock
    database: Database

    async def posts(self, channel_id: int) -> list[Facts]:
        """What was written for a channel, in order."""
        query = "SELECT facts_version, facts FROM outbox WHERE channel_id = ? ORDER BY id"
        rows = await self.database.read(lambda reader: reader.fetch(query, (channel_id,)))
        return [load_facts(int(str(version)), str(facts)) for version, facts in rows]


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    """Everything the scenario records."""
    async with opened(tmp_path / "gantry.db") as database:
        clock = RecordClock(STARTS_AT)
        store = EvidenceStore(tmp_path / "evidence", 1_000_000, thumbnail)
        desks = open_desks(
            database,
            clock,
            journal_key=bytes(32),
            bells=Silence(),
            store=store,
            languages=load_catalogues().languages,
        )
        await enter(desks, clock, PLACE)
        standing = Standing(frozenset(), manages_server=True)
        yield Evening(desks, Actor(PLACE.guild_id, 9, "Flight director", standing, PLACE.channel_id), clock, database)


@pytest.fixture
def english() -> Locale:
    """The source language."""
    return load_catalogues().locale("en")


@pytest.fixture
def russian() -> Locale:
    """The first language beside it."""
    return load_catalogues().locale("ru")


def plain(card: Card) -> str:
    """A card as a reader sees it, top to bottom; it must survive the way to Discord unchanged."""
    embed = embed_of(card)
    assert embed.title == card.title
    assert (embed.description or "") == card.text
    assert [field.value for field in embed.fields] == [field.value for field in card.fields]
    lines = [f"[{card.tone.value}] {card.title}", card.text]
    lines += [f"| {field.name}: {field.value}" for field in card.fields]
    lines += [f"({button.label} → {button.action}:{button.argument})" for button in card.buttons]
    lines += [f"-- {card.footer}"] if card.footer else []
    return "\n".join(line for line in lines if line)
