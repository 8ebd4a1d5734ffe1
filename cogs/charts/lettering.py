"""Text in pictures. Every character is drawn as itself: there is no markup to smuggle in, and no font that raises.

DejaVu Sans is shipped with the program (Latin, Cyrillic, Greek, Hebrew, Arabic and more), so that a picture looks the same on a
machine without fonts. What it lacks is looked for in the system's fonts, under the names of FALLBACKS.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from io import BytesIO

from PIL import ImageDraw, ImageFont

FALLBACKS = (
    "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "wqy-zenhei.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf",
    "PingFang.ttc", "msyh.ttc", "msgothic.ttc", "malgun.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf",
    "NotoSansBengali-Regular.ttf", "NotoSansTamil-Regular.ttf", "Nirmala.ttc", "Symbola.ttf", "NotoEmoji-Regular.ttf",
    "Arial Unicode.ttf",  # not prose: a file's name
    "unifont.ttf", "unifont.otf",
)  # fmt: skip
_ALWAYS_COVERED = 0x0500
"""DejaVu Sans has every letter below (Latin, Greek, Cyrillic): the common case needs no look."""
_MISSING = "\U0010ffff"


class Lettering:
    """One size and weight of text."""

    def __init__(self, size: int, *, bold: bool = False) -> None:
        self.size = size
        self._own = _shipped("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)

    def width(self, text: str) -> float:
        """How wide the text will be."""
        return sum(font.getlength(part) for font, part in self._runs(text))

    def write(
        self, draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, colour: str, *, behind: str | None = None
    ) -> None:
        """Write from the left end of the base line. `behind` surrounds the letters, to lift them off lines below."""
        x, y = at
        for font, part in self._runs(text):
            draw.text(
                (x, y), part, fill=colour, font=font, anchor="ls", stroke_width=4 if behind else 0, stroke_fill=behind
            )
            x += font.getlength(part)

    def fitted(self, text: str, room: float) -> str:
        """The text, or as much of its beginning as there is room for."""
        if self.width(text) <= room:
            return text
        while text and self.width(text + "…") > room:
            text = text[:-1]
        return text.rstrip() + "…"

    def wrapped(self, text: str, room: float, lines_max: int) -> list[str]:
        """The text in lines, broken at spaces; what does not fit into the last one is cut."""
        return self.packed(text.split(), " ", room, lines_max)

    def packed(self, parts: Sequence[str], between: str, room: float, lines_max: int) -> list[str]:
        """Parts in lines, as many to a line as there is room for; what does not fit into the last one is cut."""
        lines: list[str] = []
        left = list(parts)
        while left and len(lines) < lines_max - 1:
            count = len(left)
            while count > 1 and self.width(between.join(left[:count])) > room:
                count -= 1
            lines.append(self.fitted(between.join(left[:count]), room))
            left = left[count:]
        return [*lines, self.fitted(between.join(left), room)] if left else lines

    def _runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """The text in stretches of one font."""
        part, part_font = "", self._own
        for character in " ".join(text.split()):
            font = self._font_for(character)
            if part and font is not part_font:
                yield part_font, part
                part = ""
            part, part_font = part + character, font
        if part:
            yield part_font, part

    def _font_for(self, character: str) -> ImageFont.FreeTypeFont:
        if ord(character) < _ALWAYS_COVERED or _covers(self._own, character):
            return self._own
        for name in FALLBACKS:
            font = _of_system(name, self.size)
            if font is not None and _covers(font, character):
                return font
        return self._own


@lru_cache(maxsize=16)
def _shipped(name: str, size: int) -> ImageFont.FreeTypeFont:
    with as_file(files("cogs.charts") / "fonts" / name) as path:
        # From memory: a font opened by its path keeps the file open for as long as it lives.
        return ImageFont.truetype(BytesIO(path.read_bytes()), size)


@lru_cache(maxsize=256)
def _of_system(name: str, size: int) -> ImageFont.FreeTypeFont | None:
    """A font of the system's, looked for in its usual folders; None where it is not installed."""
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@lru_cache(maxsize=4096)
def _covers(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """False when the font draws its "missing" box. Pillow does not tell, so the drawn shapes are compared."""
    return bytes(font.getmask(character, mode="1")) != bytes(font.getmask(_MISSING, mode="1"))
