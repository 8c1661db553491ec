"""A person's picture, opened safely: its bytes become pixels, or are refused with the reason.

Inside: the limits, the formats, what happens to rotation, transparency, animation and metadata. What leaves is an array
of pixels and nothing
else: EXIF (camera, time, place), colour profiles and comments stay behind. The size that a file claims is read before
anything is unpacked. Not inside: how a model wants its pictures (models.py)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import BadFile

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PICTURE_BYTES = 8 * 2**20
MAX_PIXELS = 40_000_000  # a photo of a telephone has 12 million; unpacked, this is 120 MB
LEAST_SIDE = 8
MAX_SIDE = 1024  # pixels: more than any of these models reads


@dataclass(frozen=True, eq=False)
class Picture:
    """pixels (row, column, 3) uint8. metadata: the file held some, which was dropped; frames: how many it had, of which
    the first is read.
    """

    name: str
    pixels: np.ndarray
    metadata: bool = False
    frames: int = 1


def read_picture(data: bytes, name: str) -> Picture:
    """The picture in ``data``; ``name`` is for the messages only, what a file is follows from its bytes.

    Raises:
        BadFile: empty, too large, not a PNG, JPEG or WebP, with too many or too few pixels, or damaged.
    """
    _check_bytes(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a file: odd metadata, or a size that is refused below
            return _opened(data, name)
    except BadFile:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many(name, detail=str(error)) from error
    except UnidentifiedImageError as error:
        raise BadFile(
            "{name} is not a picture that can be read here: PNG, JPEG or WebP. Save it as one of these.", name=name
        ) from error
    except Exception as error:  # decoders meet hostile bytes with every kind of exception
        raise BadFile(
            "{name} is damaged: it begins like a picture, but cannot be read to its end. Save it again.", name=name
        ) from error


def _opened(data: bytes, name: str) -> Picture:
    with Image.open(BytesIO(data), formats=PICTURE_FORMATS) as image:
        _check_size(image, name)
        frames, metadata = (
            getattr(image, "n_frames", 1),
            bool(image.getexif() or image.info.get("xmp") or image.info.get("comment")),
        )
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is unpacked at a fraction of its size
        image.load()
        upright = _opaque(ImageOps.exif_transpose(image))
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    return Picture(name, np.array(upright), metadata, frames)


def _opaque(image: Image.Image) -> Image.Image:
    """As RGB: transparent parts over white, 16 bits as 8."""
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) // 256).clip(0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "P") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _check_bytes(data: bytes, name: str) -> None:
    if not data:
        raise BadFile("{name} is empty. Send a picture: PNG, JPEG or WebP.", name=name)
    if len(data) > MAX_PICTURE_BYTES:
        raise BadFile(
            "{name} has {size:.1f} MB; the limit for a picture is {limit:.0f} MB. Make it smaller.",
            name=name,
            size=len(data) / 2**20,
            limit=MAX_PICTURE_BYTES / 2**20,
        )


def _check_size(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many(name, detail=f"{width} × {height}")
    if min(width, height) < LEAST_SIDE:
        raise BadFile(
            "{name} is {width} × {height} pixels; a picture of at least {least} × {least} was expected.",
            name=name,
            width=width,
            height=height,
            least=LEAST_SIDE,
        )


def _too_many(name: str, detail: str) -> BadFile:
    return BadFile(
        "{name} would unpack to more than {limit} million pixels ({detail}). Make it smaller.",
        name=name,
        limit=MAX_PIXELS // 10**6,
        detail=detail,
    )
