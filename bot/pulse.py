"""The pulse: what the watchdog saw last, in a small file that `gantry status` and service managers' checks read.

It must hold nothing that the process itself depends on, and nothing of any workspace.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from domain.clock import Clock
from domain.errors import Unavailable
from storage.paths import replace_file

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Beat:
    """One look of the watchdog: when, on the machine's clock, and what kept the process from being healthy."""

    at: datetime
    complaints: tuple[str, ...]


class Pulse:
    """Writes the file, for one process. `real` is the machine's clock."""

    def __init__(self, path: Path, real: Clock) -> None:
        self._path = path
        self._real = real
        self._failing = False

    def beat(self, complaints: tuple[str, ...]) -> None:
        """Write a look down. A disk that does not take it is told once: the process itself is none the worse."""
        try:
            replace_file(self._path, json.dumps({"at": self._real.now().isoformat(), "complaints": list(complaints)}))
            self._failing = False
        except Unavailable as error:
            if not self._failing:
                _log.warning("the pulse could not be written", reason=str(error))
            self._failing = True


def last_beat(path: Path) -> Beat | None:
    """The last look that was written; None when there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
        return Beat(datetime.fromisoformat(found["at"]), tuple(str(one) for one in found["complaints"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
