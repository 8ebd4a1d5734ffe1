"""What a picture says of itself, read from its headers before any decoder sees it. No pixel is decoded here.

The walk is ours because opening a file is not harmless everywhere: for WebP it sets memory aside for the whole picture, for GIF
the frames are counted by going through them, and a progressive JPEG may ask for its pixels to be gone over a hundred thousand
times. Formats: PNG (W3C), JPEG (ITU-T T.81), GIF89a, and WebP's container (RFC 9649).
"""

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.errors import InvalidInput

PARTS_MAX = 50_000
"""Chunks of a PNG or WebP, segments of a JPEG. A large photo has a few thousand; more is work for nothing."""
SCANS_MAX = 100
"""Times a JPEG may go over its pixels. Progressive ones do so about ten times."""
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Header:
    """Width and height in pixels, the number of frames, and the most memory that a pixel takes while it is decoded, in bytes."""

    width: int
    height: int
    frames: int
    bytes_per_pixel: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height


def header_of(content: bytes, media_type: str) -> Header:
    """Read the headers. Raises InvalidInput `photo_not_a_picture` when they cannot be read or promise nothing."""
    try:
        header = _READERS[media_type](content)
    except (struct.error, IndexError) as error:
        raise InvalidInput("photo_not_a_picture") from error
    if not (header.width and header.height):
        raise InvalidInput("photo_not_a_picture")
    return header


def _png(content: bytes) -> Header:
    first, width, height = struct.unpack_from(">4x4sII", content, 8)
    if first != b"IHDR":
        raise InvalidInput("photo_not_a_picture")
    at, frames = 8, 1
    for _ in range(PARTS_MAX):
        if at + 8 > len(content):
            return Header(width, height, frames, 4)
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"acTL":
            (frames,) = struct.unpack_from(">I", content, at + 8)
        if kind == b"IEND":
            return Header(width, height, frames, 4)
        at += 12 + length
    raise InvalidInput("photo_not_a_picture")


def _jpeg(content: bytes) -> Header:
    at, frames, scans = 2, [], 0
    for _ in range(PARTS_MAX):
        marker = _MARKER.search(content, at)
        if marker is None or marker[1][0] == _END_OF_IMAGE:
            break
        at = marker.end()
        (length,) = struct.unpack_from(">H", content, at)
        if marker[1][0] in _START_OF_FRAME:
            frames.append(struct.unpack_from(">HH", content, at + 3))
        scans += marker[1][0] == _START_OF_SCAN
        at += length
    else:
        raise InvalidInput("photo_not_a_picture")
    if len(frames) != 1 or not 1 <= scans <= SCANS_MAX:
        raise InvalidInput("photo_not_a_picture")
    height, width = frames[0]
    # In more than one scan, the coefficients of up to four components are held for the whole picture: two bytes each.
    return Header(width, height, 1, 4 if scans == 1 else 8)


def _gif(content: bytes) -> Header:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at, frames = 13 + _colours(flags), 0
    while at < len(content):
        kind = content[at]
        if kind == 0x21:
            at = _past_blocks(content, at + 2)
        elif kind == 0x2C:
            frames += 1
            at = _past_blocks(content, at + 11 + _colours(content[at + 9]))
        else:
            break
    return Header(width, height, frames, 4)


def _colours(flags: int) -> int:
    """How many bytes the table of colours takes that these flags speak of."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(content: bytes, at: int) -> int:
    """Where a row of a GIF's data blocks ends. One that is cut short ends with the file: that is the decoder's to refuse."""
    end = len(content)
    while at < end and content[at]:
        at += content[at] + 1
    return at + 1


def _webp(content: bytes) -> Header:
    width, height = _webp_size(content)
    at, frames = 12, 0
    for _ in range(PARTS_MAX):
        if at + 8 > len(content):
            # The decoder holds two canvases, and hands the pixels over in two copies.
            return Header(width, height, max(frames, 1), 16)
        kind, length = struct.unpack_from("<4sI", content, at)
        frames += kind == b"ANMF"
        at += 8 + length + length % 2
    raise InvalidInput("photo_not_a_picture")


def _webp_size(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8X":
            low, high, low_y, high_y = struct.unpack_from("<HBHB", content, 24)
            return (low | high << 16) + 1, (low_y | high_y << 16) + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", content, 21)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
    raise InvalidInput("photo_not_a_picture")


_READERS: Mapping[str, Callable[[bytes], Header]] = MappingProxyType(
    {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
)
