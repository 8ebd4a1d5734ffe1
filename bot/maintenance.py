"""`gantry db upgrade` and `gantry db status`: the schema as it stands, and bringing it up to date.

The work is in `storage.migrations`. This must not know a table, and must not run beside a bot that uses the data.
"""

from rich.console import Console

from bot.clock import SystemClock
from bot.exit_codes import ExitCode
from bot.settings import Settings
from storage import migrations
from storage.lock import DataLock
from storage.paths import prepare_directory


async def status(settings: Settings, console: Console) -> int:
    """Print the schema's version and what is pending. Changes nothing, not even a missing file."""
    path = settings.database
    if not path.exists():
        console.print(f"{path}: no database yet. It is made by `gantry db upgrade` or by the first `gantry run`.")
        return ExitCode.OK
    state = await migrations.status(path)
    console.print(f"{path}: schema {state.version} of {state.newest}")
    for name in state.pending:
        console.print(f"  pending: {name}", markup=False)
    if state.pending:
        console.print("Run `gantry db upgrade` to apply them; a backup is made first.")
    return ExitCode.OK


async def upgrade(settings: Settings, console: Console) -> int:
    """Apply what is pending, with a backup first, and print each step.

    Raises Unavailable("data_in_use") while a bot runs on the same data.
    """
    now = SystemClock().now()
    prepare_directory(settings.data_dir)
    prepare_directory(settings.database.parent)
    with DataLock(settings.database, started_at=now), console.status(f"upgrading {settings.database}"):
        applied = await migrations.upgrade(settings.database, backup_dir=settings.backup_dir, now=now)
    for name in applied:
        console.print(f"  applied: {name}", markup=False)
    console.print(f"{settings.database}: {len(applied)} applied" if applied else f"{settings.database}: up to date")
    return ExitCode.OK
