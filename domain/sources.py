"""Who says something, and how close they stand to it. Nothing is averaged away: claims stand side by side."""

import re
from enum import StrEnum

from domain.errors import InvalidInput

LINK_MAX = 400
# A scheme, a host without credentials, an optional port, and then anything printable that cannot end or open markup.
_LINK = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:[/?#][^\s<>\"`|\\^{}()\[\]]*)?")


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
    if len(link) > LINK_MAX or not _LINK.fullmatch(link):
        raise InvalidInput("link_unclear", raw_text=link[:80])
    return link
