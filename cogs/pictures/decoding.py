"""Decodes a photo once, with Pillow, and makes the small copy. Import it where it is used, in the thread that decodes.

Only `cogs.pictures.thumbnail` calls this, once the limits are kept. The four decoders are named, so that a file never chooses
another one of Pillow's; a large JPEG is reduced while it is decoded. Nothing of the file's metadata is handed on.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from types import MappingProxyType

from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

SIDE_MAX = 1024
"""The longer side of the small copy, in pixels: what Discord shows beside words, on a dense screen."""
_ROUGHLY = 4 * SIDE_MAX
_QUALITY = 85
_DECODERS: Mapping[str, Callable[[BytesIO], ImageFile]] = MappingProxyType(
    {"image/png": PngImageFile, "image/jpeg": JpegImageFile, "image/gif": GifImageFile, "image/webp": WebPImageFile}
)
_ORIENTATION = 0x0112
# EXIF 2.3, tag Orientation: what has to be done to see the picture upright.
_TURNS = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)


def shrunk(content: bytes, media_type: str, size: tuple[int, int]) -> bytes:
    """The picture's first frame as JPEG, or as WebP where it is transparent. Raises ValueError when its size is not `size`."""
    with _DECODERS[media_type](BytesIO(content)) as opened:
        if opened.size != size:
            raise ValueError("the header promised another size")
        opened.draft(opened.mode, (SIDE_MAX, SIDE_MAX))
        opened.load()
        turn = _turn(opened)
        image = _plain(_rough(opened))
    image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    if turn is not None:
        image = image.transpose(turn)
    return _encoded(image)


def _turn(image: ImageFile) -> Image.Transpose | None:
    """How the camera was held. EXIF that cannot be read says nothing, and does not condemn the picture."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - metadata is not what the photo was sent for
        return None


def _rough(image: Image.Image) -> Image.Image:
    """A huge picture with pixels left out, still larger than what is wanted: the next steps make copies, which must be small."""
    step = -(-max(image.size) // _ROUGHLY)
    if step == 1:
        return image
    width, height = (max(side // step, 1) for side in image.size)
    return image.resize((width, height), Image.Resampling.NEAREST)


def _plain(image: Image.Image) -> Image.Image:
    """The picture in eight bits for each of its colours: grey, RGB, or RGBA where something shows through."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        return layered if layered.getchannel("A").getextrema() != (255, 255) else layered.convert("RGB")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _encoded(image: Image.Image) -> bytes:
    # Pillow writes comments and colour profiles that it finds here into the new file.
    image.info.clear()
    file = BytesIO()
    if image.mode == "RGBA":
        image.save(file, "WEBP", quality=_QUALITY)
    else:
        image.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return file.getvalue()
