"""Pictures of any chart: a PNG of a size that Discord shows, and nothing that a name can break."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from cogs.charts.chart import Bar, Chart, ChartRow, Lane, Mark, Symbol, Tick
from cogs.charts.drawing import WIDTH, draw
from cogs.charts.lettering import Lettering
from cogs.charts.signs import BACKGROUND, COLOURS, NOW, TEXT
from cogs.render.timeline_chart import chart
from cogs.text import load_catalogues
from tests.charts.flights import HOSTILE_NAMES, STORIES, hostile, soyuz_ms_28

ENGLISH = load_catalogues().locale("en")


def opened(png: bytes) -> Image.Image:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(io.BytesIO(png))
    image.load()
    return image.convert("RGB")


def has_colour(image: Image.Image, colour: str) -> bool:
    """Whether a colour is in the picture, as near as its palette comes."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    found = image.getcolors(1_000_000) or []
    return any(
        isinstance(seen, tuple) and max(abs(part - other) for part, other in zip(seen, wanted, strict=True)) <= 12
        for _, seen in found
    )


def contrast(one: str, other: str) -> float:
    """The ratio of luminances as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("language", sorted(load_catalogues().languages))
@pytest.mark.parametrize("story", STORIES)
def test_every_story_becomes_a_picture_of_a_sane_size(story: str, language: str) -> None:
    png = draw(chart(STORIES[story](), load_catalogues().locale(language)))
    image = opened(png)
    assert image.width == WIDTH
    assert 150 < image.height < 3200
    assert len(png) < 300_000


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_breaks_a_picture(name: str) -> None:
    assert opened(draw(chart(hostile(name), ENGLISH))).width == WIDTH


def test_what_happened_what_is_planned_and_now_are_all_to_be_seen() -> None:
    image = opened(draw(chart(soyuz_ms_28(), ENGLISH)))
    for colour in (BACKGROUND, TEXT, NOW, COLOURS[Symbol.DONE], COLOURS[Symbol.PLANNED]):
        assert has_colour(image, colour)


def test_everything_drawn_stands_out_from_the_background() -> None:
    assert contrast(TEXT, BACKGROUND) >= 7
    assert min(contrast(colour, BACKGROUND) for colour in (*COLOURS.values(), NOW)) >= 4.5


def test_the_same_chart_is_the_same_picture_from_any_thread() -> None:
    shown = chart(soyuz_ms_28(), ENGLISH)
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(draw, [shown] * 4))) == 1


def test_each_symbol_has_a_shape_of_its_own_without_its_colour() -> None:
    def shape(of: Symbol) -> bytes:
        row = ChartRow("", "", (), of, (Lane((), (Mark(0.5, of),)),))
        alone = Chart("", "", (row,), (Tick(0.1, "1"),), "UTC", None, "", ())
        return opened(draw(alone)).convert("L").point(lambda level: 255 if level > 60 else 0).tobytes()

    assert len({shape(symbol) for symbol in Symbol}) == len(Symbol)


def test_a_bar_that_runs_on_goes_to_the_edge() -> None:
    def drawn(bar: Bar) -> Image.Image:
        row = ChartRow("Launch", "", (), Symbol.PLANNED, (Lane((bar,)),))
        return opened(draw(Chart("A", "", (row,), (), "UTC", None, "", ())))

    edge = (WIDTH - 45, 0, WIDTH, 10_000)
    ends, runs_on = drawn(Bar(0.2, 0.8, Symbol.PLANNED)), drawn(Bar(0.2, 1.0, Symbol.PLANNED, runs_on=True))
    assert not has_colour(ends.crop((edge[0], 0, WIDTH, ends.height - 90)), COLOURS[Symbol.PLANNED])
    assert has_colour(runs_on.crop((edge[0], 0, WIDTH, runs_on.height - 90)), COLOURS[Symbol.PLANNED])


def test_a_bot_that_draws_nothing_does_not_load_the_drawing_library() -> None:
    asked = "import sys, bot.application; sys.exit(any(name.split('.')[0] == 'PIL' for name in sys.modules))"
    subprocess.run([sys.executable, "-c", asked], check=True, timeout=60)


def test_cyrillic_letters_are_drawn_and_not_replaced_by_boxes() -> None:
    letters = Lettering(25)
    widths = {letters.width(letter) for letter in "СоюзЖщі"}
    assert len(widths) > 3


def test_text_is_cut_to_its_room_with_an_ellipsis() -> None:
    letters = Lettering(25)
    cut = letters.fitted("Solntse-Terahertz installation", 200)
    assert cut.endswith("…")
    assert letters.width(cut) <= 200
    assert letters.fitted("EVA 1", 200) == "EVA 1"
    assert letters.packed(["one", "two", "three"], " · ", letters.width("one · two"), 3) == ["one · two", "three"]
