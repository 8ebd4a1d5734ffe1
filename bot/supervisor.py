"""The only place that creates asyncio tasks, so that none is lost, forgotten or left running.

Background tasks belong to the process: one that ends before it is told to ends the process. Bounded work (a request, a
shielded write) is held until it is done. It must know nothing of Discord, of storage or of what the tasks do.
"""

import asyncio
import contextvars
import gc
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog

from domain.errors import OpsError, Unavailable

STOP_TIMEOUT_S = 8.0
"""How long a stop may take. The service manager's own limit is commonly 10 s."""

CANCEL_GRACE_S = 0.5
"""How long a cancelled task may take to let go before it is left behind."""

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_Result = TypeVar("_Result")

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A background task that ended although nobody asked it to. `error` is None when it simply returned."""

    name: str
    error: BaseException | None

    def __str__(self) -> str:
        return f"{self.name}: {'ended without being told to' if self.error is None else repr(self.error)}"


class Supervisor:
    """Owner of every task of the process. Enter it on the event loop; leaving it stops everything."""

    def __init__(self, *, stop_timeout_s: float = STOP_TIMEOUT_S) -> None:
        self._stop_timeout_s = stop_timeout_s
        self._background: dict[str, asyncio.Task[None]] = {}
        self._attended: set[asyncio.Task[Any]] = set()
        self._failure: Failure | None = None
        self._signalled = False
        self._stopping = False
        self._closed = False

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._home = contextvars.copy_context()
        self._stop_requested = asyncio.Event()
        self._forced: asyncio.Future[None] = self._loop.create_future()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.stop(timeout_s=self._stop_timeout_s)
        finally:
            self._release_signals()

    @property
    def failure(self) -> Failure | None:
        """The first background task that failed, if one has."""
        return self._failure

    @property
    def stopping(self) -> bool:
        """Whether a stop was asked for or has begun: no new intake then."""
        return self._stopping or self._stop_requested.is_set()

    def supervise(self, name: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start `run()` as the background task `name`, which must not end until the supervisor stops it.

        It runs in the context variables of the supervisor, not of the caller: a task that outlives a request must not
        carry that request's. Raises ValueError for a name in use, RuntimeError once stopping has begun.
        """
        if self._stopping:
            raise RuntimeError(f"the supervisor is stopping: {name} was not started")
        if name in self._background:
            raise ValueError(f"a background task named {name} is already running")
        task = self._loop.create_task(run(), name=name, context=self._home.copy())
        self._background[name] = task
        task.add_done_callback(self._background_ended)

    def attend(self, work: Coroutine[Any, Any, _Result], *, name: str | None = None) -> "asyncio.Task[_Result]":
        """Start bounded work in the caller's context variables, hold it until it is done, and return its task.

        At a stop it may finish within the limit. When nobody takes its exception, that is logged. Raises Unavailable
        `process_stopping` once the supervisor has stopped; work may still be added while it stops, since a request may need to
        write.
        """
        if self._closed:
            work.close()
            raise Unavailable("process_stopping")
        task = self._loop.create_task(work, name=name or getattr(work, "__qualname__", None))
        self._attended.add(task)
        # Only the set holds the task. Once dropped, asyncio itself reports an exception that nobody took.
        task.add_done_callback(self._attended.discard)
        return task

    def request_stop(self, reason: str) -> None:
        """Make `run_until_stopped` return. Asking twice is asking once."""
        if not self._stop_requested.is_set():
            _log.info("stop requested", reason=reason)
            self._stop_requested.set()

    def force(self) -> None:
        """Give up waiting for attended work: a stop now cancels whatever still runs."""
        self._stop_requested.set()
        if not self._forced.done():
            self._forced.set_result(None)

    def watch_signals(self) -> None:
        """Let SIGTERM and SIGINT request a stop; a second one forces it, and a third has the system's usual effect.

        Works on the main thread only, and lasts until the supervisor is left.
        """
        for number in _STOP_SIGNALS:
            self._loop.add_signal_handler(number, self._on_signal, number)

    async def run_until_stopped(self) -> Failure | None:
        """Return when a stop is requested (None) or when a background task has failed (which one, and how)."""
        await self._stop_requested.wait()
        return self._failure

    async def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> tuple[str, ...]:
        """Stop everything within about `timeout_s` seconds; return the names of what did not finish.

        Background tasks are cancelled one by one, the last started first, since later ones lean on earlier ones;
        attended work runs on meanwhile, and is cancelled at the limit. Calling it again does nothing.
        """
        if self._closed:
            return ()
        self._stopping = True
        self._stop_requested.set()
        deadline = self._loop.time() + timeout_s
        abandoned = await self._cancel_background(deadline)
        abandoned += await self._finish_attended(deadline)
        self._closed = True
        # A failed task caught in a reference cycle is only reported when it is collected; the loop is about to go.
        gc.collect()
        if abandoned:
            _log.warning("abandoned at stop", tasks=abandoned)
        return tuple(abandoned)

    def _background_ended(self, task: "asyncio.Task[None]") -> None:
        name = task.get_name()
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if self._stopping:
            if error is not None and not task.cancelled():
                _log.error("background task failed while stopping", task=name, exc_info=error)
            return
        if isinstance(error, OpsError):
            _log.error("background task cannot go on", task=name, reason=str(error))  # its end is told in words
        else:
            _log.error("background task ended unexpectedly", task=name, exc_info=error)
        if self._failure is None:
            self._failure = Failure(name, error)
        self._stop_requested.set()

    async def _cancel_background(self, deadline: float) -> list[str]:
        stuck: list[str] = []
        for name, task in reversed(self._background.items()):
            task.cancel()
            # Half of what is left to each: one that clings must not take the time of those below it.
            await self._wait({task}, (deadline - self._loop.time()) / 2)
            if not task.done():
                stuck.append(name)
        return stuck

    async def _finish_attended(self, deadline: float) -> list[str]:
        # Again and again, because work that finishes may have started more.
        while (running := self._others()) and (left_s := deadline - self._loop.time()) > 0 and not self._forced.done():
            await self._wait(running, left_s)
        left = self._others()
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=CANCEL_GRACE_S)
        return sorted(task.get_name() for task in left)

    def _others(self) -> "set[asyncio.Task[Any]]":
        return {task for task in self._attended if task is not asyncio.current_task()}

    async def _wait(self, tasks: "set[asyncio.Task[Any]]", timeout_s: float) -> None:
        """Wait until all of `tasks` are done, the time is up or the stop is forced."""
        end = self._loop.time() + max(timeout_s, 0.0)
        while tasks and not self._forced.done():
            waiting: set[asyncio.Future[Any]] = {*tasks, self._forced}
            left_s = max(end - self._loop.time(), 0.0)
            done, _ = await asyncio.wait(waiting, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                return
            tasks = {task for task in tasks if not task.done()}

    def _on_signal(self, number: signal.Signals) -> None:
        if not self._signalled:
            self._signalled = True
            self.request_stop(number.name)
            return
        _log.warning("stop forced", reason=number.name)
        self.force()
        self._release_signals()

    def _release_signals(self) -> None:
        for number in _STOP_SIGNALS:
            self._loop.remove_signal_handler(number)
