"""Everything an operator can set, read once from the environment and `.env`, with every problem reported at once.

It is not read at import. It must not open, create or check files: that is for the start and for `gantry check`.
`.env.example` says the same as this module; a test holds them equal.
"""

import difflib
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ENV_FILE = Path(".env")

LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)
]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(lambda v: v.lower() if isinstance(v, str) else v)]
UserPath = Annotated[Path, AfterValidator(Path.expanduser)]


class SettingsError(Exception):
    """Settings that cannot be used. `problems` has one plain sentence each: which variable, and what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """The settings of one process. Descriptions are the comments of `.env.example`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file_encoding="utf-8-sig",
        hide_input_in_errors=True,
        case_sensitive=True,
    )

    discord_token: SecretStr | None = Field(
        None,
        validation_alias="DISCORD_TOKEN",
        description="The bot's token, from the Bot page of your application at "
        "https://discord.com/developers/applications. Needed by `gantry run` only.",
    )
    data_dir: UserPath = Field(
        Path("data"),
        validation_alias="GANTRY_DATA_DIR",
        description="Where Gantry keeps everything: database, evidence, backups. "
        "Made private (0700) when it is created.",
    )
    database_file: UserPath | None = Field(
        None,
        validation_alias="GANTRY_DATABASE",
        description="The database file. Empty: gantry.db in the data directory.",
    )
    journal_key: UserPath | None = Field(
        None,
        validation_alias="GANTRY_JOURNAL_KEY_FILE",
        description="The file with the key that seals the journal. Made on the first start; keep a copy elsewhere. "
        "Empty: journal.key in the data directory.",
    )
    log_level: LogLevel = Field(
        "INFO",
        validation_alias="GANTRY_LOG_LEVEL",
        description="How much is logged: DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: LogFormat = Field(
        "console",
        validation_alias="GANTRY_LOG_FORMAT",
        description="How it is logged: console (for people) or json (one object a line, for machines).",
    )
    command_guild: int | None = Field(
        None,
        validation_alias="GANTRY_COMMAND_GUILD",
        ge=1 << 22,
        lt=1 << 63,
        description="The id of one server to give the commands to, for trying out. Empty: every server the bot is in.",
    )
    max_photo_mb: int = Field(
        10,
        validation_alias="GANTRY_MAX_PHOTO_MB",
        ge=1,
        le=100,
        description="The largest photo accepted as evidence, in megabytes (1 to 100).",
    )

    requests_per_s: int = Field(
        45,
        validation_alias="GANTRY_REQUESTS_PER_SECOND",
        ge=5,
        le=10_000,
        description="At most so many posts, edits and looks a second over all channels. Discord allows a bot 50; "
        "only some large bots are given more.",
    )

    @field_validator("discord_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and (fault := _token_fault(token.get_secret_value())):
            raise ValueError(fault)
        return token

    @property
    def database(self) -> Path:
        """The database file."""
        return self.database_file or self.data_dir / "gantry.db"

    @property
    def journal_key_file(self) -> Path:
        """The file that holds the journal's key."""
        return self.journal_key or self.data_dir / "journal.key"

    @property
    def evidence_dir(self) -> Path:
        """Where evidence is kept by its digest."""
        return self.data_dir / "evidence"

    @property
    def backup_dir(self) -> Path:
        """Where backups of the database are put."""
        return self.data_dir / "backups"

    @property
    def command_state_file(self) -> Path:
        """Where it is remembered which commands Discord was last given."""
        return self.data_dir / "commands.json"

    @property
    def starts_file(self) -> Path:
        """Where recent starts are remembered for the hold-off."""
        return self.data_dir / "starts.json"

    @property
    def pulse_file(self) -> Path:
        """What the watchdog saw last."""
        return self.data_dir / "pulse.json"

    @property
    def max_photo_bytes(self) -> int:
        """The largest photo accepted, in bytes."""
        return self.max_photo_mb * 1_000_000

    def secrets(self) -> tuple[SecretStr, ...]:
        """Every secret value among the settings, for the log's redactor."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value for value in values if isinstance(value, SecretStr))


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read the environment, then `env_file` for what is not in it, and return the settings.

    Raises SettingsError with every problem found. No problem quotes a secret.
    """
    try:
        problems = _misspelt(env_file)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError((f"{env_file} cannot be read: {reason}. Put it right or remove it.",)) from None
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        # From None: the chain would carry the input, and with it a token.
        found = tuple(_explain(dict(problem)) for problem in error.errors(include_input=True, include_url=False))
        raise SettingsError(found + problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def variable_names() -> tuple[str, ...]:
    """Every environment variable Gantry reads, in the order of `.env.example`."""
    return tuple(str(field.validation_alias) for field in Settings.model_fields.values())


def _token_fault(token: str) -> str | None:
    where = "copy it again from the Bot page of your application (Reset Token shows a new one)"
    if token[:1] in "\"'`" or token[-1:] in "\"'`":
        return "has quotation marks around it: remove them"
    if token.lower().startswith("bot "):
        return 'begins with "Bot ": give the token alone, Gantry adds the word itself'
    if re.search(r"\s", token):
        return f"has a space or line break in it: {where}"
    if token.count(".") != 2:
        return f"is not a bot token, which has three parts with dots between them (a client secret has none): {where}"
    if not re.fullmatch(r"[\w.-]+", token, re.ASCII):
        return f"has characters that no token has: {where}"
    return None


def _explain(problem: dict[str, Any]) -> str:
    name = str(problem["loc"][0])
    if name == "DISCORD_TOKEN":
        fault = str(problem.get("ctx", {}).get("error", "cannot be read"))
        return f"DISCORD_TOKEN {fault}."
    given = problem["input"]
    return f"{name} is {str(given)[:80]!r}: {_WANTED.get(name, problem['msg'])}."


_WANTED = {
    "GANTRY_LOG_LEVEL": "use DEBUG, INFO, WARNING or ERROR",
    "GANTRY_LOG_FORMAT": "use console or json",
    "GANTRY_COMMAND_GUILD": "use a server's id, a number of 17 to 20 digits (turn on Developer Mode in Discord, "
    "right-click the server, Copy Server ID), or leave it empty",
    "GANTRY_MAX_PHOTO_MB": "use a whole number from 1 to 100",
}


def _misspelt(env_file: Path) -> tuple[str, ...]:
    """Find variables that are almost one of ours: a setting that is silently not read is worse than a refusal."""
    known = variable_names()
    given = set(os.environ) | (set(dotenv_values(env_file, encoding="utf-8-sig")) if env_file.is_file() else set())
    problems = []
    for name in sorted(given - set(known)):
        if not name.upper().startswith(("GANTRY", "DISCORD")):
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85)
        if near:
            problems.append(f"{name} is not a setting: did you mean {near[0]}?")
    return tuple(problems)
