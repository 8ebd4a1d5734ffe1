"""What is due is done workspace by workspace, and no workspace waits for another that cannot be served."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from domain.errors import Unavailable

_BUSY = "database_busy"
"""The whole database is held: whoever asks next waits as long, and together they would outlast the watchdog's patience."""

_log = logging.getLogger(__name__)


async def for_each(workspace_ids: Iterable[int], work: Callable[[int], Awaitable[int]]) -> int:
    """Do the work for every workspace and return the sum.

    Raises at once that the database is held by another program, at the end what else it refused, or Unavailable `pass_incomplete`
    when a workspace could not be served for a reason nobody foresaw: that is logged, and tried again with the next pass.
    """
    done, refused, failed = 0, None, 0
    for workspace_id in workspace_ids:
        try:
            done += await work(workspace_id)
        except Unavailable as error:
            if error.code == _BUSY:
                raise
            refused = error
        except Exception:  # noqa: BLE001 - logged, told as incomplete, and tried again
            _log.exception("workspace %s could not be served", workspace_id)
            failed += 1
    if refused is not None:
        raise refused
    if failed:
        raise Unavailable("pass_incomplete", count=failed)
    return done


async def one_after_another(*passes: Callable[[], Awaitable[int]]) -> int:
    """Make every desk's pass and return the sum; none waits for another that fails.

    Raises at once that the database is held by another program, at the end whatever else was raised first.
    """
    done, failed = 0, None
    for make in passes:
        try:
            done += await make()
        except Exception as error:
            if isinstance(error, Unavailable) and error.code == _BUSY:
                raise
            failed = failed or error
    if failed is not None:
        raise failed
    return done
