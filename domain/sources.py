"""Who says something, and how close they stand to it. Nothing is averaged away: claims stand side by side."""

from enum import StrEnum
from urllib.parse import urlsplit

from domain.errors import InvalidInput

LINK_MAX = 400


class Tier(StrEnum):
    """How close a source stands to what it states, closest first."""

    OFFICIAL = "official"
    INSPECTION = "inspection"
    INDEPENDENT = "independent"
    MEDIA = "media"
    UNVERIFIED = "unverified"


def checked_link(raw: str | None) -> str | None:
    """A link worth keeping: http or https with a host, at most LINK_MAX characters, nothing that could break out of its place."""
    if raw is None:
        return None
    link = raw.strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        raise InvalidInput("link_unclear", raw_text=link[:80]) from None
    unsafe = any(
        character.isspace() or not character.isprintable() or character in '<>"`|\\^{}()[]' for character in link
    )
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or unsafe
        or len(link) > LINK_MAX
        or "@" in parts.netloc
    ):
        raise InvalidInput("link_unclear", raw_text=link[:80])
    return link
