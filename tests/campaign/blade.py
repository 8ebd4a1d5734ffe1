"""A blade that cancels a task at a chosen await of all its work."""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


class _Steps(Awaitable[T]):
    """Work that tells a blade of each await, and is cancelled there when the blade says so."""

    def __init__(self, work: Coroutine[Any, Any, T], blade: "Blade") -> None:
        self._work = work
        self._blade = blade

    def __await__(self) -> Generator[Any, Any, T]:
        error: BaseException | None = None
        while True:
            try:
                waiting = self._work.send(None) if error is None else self._work.throw(error)
            except StopIteration as ended:
                return ended.value  # type: ignore[no-any-return]
            self._blade.pass_by()
            try:
                yield waiting
                error = None
            except BaseException as thrown:  # noqa: BLE001 - whatever it is belongs to the work
                error = thrown


@dataclass
class Blade:
    """Cancels whichever task comes to the n-th await of all that it was given."""

    left: int
    passed: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def pass_by(self) -> None:
        """One await more."""
        self.passed += 1
        self.left -= 1
        task = asyncio.current_task()
        if self.left == 0 and task is not None:
            self.struck.set()
            task.cancel()

    async def over(self, work: Coroutine[Any, Any, T]) -> T:
        """Do this work under the blade."""
        return await _Steps(work, self)
