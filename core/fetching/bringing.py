"""A model comes to the models folder: staged in a hidden folder there, looked at, converted, loaded once, then renamed.

What lies in ``models/NAME`` is whole, and loads; until then it lies in ``models/.fetching``, which no page offers
(models/sources.py). Stopped at any moment, the same call goes on from what is there. Code that comes with a model is
neither fetched nor run. Not inside: what is asked of the person (core/cli/fetch.py).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import BadInput, MiranteError
from ..models.catalog import kind_at
from ..models.folder_check import check_texts
from ..models.loading import check_family, load_source
from ..models.model_files import check_files, file_names
from ..models.other_weights import PICKLED, PICKLED_INDEX, no_safetensors
from ..models.sources import LONGEST_MODEL_NAME, Source
from ..models.weight_headers import INDEX, SINGLE, weight_files
from ..vision.models import check_vision_family, load_vision_source
from .conversion import convert, pickled_files
from .download import disk_full, download
from .repository import FetchPlan

STAGES = ".fetching"
RECORD = "mirante-fetch.json"
FetchStep = Literal["weights", "convert", "try"]
Tell = Callable[[FetchStep, str], None]
"""Called when a longer step begins: its name, and the file or model that it is about."""
_PARTS_OF_A_FOLDER = (".json", ".txt", ".model", ".spm", ".bpe", ".codes", ".tiktoken", ".vocab", ".jinja", ".md")
_CARDS = ("LICENSE", "LICENCE", "NOTICE")
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)


@dataclass(frozen=True)
class Brought:
    """A model that is in the models folder and was loaded once. converted: its weights were pickled."""

    name: str
    folder: Path
    kind: str
    layers: int
    parameters: int
    converted: bool


def bring(plan: FetchPlan, root: Path, *, received: Callable[[int], None], tell: Tell, limit_mb: float) -> Brought:
    """Fetch what a plan says into ``root``.

    received: called with bytes that are new on this disk. limit_mb: as core.load.

    Raises:
        BadInput: another model lies there, or another process is fetching it. BadFile, UnsupportedModel, TooLong,
        MiranteError: what download, conversion and loading refuse; what was fetched stays for the next try.
    """
    target = root / plan.name
    _check_free(target, plan.name)
    stage = root / STAGES / f"{plan.name.replace('/', '--')}@{plan.commit[:12]}"
    with _alone(stage, plan.name):
        _check_room(stage, plan.disk_bytes - _bytes_in(stage))
        for file, facts in plan.small.items():
            download(plan.name, plan.commit, file, facts, stage, received)
        check_texts(stage, plan.name, root=stage.resolve())
        _check_family(plan.name, stage)
        tell("weights", plan.name)
        for file, facts in plan.weights.items():
            download(plan.name, plan.commit, file, facts, stage, received)
        return _finish(plan.name, stage, target, _record(plan), tell, limit_mb)


def bring_folder(folder: Path, root: Path, *, tell: Tell, limit_mb: float) -> Brought:
    """Bring the model of a folder on this disk to ``root``; one that lies there already gets its safetensors there.

    The folder itself is only read, unless it lies below ``root``.

    Raises:
        As ``bring``; BadFile: it holds no weights that can be read or converted.
    """
    folder = folder.resolve()
    inside = folder.is_relative_to(root.resolve())
    name = folder.relative_to(root.resolve()).as_posix() if inside else folder.name
    check_files(folder, name, root=_links_may_lead(folder))
    pickled = () if weight_files(folder) else pickled_files(folder, name)
    if not weight_files(folder) and not pickled:
        raise no_safetensors(name, file_names(folder, name))
    if inside and not pickled:
        raise BadInput("“{name}” lies in the models folder and has safetensors: there is nothing to do.", name=name)
    if not inside:
        _check_free(root / name, name)
    stage = root / STAGES / f"{name.replace('/', '--')}@folder"
    with _alone(stage, name):
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        copied = [folder / file for file in file_names(folder, name) if _belongs(file)]
        weights = pickled or weight_files(folder)
        _check_room(stage, sum(path.stat().st_size for path in (*copied, *weights)) * 2)
        for path in (*copied, *(() if pickled else weights)):
            shutil.copyfile(path, stage / path.name)
        check_texts(stage, name, root=stage)
        _check_family(name, stage)
        if pickled:
            written = convert(pickled, stage, name, lambda file: tell("convert", file.name))
        brought = _tried(name, stage, root / name, tell, limit_mb, converted=bool(pickled))
        if inside:
            for file in written:  # the index, which makes them weights, is the last
                os.replace(stage / file, folder / file)
            shutil.rmtree(stage)
        else:
            _move(stage, root / name)
    return brought


def recorded_commit(folder: Path) -> str | None:
    """The commit that a folder was fetched at; None for one that was not."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record.get("commit") if isinstance(record, dict) else None


def _finish(name: str, stage: Path, target: Path, record: dict, tell: Tell, limit_mb: float) -> Brought:
    """Convert, try, and move what is staged."""
    pickled = pickled_files(stage, name)
    if pickled:
        convert(pickled, stage, name, lambda file: tell("convert", file.name))
    brought = _tried(name, stage, target, tell, limit_mb, converted=bool(pickled))
    for file in (*pickled, stage / PICKLED_INDEX):
        file.unlink(missing_ok=True)
    (stage / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    _move(stage, target)
    return brought


def _tried(name: str, stage: Path, target: Path, tell: Tell, limit_mb: float, *, converted: bool) -> Brought:
    """Load what is staged as the pages will; the probe of its attention is part of it."""
    tell("try", name)
    source = Source(name, str(stage), "folder")
    if kind_at(stage) == "vision":
        vision = load_vision_source(source, device="cpu", limit_mb=limit_mb)
        parameters = sum(parameter.numel() for parameter in vision.model.parameters())
        return Brought(name, target, "vision", max(vision.layout.counts.values()), parameters, converted)
    lm = load_source(source, device="cpu", limit_mb=limit_mb)
    return Brought(name, target, lm.kind, max(lm.layout.counts.values()), lm.parameters, converted)


def _check_family(name: str, stage: Path) -> None:
    """Refuse what cannot be shown before its weights are fetched."""
    source = Source(name, str(stage), "folder")
    if kind_at(stage) == "vision":
        check_vision_family(source)
    else:
        check_family(source)


def _move(stage: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(stage, target)


def _check_free(target: Path, name: str) -> None:
    if len(name) > LONGEST_MODEL_NAME or target.exists():
        raise BadInput(
            "“{folder}” is there already. Rename or remove it first; nothing was changed.", folder=str(target)
        )


def _check_room(stage: Path, need: int) -> None:
    if shutil.disk_usage(stage).free < need:
        raise disk_full(stage, need)


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


@contextmanager
def _alone(stage: Path, name: str) -> Iterator[None]:
    """Make the stage; nobody else works in it meanwhile."""
    from filelock import FileLock, Timeout

    try:
        stage.mkdir(parents=True, exist_ok=True)
        lock = FileLock(stage.with_name(stage.name + ".lock"), timeout=0)
        lock.acquire()
    except Timeout as error:
        raise BadInput("“{name}” is being fetched by another process.", name=name) from error
    except OSError as error:
        raise disk_full(stage.parent) if error.errno in _FULL else _unwritable(stage, error) from error
    try:
        yield
    except OSError as error:
        raise _disk_error(stage, error) or error from error
    finally:
        lock.release()


def _disk_error(stage: Path, error: OSError) -> MiranteError | None:
    if error.errno in _FULL:
        return disk_full(stage)
    return _unwritable(stage, error) if error.errno in _FORBIDDEN else None


def _unwritable(stage: Path, error: OSError) -> MiranteError:
    template = "The models folder {folder} cannot be written: {detail}. Name another one with --into."
    return BadInput(template, folder=str(stage.parent.parent), detail=error.strerror or str(error))


def _links_may_lead(folder: Path) -> Path:
    """Files of the hub's own cache are links to a folder beside the snapshots."""
    return folder.parent.parent if folder.parent.name == "snapshots" else folder


def _belongs(file: str) -> bool:
    weights = file in (PICKLED, PICKLED_INDEX, SINGLE, INDEX)
    return not weights and (file.endswith(_PARTS_OF_A_FOLDER) or file.startswith(_CARDS))


def _record(plan: FetchPlan) -> dict:
    """What the folder says of where it came from."""
    files = {name: {"bytes": file.size, "digest": file.digest} for name, file in plan.files.items()}
    return {
        "id": plan.name,
        "commit": plan.commit,
        "licence": plan.licence,
        "converted": plan.pickled,
        "files": files,
    }
