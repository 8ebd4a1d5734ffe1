"""The supervisor: no task is lost, none outlives a stop, and a background task that ends is noticed."""

import asyncio
import contextvars
import logging
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.supervisor import Failure, Supervisor
from domain.errors import Unavailable

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="none")


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_background_task_that_raises_ends_the_run_and_is_named() -> None:
    async with Supervisor() as supervisor:

        async def breaks() -> None:
            raise ValueError("lost its footing")

        supervisor.supervise("steady", forever)
        supervisor.supervise("courier", breaks)
        failure = await asyncio.wait_for(supervisor.run_until_stopped(), 5)
    assert failure is not None
    assert failure.name == "courier"
    assert isinstance(failure.error, ValueError)


async def test_a_background_task_that_simply_returns_is_a_failure_too() -> None:
    async with Supervisor() as supervisor:

        async def returns() -> None:
            return

        supervisor.supervise("timekeeper", returns)
        failure = await asyncio.wait_for(supervisor.run_until_stopped(), 5)
    assert failure == Failure("timekeeper", None)


async def test_a_background_task_cancelled_by_someone_else_is_a_failure() -> None:
    async with Supervisor() as supervisor:

        async def cancels_itself() -> None:
            current = asyncio.current_task()
            assert current is not None
            current.cancel()
            await asyncio.Event().wait()

        supervisor.supervise("courier", cancels_itself)
        failure = await asyncio.wait_for(supervisor.run_until_stopped(), 5)
    assert failure is not None
    assert isinstance(failure.error, asyncio.CancelledError)


async def test_a_requested_stop_is_no_failure() -> None:
    async with Supervisor() as supervisor:
        supervisor.supervise("courier", forever)
        supervisor.request_stop("test")
        assert await asyncio.wait_for(supervisor.run_until_stopped(), 5) is None
        assert await supervisor.stop() == ()
    assert supervisor.failure is None


async def test_background_tasks_stop_in_reverse_order_each_before_the_next_is_told() -> None:
    seen: list[str] = []

    def worker(name: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def run() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                seen.append(f"{name} told")
                await asyncio.sleep(0)
                seen.append(f"{name} gone")

        return run

    async with Supervisor() as supervisor:
        for name in ("storage", "courier", "discord"):
            supervisor.supervise(name, worker(name))
        await asyncio.sleep(0)
    assert seen == [f"{name} {what}" for name in ("discord", "courier", "storage") for what in ("told", "gone")]


async def test_attended_work_finishes_before_a_stop_returns_even_if_nobody_holds_it() -> None:
    written: list[str] = []
    release = asyncio.Event()

    async def write() -> None:
        await release.wait()
        written.append("row")

    async with Supervisor() as supervisor:
        supervisor.attend(write())
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.01, release.set)
        assert await supervisor.stop() == ()
    assert written == ["row"]


async def test_work_started_by_work_that_finishes_during_a_stop_is_finished_too() -> None:
    written: list[str] = []

    async with Supervisor() as supervisor:

        async def write() -> None:
            await asyncio.sleep(0)
            written.append("row")

        async def request() -> None:
            await asyncio.sleep(0)
            supervisor.attend(write())

        supervisor.attend(request())
        assert await supervisor.stop() == ()
    assert written == ["row"]


async def test_a_stop_names_what_it_had_to_abandon_and_cancels_it() -> None:
    cancelled = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with Supervisor() as supervisor:
        supervisor.attend(endless(), name="send to #ops")
        await asyncio.sleep(0)
        assert await supervisor.stop(timeout_s=0.02) == ("send to #ops",)
    assert cancelled.is_set()


async def test_a_task_that_refuses_to_be_cancelled_does_not_hold_up_the_stop() -> None:
    let_go = asyncio.Event()

    async def clings() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    below_ended = asyncio.Event()

    async def below() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            below_ended.set()

    async with Supervisor() as supervisor:
        supervisor.supervise("below", below)
        supervisor.supervise("clinging", clings)
        await asyncio.sleep(0)
        # Whatever happens, the test itself must end.
        asyncio.get_running_loop().call_later(2, let_go.set)
        begun_s = asyncio.get_running_loop().time()
        abandoned = await supervisor.stop(timeout_s=0.1)
        assert asyncio.get_running_loop().time() - begun_s < 1.5
        let_go.set()
        await asyncio.sleep(0)
    assert abandoned == ("clinging",)
    assert below_ended.is_set()


async def test_after_a_stop_nothing_new_is_started() -> None:
    async with Supervisor() as supervisor:
        pass
    with pytest.raises(RuntimeError):
        supervisor.supervise("late", forever)
    with pytest.raises(Unavailable) as refusal:
        supervisor.attend(forever())
    assert refusal.value.code == "process_stopping"


async def test_two_background_tasks_cannot_share_a_name() -> None:
    async with Supervisor() as supervisor:
        supervisor.supervise("courier", forever)
        with pytest.raises(ValueError, match="courier"):
            supervisor.supervise("courier", forever)


async def test_an_exception_nobody_took_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ValueError("unheard")

    async with Supervisor() as supervisor:
        supervisor.attend(breaks(), name="orphan")
        await asyncio.sleep(0)
    assert any("orphan" in record.getMessage() and record.exc_info for record in caplog.records)


async def test_an_exception_is_logged_when_the_shielded_caller_was_cancelled(caplog: pytest.LogCaptureFixture) -> None:
    release = asyncio.Event()

    async def write() -> None:
        await release.wait()
        raise ValueError("disk full")

    async with Supervisor() as supervisor:

        async def request() -> None:
            await asyncio.shield(supervisor.attend(write(), name="write"))

        caller = supervisor.attend(request(), name="request")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        release.set()
    assert any("name='write'" in record.getMessage() for record in caplog.records)


async def test_an_exception_somebody_took_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def breaks() -> None:
        raise ValueError("heard")

    async with Supervisor() as supervisor:
        with pytest.raises(ValueError, match="heard"):
            await supervisor.attend(breaks())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_background_tasks_do_not_inherit_the_request_that_started_them_but_attended_work_does() -> None:
    seen: dict[str, str] = {}

    async with Supervisor() as supervisor:

        async def background() -> None:
            seen["background"] = request_id.get()
            await asyncio.Event().wait()

        async def work() -> None:
            seen["work"] = request_id.get()

        async def request() -> None:
            token = request_id.set("r-1")
            supervisor.supervise("courier", background)
            await supervisor.attend(work())
            request_id.reset(token)

        foreign = contextvars.Context()
        await foreign.run(supervisor.attend, request())
    assert seen == {"background": "none", "work": "r-1"}


async def test_the_first_signal_asks_for_a_stop_and_the_second_cuts_it_short() -> None:
    async with Supervisor() as supervisor:
        supervisor.watch_signals()
        supervisor.attend(forever(), name="slow")
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(supervisor.run_until_stopped(), 5) is None
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), signal.SIGINT)
        # Sixty seconds are allowed; only the second signal can end this in five.
        assert await asyncio.wait_for(supervisor.stop(timeout_s=60), 5) == ("slow",)


async def test_a_first_signal_after_a_failure_does_not_cut_the_stop_short() -> None:
    finished: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0.05)
        finished.append("slow")

    async def returns() -> None:
        return

    async with Supervisor() as supervisor:
        supervisor.watch_signals()
        supervisor.attend(slow())
        supervisor.supervise("courier", returns)
        await supervisor.run_until_stopped()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await supervisor.stop(timeout_s=5) == ()
    assert finished == ["slow"]


async def test_a_process_that_is_told_to_stop_by_sigterm_ends_in_order() -> None:
    program = """
        import asyncio
        from bot.supervisor import Supervisor

        async def main():
            async with Supervisor() as supervisor:
                supervisor.watch_signals()
                supervisor.supervise("waiting", asyncio.Event().wait)
                print("ready", flush=True)
                failure = await supervisor.run_until_stopped()
            print("stopped", failure, flush=True)

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.splitlines()[-1] == "stopped None"
