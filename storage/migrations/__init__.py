"""The schema's history. Numbered SQL files, each applied together with its record in one transaction; forward only.

A database from a newer Gantry is refused; an applied file that has changed since is refused; a backup is made first.
"""

from storage.migrations.runner import SchemaStatus, require_current, status, upgrade

__all__ = ["SchemaStatus", "require_current", "status", "upgrade"]
