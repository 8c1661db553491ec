"""A person's picture, opened safely: its bytes become pixels, or are refused with the reason.

Inside: the limits, what happens to rotation, transparency, animation and metadata. What leaves is an array of pixels
and nothing else: EXIF (camera, time, place), colour profiles and comments stay behind, and no decoder sees them. The
size that a file claims, in bytes, is read before anything is unpacked. Not inside: the parts of a file
(picture_files.py), how a model wants its pictures (models.py)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from itertools import product

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..errors import BadFile
from .picture_files import Damaged, PictureFile, walked

MAX_PICTURE_BYTES = 8 * 2**20
MAX_PIXELS = 40_000_000  # a photo of a telephone has 12 million
MAX_UNPACKED = 34_000_000
"""Bytes of the pixels as they are unpacked (4 each, 2 of 16 grey bits, 1 of a palette) and of what their decoder holds
beside them: 3840 × 2160 pixels of a PNG in colours; a JPEG of one scan is unpacked at a fraction of its size."""
LEAST_SIDE = 8
MAX_SIDE = 1024  # pixels: more than any of these models reads
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # of Pillow's modes; every other takes 4
_ROW_BYTES = 8  # of a row's address
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PART_SIDE = 256  # pixels of a side that are converted together


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
        file = walked(data)
        if file is None:
            raise _no_picture(name)
        _check_size(file, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a file: an odd size
            return _opened(file, name)
    except BadFile:
        raise
    except UnidentifiedImageError as error:
        raise _no_picture(name) from error
    except Exception as error:  # decoders meet hostile bytes with every kind of exception
        raise BadFile(
            "{name} is damaged: it begins like a picture, but cannot be read to its end. Save it again.", name=name
        ) from error


def _no_picture(name: str) -> BadFile:
    return BadFile(
        "{name} is not a picture that can be read here: PNG, JPEG or WebP. Save it as one of these.", name=name
    )


def _opened(file: PictureFile, name: str) -> Picture:
    small = _unpacked(file, name)
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    if file.orientation in _TURNS:
        small = small.transpose(_TURNS[file.orientation])
    return Picture(name, np.array(small), file.metadata, file.frames)


def _unpacked(file: PictureFile, name: str) -> Image.Image:
    """The pixels, reduced; those of the full size are gone when this returns."""
    with Image.open(BytesIO(file.data), formats=(file.kind,)) as image:
        if image.size != file.size:
            raise Damaged("the decoder reads another size")
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is unpacked at a fraction of its size
        _check_unpacked(image, file, name)
        image.load()
        return _reduced(image)


def _reduced(image: Image.Image) -> Image.Image:
    """As RGB over white, with the longer side below twice MAX_SIDE: part by part, so that no second picture of the
    full size is made.
    """
    width, height = image.size
    step = max(1, max(width, height) // MAX_SIDE)
    small = Image.new("RGB", (-(-width // step), -(-height // step)))
    side = step * max(1, _PART_SIDE // step)
    for left, top in product(range(0, width, side), range(0, height, side)):
        part = _opaque(image.crop((left, top, min(width, left + side), min(height, top + side))))
        small.paste(part.reduce(step) if step > 1 else part, (left // step, top // step))
    return small


def _opaque(image: Image.Image) -> Image.Image:
    """As RGB: transparent parts over white, 16 bits as 8."""
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
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


def _check_size(file: PictureFile, name: str) -> None:
    """What the header says, before a decoder sees the file."""
    width, height = file.size
    if width * height > MAX_PIXELS:
        raise BadFile(
            "{name} would unpack to more than {limit} million pixels ({detail}). Make it smaller.",
            name=name,
            limit=MAX_PIXELS // 10**6,
            detail=f"{width} × {height}",
        )
    if min(width, height) < LEAST_SIDE:
        raise BadFile(
            "{name} is {width} × {height} pixels; a picture of at least {least} × {least} was expected.",
            name=name,
            width=width,
            height=height,
            least=LEAST_SIDE,
        )
    _check_memory(file.beside, file, name)


def _check_unpacked(image: Image.Image, file: PictureFile, name: str) -> None:
    """What unpacking will cost in the mode, and at the size, in which the decoder gives the pixels."""
    width, height = image.size
    pixels = width * height * _PIXEL_BYTES.get(image.mode, 4)
    _check_memory(file.beside + pixels + _ROW_BYTES * height, file, name)


def _check_memory(unpacked: int, file: PictureFile, name: str) -> None:
    if unpacked > MAX_UNPACKED:
        raise BadFile(
            "{name} ({width} × {height} pixels) would take {size} MB of memory while it is unpacked; the limit is "
            "{limit} MB. Make it smaller.",
            name=name,
            width=file.size[0],
            height=file.size[1],
            size=round(unpacked / 10**6),
            limit=MAX_UNPACKED // 10**6,
        )
