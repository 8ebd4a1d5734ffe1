"""Real pictures, small and large, sound and not. PNG and GIF are put together by hand, so that they can be made wrong."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG."""
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(
    width: int = 4, height: int = 3, grey: int = 0x80, *, promised: tuple[int, int] | None = None, more: bytes = b""
) -> bytes:
    """A grey PNG. `promised` is the size its header states; `more` are chunks before the pixels."""
    head = struct.pack(">IIBBBBB", *(promised or (width, height)), 8, 0, 0, 0, 0)
    packing = zlib.compressobj(9)
    row = b"\0" + bytes([grey]) * width
    pixels = b"".join([*(packing.compress(row) for _ in range(height)), packing.flush()])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def gif(frames: int = 1) -> bytes:
    """A GIF of two pixels by two, so many times."""
    frame = b"\x2c\0\0\0\0\x02\0\x02\0\0\x02\x03\x44\x02\x05\0"
    return b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: Any) -> bytes:
    """A picture with its left half red and its upper half bright, in a format of Pillow's ("JPEG", "WEBP")."""
    image = Image.new("RGB", size, (40, 40, 200))
    image.paste((200, 40, 40), (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.convert(mode).save(file, kind, **saving)
    return file.getvalue()


def located(orientation: int = 1) -> Image.Exif:
    """What a phone writes into its photos: how it was held, who it belongs to, where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "Ivan Pad-Chief"
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 59.0, 46.0), 3: "E", 4: (63.0, 33.0, 50.0)})
    return exif


def opened(content: bytes) -> Image.Image:
    """A picture, decoded to its end."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


PNG = png()
"""A small picture of its own."""
