"""Bounds on the numbers of a configuration, so that none of them sizes anything before it was looked at.

A size (layers, heads, width …, under whatever key a family states it) is a whole number from 1 to its limit, at any
depth of the file; every other whole number stays below ``MOST_NUMBER``. The limits lie above every model that this
version of the library knows, and below what makes a loop or a table of numbers slow. What the model then really needs
is said by its files and by its modules (folder_check.py, built_size.py), not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..attention.families import SIZE_KEYS, Size
from .bounded_json import OutOfBounds

MOST: dict[Size, int] = {
    "layers": 512,
    "heads": 1024,
    "key_heads": 1024,
    "head_width": 8192,
    "width": 2**16,
    "inner": 2**19,
    "positions": 2**24,  # Llama 4 states ten million
    "vocabulary": 2**20,  # XLM-V has 901,629
}
MOST_OF_KEY = {
    **{"num_labels": 100_000, "image_size": 2048, "patch_size": 512, "num_channels": 64, "type_vocab_size": 4096},
    **{"num_experts": 2048, "num_local_experts": 2048, "n_routed_experts": 2048, "num_hidden_groups": 64},
    **{"inner_group_num": 8, "num_nextn_predict_layers": 64, "num_feedforward_networks": 64},
}
"""Sizes that only some families have; 0 says that there is none."""
LEAST: dict[Size, int] = {"positions": -1}  # relative ones
MOST_NUMBER = 2**24
MOST_PIXELS = 2048
PIXELS = ("size", "crop_size", "height", "width", "shortest_edge", "longest_edge", "max_height", "max_width")
"""Keys of the sides of a picture, where it is said how pictures are prepared."""
FREE = ("rope_theta", "sliding_window", "seed", "model_max_length", "max_length")
"""Keys whose numbers size nothing, and are large in real files."""
ELSEWHERE = (
    *("transformers_weights", "configuration_files", "fast_tokenizer_files", "quantization_config", "fusion_config"),
    *("gguf_file", "kernel_config"),
)
"""Keys that send the library to other files, or have it change the model."""


def check_config(config: Any) -> None:
    """Look at every number of a config.json.

    Raises:
        OutOfBounds: no table; a size that is no whole number from 1 to its limit; another number beyond
        ``MOST_NUMBER``; a key that leads elsewhere.
    """
    if not isinstance(config, dict):
        raise OutOfBounds("it is not a table of settings")
    architectures = config.get("architectures")
    if not _is_names(architectures):
        raise OutOfBounds("“{key}” is not a list of names", key="architectures")
    for key, value in _entries(config):
        if key in ELSEWHERE and value:
            raise OutOfBounds("“{key}” is not used here: Mirante reads plain weights beside the configuration", key=key)
        if key in ("attn_implementation", "experts_implementation", "_attn_implementation") and _leads_away(value):
            raise OutOfBounds("“{key}” names code, and Mirante never runs code that comes with a model", key=key)
        if key in SIZE_KEYS or key in MOST_OF_KEY:
            _check_size(key, value)
        elif key not in FREE:
            _check_number(key, value, MOST_NUMBER)


def check_preparation(settings: Any) -> None:
    """Look at the file that says how pictures are prepared: no side may have more than ``MOST_PIXELS``.

    Raises:
        OutOfBounds: no table, or a number beyond the limit.
    """
    if not isinstance(settings, dict):
        raise OutOfBounds("it is not a table of settings")
    for key, value in _entries(settings):
        _check_number(key, value, MOST_PIXELS if key in PIXELS else MOST_NUMBER)


def check_tokenizer_config(settings: Any) -> None:
    """Look at the settings of a tokenizer.

    Raises:
        OutOfBounds: no table, or a key that leads elsewhere.
    """
    if not isinstance(settings, dict):
        raise OutOfBounds("it is not a table of settings")
    for key in ELSEWHERE:
        if settings.get(key):
            raise OutOfBounds("“{key}” is not used here: Mirante reads plain weights beside the configuration", key=key)


def _entries(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth; the members of a list stand under the list's key."""
    waiting: list[tuple[str, Any]] = list(table.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list) and key not in SIZE_KEYS:
            waiting += ((key, member) for member in value)
        yield key, value


def _check_size(key: str, value: Any) -> None:
    """A size, or a list of sizes, one per layer; null means that the family's own default is taken."""
    size = SIZE_KEYS.get(key)
    least, most = (0, MOST_OF_KEY[key]) if size is None else (LEAST.get(size, 1), MOST[size])
    for number in value if isinstance(value, list) else () if value is None else (value,):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise OutOfBounds(
                "“{key}” is {found}, and a whole number from {least} to {limit} was expected",
                key=key,
                found=number if isinstance(number, int) else _spelled(number),
                least=least,
                limit=most,
            )
        _check_number(key, number, most)


def _check_number(key: str, value: Any, most: int) -> None:
    if isinstance(value, int) and abs(value) > most:
        raise OutOfBounds("“{key}” is {found}, and at most {limit} is accepted", key=key, found=value, limit=most)


def _spelled(value: Any) -> str:
    return f"“{value[:40]}”" if isinstance(value, str) else str(value)[:40] if value is not None else "null"


def _is_names(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(name, str) for name in value))


def _leads_away(value: Any) -> bool:
    """Whether an implementation is more than one of the library's short names."""
    return value is not None and not (isinstance(value, str) and value.replace("_", "").isalnum())
