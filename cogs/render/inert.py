"""Text that members typed, shown so that it does nothing: no mentions, links, timestamps, headings or markdown.

Discord reads a backslash before punctuation as "show this character". Mentions and bare links need a break as well, because
they are found outside of markdown.
"""

import re

_MARKDOWN = re.compile(r"([\\*_~|`>#\[\]<])")
_LIST_START = re.compile(r"^(\s*)([-+]|\d{1,9}\.)(\s)", re.MULTILINE)
_BREAK = "\u200b"


def inert(text: str) -> str:
    """The text, made harmless for a message."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    escaped = _LIST_START.sub(lambda found: f"{found[1]}\\{found[2]}{found[3]}", escaped)
    return escaped.replace("@", f"@{_BREAK}").replace("://", f":{_BREAK}//")


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut; never ends in half an escape."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip("\\").rstrip() + "…"
