"""What the Discord face is made of, and how it is put on a client. Importing this has no effect."""

from dataclasses import dataclass

import discord

from cogs.text import Catalogues
from domain.clock import Clock
from services.desks import Desks
from storage.database import Attend


@dataclass(frozen=True, slots=True)
class Face:
    """What every command needs: the desks, the words, the clock, and the supervisor's way to run bounded work."""

    desks: Desks
    catalogues: Catalogues
    attend: Attend
    clock: Clock
