"""Where something is posted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that hears something: in which language, and which roles are mentioned with it."""

    channel_id: int
    language: str = "en"
    mention_role_ids: tuple[int, ...] = ()
