"""Loading a vision transformer so that its attention can be captured: bundled, a local folder or a hub id.

The rules of core/models/loading.py: safetensors only, never remote code, float32 on the CPU, the same attention seam
or, for families outside it, the second adapter; whether the attention can be shown truthfully is decided by a test
picture (verify.py), never by a list of names. A checkpoint without a classifier (DINO) is loaded without one. What
stands before the patches ([CLS], a distillation token, registers) is named after the learned vectors that the model
itself has for them."""

from __future__ import annotations

import copy
import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, AutoImageProcessor, AutoModel, AutoModelForImageClassification, PreTrainedModel
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from ..attention import seam
from ..attention.families import DRAWS_MASKS, both_sides
from ..attention.reported_forms import form_of
from ..boundary import boundary, named_step
from ..errors import BadFile, Message, MiranteError, TooLong, UnsupportedModel
from ..models import devices
from ..models.bounded_json import unreadable
from ..models.completeness import require_whole
from ..models.folder_check import CheckedSource, check_built, check_source, model_limit
from ..models.locks import LOADING
from ..models.model_files import PREPARATIONS
from ..models.other_weights import no_weights
from ..models.sources import Source, fingerprint, locate
from ..models.verify import Layout
from .map_memory import check_map_memory
from .other_kinds import pyramid_of
from .verify import patch_grid, verify_vision

MAX_PATCH_POSITIONS = 4096  # positions
UNUSED = ("pooler.", "mask_token", "classifier")
"""Parts of a body without its classifier that nothing shown here passes through."""
PREFIX = (
    ("cls_token", "[CLS]"),
    ("class_embedding", "[CLS]"),
    ("distillation_token", "[DIST]"),
    ("register_tokens", "[REG{n}]"),
)
"""Learned vectors that stand before the patches, in the order of the families that have them, and what they are called
here.
"""


@dataclass(frozen=True, eq=False)
class VisionModel:
    """A loaded model, shared read-only by every session.

    prefix: names of the positions before the patches. labels: names of its answers, empty without a classifier.
    assumed: the checkpoint says nothing about how pictures are prepared, so the sizes of its configuration and −1 … 1
    were taken. tokenizer_hash: digest of that preparation."""

    name: str
    model: PreTrainedModel
    processor: Any
    device: torch.device
    dtype: torch.dtype
    revision: str
    tokenizer_hash: str
    layout: Layout
    prefix: tuple[str, ...]
    labels: tuple[str, ...]
    assumed: bool

    @property
    def cells(self) -> int | None:
        """Side of the grid of cells that its answers name, "row,column" row by row; None where they name something
        else.
        """
        side = round(len(self.labels) ** 0.5)
        wanted = tuple(f"{row},{column}" for row in range(1, side + 1) for column in range(1, side + 1))
        return side if self.labels and self.labels == wanted else None

    @property
    def parameters(self) -> int:
        """Learned numbers."""
        return sum(p.numel() for p in self.model.parameters())


def load_vision(
    name: str,
    device: str | None = None,
    *,
    revision: str | None = None,
    root: str | os.PathLike | None = None,
    limit_mb: float | None = None,
) -> VisionModel:
    """Load a vision transformer. ``root``: accept local folders only below it (used by the web app). ``limit_mb``: as
    core.load.

    Raises:
        ModelNotFound: nothing under that name, or the hub cannot be reached. UnsupportedModel: not a vision
        transformer, or one whose attention would be misreported. BadFile: a broken or unsafe file. TooLong: more memory
        than the limit. BadInput: an impossible name or device. MiranteError: the model was not loaded whole.
    """
    return load_vision_source(locate(name, root), device, revision=revision, root=root, limit_mb=limit_mb)


def load_vision_source(
    source: Source,
    device: str | None = None,
    *,
    revision: str | None = None,
    root: str | os.PathLike | None = None,
    limit_mb: float | None = None,
) -> VisionModel:
    """``load_vision``, for a name whose place is known."""
    target, limit = devices.choose_device(device), model_limit(limit_mb)
    with boundary("load", source.name, Message("looking at its files")):
        checked = check_source(source, revision, root, torch.float32, limit)
    with LOADING, boundary("load", source.name, Message("a test picture")):
        return _load_vision(checked, target, limit)


def check_vision_family(source: Source) -> None:
    """Look at a folder that has no weights yet.

    Raises:
        UnsupportedModel, BadFile: as ``load_vision``.
    """
    options = {"trust_remote_code": False, "local_files_only": True}
    _check_family(source, _configuration(source, options))


def _load_vision(checked: CheckedSource, target: torch.device, limit: int) -> VisionModel:
    """What is on this disk, as a model; alone in the process."""
    source, options = checked.source, {"trust_remote_code": False, "local_files_only": True}
    seam.register()
    config = _configuration(source, options)
    _check_family(source, config)
    with boundary("load", source.name, Message("comparing its configuration with its weights")):
        check_built(source.name, config, lambda: _outline(source, config), checked.weights, limit)
    processor, assumed = _processor(source, config, options)
    model, has_head, layout = _verified(source, config, options, processor, target)
    return VisionModel(
        name=source.name,
        model=model,
        processor=processor,
        device=target,
        dtype=model.dtype,
        revision=checked.revision or fingerprint(source),
        tokenizer_hash=hashlib.sha256(processor.to_json_string().encode()).hexdigest()[:16],
        layout=layout,
        prefix=_prefix(model),
        labels=tuple(config.id2label[i] for i in range(config.num_labels)) if has_head else (),
        assumed=assumed,
    )


def _verified(
    source: Source, config, options: dict, processor: Any, target: torch.device
) -> tuple[PreTrainedModel, bool, Layout]:
    """The model, whether it has its classifier, and its layout: through the seam, or eager for families outside it."""
    for implementation in (seam.IMPLEMENTATION, "eager"):
        loaded = _weights(source, config, options, implementation)
        if loaded is not None:
            model, has_head = loaded
            require_whole(model, source.name)
            to: Any = model.to  # declared by a decorator of the library that hides its arguments
            model = to(target).eval().requires_grad_(False)
            layout = _layout(model, processor, _prefix(model))
            if layout is not None:
                return model, has_head, layout
    raise UnsupportedModel("“{name}” ({type}) lets nobody see its attention.", name=source.name, type=config.model_type)


@named_step(Message("building its random twin"))
def random_vision_twin(vision: VisionModel, seed: int = 0) -> VisionModel:
    """``vision`` with random weights, the null of what its heads show: the same seed gives the same weights
    (core/models/random_twin.py).
    """
    with LOADING:
        return _random_twin(vision, seed)


def _random_twin(vision: VisionModel, seed: int) -> VisionModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = type(vision.model)._from_config(
            copy.deepcopy(vision.model.config),
            attn_implementation="eager" if vision.layout.adapter == "outside" else seam.IMPLEMENTATION,
        )
    require_whole(model, vision.name)
    model = model.to(device=vision.device, dtype=vision.dtype).eval().requires_grad_(False)
    layout = _layout(model, vision.processor, vision.prefix)
    if layout is None:
        raise UnsupportedModel("The random twin of “{name}” lets nobody see its attention.", name=vision.name)
    return replace(
        vision,
        name=f"{vision.name} (random, seed {seed})",
        model=model,
        revision=f"random-{seed}",
        layout=layout,
    )


def prepared(vision: VisionModel, pixels: np.ndarray) -> torch.Tensor:
    """(row, column, 3) uint8 → what the model reads, (1, 3, row, column), resized and cut by its own processor."""
    return _values(vision.model, vision.processor, pixels)


def as_read(vision: VisionModel, values: torch.Tensor) -> np.ndarray:
    """``prepared`` undone as far as colours go: the picture that the model sees, (row, column, 3) uint8, in the size in
    which it sees it.
    """
    colours = values[0].float().cpu().permute(1, 2, 0).numpy()  # (3, row, column) → (row, column, 3)
    processor = vision.processor
    if getattr(processor, "do_normalize", True):
        colours = colours * np.asarray(processor.image_std) + np.asarray(processor.image_mean)
    largest = 255 if getattr(processor, "do_rescale", True) else 1
    return np.round(np.clip(colours * largest, 0, 255)).astype(np.uint8)


def grid_of(vision: VisionModel, values: torch.Tensor) -> tuple[int, int]:
    """(rows, columns) of patches in what the model reads."""
    return patch_grid(vision.model, values)


def _layout(model: PreTrainedModel, processor: Any, prefix: tuple[str, ...]) -> Layout | None:
    """What a test picture shows of the model's attention; None as verify_vision."""
    height, width = both_sides(model.config.image_size)
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8)
    values = _values(model, processor, noise)
    rows, columns = patch_grid(model, values)
    if (positions := len(prefix) + rows * columns) > MAX_PATCH_POSITIONS:
        raise TooLong(
            "The picture makes {n} positions, and at most {limit} are read.", n=positions, limit=MAX_PATCH_POSITIONS
        )
    seen = model.config._attn_implementation == seam.IMPLEMENTATION
    if not seen:
        check_map_memory(model.config, positions)
    return verify_vision(model, values, len(prefix), through_seam=seen)


def _values(model: PreTrainedModel, processor: Any, pixels: np.ndarray) -> torch.Tensor:
    inputs = processor(images=pixels, input_data_format="channels_last", return_tensors="pt")
    return inputs["pixel_values"].to(device=model.device, dtype=model.dtype)


def _prefix(model: PreTrainedModel) -> tuple[str, ...]:
    """Names of the positions before the patches. A token that pools what comes out (AIMv2) stands before none."""
    pools = tuple(path + "." for path, module in model.named_modules() if "Pool" in type(module).__name__)
    sizes = {
        name.rpartition(".")[2]: (1 if parameter.ndim == 1 else parameter.shape[-2])
        for name, parameter in model.named_parameters()
        if not name.startswith(pools)
    }
    return tuple(label.format(n=i + 1) for name, label in PREFIX for i in range(sizes.get(name, 0)))


def _configuration(source: Source, options: dict):
    """What the folder says of its model; of a SAM that also draws masks, its encoder of pictures."""
    config = _from_pretrained(source, "configuration", lambda: AutoConfig.from_pretrained(source.location, **options))
    return config.vision_config if config.model_type in DRAWS_MASKS else config


def _check_family(source: Source, config) -> None:
    if (reason := pyramid_of(config)) is not None:
        raise UnsupportedModel(
            "Mirante cannot show the attention of {type} truthfully: {reason}.", type=config.model_type, reason=reason
        )
    if not all(hasattr(config, name) for name in ("image_size", "patch_size", "num_attention_heads")):
        raise UnsupportedModel(
            "“{name}” ({type}) is not a vision transformer that Mirante can show: one that cuts a picture "
            "into patches was expected (ViT, DeiT, DINO, DINOv2).",
            name=source.name,
            type=config.model_type,
        )
    if form_of(config, "self") is not None:  # read by its maps, and pictures of one size only
        (height, width), (row, column) = both_sides(config.image_size), both_sides(config.patch_size)
        check_map_memory(config, (height // row) * (width // column))


def _outline(source: Source, config) -> PreTrainedModel:
    """The model that a configuration describes, without a classifier; called where tensors take no memory."""
    return _from_pretrained(source, "configuration", lambda: AutoModel.from_config(copy.deepcopy(config)))


def _processor(source: Source, config, options: dict) -> tuple[Any, bool]:
    """The model's own picture processor; where it has none, the sizes of the configuration (True: assumed)."""
    if any((Path(source.location) / name).is_file() for name in PREPARATIONS):
        return _from_pretrained(
            source,
            "picture preparation",
            lambda: AutoImageProcessor.from_pretrained(source.location, backend="pil", **options),
        ), False
    height, width = both_sides(config.image_size)
    size = {"height": height, "width": width}
    return ViTImageProcessorPil(size=size, image_mean=[0.5] * 3, image_std=[0.5] * 3), True


def _weights(source: Source, config, options: dict, implementation: str) -> tuple[PreTrainedModel, bool] | None:
    """(model, whether it has its classifier); None when its family does not accept the seam."""
    architecture = (config.architectures or [""])[0]
    if "ForImageClassification" in architecture and config.model_type in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES:
        loaded = _loaded(AutoModelForImageClassification, source, config, options, implementation)
        if loaded is None:
            return None
        model, missing = loaded
        if not missing:
            return model, True
        if type(model).__name__ == architecture:  # it says that it was saved with this very classifier
            raise _incomplete(source, missing)
    loaded = _loaded(AutoModel, source, config, options, implementation)
    if loaded is None:
        return None
    model, missing = loaded
    lost = [name for name in missing if not name.startswith(UNUSED) and ".mask_token" not in name]
    if lost:
        raise _incomplete(source, lost)
    return model, False


def _incomplete(source: Source, missing: list[str]) -> BadFile:
    return BadFile(
        "The weights of “{name}” are incomplete: {count} tensors are missing, the first is “{first}”. "
        "Nothing computed with them would be true.",
        name=source.name,
        count=len(missing),
        first=missing[0],
    )


def _loaded(
    auto, source: Source, config, options: dict, implementation: str
) -> tuple[PreTrainedModel, list[str]] | None:
    """(model, names of missing tensors); None when its family does not accept the seam."""
    try:
        model, info = auto.from_pretrained(
            source.location,
            config=copy.deepcopy(config),
            dtype=torch.float32,
            use_safetensors=True,
            attn_implementation=implementation,
            output_loading_info=True,
            **options,
        )
    except (MiranteError, MemoryError):
        raise
    except Exception as error:
        if implementation == seam.IMPLEMENTATION and isinstance(error, ValueError | KeyError):
            return None  # tried again eager, where a real fault is raised
        raise _explained(source, "weights", error) from error
    return model, sorted(info["missing_keys"])


def _from_pretrained(source: Source, part: str, reader):
    """Call one ``from_pretrained``; whatever it raises becomes one of our errors."""
    try:
        return reader()
    except (MiranteError, MemoryError):
        raise
    except Exception as error:
        raise _explained(source, part, error) from error


def _explained(source: Source, part: str, error: Exception) -> MiranteError:
    detail = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    if "trust_remote_code" in str(error) or "custom code" in str(error):
        return UnsupportedModel(
            "“{name}” needs code of its own to run, and Mirante never runs code that comes with a model.",
            name=source.name,
        )
    if isinstance(error, OSError) and part == "weights":
        return no_weights(source.name, detail)
    return unreadable(source.name, part, detail)
