"""Draws a chart. Import it where it is used, in the thread that draws: it brings Pillow, which the rest of the house does without.

The picture brings its own dark background, so that it reads alike in Discord's dark and light themes, and is as narrow as a
phone needs it: names stand above their bars, not beside them.
"""

import threading
from io import BytesIO

from PIL import Image, ImageDraw

from cogs.charts.chart import Bar, Chart, ChartRow, Lane, Symbol
from cogs.charts.lettering import Lettering
from cogs.charts.signs import (
    BACKGROUND,
    BAR_MIN,
    COLOURS,
    GRID,
    MARK_SIZE,
    NOW,
    QUIET,
    TEXT,
    Canvas,
    bar,
    sign,
    slip_arrow,
)

WIDTH = 1000
_MARGIN = 36
_LEFT, _RIGHT = _MARGIN + 20, WIDTH - _MARGIN - 20
_ROOM = WIDTH - 2 * _MARGIN
_INDENT = 44
_PALETTE = 64
"""Colours of the finished picture: a third of the bytes, and half the time, of keeping all of them."""
_LINE = 33
_BETWEEN = " · "
_one_at_a_time = threading.Lock()
"""Fonts are kept, and FreeType does not let two threads use one font at once."""


def draw(chart: Chart) -> bytes:
    """The chart as a PNG of WIDTH pixels. Blocks for about a tenth of a second: call it in a thread."""
    with _one_at_a_time:
        image = _Picture(chart).drawn().quantize(_PALETTE, method=Image.Quantize.FASTOCTREE)
        file = BytesIO()
        image.save(file, "PNG")
        return file.getvalue()


class _Picture:
    """One drawing under way: its pieces, from top to bottom, are put below each other at the end."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._pieces: list[Image.Image] = []
        self._title = Lettering(36, bold=True)
        self._name = Lettering(27, bold=True)
        self._text = Lettering(25)
        self._small = Lettering(23)

    def drawn(self) -> Image.Image:
        """The whole picture."""
        self._add_heading()
        for number, row in enumerate(self._chart.rows):
            self._add_row(row, first=number == 0)
        self._add_axis()
        self._add_legend()
        image = Image.new("RGB", (WIDTH, sum(piece.height for piece in self._pieces)), BACKGROUND)
        top = 0
        for piece in self._pieces:
            image.paste(piece, (0, top))
            top += piece.height
        return image

    def _add_heading(self) -> None:
        titles = self._title.wrapped(self._chart.title, _ROOM, 2)
        subtitles = self._text.wrapped(self._chart.subtitle, _ROOM, 2)
        image = Image.new("RGB", (WIDTH, 24 + 46 * len(titles) + 36 * len(subtitles) + 58), BACKGROUND)
        draw = ImageDraw.Draw(image)
        for number, line in enumerate(titles):
            self._title.write(draw, (_MARGIN, 60 + 46 * number), line, TEXT)
        for number, line in enumerate(subtitles):
            self._text.write(draw, (_MARGIN, 54 + 46 * len(titles) + 36 * number), line, QUIET)
        self._write_now(draw, image.height)
        self._pieces.append(image)

    def _write_now(self, draw: ImageDraw.ImageDraw, bottom: int) -> None:
        """The flag of the line that marks now; where now is not on the chart, only the words."""
        label = self._small.fitted(self._chart.now_label, _ROOM - 24)
        width = self._small.width(label) + 24
        x = _RIGHT if self._chart.now_at is None else _x(self._chart.now_at)
        left = min(max(x - width / 2, _MARGIN), WIDTH - _MARGIN - width)
        colour, ink = (BACKGROUND, QUIET) if self._chart.now_at is None else (NOW, BACKGROUND)
        draw.rounded_rectangle((left, bottom - 44, left + width, bottom - 8), radius=8, fill=colour)
        if self._chart.now_at is not None:
            draw.line((x, bottom - 10, x, bottom), fill=NOW, width=4)
        self._small.write(draw, (left + 12, bottom - 18), label, ink)

    def _add_row(self, row: ChartRow, *, first: bool) -> None:
        beside = self._name.width(row.label) + self._text.width(row.dates) + 24 <= _ROOM - _INDENT
        below = [] if beside else self._text.wrapped(row.dates, _ROOM - _INDENT, 2)
        small = self._small_print(row.details)
        head, lanes = 48 + _LINE * (len(below) + len(small)), _lanes_height(row.lanes)
        canvas = Canvas(WIDTH, head + lanes)
        self._rule(canvas)
        if not first:
            canvas.line([(_MARGIN, 1), (WIDTH - _MARGIN, 1)], GRID, 1)
        sign(canvas, row.symbol, _MARGIN + 17, 28)
        _draw_lanes(canvas, row, head)
        image = canvas.shown()
        draw = ImageDraw.Draw(image)
        label = self._name.fitted(row.label, _ROOM - _INDENT)
        self._name.write(draw, (_MARGIN + _INDENT, 38), label, TEXT, behind=BACKGROUND)
        if beside:
            left = WIDTH - _MARGIN - self._text.width(row.dates)
            self._text.write(draw, (left, 38), row.dates, TEXT, behind=BACKGROUND)
        for number, line in enumerate(below):
            self._text.write(draw, (_MARGIN + _INDENT, 73 + _LINE * number), line, TEXT, behind=BACKGROUND)
        for number, line in enumerate(small, start=len(below)):
            self._small.write(draw, (_MARGIN + _INDENT, 72 + _LINE * number), line, QUIET, behind=BACKGROUND)
        self._pieces.append(image)

    def _small_print(self, details: tuple[str, ...]) -> list[str]:
        """Details in up to three lines; only one that is too long for a line is broken."""
        room, parts = _ROOM - _INDENT, list[str]()
        for detail in details:
            parts += [detail] if self._small.width(detail) <= room else self._small.wrapped(detail, room, 2)
        return self._small.packed(parts, _BETWEEN, room, 3)

    def _rule(self, canvas: Canvas) -> None:
        """The lines that go through every row: ticks and now."""
        for tick in self._chart.ticks:
            canvas.line([(_x(tick.at), 0), (_x(tick.at), canvas.height)], GRID, 1)
        if self._chart.ended_at is not None:
            x = _x(self._chart.ended_at)
            canvas.dashes((x, 0), (x, canvas.height), COLOURS[Symbol.RETURNED], 2)
        if self._chart.now_at is not None:
            x = _x(self._chart.now_at)
            canvas.line([(x, 0), (x, canvas.height)], NOW, 2)

    def _add_axis(self) -> None:
        canvas = Canvas(WIDTH, 82)
        canvas.line([(_MARGIN, 4), (WIDTH - _MARGIN, 4)], QUIET, 2)
        for tick in self._chart.ticks:
            canvas.line([(_x(tick.at), 4), (_x(tick.at), 14)], QUIET, 2)
        image = canvas.shown()
        draw = ImageDraw.Draw(image)
        axis = WIDTH - _MARGIN - self._small.width(self._chart.axis)
        self._small.write(draw, (axis, 70), self._chart.axis, QUIET)
        for tick in self._chart.ticks:
            for text, base in ((tick.label, 40), (tick.context, 70)):
                width = self._small.width(text)
                left = min(max(_x(tick.at) - width / 2, _MARGIN), WIDTH - _MARGIN - width)
                if base == 40 or left + width < axis - 16:
                    self._small.write(draw, (left, base), text, QUIET)
        self._pieces.append(image)

    def _add_legend(self) -> None:
        lines: list[list[tuple[Symbol, str, float]]] = [[]]
        x = float(_MARGIN)
        for symbol, words in self._chart.legend:
            width = MARK_SIZE + 14 + self._small.width(words)
            if lines[-1] and x + width > WIDTH - _MARGIN:
                lines.append([])
                x = _MARGIN
            lines[-1].append((symbol, words, x))
            x += width + 28
        note = self._small.wrapped(self._chart.note, _ROOM, 2)
        canvas = Canvas(WIDTH, 24 + 42 * len(lines) + 32 * len(note))
        for number, line in enumerate(lines):
            for symbol, _, left in line:
                sign(canvas, symbol, left + MARK_SIZE / 2 + 2, 24 + 42 * number)
        image = canvas.shown()
        draw = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            for _, words, left in line:
                at = (left + MARK_SIZE + 14, 32 + 42 * number)
                self._small.write(draw, at, self._small.fitted(words, WIDTH - _MARGIN - at[0]), QUIET)
        for number, text in enumerate(note):
            self._small.write(draw, (_MARGIN, 34 + 42 * len(lines) + 32 * number), text, QUIET)
        self._pieces.append(image)


def _x(at: float) -> float:
    return _LEFT + at * (_RIGHT - _LEFT)


def _placed(shown: Bar) -> Bar:
    """The bar in pixels, never narrower than can be seen."""
    start, end = _x(shown.start), WIDTH - _MARGIN / 2 if shown.runs_on else _x(shown.end)
    if end - start < BAR_MIN:
        middle = (start + end) / 2
        start, end = middle - BAR_MIN / 2, middle + BAR_MIN / 2
    return Bar(start, end, shown.symbol, shown.runs_on)


def _levels(lanes: tuple[Lane, ...]) -> list[int]:
    """How far below the words the middle of each lane lies."""
    levels: list[int] = []
    for number, lane in enumerate(lanes):
        above = lanes[number - 1] if number else None
        if above is None:
            levels.append(14 if lane.is_thin else 20)
        else:
            levels.append(levels[-1] + (22 if above.is_thin and lane.is_thin else 34))
    return levels


def _lanes_height(lanes: tuple[Lane, ...]) -> int:
    if not lanes:
        return 6
    below = 22 if lanes[-1].is_thin else 24
    return _levels(lanes)[-1] + (below if len(lanes) > 1 or lanes[-1].is_thin else below + 2)


def _draw_lanes(canvas: Canvas, row: ChartRow, top: int) -> None:
    """What was planned before above, the present plan and what happened below it."""
    placed = [[_placed(shown) for shown in lane.bars] for lane in row.lanes]
    levels = [top + level for level in _levels(row.lanes)]
    for bars, level in zip(placed, levels, strict=True):
        for shown in bars:
            bar(canvas, shown, level)
    turn = next((number for number, lane in enumerate(row.lanes) if not lane.is_thin), 0)
    if row.moved and turn and placed[turn - 1] and placed[turn]:
        slip_arrow(canvas, placed[turn - 1][0], placed[turn][0], (levels[turn - 1], levels[turn]))
    for lane, level in zip(row.lanes, levels, strict=True):
        for mark in lane.marks:
            sign(canvas, mark.symbol, _x(mark.at), level)
