"""What is asked of Discord in the middle of a command, and does not come: a refusal in words, and no incident."""

from typing import Any

import aiohttp
import pytest

from cogs.actor import member_standing
from cogs.photos import read_photos
from domain.errors import Unavailable

LOST = (
    aiohttp.ClientPayloadError("cut off"),
    ConnectionResetError(),
    TimeoutError(),
    RuntimeError("Session is closed"),
)


class Gone:
    """Something of Discord's that can be asked and does not answer: an attachment, a server."""

    size = 10

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.guild = self

    async def read(self) -> bytes:
        raise self.error

    async def fetch_member(self, _: int) -> None:
        raise self.error


async def fetch_photo(gone: Any) -> None:
    async def then(_: tuple[bytes, ...]) -> None:
        raise AssertionError("there is nothing to go on with")

    await read_photos((gone,), 1000, then)


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
async def test_a_line_that_breaks_while_something_is_fetched_is_told_as_that(error: Exception) -> None:
    gone: Any = Gone(error)
    for work, code in ((fetch_photo(gone), "photo_not_fetched"), (member_standing(gone, 5), "member_not_fetched")):
        with pytest.raises(Unavailable) as told:
            await work
        assert told.value.code == code


async def test_a_fault_of_ours_is_not_taken_for_a_broken_line() -> None:
    with pytest.raises(RuntimeError, match="of ours"):
        await fetch_photo(Gone(RuntimeError("a fault of ours")))
