"""Logs: a secret reaches no line by any path, and every library writes through the same redacting stream."""

import asyncio
import base64
import io
import json
import logging
import subprocess
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
import structlog
from pydantic import SecretStr

from bot.logs import PINNED_LOGGERS, Logs, configure_logs, protect
from bot.redaction import MASK, Redactor
from domain.errors import OpsError, Unavailable

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.canary-canary-canary-canary-canary-42"
OTHER_TOKEN = "OTg3NjU0MzIxMDk4NzY1NDMy.HxyzAB.never-told-to-anyone-never-told-to-any1"
PASSWORD = 'pass"word\\with ünusual'
KEY = bytes(range(200, 232))

Style = Literal["console", "json"]


class Sink(io.StringIO):
    """A stream that can claim to be a terminal, so that colours are written."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture(params=["console", "json", "terminal"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    stream = Sink(terminal=request.param == "terminal")
    style: Style = "json" if request.param == "json" else "console"
    with configure_logs(level="DEBUG", style=style, secrets=[SecretStr(TOKEN), PASSWORD, KEY], stream=stream):
        yield stream


def spellings() -> list[str]:
    return [
        "canary-canary",
        PASSWORD,
        repr(PASSWORD)[1:-1],
        json.dumps(PASSWORD)[1:-1],
        KEY.hex(),
        KEY.hex().upper(),
        base64.b64encode(KEY).decode().rstrip("="),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="),
        repr(KEY)[2:-1],
        "never-told",
    ]


def raise_with(secret: object) -> None:
    msg = f"refused {secret}"
    raise ValueError(msg)


def as_exception(secret: object) -> None:
    try:
        try:
            raise_with(secret)
        except ValueError as error:
            raise RuntimeError(repr(secret)) from error
    except RuntimeError:
        structlog.get_logger("test").exception("failed")


def as_standard_exception(secret: object) -> None:
    try:
        raise_with(secret)
    except ValueError:
        logging.getLogger("some.library").exception("failed with %r", secret)


def as_warning(secret: object) -> None:
    # The former hook comes back by itself; ours must be the one that shows.
    shown = warnings.showwarning
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = shown
        warnings.warn(f"deprecated {secret}", UserWarning, stacklevel=1)


def as_thread_failure(secret: object) -> None:
    thread = threading.Thread(target=raise_with, args=(secret,))
    thread.start()
    thread.join()


def as_uncaught(secret: object) -> None:
    try:
        raise_with(secret)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)


def as_record_that_cannot_be_formatted(secret: object) -> None:
    class Unprintable:
        def __str__(self) -> str:
            raise_with(secret)
            return ""

    # The test runner's own handlers raise such errors instead of reporting them.
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if not type(handler).__module__.startswith("_pytest")]
    logging.getLogger("some.library").error("%s %s", secret, Unprintable())


def as_task_nobody_awaited(secret: object) -> None:
    async def fail() -> None:
        raise_with(secret)

    async def main() -> None:
        task = asyncio.get_running_loop().create_task(fail(), name=f"task {secret}")
        await asyncio.sleep(0)
        del task

    asyncio.run(main())


PATHS: dict[str, Callable[[object], None]] = {
    "message": lambda secret: structlog.get_logger("test").info(f"the value is {secret}"),
    "argument": lambda secret: structlog.get_logger("test").info("the value is %s", secret),
    "field": lambda secret: structlog.get_logger("test").info("seen", value=secret),
    "nested": lambda secret: structlog.get_logger("test").info(
        "seen", nested={"a": [{"b": (secret,)}], str(secret): 1}
    ),
    "bound": lambda secret: structlog.get_logger("test").bind(bound=secret).warning("seen"),
    "library message": lambda secret: logging.getLogger("some.library").warning(f"the value is {secret}"),  # noqa: G004 - on purpose
    "library argument": lambda secret: logging.getLogger("some.library").warning("the value is %r", secret),
    "library mapping": lambda secret: logging.getLogger("some.library").warning("%(a)s", {"a": {"b": secret}}),
    "library extra": lambda secret: logging.getLogger("some.library").warning("seen", extra={"value": secret}),
    "request": lambda secret: logging.getLogger("discord.http").info("%s", {"headers": {"Authorization": secret}}),
    "exception": as_exception,
    "library exception": as_standard_exception,
    "warning": as_warning,
    "thread": as_thread_failure,
    "uncaught": as_uncaught,
    "unformattable": as_record_that_cannot_be_formatted,
    "unawaited task": as_task_nobody_awaited,
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        TOKEN.encode(),
        PASSWORD,
        KEY,
        KEY.hex(),
        KEY.hex().upper(),
        base64.b64encode(KEY).decode(),
        OTHER_TOKEN,
    ],
    ids=["token", "token bytes", "password", "key", "hex", "HEX", "base64", "unknown token"],
)
def test_a_secret_is_readable_in_no_line_whatever_path_it_takes(
    sink: Sink, path: Callable[[object], None], secret: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path(secret)
    written = sink.getvalue() + capsys.readouterr().err
    assert written
    assert MASK in written
    assert [spelling for spelling in spellings() if spelling in written] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Bot abc.def.ghi", f"Authorization: Bot {MASK}"),
        ("{'Authorization': 'Bot abc-def_ghi', 'x': 1}", f"{{'Authorization': 'Bot {MASK}', 'x': 1}}"),
        ("[('Authorization', 'Bearer abcdef')]", f"[('Authorization', 'Bearer {MASK}')]"),
        ("POST /webhooks/123/aGVsbG8-x_y?wait=true", f"POST /webhooks/123/{MASK}?wait=true"),
        ("PATCH /webhooks/123/aGVsbG8/messages/@original", f"PATCH /webhooks/123/{MASK}/messages/@original"),
        ("POST /interactions/77/aW50ZXJh/callback", f"POST /interactions/77/{MASK}/callback"),
        ("token aW50ZXJhY3Rpb246MTIzNDU2Nzg5 expired", f"token {MASK} expired"),
        ('{"op": 2, "d": {"token": "abc", "intents": 1}}', f'{{"op": 2, "d": {{"token": "{MASK}", "intents": 1}}}}'),
        (f"<{OTHER_TOKEN}>", f"<{MASK}>"),
    ],
)
def test_what_is_shaped_like_a_credential_goes_even_if_nobody_named_it(text: str, left: str) -> None:
    assert Redactor().clean(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "GET /webhooks/123 failed",
        "storage.migrations.runner applied 0001_house.sql at 2025-11-27T18:00:00.123456Z",
        "the authorization of RT-3 is missing",
        "Mission Soyuz MS-28 moved, Olga and Nikolai told; see MISSION.PLANNING.AND_CONTROL_OF_OPERATIONS",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_ordinary_lines_are_left_as_they_are(text: str) -> None:
    assert Redactor([TOKEN, KEY]).clean(text) == text


def test_a_secret_learnt_later_is_protected_from_then_on() -> None:
    stream = io.StringIO()
    with configure_logs(stream=stream):
        protect(b"learnt-after-start")
        logging.getLogger("x").warning("learnt-after-start %s", b"learnt-after-start".hex())
    assert "learnt" not in stream.getvalue()
    assert b"learnt-after-start".hex() not in stream.getvalue()


def test_an_empty_or_tiny_secret_does_not_black_out_the_log() -> None:
    assert Redactor(["", SecretStr(""), "a", b"ab"]).clean("a launch at Baikonur") == "a launch at Baikonur"


def test_talkative_libraries_stay_at_info_however_much_we_ask_for() -> None:
    stream = io.StringIO()
    with configure_logs(level="DEBUG", stream=stream):
        for name in (*PINNED_LOGGERS, "discord.gateway", "apscheduler.scheduler"):
            logging.getLogger(name).debug("hidden %s", name)
            logging.getLogger(name).warning("shown %s", name)
        logging.getLogger("discord").info("told")
        logging.getLogger("storage").debug("ours")
    assert "hidden" not in stream.getvalue()
    assert stream.getvalue().count("shown") == len(PINNED_LOGGERS) + 2
    assert "told" in stream.getvalue()
    assert "ours" in stream.getvalue()


def test_the_scheduler_does_not_tell_of_every_job_it_runs() -> None:
    stream = io.StringIO()
    with configure_logs(level="DEBUG", stream=stream):
        logging.getLogger("apscheduler.executors.default").info("Running job")
    assert stream.getvalue() == ""


def test_our_level_holds_for_them_when_it_is_higher() -> None:
    stream = io.StringIO()
    with configure_logs(level="ERROR", stream=stream):
        logging.getLogger("discord").warning("hidden")
        structlog.get_logger("x").warning("hidden")
    assert stream.getvalue() == ""


def test_json_is_one_object_a_line_with_level_time_and_traceback() -> None:
    stream = io.StringIO()
    with configure_logs(style="json", stream=stream):
        structlog.stdlib.get_logger("bot.courier").info("posted", channel=5)
        try:
            raise_with("x")
        except ValueError:
            logging.getLogger("discord.client").exception("went wrong")
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first | {"timestamp": ""} == {
        "message": "posted",
        "channel": 5,
        "level": "info",
        "logger": "bot.courier",
        "timestamp": "",
    }
    assert first["timestamp"].endswith("Z")
    assert second["level"] == "error"
    assert "ValueError: refused x" in second["exception"]


def test_a_gateway_that_is_lost_is_one_line_and_no_traceback(sink: Sink) -> None:
    library = logging.getLogger("discord.client")
    for words, *more in (("Attempting a reconnect in %.2fs", 1.5), ("something else went wrong",)):
        try:
            raise_with("for a while")
        except ValueError:
            library.exception(words, *more)
    routine, _, other = sink.getvalue().partition("something else")
    assert "Attempting a reconnect in 1.50s (ValueError: refused for a while)" in routine
    assert "Traceback" not in routine
    assert "Traceback" in other


def test_only_what_ails_the_line_is_told_of_a_completion_without_a_traceback(sink: Sink) -> None:
    library = logging.getLogger("discord.app_commands.tree")
    told: list[str] = []
    for error in (ConnectionResetError("reset"), Unavailable("database_busy"), KeyError("a fault of ours")):
        try:
            raise error
        except (OSError, OpsError, KeyError):
            library.exception("Ignoring exception in autocomplete for %r", "mission status")
        told.append(sink.getvalue().removeprefix("".join(told)))
    assert ["Traceback" in one for one in told] == [False, False, True]
    assert "autocomplete for 'mission status' (ConnectionResetError: reset)" in told[0]


def test_a_handler_that_a_library_brought_along_is_no_way_around() -> None:
    stray, stream = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(stray)
    logging.getLogger("discord").addHandler(handler)
    try:
        with configure_logs(secrets=[TOKEN], stream=stream):
            logging.getLogger("discord").warning("token %s", TOKEN)
        assert stray.getvalue() == ""
        assert handler in logging.getLogger("discord").handlers
    finally:
        logging.getLogger("discord").removeHandler(handler)


def test_restoring_gives_back_everything_as_it_was() -> None:
    def state() -> tuple[object, ...]:
        root, discord = logging.getLogger(), logging.getLogger("discord")
        return (
            root.handlers[:],
            root.level,
            discord.level,
            discord.propagate,
            warnings.showwarning,
            sys.excepthook,
            threading.excepthook,
            sys.unraisablehook,
            structlog.is_configured(),
        )

    before = state()
    logs: Logs = configure_logs(level="DEBUG", stream=io.StringIO())
    assert state() != before
    logs.restore()
    assert state() == before
    logs.restore()
    assert state() == before


def test_a_process_that_dies_of_an_exception_does_not_print_the_secret_in_it() -> None:
    program = f"""
        import asyncio
        from bot.logs import configure_logs
        configure_logs(secrets=["{TOKEN}"])
        async def main():
            secret = "{TOKEN}"
            raise RuntimeError("login with " + secret)
        asyncio.run(main())
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "RuntimeError" in done.stderr
    assert "canary" not in done.stderr + done.stdout
