"""From a member's photo to the small copy that is shown: the limits, and then the decoder, which is imported only past them.

What a file may cost is settled here by what its headers say, and not left to Pillow's own guard, which only warns up to twice its
limit. A header that promises less than is there is found out by the decoder: the two must agree.
"""

from cogs.pictures.header import header_of
from domain.errors import InvalidInput

MEMORY_MAX = 256 * 2**20
"""What a picture may take while it is decoded: 64 megapixels at four bytes each."""
FRAMES_MAX = 500
"""Frames of an animation. Only the first is decoded; the original, with all of them, is what is kept."""
_MEGA = 2**20


def thumbnail(content: bytes, media_type: str) -> bytes:
    """The picture in small, upright, without a word of its metadata. Blocks while it decodes: call it in a thread.

    Raises InvalidInput for too many pixels or frames, and for what cannot be decoded to its end.
    """
    header = header_of(content, media_type)
    pixels_max = MEMORY_MAX // header.bytes_per_pixel
    if header.width * header.height > pixels_max:
        raise InvalidInput("photo_too_many_pixels", limit_mp=pixels_max // _MEGA)
    if header.frames > FRAMES_MAX:
        raise InvalidInput("photo_too_many_frames", limit=FRAMES_MAX)
    from cogs.pictures.decoding import shrunk

    try:
        return shrunk(content, media_type, header.size)
    except Exception as error:  # a decoder at odds with hostile bytes may raise anything
        raise InvalidInput("photo_not_a_picture") from error
