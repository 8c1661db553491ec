"""The picture of the page "Vision": drawn here from a number that the link carries, or a person's own, which stays in
this session.

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

from ...shell.locale import plain, t
from ...shell.state import publish, settle
from .link import counted

SOURCE, DRAWING, OTHERS, CLUTTER = "picture", "drawing", "others", "clutter"
DRAWN, OWN = "drawn", "own"
FILE, KEPT = "vision_file", "_vision_own"
FIRST, COUNT = 7, 5  # the picture of an untouched page


@dataclass(frozen=True, eq=False)
class Asked:
    """pixels (row, column, 3) uint8; scene: what is true of a drawn one, None of a person's; key: its name on a
    shelf.
    """

    pixels: np.ndarray
    scene: Scene | None
    name: str
    key: str


def pick_source() -> str:
    """Drawn here, or one's own; the link opens the same choice, without the picture."""
    settle(SOURCE, (DRAWN, OWN), DRAWN)
    names = {DRAWN: t("Drawn here"), OWN: t("My picture")}
    source = st.segmented_control(
        t("Image"), (DRAWN, OWN), key=SOURCE, persist_state="session", format_func=names.get, required=True
    )
    publish(SOURCE, source, DRAWN)
    return source


def pick_drawing() -> int:
    """The number of the drawn picture, and a button for another."""
    number = st.session_state.get(DRAWING, counted(st.query_params.get(DRAWING, ""), digits=len(str(SEEDS - 1))))
    st.session_state[DRAWING] = (
        number if number is not None and 0 <= number < SEEDS else FIRST
    )  # by hand: `settle` would name every one of a million
    number = st.number_input(t("No."), 0, SEEDS - 1, key=DRAWING, persist_state="session", width=130)
    st.button(t("Draw another"), type="primary", on_click=_another)
    publish(DRAWING, str(number), str(FIRST))
    return int(number)


def pick_others() -> tuple[int, Clutter]:
    """How many other shapes, and of what kind."""
    settle(OTHERS, range(MIN_OTHERS, MAX_OTHERS + 1), COUNT)
    count = st.segmented_control(
        t("Other shapes"), range(MIN_OTHERS, MAX_OTHERS + 1), key=OTHERS, persist_state="session", required=True
    )
    publish(OTHERS, str(count), str(COUNT))
    settle(CLUTTER, CLUTTERS, CLUTTERS[0])
    names = {"mixed": t("Of both kinds"), "red": t("All red"), "circles": t("All circles")}
    clutter = st.segmented_control(
        t("What they share with the target"),
        CLUTTERS,
        key=CLUTTER,
        persist_state="session",
        format_func=names.get,
        required=True,
        help=t(
            "All circles: colour alone tells the target. All red: its shape alone tells it. Of both kinds: "
            "neither does, the two must be put together."
        ),
    )
    publish(CLUTTER, clutter, CLUTTERS[0])
    return count, clutter


def drawn(number: int, count: int, clutter: Clutter) -> Asked:
    """The picture of a number."""
    scene = draw(number, distractors=count, clutter=clutter)
    return Asked(scene.pixels, scene, t("picture {n}", n=number), f"{number}:{count}:{clutter}")


def own() -> Asked | None:
    """A person's picture; None until there is one.

    Raises:
        BadFile: a file that is no picture, too large, or damaged.
    """
    file = st.file_uploader(
        t("A picture: PNG, JPEG or WebP, up to {limit} MB", limit=MAX_PICTURE_BYTES // 2**20),
        type=["png", "jpg", "jpeg", "webp"],
        key=FILE,
        max_upload_size=MAX_PICTURE_BYTES // 2**20,
        on_change=_keep,
        help=t(
            "Only its pixels are read, in memory; nothing is stored or sent on. What the file says of "
            "camera, time and place is dropped."
        ),
    )
    kept = st.session_state.get(KEPT)
    if isinstance(kept, tuple):  # just sent: read once; what was refused is not kept beyond this page
        kept = st.session_state[KEPT] = read_picture(*kept) if file is not None else None
    if kept is None:
        st.caption(
            t(
                "Choose a picture to see where a head looks in it. The link opens this page without your "
                "picture: a picture does not travel in it."
            )
        )
        return None
    _say(kept)
    return Asked(
        kept.pixels,
        None,
        kept.name,
        hashlib.blake2b(kept.pixels.tobytes() + str(kept.pixels.shape).encode(), digest_size=12).hexdigest(),
    )


def _say(picture: Picture) -> None:
    """What was dropped of the file."""
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
    """Callback of the uploader: (bytes, name) of the new file, to be read by the page; nothing when it was taken
    away.
    """
    file = st.session_state.get(FILE)
    st.session_state[KEPT] = None if file is None else (file.getvalue(), file.name)


def _another() -> None:
    """Callback: a number that nobody chose."""
    st.session_state[DRAWING] = random.randrange(SEEDS)
