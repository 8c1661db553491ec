"""Checkpoints: one model saved at some steps of its training, from the random initialisation to the last step.

They are the files ``steps/NNNNNN.safetensors`` in the model's folder; they share its configuration and tokenizer, and
the weights of the folder itself are the last checkpoint. The page that plays them calls them a film. What was measured
on each stands in evaluation.json (under ``film``). Not inside: making checkpoints (training/film/).
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from ..boundary import named_step
from ..errors import BadFile, BadInput, Message, UnsupportedModel
from . import loading
from .completeness import require_whole
from .loading import LanguageModel
from .locks import LOADING
from .sources import locate
from .verify import verify
from .weight_headers import read_header

FRAME = re.compile(r"\d{6,}")


@dataclass(frozen=True)
class RoleCurve:
    """One head and how much it does at each step: ``scores`` with their 95 % intervals over ``n`` items.

    name: previous, next, agreement or answer (training/film/measures.py defines them). layer, head: from 0.
    """

    name: str
    layer: int
    head: int
    scores: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    n: int


@dataclass(frozen=True)
class CheckpointMeasures:
    """What evaluation.json says of a film: per step the share of hidden words guessed, out of ``n``, and the roles."""

    steps: tuple[int, ...]
    masked: tuple[float, ...]
    n: int
    roles: tuple[RoleCurve, ...]


def checkpoint_steps(name: str) -> tuple[int, ...]:
    """The steps of a film, ascending; () for a model without one.

    Raises:
        ModelNotFound, BadInput: what sources.locate raises.
    """
    folder = _folder(name)
    files = (folder / "steps").glob("*.safetensors") if folder else ()
    return tuple(sorted(int(path.stem) for path in files if FRAME.fullmatch(path.stem)))


def load_checkpoint(name: str, step: int, device: str | None = None) -> LanguageModel:
    """The model as it was at ``step``: same tokenizer and configuration; its name and revision say the step.

    Raises:
        BadInput: no such step. BadFile: the frame cannot be read, or is not of this model. Others: what models.load
        raises.
    """
    return at_step(loading.load(name, device), step)


@named_step(Message("opening an earlier step"))
def at_step(lm: LanguageModel, step: int) -> LanguageModel:
    """``load`` for a model that is loaded already; ``lm`` stays as it is."""
    known = checkpoint_steps(lm.name)
    if step not in known:
        raise BadInput(
            "“{name}” was not kept at step {step}. Its steps: {known}.",
            name=lm.name,
            step=step,
            known=", ".join(map(str, known)) or "—",
        )
    with LOADING:
        return _at_known_step(lm, step, _require_folder(lm.name) / "steps" / f"{step:06d}.safetensors")


def _at_known_step(lm: LanguageModel, step: int, path: Path) -> LanguageModel:
    model = copy.deepcopy(lm.model)
    _fill(model, path, lm.name)
    require_whole(model, lm.name)
    revision = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    layout = verify(model, lm.tokenizer, through_seam=lm.layout.adapter != "outside")  # it knows modules by identity
    if layout is None:
        raise UnsupportedModel("“{name}” lets nobody see its attention at step {step}.", name=lm.name, step=step)
    return replace(lm, layout=layout, name=f"{lm.name} (step {step})", model=model, revision=revision)


def checkpoint_measures(name: str) -> CheckpointMeasures:
    """What was measured on the frames.

    Raises:
        BadFile: evaluation.json cannot be read or says nothing of a film.
    """
    try:
        document = json.loads((_require_folder(name) / "evaluation.json").read_text(encoding="utf-8"))
        film = document["film"]
        return CheckpointMeasures(
            steps=tuple(frame["step"] for frame in film),
            masked=tuple(frame["masked"]["value"] for frame in film),
            n=film[-1]["masked"]["n"],
            roles=tuple(_role(role, head_index, film) for role, head_index in document["roles"].items()),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BadFile("The film of “{name}” was not measured: {detail}", name=name, detail=error) from error


def _role(name: str, head_index: dict[str, int], film: list[dict]) -> RoleCurve:
    columns = {key: tuple(frame[name][key] for frame in film) for key in ("value", "low", "high")}
    return RoleCurve(
        name,
        head_index["layer"],
        head_index["head"],
        scores=columns["value"],
        low=columns["low"],
        high=columns["high"],
        n=film[-1][name]["n"],
    )


def _folder(name: str) -> Path | None:
    """The folder of a bundled or local model; None for a hub id."""
    source = locate(name)
    return None if source.origin == "hub" else Path(source.location)


def _require_folder(name: str) -> Path:
    """The folder of a bundled or local model.

    Raises:
        BadFile: a hub id, which keeps no checkpoints here.
    """
    folder = _folder(name)
    if folder is None:
        raise BadFile("The film of “{name}” was not measured: {detail}", name=name, detail="no local folder")
    return folder


def _fill(model, path: Path, name: str) -> None:
    """Put the weights of a file into ``model``.

    Raises:
        BadFile: a tensor that is not tied to another is missing, or one too many is there.
    """
    try:
        held = sum(tensor.numbers for tensor in read_header(path).values())
        wanted = sum(map(Tensor.numel, model.state_dict().values()))
        if held > wanted:
            raise ValueError(f"it holds {held} numbers, and the model {wanted}")
        result = model.load_state_dict(load_file(path), strict=False)
    except Exception as error:  # safetensors and torch raise classes of their own
        raise BadFile(
            "The frame {file} of “{name}” cannot be read: {detail}", file=path.name, name=name, detail=error
        ) from error
    missing = set(result.missing_keys) - set(model.all_tied_weights_keys)
    if missing or result.unexpected_keys:
        first = sorted(missing | set(result.unexpected_keys))[0]
        raise BadFile(
            "The frame {file} of “{name}” belongs to another model: {detail}", file=path.name, name=name, detail=first
        )
