"""What is due is done workspace by workspace, and no workspace waits for another that cannot be served."""

import logging
from collections.abc import Awaitable, Callable, Iterable

from domain.errors import Unavailable

_log = logging.getLogger(__name__)


async def for_each(workspace_ids: Iterable[int], work: Callable[[int], Awaitable[int]]) -> int:
    """Do the work for every workspace and return the sum.

    Raises at the end what the database refused, or Unavailable `pass_incomplete` when a workspace could not be served for a
    reason nobody foresaw: that is logged, and tried again with the next pass.
    """
    done, refused, failed = 0, None, 0
    for workspace_id in workspace_ids:
        try:
            done += await work(workspace_id)
        except Unavailable as error:
            refused = error
        except Exception:  # noqa: BLE001 - logged, told as incomplete, and tried again
            _log.exception("workspace %s could not be served", workspace_id)
            failed += 1
    if refused is not None:
        raise refused
    if failed:
        raise Unavailable("pass_incomplete", count=failed)
    return done
