"""Settings: read once, every problem at once, in words that help; `.env.example` says the same as the model."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from bot.settings import Settings, SettingsError, load_settings, variable_names

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.canary-canary-canary-canary-canary-42"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*variable_names(), "GANTRY_LOGLEVEL", "DISCORD_TOKN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def problems(env_file: Path = Path(".env")) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file)
    return caught.value.problems


def test_nothing_set_gives_usable_defaults() -> None:
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.database == Path("data/gantry.db")
    assert settings.journal_key_file == Path("data/journal.key")
    assert settings.max_photo_bytes == 10_000_000


def test_database_and_key_follow_the_data_directory_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANTRY_DATA_DIR", "/srv/gantry")
    assert load_settings().database == Path("/srv/gantry/gantry.db")
    monkeypatch.setenv("GANTRY_DATABASE", "/fast/ops.db")
    assert load_settings().database == Path("/fast/ops.db")
    assert load_settings().journal_key_file == Path("/srv/gantry/journal.key")


def test_a_home_directory_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANTRY_DATA_DIR", "~/gantry")
    assert load_settings().data_dir == Path.home() / "gantry"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("GANTRY_LOG_LEVEL=ERROR\nGANTRY_MAX_PHOTO_MB=3\n")
    monkeypatch.setenv("GANTRY_LOG_LEVEL", "debug")
    settings = load_settings()
    assert settings.log_level == "DEBUG"
    assert settings.max_photo_mb == 3


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("DISCORD_TOKEN=\nGANTRY_COMMAND_GUILD=\n")
    monkeypatch.setenv("GANTRY_LOG_LEVEL", "")
    settings = load_settings()
    assert (settings.discord_token, settings.command_guild, settings.log_level) == (None, None, "INFO")


def test_every_problem_is_reported_at_once_with_its_variable_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "GANTRY_LOG_LEVEL": "LOUD",
        "GANTRY_LOG_FORMAT": "xml",
        "GANTRY_COMMAND_GUILD": "my server",
        "GANTRY_MAX_PHOTO_MB": "0",
        "DISCORD_TOKEN": "my token",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GANTRY_LOGLEVEL", "INFO")
    found = problems()
    assert len(found) == 6
    for name, value in wrong.items():
        (line,) = [line for line in found if line.startswith(f"{name} ")]
        assert name == "DISCORD_TOKEN" or (value in line and "use " in line)
    assert "GANTRY_LOGLEVEL is not a setting: did you mean GANTRY_LOG_LEVEL?" in found


def test_a_misspelt_name_in_the_file_is_found_too() -> None:
    Path(".env").write_text(f"DISCORD_TOKN={TOKEN}\n")
    assert problems() == ("DISCORD_TOKN is not a setting: did you mean DISCORD_TOKEN?",)


def test_a_foreign_variable_that_only_begins_like_ours_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # What Kubernetes sets in every container beside a service named gantry.
    monkeypatch.setenv("GANTRY_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("GANTRY_PORT", "tcp://10.0.0.1:80")
    load_settings()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (f"Bot {TOKEN}", "Gantry adds the word itself"),
        (f'"{TOKEN}"', "quotation marks"),
        (f"{TOKEN[:20]} {TOKEN[20:]}", "space"),
        (f"{TOKEN}\n", "space or line break"),
        ("abcdefghijklmnopqrstuvwxyz012345", "three parts"),
        (TOKEN.replace("canary", "canarÿ"), "characters that no token has"),
    ],
)
def test_what_is_visibly_not_a_token_is_explained_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch, value: str, says: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (line,) = caught.value.problems
    assert line.startswith("DISCORD_TOKEN ")
    assert says in line
    assert value.strip()[:12] not in line
    # A chained error would carry the input into a traceback.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_token_is_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == TOKEN
    assert [secret.get_secret_value() for secret in settings.secrets()] == [TOKEN]
    assert "canary" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_file_saved_by_a_windows_editor_is_read() -> None:
    Path(".env").write_bytes(b"\xef\xbb\xbfGANTRY_LOG_LEVEL=ERROR\r\n")
    assert load_settings().log_level == "ERROR"


def test_a_file_that_is_not_text_is_a_problem_and_not_a_traceback() -> None:
    Path(".env").write_bytes(b"\xff\xfe\x00G")
    assert "not UTF-8" in problems()[0]


def test_settings_cannot_be_changed_once_read() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError):
        settings.log_level = "DEBUG"  # type: ignore[misc]


def test_env_example_has_every_setting_with_its_description_and_its_default_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    blocks = re.findall(r"^# (.+)\n([A-Z_]+)=(.*)$", text, re.MULTILINE)
    expected = [
        (
            field.description,
            field.validation_alias,
            "" if field.default in (None, PydanticUndefined) else str(field.default),
        )
        for field in Settings.model_fields.values()
    ]
    assert blocks == expected
    assert len(re.findall(r"^[^#\n]", text, re.MULTILINE)) == len(expected)


def test_env_example_copied_as_it_is_gives_the_defaults() -> None:
    Path(".env").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    assert load_settings() == load_settings(Path("missing"))
