"""The vision model of the page, loaded once for everybody, and its runs on pictures, cached.

The shared picker of the sidebar offers models that read text; this page has its own, under a name of its own in the
link. The caches are bounded, as in ui/serving/cache.py.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import shortened
from core.models.sources import default_root
from core.vision.shipped import visions

from ...serving.bounded_cache import Shelf
from ...serving.forward_slots import forward_slot
from ...serving.turns import TURNS
from ...shell import cautions
from ...shell.locale import plain, t
from ...shell.state import Chosen, with_current
from ...top_bar.pickers import offered_models

if TYPE_CHECKING:
    from core.vision.captures import PictureRun
    from core.vision.models import VisionModel

    from .picture import ChosenPicture

_MODEL = "vision_model"
_models: Shelf[VisionModel] = Shelf(3)  # random twins count
_picture_runs: Shelf[PictureRun] = Shelf(24, 256 * 2**20)


def pick_vision_model() -> str:
    """A bundled vision model, or any hub id or local folder typed into the same field."""
    return (
        st.selectbox(
            t("Vision model"),
            with_current(offered_models("vision"), _MODEL),
            key=_MODEL,
            bind="query-params",
            persist_state="session",
            accept_new_options=True,
            placeholder=t("Choose, or type a name"),
            help=t(
                "A bundled model, an id of the Hugging Face Hub, or a folder on this computer: vision "
                "transformers that cut a picture into patches (ViT, DeiT, DINO, DINOv2), weights in "
                "safetensors."
            ),
        )
        or visions()[0]
    ).strip()


def vision_model(name: str, chosen: Chosen) -> VisionModel:
    """The loaded model, shared by all sessions.

    Raises:
        MiranteError: what core.vision.models.load_vision raises; failures are not remembered.
    """
    key = (name, chosen.device)
    if (model := _models.peek(key)) is None:
        with st.spinner(t("Loading the model {model}…", model=plain(shortened(name)))):
            model = _models.get(key, lambda: _load(name, chosen.device))
    cautions.note(name, model.layout.caution)
    return model


def vision_twin(name: str, chosen: Chosen) -> VisionModel:
    """The same network with random weights."""
    from core.vision.models import random_vision_twin

    def make() -> VisionModel:
        vision = vision_model(name, chosen)
        with TURNS.aside():
            return random_vision_twin(vision)

    return _models.get((name, chosen.device, "random twin"), make)


def run_on_picture(vision: VisionModel, picture: ChosenPicture) -> PictureRun:
    """The run of a model on a picture, done once and cached.

    Raises:
        MiranteError: what core.vision.captures raises, or a full queue.
    """
    from core.vision.captures import capture_picture

    def run() -> PictureRun:
        with forward_slot():
            return capture_picture(vision, picture.pixels, picture.name)

    return _picture_runs.get((vision.name, vision.revision, str(vision.device), picture.key), run)


def _load(name: str, device: str) -> VisionModel:
    """Load a model, then keep it out of the garbage collector's rounds (as ui/serving/cache.py does)."""
    from core.vision.models import load_vision

    with TURNS.aside():
        model = load_vision(name, device, root=default_root())
    gc.collect()
    gc.freeze()
    return model


def run_seconds(vision: VisionModel) -> float:
    """Estimated seconds of one run: about 30 G operations in a second, and 5 ms to draw and prepare the picture."""
    config = vision.model.config
    positions = len(vision.prefix) + (_side(config.image_size) // _side(config.patch_size)) ** 2
    return 2 * vision.parameters * positions / 30e9 + 0.005


def _side(size: int | tuple[int, int]) -> int:
    """The side of a picture or patch in pixels, however the configuration writes it."""
    return size if isinstance(size, int) else size[0]
