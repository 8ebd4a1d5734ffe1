"""Showing a member something over a line that may break: an answer, or a form. It must not say what to show."""

import logging
from collections.abc import Awaitable, Callable

import discord

from cogs.reaching import UNREACHABLE, is_parting

_log = logging.getLogger("gantry.commands")
Show = Callable[[], Awaitable[object]]


async def attempt(show: Show) -> bool:
    """Show something; when the line breaks, once more. When that fails too, it is only logged. False when nobody saw it arrive.

    No refusal may follow what was done: it would say "not done". The first try may even have arrived; Discord then says that
    the answer was given already (40060), which is as good.
    """
    try:
        await show()
    except discord.HTTPException as refused:
        _log.warning("an answer could not be shown: %s", refused)
    except UNREACHABLE:
        return await _attempt_last(show)
    except RuntimeError as error:
        _require_closed(error)
    else:
        return True
    return False


async def _attempt_last(show: Show) -> bool:
    try:
        await show()
    except UNREACHABLE as failure:
        _log.warning("an answer could not be shown: %s", failure)
    except RuntimeError as error:
        _require_closed(error)
    else:
        return True
    return False


def _require_closed(error: RuntimeError) -> None:
    """Raise it again, unless the process is stopping: then nobody can be told any more, and what was done stands."""
    if not is_parting(error):
        raise error
    _log.warning("an answer could not be shown: the process is stopping")
