"""A stranger's model folder is looked at before any library reads it: files, numbers, tokenizer, memory.

In this order: the files are ordinary (model_files.py); every number of the configuration is within its bounds
(config_limits.py); the weights' headers tell the truth and what they hold fits the memory (weight_headers.py); the
tokenizer opens in another process (tokenizer_trial.py). After the library has read the configuration,
``check_built`` compares what it would build with what the weights hold. Bundled models skip all of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedConfig

from ..attention.families import StackName, is_rotary, size_of
from ..errors import TooLong
from . import config_limits, hub_snapshot, tokenizer_trial
from .bounded_json import OutOfBounds, read_json, unreadable
from .model_files import (
    CONFIGURATION,
    CONFIGURATION_BYTES,
    PREPARATIONS,
    SETTINGS_FILES,
    TOKENIZER_CONFIGURATION,
    check_files,
    file_names,
)
from .other_weights import no_safetensors
from .sources import Source
from .weight_headers import INDEX, read_header, weight_files

MODEL_MB = 4096
MOST_TENSORS = 100_000
SLACK = 2.5  # what a model may hold for each number in its files: an untied head doubles the table of words
SLACK_NUMBERS = 500_000  # beyond that
SLACK_TENSORS = 200
FEW_LAYERS = 32  # built in a tenth of a second
FEWEST_TENSORS = 4  # of a layer, where there are many
MOST_EXPERTS = 16  # of a layer for each of its tensors: some files keep them in one
EXPERTS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts")
SLACK_BUFFERS = 32_000_000  # bytes of masks and tables that a model makes for itself, beyond those of its weights


@dataclass(frozen=True)
class Weights:
    """What the files of a model hold. numbers: in all tensors; bytes: what they take in memory, as they are loaded."""

    numbers: int
    bytes: int
    tensors: int


@dataclass(frozen=True)
class CheckedSource:
    """source: where the library reads from, always this machine. revision: the commit, of a hub id.

    weights: None for a bundled model, and where there are none.
    """

    source: Source
    revision: str | None
    weights: Weights | None


def model_limit(limit_mb: float | None = None) -> int:
    """Most bytes that the weights of one model may take in memory.

    ``limit_mb``, else the environment's ``MIRANTE_MODEL_MB``, else ``MODEL_MB``; a MB is 10**6 bytes.
    """
    return int(float(os.environ.get("MIRANTE_MODEL_MB", MODEL_MB) if limit_mb is None else limit_mb) * 1_000_000)


def check_source(
    source: Source, revision: str | None, root: str | os.PathLike | None, dtype: torch.dtype, limit: int
) -> CheckedSource:
    """Where the library may read a model from, once all that it will read was looked at.

    root: files of a local folder must lie below it. dtype: as the weights will be held. limit: bytes that they may
    take.

    Raises:
        ModelNotFound: a hub id that leads nowhere. BadFile: a file that cannot be read safely. TooLong: more memory
        than the limit.
    """
    if source.origin == "bundled":
        return CheckedSource(source, revision, None)
    folder = Path(source.location)
    base = None if root is None else Path(root).resolve()
    if source.origin == "hub":
        folder = hub_snapshot.fetch(source, revision, limit, partial(check_texts, name=source.name))
        revision, base = folder.name, hub_snapshot.cache_of(folder)
    check_texts(folder, name=source.name, root=base)
    weights = _weights(folder, source.name, dtype.itemsize)
    if weights is None and (folder / CONFIGURATION).is_file():
        raise no_safetensors(source.name, file_names(folder, source.name))
    if weights is not None:
        check_memory_of(source.name, weights.bytes, weights.numbers, limit)
    return CheckedSource(replace(source, location=str(folder)), revision, weights)


def check_texts(folder: Path, name: str, *, root: Path | None = None) -> None:
    """Look at all of a folder but its weights; the tokenizer last, because opening it takes longest."""
    check_files(folder, name, root=root)
    check_settings(folder, name)
    tokenizer_trial.try_tokenizer(folder, name)


def check_settings(folder: Path, name: str) -> None:
    """Look at the small tables of a folder: configuration, tokenizer, preparation of pictures.

    Raises:
        BadFile: naming the file.
    """
    checks: dict[str, Callable[[Any], None]] = {
        CONFIGURATION: config_limits.check_config,
        TOKENIZER_CONFIGURATION: config_limits.check_tokenizer_config,
        **dict.fromkeys(PREPARATIONS, config_limits.check_preparation),
    }
    for file in SETTINGS_FILES:
        if not (folder / file).is_file():
            continue
        try:
            value = read_json(folder / file, CONFIGURATION_BYTES)
            if file in checks:
                checks[file](value)
        except OutOfBounds as error:
            raise unreadable(name, file, error.reason) from error


def check_memory_of(name: str, need: int, numbers: int, limit: int) -> None:
    """Raise TooLong where the weights of a model take more bytes than the limit."""
    if need > limit:
        raise TooLong(
            "“{name}” holds {numbers} million numbers, which take about {need} MB of memory, and the limit is {limit} "
            "MB. Choose a smaller model; whoever runs Mirante can raise the limit (MIRANTE_MODEL_MB).",
            name=name,
            numbers=numbers // 1_000_000,
            need=need // 1_000_000,
            limit=limit // 1_000_000,
        )


def check_built(
    name: str,
    config: PreTrainedConfig,
    build: Callable[[], torch.nn.Module],
    weights: Weights | None,
    limit: int,
) -> None:
    """Build a model without memory (on torch's meta device) and compare what it holds with what its files hold.

    Raises:
        BadFile: the configuration asks for far more than there is. TooLong: it takes more memory than the limit. What
        ``build`` raises.
    """
    if weights is None:
        return
    _check_modules(name, config, weights)
    with torch.device("meta"):
        model = build()
    parameters = [parameter.numel() for parameter in model.parameters()]
    buffers = sum(buffer.numel() * buffer.element_size() for buffer in model.buffers()) + _slopes(model, config)
    if (
        sum(parameters) > SLACK * weights.numbers + SLACK_NUMBERS
        or len(parameters) > SLACK * weights.tensors + SLACK_TENSORS
        or buffers > SLACK_BUFFERS + weights.bytes
    ):
        reason = OutOfBounds(
            "it describes a model of {found} million numbers in {found_tensors} tensors, and the weights hold {held} "
            "million in {held_tensors}",
            found=round((sum(parameters) + buffers / 4) / 1e6, 1),
            found_tensors=len(parameters),
            held=round(weights.numbers / 1e6, 1),
            held_tensors=weights.tensors,
        )
        raise unreadable(name, CONFIGURATION, reason.reason)
    itemsize = weights.bytes // max(1, weights.numbers)
    check_memory_of(name, sum(parameters) * itemsize + buffers, sum(parameters), limit)


def _slopes(model: torch.nn.Module, config: PreTrainedConfig) -> int:
    """Bytes of a table (head, position) that a model without rotary positions may make when it runs (MPT)."""
    inner = config.get_text_config()
    if is_rotary(model, inner):
        return 0
    return 4 * (size_of(inner, "heads") or 0) * (size_of(inner, "positions") or 0)


def _check_modules(name: str, config: PreTrainedConfig, weights: Weights) -> None:
    """Raise BadFile where a configuration states so many layers, or experts in them, that building them takes long."""
    inner = config.get_text_config()
    stacks: tuple[StackName | None, ...] = (None, "encoder", "decoder")
    layers = max(size_of(inner, "layers", stack) or 0 for stack in stacks)
    experts = max((number for key in EXPERTS if isinstance(number := getattr(inner, key, 0), int)), default=0)
    few = layers <= FEW_LAYERS and layers * experts <= FEW_LAYERS * FEW_LAYERS
    if not few and layers * max(FEWEST_TENSORS, experts / MOST_EXPERTS) > weights.tensors:
        reason = OutOfBounds(
            "it describes {layers} layers of {experts} experts, and the weights hold {held} tensors",
            layers=layers,
            experts=experts,
            held=weights.tensors,
        )
        raise unreadable(name, CONFIGURATION, reason.reason)


def _weights(folder: Path, name: str, itemsize: int) -> Weights | None:
    """What all weight files hold together; None where there are none."""
    numbers, tensors, file = 0, 0, INDEX
    try:
        files = weight_files(folder)
        for path in files:
            file = path.name
            header = read_header(path)
            numbers += sum(tensor.numbers for tensor in header.values())
            tensors += len(header)
            if tensors > MOST_TENSORS:
                raise OutOfBounds("it names more than {limit} tensors", limit=MOST_TENSORS)
    except OutOfBounds as error:
        raise unreadable(name, file, error.reason) from error
    except OSError as error:
        raise unreadable(name, file, error.strerror or type(error).__name__) from error
    return Weights(numbers, numbers * itemsize, tensors) if files else None
