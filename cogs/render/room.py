"""What a card has room for, and how lines that are too many are cut: by whole lines, never without a word. Pure."""

from collections.abc import Callable, Sequence

from cogs.render.inert import shortened
from cogs.text import Locale

TEXT_MAX = 4096
FIELD_MAX = 1024
CARD_MAX = 6000
"""Of the whole card: title, text, names and values of the fields, footer."""


def and_more(number: int, locale: Locale) -> str:
    """That so many are not shown."""
    return locale.ngettext("and {number} more", "and {number} more", number)


def cut(
    lines: Sequence[str],
    locale: Locale,
    *,
    room: int = FIELD_MAX,
    at_most: int | None = None,
    besides: int = 0,
    more: Callable[[int, Locale], str] = and_more,
    between: str = "\n",
) -> str:
    """As many of the lines as there is room for, the first ones, and how many more there are with those `besides`.

    A first line that alone is too long is shortened, so that something is always said.
    """
    kept: list[str] = []
    size = 0
    for line in lines[:at_most]:
        size += len(line) + len(between)
        if kept and size - len(between) > room:
            break
        kept.append(line)
    while True:
        rest = len(lines) - len(kept) + besides
        last = [more(rest, locale)] if rest else []
        text = between.join([*kept, *last])
        if len(text) <= room:
            return text
        if len(kept) == 1:
            return between.join([shortened(kept[0], room - len(between.join(["", *last]))), *last])
        kept.pop()
