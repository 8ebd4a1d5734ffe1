"""The security log: what was refused to whom. Kept apart from the refused work, and never in its way."""

import logging

from domain.errors import OpsError
from domain.security import Refusal
from services.changes import Changes
from storage import security

_log = logging.getLogger("gantry.security")


class SecurityDesk:
    """Keeps refusals."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def note(self, refusal: Refusal) -> None:
        """Keep a refusal, in a transaction of its own. When that fails, the process's log has it, and nobody else notices."""
        try:
            await self._changes.database.write(lambda tx: security.append(tx, refusal))
        except OpsError as error:
            _log.error("a refusal could not be kept (%s): %s", error, refusal)
