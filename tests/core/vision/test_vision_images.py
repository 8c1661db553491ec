"""A person's picture: what is read, what is dropped, and every refusal with its reason."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import core
from core.vision import images
from core.vision.images import MAX_PICTURE_BYTES, MAX_SIDE, read_picture

PHOTO = np.random.default_rng(2).integers(0, 256, (20, 30, 3)).astype(np.uint8)


def file(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    held = BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_pixels_come_through_unchanged(kind: str, options: dict) -> None:
    found = read_picture(file(Image.fromarray(PHOTO), kind, **options), "a")
    assert np.array_equal(found.pixels, PHOTO) and not found.metadata and found.frames == 1


def test_a_jpeg_is_turned_as_its_camera_says_and_its_metadata_stays_behind() -> None:
    flat = np.zeros((40, 64, 3), np.uint8)
    flat[:, :32] = 255
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"  # orientation: a quarter turn; maker
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)  # latitude
    found = read_picture(file(Image.fromarray(flat), "JPEG", quality=95, exif=exif), "holiday.jpg")
    assert found.metadata and found.pixels.shape == (64, 40, 3)
    assert found.pixels[5, 20].min() > 200 and found.pixels[-5, 20].max() < 60, "left becomes top"
    assert type(found.pixels) is np.ndarray


def test_transparent_parts_lie_over_white_and_other_modes_become_colours() -> None:
    glass = Image.new("RGBA", (10, 12), (255, 0, 0, 0))
    assert read_picture(file(glass), "a").pixels.min() == 255
    palette = Image.fromarray(PHOTO).convert("P")
    assert read_picture(file(palette), "a").pixels.shape == PHOTO.shape
    deep = Image.fromarray(np.full((9, 9), 65535, np.uint16))
    assert read_picture(file(deep), "a").pixels.min() == 255
    assert read_picture(file(Image.new("CMYK", (9, 9)), "JPEG"), "a").pixels.shape == (9, 9, 3)


def test_of_an_animation_the_first_frame_is_read() -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "green")]
    found = read_picture(file(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True), "a")
    assert found.frames == 3 and found.pixels[0, 0].tolist() == [255, 0, 0]


def test_a_large_picture_is_made_smaller() -> None:
    assert max(read_picture(file(Image.new("RGB", (3000, 1500)), "JPEG"), "a").pixels.shape) == MAX_SIDE


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size; its pixels are never unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


PNG = file(Image.fromarray(PHOTO))
BAD = {
    "empty": (b"", "is empty"),
    "text": (b"this is no picture", "not a picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture"),
    "gif": (file(Image.fromarray(PHOTO), "GIF"), "PNG, JPEG or WebP"),
    "tiff": (file(Image.fromarray(PHOTO), "TIFF"), "PNG, JPEG or WebP"),
    "pdf": (b"%PDF-1.4\n", "not a picture"),
    "cut": (PNG[: len(PNG) // 2], "damaged"),
    "noise": (PNG[:60] + bytes(reversed(PNG[60:])), "damaged"),
    "bomb": (bomb(60_000, 60_000), "more than 40 million pixels"),
    "smaller bomb": (bomb(12_000, 9_000), "more than 40 million pixels"),
    "tiny": (file(Image.new("RGB", (200, 3))), "at least 8 × 8"),
    "heavy": (PNG + b"\0" * MAX_PICTURE_BYTES, "limit for a picture is 8 MB"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_refused_and_why(kind: str) -> None:
    data, said = BAD[kind]
    with pytest.raises(core.BadFile, match=said) as caught:
        read_picture(data, "holiday.png")
    assert "holiday.png" in str(caught.value) and "Traceback" not in str(caught.value)


def test_no_damage_gives_anything_but_a_picture_or_a_refusal() -> None:
    rng = np.random.default_rng(0)
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = file(Image.fromarray(PHOTO), kind)
        for _ in range(60):
            broken = bytearray(whole)
            for place in rng.integers(0, len(whole), 4):
                broken[place] = rng.integers(256)
            try:
                assert read_picture(bytes(broken), "a").pixels.shape[2] == 3
            except core.BadFile:
                pass


def test_nothing_is_unpacked_before_its_size_is_known(monkeypatch) -> None:
    monkeypatch.setattr(images.Image.Image, "load", lambda self: pytest.fail("unpacked"))
    with pytest.raises(core.BadFile, match="million"):
        read_picture(bomb(8_000, 6_000), "a")
