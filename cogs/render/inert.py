"""Text that members typed, shown so that it does nothing: no mentions, links, timestamps, headings or markdown.

Discord reads a backslash before punctuation as "show this character". Mentions and bare links need a break as well, because
they are found outside of markdown.
"""

import re

_MARKDOWN = re.compile(r"([\\*_~|`>#\[\]<])")
_LIST_START = re.compile(r"^(\s*)([-+]|\d{1,9}\.)(\s)", re.MULTILINE)
_BREAK = "\u200b"
# What is kept has been cleaned; display names and what a refusal quotes have not. A joiner stays: it makes one emoji of several.
_SPACING = re.compile("[\t\v\f\r\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


# Most names are letters and digits with a space, a dash or a stop between them. A list would begin with a digit or a dash.
_HARMLESS = re.compile(r"[^\W\d_][^\W_]*(?:[ ,./()'-]+[^\W_]+)*[.,)]*")


def inert(text: str) -> str:
    """The text, made harmless for a message."""
    if _HARMLESS.fullmatch(text):
        return text
    seen = _UNSEEN.sub("", _SPACING.sub(" ", text))
    escaped = _MARKDOWN.sub(r"\\\1", seen)
    escaped = _LIST_START.sub(lambda found: f"{found[1]}\\{found[2]}{found[3]}", escaped)
    return escaped.replace("@", f"@{_BREAK}").replace("://", f":{_BREAK}//")


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut; never ends in half an escape."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip("\\").rstrip() + "…"
