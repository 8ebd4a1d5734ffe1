"""Draws a chart. Import it where it is used, in the thread that draws: it brings Pillow, which the rest of the house does without.

The picture brings its own dark background, so that it reads alike in Discord's dark and light themes, and is as narrow as a
phone needs it: names stand above their bars, not beside them.
"""

import threading
from io import BytesIO

from PIL import Image, ImageDraw

from cogs.charts.chart import Bar, Chart, ChartRow, Symbol
from cogs.charts.lettering import Lettering
from cogs.charts.signs import (
    BACKGROUND,
    BAR_MIN,
    GRID,
    MARK_SIZE,
    NOW,
    QUIET,
    TEXT,
    Canvas,
    hatched_bar,
    hollow_bar,
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
        small = self._small.packed(row.details, _BETWEEN, _ROOM - _INDENT, 3)
        head, lanes = 48 + _LINE * (len(below) + len(small)), _lanes_height(row)
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

    def _rule(self, canvas: Canvas) -> None:
        """The lines that go through every row: ticks and now."""
        for tick in self._chart.ticks:
            canvas.line([(_x(tick.at), 0), (_x(tick.at), canvas.height)], GRID, 1)
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


def _placed(bar: Bar) -> Bar:
    """The bar in pixels, never narrower than can be seen."""
    start, end = _x(bar.start), WIDTH - _MARGIN / 2 if bar.runs_on else _x(bar.end)
    if end - start < BAR_MIN:
        middle = (start + end) / 2
        start, end = middle - BAR_MIN / 2, middle + BAR_MIN / 2
    return Bar(start, end, bar.runs_on)


def _lanes_height(row: ChartRow) -> int:
    if row.first_plan is None and row.plan is None and row.mark_at is None:
        return 6
    if row.first_plan is None:
        return 46
    return 72 if row.plan is not None else 36


def _draw_lanes(canvas: Canvas, row: ChartRow, top: int) -> None:
    """The first plan above, the present plan and what happened below it."""
    upper, lower = top + 14, top + (48 if row.first_plan else 20)
    first = _placed(row.first_plan) if row.first_plan else None
    plan = _placed(row.plan) if row.plan else None
    if first is not None:
        hollow_bar(canvas, first.start, first.end, upper)
    if plan is not None:
        hatched_bar(canvas, plan.start, plan.end, lower, runs_on=plan.runs_on)
    if first is not None and plan is not None:
        slip_arrow(canvas, first, plan, (upper, lower))
    if row.mark_at is not None:
        sign(canvas, row.symbol, _x(row.mark_at), lower)
