"""What the Discord face is made of. Every command, button and form reaches it through the command tree of its client."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import discord

from cogs.text import Catalogues
from domain.clock import Clock
from services.desks import Desks
from storage.database import Attend

if TYPE_CHECKING:
    from cogs.tree import GantryTree


ANSWER_WITHIN_S = 1.5
"""How long an answer may take before it is deferred. Discord wants a first answer within 3 s."""
Patience = Callable[["asyncio.Task[Any]"], Awaitable[bool]]
"""Waits for work as long as an answer may take, and says whether it is done."""


async def usual_patience(task: "asyncio.Task[Any]") -> bool:
    """Wait up to ANSWER_WITHIN_S."""
    done, _ = await asyncio.wait({task}, timeout=ANSWER_WITHIN_S)
    return bool(done)


@dataclass(frozen=True, slots=True)
class Face:
    """What every command needs: the desks, the words, the clock, the supervisor's way to run bounded work, and its patience."""

    desks: Desks
    catalogues: Catalogues
    attend: Attend
    clock: Clock
    patience: Patience = usual_patience


def tree_of(interaction: discord.Interaction) -> "GantryTree":
    """The command tree that belongs to the client this interaction came to."""
    return cast("GantryTree", interaction.client.tree)  # type: ignore[attr-defined]


def face_of(interaction: discord.Interaction) -> Face:
    """The face that was installed on this client."""
    return tree_of(interaction).face
