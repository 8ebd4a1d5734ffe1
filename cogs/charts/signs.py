"""The signs of a chart: bars and marks, each with a shape of its own, drawn large and reduced so that edges are smooth."""

from PIL import Image, ImageDraw

from cogs.charts.chart import Bar, Symbol

SCALE = 2
"""Signs are drawn so many times larger than they are shown."""
BACKGROUND = "#1f252e"
TEXT = "#f3f5f8"
QUIET = "#b4bfcc"
GRID = "#39434f"
NOW = "#ffd166"
_PLAN = "#63b9ee"
COLOURS = {
    Symbol.FIRST_PLAN: QUIET,
    Symbol.PLANNED: _PLAN,
    Symbol.RUNS_ON: _PLAN,
    Symbol.DONE: "#35c78f",
    Symbol.FAILED: "#ff6b5e",
    Symbol.SCRUBBED: "#f0a030",
    Symbol.CANCELLED: "#c3a5e8",
    Symbol.HELD: "#f0e45a",
    Symbol.OVERDUE: "#f0a030",
    Symbol.MINOR: "#f0e45a",
    Symbol.MAJOR: "#f0a030",
    Symbol.CRITICAL: "#ff6b5e",
    Symbol.ACKNOWLEDGED: TEXT,
    Symbol.WORDS: QUIET,
    Symbol.PROGRESS: _PLAN,
    Symbol.BLOCKED: "#ff6b5e",
    Symbol.VERIFIED: "#35c78f",
    Symbol.INSPECTED: TEXT,
    Symbol.ASKED: "#35c78f",
    Symbol.RETURNED: "#35c78f",
}
_HEIGHTS = {Symbol.MINOR: 8, Symbol.MAJOR: 15, Symbol.CRITICAL: 24}
"""The graver, the higher a report's bar."""
BAR_MIN = 12
"""The narrowest bar, in shown pixels: an exact time is still seen."""
FIRST_HEIGHT, PLAN_HEIGHT, MARK_SIZE = 14, 22, 30
_LINE = 3


class Canvas:
    """A piece of the picture at SCALE, in shown pixels on the outside."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), BACKGROUND)
        self._draw = ImageDraw.Draw(self._image)

    def shown(self) -> Image.Image:
        """The piece at the size in which it is shown."""
        return self._image.reduce(SCALE)

    def line(self, points: list[tuple[float, float]], colour: str, width: float = _LINE) -> None:
        """Straight lines from point to point."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def rule(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = _LINE) -> None:
        """A straight line."""
        self.line([start, end], colour, width)

    def dashes(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = _LINE) -> None:
        """A level or upright dashed line."""
        (x, y), (x_end, y_end) = start, end
        across = y == y_end
        length = (x_end - x) if across else (y_end - y)
        for begun in range(0, max(round(length), 1), 12):
            stop = min(begun + 7, length)
            ends = [(x + begun, y), (x + stop, y)] if across else [(x, y + begun), (x, y + stop)]
            self.line(ends, colour, width)

    def area(self, points: list[tuple[float, float]], fill: str, outline: str = BACKGROUND) -> None:
        """A filled shape, lifted off what is below it."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._draw.polygon(scaled, fill=fill, outline=outline, width=2 * SCALE)

    def disc(self, x: float, y: float, radius: float, fill: str, outline: str = BACKGROUND) -> None:
        """A filled circle."""
        box = [(value * SCALE) for value in (x - radius, y - radius, x + radius, y + radius)]
        self._draw.ellipse(box, fill=fill, outline=outline, width=2 * SCALE)


def hollow_bar(canvas: Canvas, start: float, end: float, y: float, *, runs_on: bool = False) -> None:
    """The first plan: an empty bar with a dashed edge; left open to the right where it has no end."""
    top, bottom, colour = y - FIRST_HEIGHT / 2, y + FIRST_HEIGHT / 2, COLOURS[Symbol.FIRST_PLAN]
    draw_edge = canvas.dashes if end - start > 2 * BAR_MIN else canvas.rule
    for level in (top, bottom):
        draw_edge((start, level), (end, level), colour, 2)
    for edge in (start,) if runs_on else (start, end):
        canvas.line([(edge, top), (edge, bottom)], colour, 2)


def hatched_bar(canvas: Canvas, start: float, end: float, y: float, *, runs_on: bool = False) -> None:
    """The present plan: a hatched bar as wide as the date is uncertain; an arrow to the right where it has no end."""
    top, bottom, colour = y - PLAN_HEIGHT / 2, y + PLAN_HEIGHT / 2, COLOURS[Symbol.PLANNED]
    tip = PLAN_HEIGHT if runs_on else 0
    body = max(end - tip, start)
    x = start - PLAN_HEIGHT
    while x < body:
        # Each stroke of the hatching is cut where it would leave the bar.
        left, right = max(x, start), min(x + PLAN_HEIGHT, body)
        if left < right:
            canvas.line([(left, bottom - (left - x)), (right, bottom - (right - x))], colour, 2)
        x += 9
    closing = [] if runs_on else [(body, top), (body, bottom)]
    canvas.line([(body, top), (start, top), (start, bottom), (body, bottom), *closing[:1]], colour)
    if runs_on:
        canvas.area([(body, top - 6), (end, y), (body, bottom + 6)], colour)


def bar(canvas: Canvas, placed: Bar, y: float) -> None:
    """A bar as its symbol is drawn, `placed` in pixels."""
    start, end, symbol = placed.start, placed.end, placed.symbol
    match symbol:
        case Symbol.FIRST_PLAN:
            hollow_bar(canvas, start, end, y, runs_on=placed.runs_on)
        case Symbol.CANCELLED:
            _crossed_bar(canvas, start, end, y)
        case Symbol.HELD:
            _striped_bar(canvas, start, end, y)
        case Symbol.PLANNED | Symbol.RUNS_ON:
            hatched_bar(canvas, start, end, y, runs_on=placed.runs_on)
        case _:
            half = _HEIGHTS.get(symbol, PLAN_HEIGHT) / 2
            canvas.area([(start, y - half), (end, y - half), (end, y + half), (start, y + half)], COLOURS[symbol])


def _crossed_bar(canvas: Canvas, start: float, end: float, y: float) -> None:
    """What will not be done: an empty bar, struck out."""
    half, colour = FIRST_HEIGHT / 2, COLOURS[Symbol.CANCELLED]
    canvas.line([(start, y - half), (end, y - half), (end, y + half), (start, y + half), (start, y - half)], colour, 2)
    canvas.rule((start, y), (end, y), colour, 2)


def _striped_bar(canvas: Canvas, start: float, end: float, y: float) -> None:
    """What holds something up: upright strokes."""
    half, colour = PLAN_HEIGHT / 2, COLOURS[Symbol.HELD]
    for x in range(round(start) + 2, round(end), 9):
        canvas.rule((x, y - half), (x, y + half), colour, 4)


def slip_arrow(canvas: Canvas, first: Bar, plan: Bar, levels: tuple[float, float]) -> None:
    """From the first plan to the present one, where there is a gap between them to cross."""
    y_from, y_to = levels
    if plan.start > first.end + BAR_MIN:
        start, turn = first.end, plan.start + BAR_MIN / 2
    elif first.start > plan.end + BAR_MIN and not plan.runs_on:
        start, turn = first.start, plan.end - BAR_MIN / 2
    else:
        return
    head = y_to - PLAN_HEIGHT / 2 - 3
    canvas.dashes((min(start, turn), y_from), (max(start, turn), y_from), QUIET, 2)
    canvas.line([(turn, y_from), (turn, head - 4)], QUIET, 2)
    canvas.area([(turn - 7, head - 8), (turn + 7, head - 8), (turn, head)], QUIET, QUIET)


def sign(canvas: Canvas, symbol: Symbol, x: float, y: float) -> None:
    """A symbol around a point, as it stands on the chart, beside a name and in the legend."""
    half, colour = MARK_SIZE / 2, COLOURS[symbol]
    match symbol:
        case Symbol.FIRST_PLAN:
            hollow_bar(canvas, x - half, x + half, y)
        case Symbol.PLANNED | Symbol.RUNS_ON:
            hatched_bar(canvas, x - half, x + half + 3, y, runs_on=symbol is Symbol.RUNS_ON)
        case Symbol.DONE:
            canvas.disc(x, y, half, colour)
            canvas.line([(x - 7, y), (x - 2, y + 6), (x + 7, y - 6)], BACKGROUND, 4)
        case Symbol.FAILED:
            canvas.area([(x - 13, y - 13), (x + 13, y - 13), (x + 13, y + 13), (x - 13, y + 13)], colour)
            _cross(canvas, x, y, 6, BACKGROUND)
        case Symbol.SCRUBBED:
            canvas.area([(x - half, y + 12), (x, y - 14), (x + half, y + 12)], colour)
            canvas.line([(x, y - 4), (x, y + 3)], BACKGROUND, 4)
            canvas.line([(x, y + 6), (x, y + 9)], BACKGROUND, 4)
        case Symbol.CANCELLED:
            _cross(canvas, x, y, 12, BACKGROUND, 9)
            _cross(canvas, x, y, 11, colour, 5)
        case Symbol.HELD:
            for middle in (x - 6, x + 6):
                left, right = middle - 5, middle + 5
                canvas.area([(left, y - 13), (right, y - 13), (right, y + 13), (left, y + 13)], colour)
        case Symbol.OVERDUE:
            canvas.area([(x, y - half), (x + half, y), (x, y + half), (x - half, y)], colour)
            canvas.line([(x, y - 7), (x, y + 2)], BACKGROUND, 4)
            canvas.line([(x, y + 5), (x, y + 8)], BACKGROUND, 4)
        case _:
            (_severity_sign if symbol in _HEIGHTS else _outage_sign)(canvas, symbol, x, y)


def _severity_sign(canvas: Canvas, symbol: Symbol, x: float, y: float) -> None:
    """The graver, the fuller: a ring, a half, a whole that calls out."""
    half, colour = MARK_SIZE / 2, COLOURS[symbol]
    match symbol:
        case Symbol.MINOR:
            canvas.disc(x, y, half - 2, colour)
            canvas.disc(x, y, half - 7, BACKGROUND)
        case Symbol.MAJOR:
            canvas.disc(x, y, half - 2, colour)
            canvas.area([(x - 7, y - 1), (x - 5, y - 6), (x, y - 9), (x + 5, y - 6), (x + 7, y - 1)], BACKGROUND)
        case _:
            corners = ((-6, -14), (6, -14), (14, -6), (14, 6), (6, 14), (-6, 14), (-14, 6), (-14, -6))
            canvas.area([(x + across, y + down) for across, down in corners], colour)
            canvas.line([(x, y - 9), (x, y + 2)], BACKGROUND, 4)
            canvas.line([(x, y + 5), (x, y + 9)], BACKGROUND, 4)


def _outage_sign(canvas: Canvas, symbol: Symbol, x: float, y: float) -> None:
    half, colour = MARK_SIZE / 2, COLOURS[symbol]
    match symbol:
        case Symbol.ACKNOWLEDGED:
            canvas.area([(x - 14, y - 14), (x + 14, y - 14), (x + 14, y + 14), (x - 14, y + 14)], BACKGROUND)
            canvas.line(
                [(x - 11, y - 11), (x + 11, y - 11), (x + 11, y + 11), (x - 11, y + 11), (x - 11, y - 13)], colour
            )
            _tick(canvas, x, y, colour)
        case Symbol.WORDS:
            points = [
                (x - 14, y - 12),
                (x + 14, y - 12),
                (x + 14, y + 6),
                (x - 2, y + 6),
                (x - 9, y + 14),
                (x - 9, y + 6),
            ]
            canvas.area([*points, (x - 14, y + 6)], colour)
            for level in (y - 6, y):
                canvas.rule((x - 9, level), (x + 9, level), BACKGROUND, 2)
        case Symbol.PROGRESS:
            bar(canvas, Bar(x - half, x + half, symbol), y)
        case Symbol.BLOCKED:
            canvas.disc(x, y, half, colour)
            canvas.rule((x - 9, y), (x + 9, y), BACKGROUND, 6)
        case Symbol.VERIFIED:
            canvas.disc(x, y, half, colour)
            for across in (-4, 4):
                _tick(canvas, x + across, y, BACKGROUND)
        case Symbol.INSPECTED:
            canvas.line([(x + 3, y + 3), (x + 13, y + 13)], BACKGROUND, 9)
            canvas.disc(x - 3, y - 3, 12, colour)
            canvas.disc(x - 3, y - 3, 7, BACKGROUND)
            canvas.line([(x + 4, y + 4), (x + 12, y + 12)], colour, 5)
        case _:
            _flag(canvas, x, y, colour, filled=symbol is Symbol.RETURNED)


def _flag(canvas: Canvas, x: float, y: float, colour: str, *, filled: bool) -> None:
    """A flag whose pole stands on the moment: hoisted when it is back, an empty one when that was asked for."""
    pennant = [(x, y - 14), (x + 18, y - 7), (x, y + 1)]
    canvas.area(pennant, colour if filled else BACKGROUND, colour)
    canvas.line([(x, y - 15), (x, y + 15)], colour, 4)


def _tick(canvas: Canvas, x: float, y: float, colour: str) -> None:
    canvas.line([(x - 6, y), (x - 2, y + 5), (x + 6, y - 5)], colour, 4)


def _cross(canvas: Canvas, x: float, y: float, reach: float, colour: str, width: float = 4) -> None:
    canvas.line([(x - reach, y - reach), (x + reach, y + reach)], colour, width)
    canvas.line([(x - reach, y + reach), (x + reach, y - reach)], colour, width)
