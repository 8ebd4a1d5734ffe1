"""Logs: one set-up for structlog and the standard library, to one stream, with secrets removed at the last step.

Whatever reaches the stream passes the redactor: our events, other libraries' records, warnings, tracebacks, errors of
logging itself and exceptions that nothing caught. It must not decide what is logged, and does nothing when imported.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterable
from json import JSONDecodeError
from types import TracebackType
from typing import Literal, Self, TextIO

import structlog
from structlog.typing import Processor

from bot.redaction import Redactor, Secret
from domain.errors import OpsError

Style = Literal["console", "json"]

PINNED_LOGGERS = ("discord", "apscheduler", "aiohttp", "aiosqlite", "asyncio", "PIL")
"""Never below INFO: at DEBUG they write request bodies, tokens and the parameters of SQL."""

# Not prose: compared with what the library writes.
_GATEWAY, _COMES_AGAIN = "discord.client", "Attempting a reconnect"
_COMMANDS, _COMPLETION = "discord.app_commands.tree", "Ignoring exception in autocomplete"

_ORIGIN: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def _floor_of(name: str) -> int:
    """APScheduler tells at INFO of every job it runs, ours every five seconds: that is no news."""
    return logging.WARNING if name == "apscheduler" else logging.INFO


class Logs:
    """The logging now in force. As a context manager, or through `restore`, it gives back what was there before."""

    def __init__(self, redactor: Redactor, handler: logging.Handler) -> None:
        self.redactor = redactor
        self._handler = handler
        self._undo: list[Callable[[], object]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.restore()

    def restore(self) -> None:
        """Give back handlers, levels, hooks and structlog's set-up as they were. Doing it twice is doing it once."""
        while self._undo:
            self._undo.pop()()

    def install(self, level: str) -> None:
        """Put the handler in force for every logger. Once for each object."""
        root = logging.getLogger()
        old_handlers, old_level = root.handlers[:], root.level
        self._undo.append(lambda: root.setLevel(old_level))
        self._undo.append(lambda: _set_handlers(root, old_handlers))
        _set_handlers(root, [self._handler])
        root.setLevel(level)
        for name in PINNED_LOGGERS:
            self._pin(logging.getLogger(name), root.level)
        self._capture_warnings()
        self._catch_uncaught()
        self._configure_structlog()

    def _pin(self, logger: logging.Logger, level: int) -> None:
        old_level, old_handlers, old_propagate = logger.level, logger.handlers[:], logger.propagate
        self._undo.append(lambda: logger.setLevel(old_level))
        self._undo.append(lambda: _set_handlers(logger, old_handlers))
        self._undo.append(lambda: setattr(logger, "propagate", old_propagate))
        # A handler of its own would be a way around the redactor.
        _set_handlers(logger, [])
        logger.propagate = True
        logger.setLevel(max(level, _floor_of(logger.name)))

    def _capture_warnings(self) -> None:
        old_show = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,  # noqa: ARG001 - the hook's signature; our stream is the only one
            line: str | None = None,
        ) -> None:
            text = warnings.formatwarning(message, category, filename, lineno, line)
            logging.getLogger("py.warnings").warning("%s", text.rstrip())

        warnings.showwarning = show
        self._undo.append(lambda: setattr(warnings, "showwarning", old_show))

    def _catch_uncaught(self) -> None:
        old_hook, old_thread_hook, old_lost_hook = sys.excepthook, threading.excepthook, sys.unraisablehook
        self._undo.append(lambda: setattr(sys, "excepthook", old_hook))
        self._undo.append(lambda: setattr(threading, "excepthook", old_thread_hook))
        self._undo.append(lambda: setattr(sys, "unraisablehook", old_lost_hook))
        log = logging.getLogger("gantry.uncaught")
        sys.excepthook = lambda kind, error, trace: log.critical("uncaught exception", exc_info=(kind, error, trace))
        threading.excepthook = lambda args: log.critical("uncaught exception in a thread", exc_info=args.exc_value)
        sys.unraisablehook = lambda args: log.error("exception that could not be raised", exc_info=args.exc_value)

    def _configure_structlog(self) -> None:
        old_config = structlog.get_config() if structlog.is_configured() else None
        self._undo.append(lambda: structlog.configure(**old_config) if old_config else structlog.reset_defaults())
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                *_ORIGIN,
                structlog.stdlib.PositionalArgumentsFormatter(),
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
            logger_factory=structlog.stdlib.LoggerFactory(),
            # A cached logger would keep writing to a set-up that has been restored.
            cache_logger_on_first_use=False,
        )


def protect(*secrets: Secret) -> None:
    """Remove these values from everything written from now on; for a secret that is learnt after the start."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _RedactingHandler):
            handler.redactor.protect(*secrets)


class _InOneLine(logging.Filter):
    """What a library tells with a traceback although it is no fault.

    It comes again after the gateway was lost; or what was offered to who types did not reach them: the line broke, or they were
    quicker.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the reason into the line, and leave the traceback out."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and _is_no_fault(record, error):
            record.msg, record.args = "%s (%s: %s)", (record.getMessage(), type(error).__name__, error)
            record.exc_info, record.exc_text = None, None
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


def _is_no_fault(record: logging.LogRecord, error: BaseException) -> bool:
    if record.name == _GATEWAY:
        return str(record.msg).startswith(_COMES_AGAIN)
    if record.name != _COMMANDS or not str(record.msg).startswith(_COMPLETION):
        return False
    is_of_the_line = type(error).__module__.partition(".")[0] in {"aiohttp", "discord"}
    return is_of_the_line or isinstance(error, OSError | JSONDecodeError | OpsError)


class _RedactingHandler(logging.StreamHandler[TextIO]):
    """Writes redacted lines, and redacts what logging says of its own errors too."""

    def __init__(self, stream: TextIO, redactor: Redactor) -> None:
        super().__init__(stream)
        self.redactor = redactor
        self.addFilter(_InOneLine())

    def format(self, record: logging.LogRecord) -> str:
        return self.redactor.clean(super().format(record))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        # The base class prints message and arguments as they are, to a stream of its own.
        text = f"could not write a log record of {record.pathname}:{record.lineno}\n{traceback.format_exc()}"
        try:
            self.stream.write(self.redactor.clean(text))
        except (OSError, ValueError):
            return  # The stream itself is gone; there is nowhere left to say so.


def configure_logs(
    *, level: str = "INFO", style: Style = "console", secrets: Iterable[Secret] = (), stream: TextIO | None = None
) -> Logs:
    """Send all logging of the process to `stream` (default stderr), readable or as one JSON object a line.

    `level` holds for everything but the libraries in `PINNED_LOGGERS`, which stay at INFO or above. `secrets` are
    removed wherever they appear. The result restores the former state.
    """
    target = sys.stderr if stream is None else stream
    redactor = Redactor(secrets)
    handler = _RedactingHandler(target, redactor)
    handler.setFormatter(_formatter(style, colors=target.isatty()))
    logs = Logs(redactor, handler)
    logs.install(level)
    return logs


def _formatter(style: Style, *, colors: bool) -> logging.Formatter:
    last: list[Processor]
    if style == "json":
        last = [
            structlog.processors.EventRenamer("message"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=repr, ensure_ascii=False),
        ]
    else:
        # Plain tracebacks: boxes and wrapped lines would cut a secret in two and hide it from the redactor.
        last = [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_ORIGIN, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


def _set_handlers(logger: logging.Logger, handlers: list[logging.Handler]) -> None:
    logger.handlers[:] = handlers
