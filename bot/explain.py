"""Refusals that stop the process, in plain words for its operator. Members never see these: they need no catalogue."""

from domain.errors import OpsError

_WORDS = {
    "data_in_use": "another Gantry works on this data (process {pid}). Stop it first, or give this one another "
    "GANTRY_DATA_DIR.",
    "data_not_writable": "{path} cannot be written: {reason}. Check that it belongs to this user and that the disk is "
    "not full or read-only, or set GANTRY_DATA_DIR.",
    "journal_key_missing": "the journal key {path} is missing although there is a database that was sealed with it. "
    "Put it back from your copy, or point GANTRY_JOURNAL_KEY_FILE to it.",
    "journal_key_exposed": "the journal key {path} can be read by other users of this machine. If that was never so "
    "while they could log in, run: chmod 600 {path}",
    "journal_key_damaged": "the journal key {path} does not hold 32 bytes in hexadecimal. Put it back from your copy.",
    "journal_key_unreadable": "the journal key {path} cannot be read: {reason}.",
    "journal_broken": "the journal of server {workspace} does not fit its seal at entry {seq}: it was altered, or this is "
    "another key. Put the right key back, or restore the newest good backup; keep the altered file for whoever looks into it.",
    "schema_behind": "the database has schema {version} of {newest}. Run `gantry db upgrade`.",
    "schema_newer": "the database was written by a newer Gantry (schema {version}, this one knows {newest}). Install "
    "that version again, or restore a backup made before it.",
    "schema_altered": "the migration {name} differs from the one this database was made with. Install Gantry again "
    "from an unaltered source.",
    "database_damaged": "the database is damaged ({detail}). Stop here and restore the newest good backup.",
    "database_busy": "the database is locked by another program. Close it, then try again.",
    "database_failing": "the database cannot be used ({detail}). Check the disk.",
    "disk_full": "the disk is full. Nothing was changed; make room, then start again.",
    "discord_refuses_token": "Discord refuses the token. Copy it again from the Bot page of your application (Reset "
    "Token shows a new one) into DISCORD_TOKEN.",
    "discord_refuses_connection": "Discord closed the connection and will not have it again (code {close_code}). Starting "
    "again cannot help. 4011: this bot is in more servers than one connection may serve. 4010, 4012, 4013 and 4014: Discord "
    "has given up what this version speaks; install a newer Gantry.",
    "discord_unreachable": "Discord could not be reached: {reason}. Check the network, then try again.",
}


def explain(error: OpsError) -> str:
    """Return what went wrong and what to do, or the bare code and its parameters when there are no words for it."""
    words = _WORDS.get(error.code)
    return str(error) if words is None else words.format(**error.params)
