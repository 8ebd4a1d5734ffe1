"""What the process tells whoever started it. Numbers from 64 to 78 are BSD's sysexits, known to service managers."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of `gantry`; each says whether starting again can help."""

    OK = 0
    """Done, or stopped as asked."""

    USAGE = 2
    """The command line was not understood."""

    UNAVAILABLE = 69
    """Something outside is missing: the disk, the database, Discord. Trying again later can help."""

    INTERNAL = 70
    """A fault of Gantry itself, or a background task that failed. Starting again usually helps; the log says what."""

    IN_USE = 75
    """Another process works on the same data. Stop it first."""

    CONFIGURATION = 78
    """A setting is wrong or missing. Starting again cannot help until it is put right."""

    INTERRUPTED = 130
    """Stopped from the keyboard before there was anything to stop in order."""
