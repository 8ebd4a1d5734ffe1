"""Hostile and broken pictures are refused before a decoder sees them; sound ones become small, upright and silent."""

import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image

from cogs.pictures.header import header_of
from cogs.pictures.thumbnail import FRAMES_MAX, thumbnail
from domain.errors import InvalidInput
from tests.house.tree import ROOT
from tests.photos.pictures import PNG, chunk, gif, located, opened, picture, png

RED, BLUE = (200, 40, 40), (40, 40, 200)


def refused(code: str) -> "pytest.RaisesExc[InvalidInput]":
    return pytest.raises(InvalidInput, check=lambda error: error.code == code)


def animated_webp(frames: int) -> bytes:
    """A WebP that says it has so many frames; there is nothing in them."""
    canvas = b"VP8X" + struct.pack("<IB3xHBHB", 10, 2, 39, 0, 29, 0)
    body = b"WEBP" + canvas + (b"ANMF" + struct.pack("<I", 0)) * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_of(width: int, height: int) -> bytes:
    """A real WebP whose canvas is then said to be of another size."""
    content = bytearray(picture("WEBP", exif=located()))
    content[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(content)


def rescanned(times: int) -> bytes:
    """A progressive JPEG that goes over its last scan so many times again."""
    content = picture("JPEG", (400, 300), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * times + content[-2:]


@pytest.mark.parametrize(
    ("content", "media_type", "limit_mp"),
    [
        (png(promised=(60_000, 60_000)), "image/png", 64),
        (png(promised=(2**31 - 1, 2**31 - 1)), "image/png", 64),
        (png(8193, 8192), "image/png", 64),  # an honest one: the pixels are there, packed a thousandfold
        (gif().replace(b"89a\x02\0\x02\0", b"89a\xff\xff\xff\xff", 1), "image/gif", 64),
        (webp_of(16_384, 16_384), "image/webp", 16),
        (picture("JPEG", (40, 30)).replace(b"\x08\0\x1e\0\x28", b"\x08\xff\xff\xff\xff"), "image/jpeg", 64),
        (picture("JPEG", (40, 30), progressive=True).replace(b"\x08\0\x1e\0\x28", b"\x08\x17\x00\x17\x00"), "image/jpeg", 32),
    ],
)  # fmt: skip
def test_a_picture_of_too_many_pixels_is_refused_by_what_its_header_says(
    content: bytes, media_type: str, limit_mp: int
) -> None:
    with refused("photo_too_many_pixels") as refusal:
        thumbnail(content, media_type)
    assert refusal.value.params["limit_mp"] == limit_mp


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (gif(FRAMES_MAX + 1), "image/gif"),
        (gif(100_000), "image/gif"),
        (animated_webp(FRAMES_MAX + 1), "image/webp"),
        (png(more=chunk(b"acTL", struct.pack(">II", FRAMES_MAX + 1, 0))), "image/png"),
    ],
)
def test_an_animation_of_too_many_frames_is_refused(content: bytes, media_type: str) -> None:
    with refused("photo_too_many_frames"):
        thumbnail(content, media_type)


def test_a_refusal_by_the_header_does_not_even_load_the_decoder() -> None:
    asked = """
import sys
from cogs.pictures.header import header_of
from cogs.pictures.thumbnail import thumbnail
from domain.errors import InvalidInput
try:
    thumbnail(sys.stdin.buffer.read(), "image/png")
except InvalidInput as refusal:
    print(refusal.code, "PIL" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", asked], input=png(promised=(60_000, 60_000)), cwd=ROOT, capture_output=True, check=True
    )
    assert ran.stdout.split() == [b"photo_too_many_pixels", b"False"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(promised=(6000, 6000)), "image/png"),  # promises more than is there
        (png(40, 30, promised=(4, 3)), "image/png"),  # and less
        (png(promised=(0, 3)), "image/png"),
        (PNG[:40], "image/png"),
        (PNG[:8] + b"<html><script>alert(1)</script></html>", "image/png"),
        (PNG[:8] + b"<svg onload='x'/>", "image/png"),
        (PNG[:8], "image/png"),
        (png(more=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))), "image/png"),
        (png(more=chunk(b"tEXt", b"a\0b") * 60_000), "image/png"),
        (picture("JPEG", (400, 300))[:1500], "image/jpeg"),
        (picture("JPEG", (400, 300))[:100], "image/jpeg"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\xff\xd8" + b"\xff\xe1\0\x02" * 60_000, "image/jpeg"),
        (rescanned(120), "image/jpeg"),
        (gif()[:24], "image/gif"),
        (b"GIF89a", "image/gif"),
        (gif().replace(b"\x2c\0\0\0\0\x02\0", b"\x2c\0\0\0\0\xff\xff", 1), "image/gif"),  # a frame wider than its picture
        (gif().replace(b"89a\x02\0\x02\0", b"89a\x01\0\x01\0", 1), "image/gif"),  # the same, and all of it is there
        (webp_of(64, 64), "image/webp"),
        (picture("WEBP")[:60], "image/webp"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WEBPALPH" + bytes(40), "image/webp"),
    ],
)  # fmt: skip
def test_what_lies_or_is_cut_short_is_no_picture(content: bytes, media_type: str) -> None:
    with refused("photo_not_a_picture"):
        thumbnail(content, media_type)


def test_a_jpeg_that_states_its_size_twice_is_refused_before_it_is_decoded() -> None:
    content = picture("JPEG")
    at = content.index(b"\xff\xc0")
    length = int.from_bytes(content[at + 2 : at + 4])
    with refused("photo_not_a_picture"):
        header_of(content[:at] + content[at : at + 2 + length] + content[at:], "image/jpeg")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (40, 30), (1600, 1200), (9000, 2)])
def test_every_kind_of_png_becomes_small(mode: str, size: tuple[int, int]) -> None:
    small = opened(thumbnail(picture("PNG", size, mode), "image/png"))
    assert max(small.size) == min(max(size), 1024)
    assert small.format == "JPEG"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG", (1600, 1200)), "image/jpeg"),
        (picture("JPEG", (1600, 1200), progressive=True), "image/jpeg"),
        (picture("JPEG", (1600, 1200), "CMYK"), "image/jpeg"),
        (picture("WEBP", (1600, 1200)), "image/webp"),
        (picture("WEBP", (1600, 1200), lossless=True), "image/webp"),
        (picture("GIF", (1600, 1200)), "image/gif"),
        (picture("PNG", (1600, 1200)), "image/png"),
    ],
)
def test_a_photo_is_recognised_in_its_small_copy(content: bytes, media_type: str) -> None:
    small = opened(thumbnail(content, media_type)).convert("RGB")
    assert small.size == (1024, 768)
    assert near(small, (100, 400), RED)
    assert near(small, (900, 400), BLUE)


def test_sixteen_bits_of_grey_are_not_all_white() -> None:
    image = opened(picture("PNG", mode="L")).convert("I;16").point(lambda level: level * 256)
    small = opened(thumbnail(saved(image), "image/png"))
    assert near(small.convert("RGB"), (5, 5), (88, 88, 88))


def test_what_shines_through_still_does() -> None:
    small = opened(thumbnail(saved(Image.new("RGBA", (30, 30), (1, 2, 3, 100))), "image/png"))
    assert (small.format, small.mode) == ("WEBP", "RGBA")
    assert small.getpixel((9, 9))[3] == 100  # type: ignore[index]


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (40, 30), (3, 15)), (2, (40, 30), (37, 15)), (3, (40, 30), (37, 15)), (4, (40, 30), (3, 15)),
     (5, (30, 40), (15, 3)), (6, (30, 40), (15, 3)), (7, (30, 40), (15, 37)), (8, (30, 40), (15, 37)),
     (99, (40, 30), (3, 15))],
)  # fmt: skip
def test_a_photo_is_turned_upright(
    kind: str, media_type: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    small = opened(thumbnail(picture(kind, exif=located(orientation)), media_type)).convert("RGB")
    assert small.size == size
    assert near(small, red_at, RED)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_where_and_whose_a_photo_is_stays_behind(kind: str, media_type: str, mode: str) -> None:
    secret = b"Ivan Pad-Chief"
    saving = {"comment": secret} if kind == "JPEG" else {}
    image = Image.new("RGBA", (40, 30), (9, 9, 9, 100 if mode == "RGBA" and kind != "JPEG" else 255))
    content = saved(
        image if kind != "JPEG" else image.convert("RGB"), kind, exif=located(), icc_profile=secret, **saving
    )
    assert secret in content
    small = thumbnail(content, media_type)
    assert secret not in small
    assert b"Exif" not in small
    assert b"EXIF" not in small
    shown = opened(small)
    assert dict(shown.getexif()) == {}
    assert shown.getexif().get_ifd(0x8825) == {}
    assert {"icc_profile", "comment", "exif", "xmp"} & set(shown.info) == set()


def test_nothing_of_what_is_hidden_behind_a_picture_is_handed_on() -> None:
    hidden = b"<script>alert(1)</script>PK\3\4"
    assert hidden not in thumbnail(PNG + hidden, "image/png")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_exif_that_cannot_be_read_does_not_condemn_the_photo() -> None:
    content = picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert opened(thumbnail(content, "image/jpeg")).size == (40, 30)


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    """Whether a point has a colour, as far as lossy packing keeps it."""
    found = image.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 45 for one, other in zip(found, colour, strict=True))


def saved(image: Image.Image, kind: str = "PNG", **saving: object) -> bytes:
    """An image as a file."""
    file = BytesIO()
    image.save(file, kind, **saving)
    return file.getvalue()
