"""The picture of the page "Vision": drawn from a number in the link, or a person's own, which stays in this session.

What a picture must be is decided in core/vision/images.py; nothing of a file is kept but its pixels.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.vision.images import MAX_PICTURE_BYTES, Picture, read_picture
from core.vision.scenes import CLUTTERS, MAX_OTHERS, MIN_OTHERS, SEEDS, Clutter, Scene, draw

from ...explorer.upload_field import upload_field
from ...serving.forward_slots import forward_slot
from ...serving.kept_files import Kept
from ...shell.history import follows_link
from ...shell.locale import plain, t
from ...shell.state import publish, settle
from .link import whole_number

_SOURCE, _DRAWING, _DISTRACTORS, _CLUTTER = "picture", "drawing", "others", "clutter"
DRAWN, OWN = "drawn", "own"
_FILE, _UPLOADED = "vision_file", "_vision_own"
_FIRST_DRAWING, _FIRST_COUNT = 7, 5
"""Number and distractors of the picture on an untouched page."""


@dataclass(frozen=True, eq=False)
class ChosenPicture:
    """A picture to run the model on.

    pixels: (row, column, 3) uint8. scene: what is true of a drawn picture, None of a person's. key: its cache key.
    """

    pixels: np.ndarray
    scene: Scene | None
    name: str
    key: str


def pick_picture_source() -> str:
    """Whether the picture is drawn or a person's own; the link carries this choice, and never the picture."""
    settle(_SOURCE, (DRAWN, OWN), DRAWN)
    names = {DRAWN: t("Drawn here"), OWN: t("My picture")}
    source = st.segmented_control(
        t("Image"),
        (DRAWN, OWN),
        key=_SOURCE,
        persist_state="session",
        format_func=names.get,
        required=True,
        label_visibility="collapsed",
    )
    publish(_SOURCE, source, DRAWN)
    return source


def pick_drawing() -> int:
    """Number of the drawn picture; a button draws another."""
    follows_link(_DRAWING)
    number = st.session_state.get(_DRAWING, whole_number(st.query_params.get(_DRAWING, ""), digits=len(str(SEEDS - 1))))
    # by hand: `settle` would list every one of a million numbers
    st.session_state[_DRAWING] = number if number is not None and 0 <= number < SEEDS else _FIRST_DRAWING
    number = st.number_input(t("No."), 0, SEEDS - 1, key=_DRAWING, persist_state="session", width=130)
    st.button(t("Draw another"), type="primary", on_click=_another)
    publish(_DRAWING, str(number), str(_FIRST_DRAWING))
    return int(number)


def pick_distractors() -> tuple[int, Clutter]:
    """How many other shapes there are, and of what kind."""
    settle(_DISTRACTORS, range(MIN_OTHERS, MAX_OTHERS + 1), _FIRST_COUNT)
    count = st.segmented_control(
        t("Other shapes"), range(MIN_OTHERS, MAX_OTHERS + 1), key=_DISTRACTORS, persist_state="session", required=True
    )
    publish(_DISTRACTORS, str(count), str(_FIRST_COUNT))
    settle(_CLUTTER, CLUTTERS, CLUTTERS[0])
    names = {"mixed": t("Of both kinds"), "red": t("All red"), "circles": t("All circles")}
    clutter = st.segmented_control(
        t("What they share with the target"),
        CLUTTERS,
        key=_CLUTTER,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t(
            "All circles: colour alone tells the target. All red: its shape alone tells it. Of both kinds: "
            "neither does, the two must be put together."
        ),
    )
    publish(_CLUTTER, clutter, CLUTTERS[0])
    return count, clutter


def drawn_picture(number: int, count: int, clutter: Clutter) -> ChosenPicture:
    """The picture that a number, a count of distractors and their kind stand for."""
    scene = draw(number, distractors=count, clutter=clutter)
    return ChosenPicture(scene.pixels, scene, t("picture {n}", n=number), f"{number}:{count}:{clutter}")


def upload_picture() -> ChosenPicture | None:
    """A person's picture; None until there is one.

    Raises:
        BadFile: a file that is no picture, too large, or damaged.
    """
    file = upload_field(
        t("A picture: PNG, JPEG or WebP, up to {limit} MB", limit=MAX_PICTURE_BYTES // 2**20),
        types=("png", "jpg", "jpeg", "webp"),
        most_bytes=MAX_PICTURE_BYTES,
        key=_FILE,
        on_change=_keep,
        help=t(
            "Only its pixels are read, in memory; nothing is stored or sent on. What the file says of "
            "camera, time and place is dropped."
        ),
    )
    kept = st.session_state.get(_UPLOADED)
    if kept is not None and not isinstance(kept.item, Picture):  # just sent: read once; a refused one is not kept
        st.session_state[_UPLOADED] = None
        if file is not None:
            picture = _read(*kept.item)
            kept = st.session_state[_UPLOADED] = Kept(picture, picture.pixels.nbytes)
    if st.session_state.get(_UPLOADED) is None:
        st.caption(
            t(
                "Choose a picture to see where a head looks in it. The link opens this page without your "
                "picture: a picture does not travel in it."
            )
        )
        return None
    picture = kept.item
    _say_dropped(picture)
    return ChosenPicture(
        picture.pixels,
        None,
        picture.name,
        hashlib.blake2b(picture.pixels.tobytes() + str(picture.pixels.shape).encode(), digest_size=12).hexdigest(),
    )


def _read(data: bytes, name: str) -> Picture:
    """Unpacked in its turn; nothing of the file is kept."""
    with forward_slot():
        return read_picture(data, name)


def _say_dropped(picture: Picture) -> None:
    """Say the size of the picture, and what was dropped of the file."""
    notes = [
        t(
            "{name}: {wide} × {high} pixels.",
            name=plain(picture.name),
            wide=picture.pixels.shape[1],
            high=picture.pixels.shape[0],
        )
    ]
    if picture.metadata:
        notes.append(t("Its metadata (camera, time, place) was dropped."))
    if picture.frames > 1:
        notes.append(t("It has {n} frames; the first is read.", n=picture.frames))
    st.caption(" ".join(notes))


def _keep() -> None:
    """Callback of the uploader: hold (bytes, name) of the new file for the page, or None when it was removed."""
    file = st.session_state.get(_FILE)
    st.session_state[_UPLOADED] = None if file is None else Kept((file.getvalue(), file.name), file.size)


def _another() -> None:
    """Callback: take a random number."""
    st.session_state[_DRAWING] = random.randrange(SEEDS)
