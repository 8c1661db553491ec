"""Model folders made to stop, flood or fool a server: a small honest model (tests/tiny.py), with one thing wrong.

    for name, damage in HOSTILE.items():
        folder = copied_model(tmp_path / name)
        damage(folder)

All of it is made by the tests themselves, where they may write. Not inside: what has to happen (tests/core/models).
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import tiny

Damage = Callable[[Path], None]


def copied_model(folder: Path, name: str = "bert") -> Path:
    """A private copy of a tiny model, which a test may damage."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copytree(tiny.folder(name), folder))


def setting(file: str = "config.json", **changes: Any) -> Damage:
    """Changed settings in one of the tables."""

    def damage(folder: Path) -> None:
        table = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(table | changes))

    return damage


def written(file: str, content: Callable[[], bytes]) -> Damage:
    """Another content of a file."""
    return lambda folder: (folder / file).write_bytes(content()) and None


def tokenizer(change: Callable[[dict], None]) -> Damage:
    """A changed tokenizer.json."""

    def damage(folder: Path) -> None:
        table = json.loads((folder / "tokenizer.json").read_text())
        change(table)
        (folder / "tokenizer.json").write_text(json.dumps(table))

    return damage


def linked(file: str, target: str) -> Damage:
    """A link in place of a file."""

    def damage(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(target)

    return damage


def piped(file: str) -> Damage:
    """A pipe that nobody writes to, in place of a file."""

    def damage(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).parent.mkdir(exist_ok=True)
        os.mkfifo(folder / file)

    return damage


def grown(file: str, size: int) -> Damage:
    """A file made as long as ``size`` bytes (a hole: it takes no disk)."""

    def damage(folder: Path) -> None:
        (folder / file).touch()
        os.truncate(folder / file, size)

    return damage


def weights(header: Any, data: int = 64, length: int | None = None) -> Damage:
    """Weights with this header, and ``data`` bytes of numbers; ``length``: what the file says of its header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return written(
        "model.safetensors",
        lambda: struct.pack("<Q", len(text) if length is None else length) + text + bytes(data),
    )


def tensor(shape: list[Any], offsets: list[int], dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def sharded(names: list[str]) -> Damage:
    """An index in place of the weights, which names these files."""

    def damage(folder: Path) -> None:
        (folder / "model.safetensors").unlink()
        index = {"metadata": {}, "weight_map": {f"tensor.{i}": name for i, name in enumerate(names)}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))

    return damage


def _escaped(folder: Path) -> None:
    """A shard that lies beside the models folder, reached by ``..``."""
    shutil.move(folder / "model.safetensors", folder.parent.parent / "stolen.safetensors")
    index = {"metadata": {}, "weight_map": {"tensor": "../../stolen.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def _outside(file: str) -> Damage:
    """A file that is a link to one outside the models folder."""

    def damage(folder: Path) -> None:
        secret = folder.parent.parent / "secret"
        shutil.move(folder / file, secret)
        (folder / file).symlink_to(secret)

    return damage


def _many_files(folder: Path) -> None:
    for number in range(6000):
        (folder / f"{number}.json").touch()


def _word_pieces(table: dict) -> None:
    table["model"] = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##"}
    table["model"] |= {
        "max_input_chars_per_word": 100,
        "vocab": {"[UNK]": 0} | {f"w{i}": i for i in range(1, 1_500_000)},
    }


def _unigram(table: dict) -> None:
    table["model"] = {"type": "Unigram", "unk_id": 0, "vocab": [[f"w{i}", -1.0] for i in range(1_500_000)]}


def _split(pattern: str) -> Callable[[dict], None]:
    """Words cut by a regular expression."""
    cut = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
    return lambda table: table.update(pre_tokenizer=cut)


def _doubling(table: dict) -> None:
    """Every a becomes two, sixty times over."""
    twice = {"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}
    table["normalizer"] = {"type": "Sequence", "normalizers": [twice] * 60}


def _longer(table: dict) -> None:
    """One rare letter becomes a million."""
    table["normalizer"] = {"type": "Replace", "pattern": {"String": "ž"}, "content": "z" * 1_000_000}


def _empty_merge(table: dict) -> None:
    table["model"] = {"type": "BPE", "vocab": {"a": 4_000_000_000}, "merges": []}


DEEP = b"[" * 100_000 + b"]" * 100_000
FITTING = {"a": tensor([4, 4], [0, 64])}

CONFIGURATIONS: dict[str, Damage] = {
    "a million layers": setting(num_hidden_layers=1_000_000),
    "512 layers": setting(num_hidden_layers=512),
    "a width of 10**9": setting(hidden_size=10**9),
    "a width of 2**16": setting(hidden_size=2**16),
    "a million heads": setting(num_attention_heads=10**6),
    "positions of 10**9": setting(max_position_embeddings=10**9),
    "positions of 2**24": setting(max_position_embeddings=2**24),
    "a vocabulary of 10**9": setting(vocab_size=10**9),
    "a vocabulary of 2**20": setting(vocab_size=2**20, hidden_size=48),
    "an inner width of 2**19": setting(intermediate_size=2**19),
    "10**9 labels": setting(num_labels=10**9, id2label=None),
    "10**9 kinds of tokens": setting(type_vocab_size=10**9),
    "an unknown number of 10**12": setting(something_new=10**12),
    "minus three layers": setting(num_hidden_layers=-3),
    "no layers": setting(num_hidden_layers=0),
    "half a layer": setting(num_hidden_layers=2.5),
    "layers as a float": setting(num_hidden_layers=1e9),
    "layers as a text": setting(num_hidden_layers="1000000"),
    "layers true": setting(num_hidden_layers=True),
    "a width of NaN": setting(hidden_size=float("nan")),
    "a width without end": setting(hidden_size=float("inf")),
    "a list of widths": setting(hidden_size=[10**9] * 1000),
    "a number of 5,000 digits": written(
        "config.json", lambda: b'{"model_type": "bert", "hidden_size": 1%s}' % (b"0" * 5000)
    ),
    "a number of 4,000 digits": written(
        "config.json", lambda: b'{"model_type": "bert", "hidden_size": 1%s}' % (b"0" * 4000)
    ),
    "nested deeply": written("config.json", lambda: b'{"model_type": "bert", "x": %s}' % DEEP),
    "nested 200 levels": written("config.json", lambda: b'{"x": %s}' % (b"[" * 200 + b"]" * 200)),
    "200 MB": grown("config.json", 200_000_000),
    "a million tables": written("config.json", lambda: b'{"x": [%s{}]}' % (b"{}," * 1_000_000)),
    "a list": written("config.json", lambda: b"[]"),
    "a name of 3 MB": setting(model_type="x" * 3_000_000),
    "architectures a number": setting(architectures=7),
    "weights elsewhere": setting(transformers_weights="../../stolen.safetensors"),
    "configurations elsewhere": setting(configuration_files=["../../config.5.0.json"]),
    "attention from the hub": setting(attn_implementation="somebody/kernels"),
    "another quantization": setting(quantization_config={"quant_method": "awq", "bits": 4}),
    "generation settings nested deeply": written("generation_config.json", lambda: DEEP),
}

TOKENIZERS: dict[str, Damage] = {
    "1.5 million pieces": tokenizer(_word_pieces),
    "1.5 million scored pieces": tokenizer(_unigram),
    "200 MB": grown("tokenizer.json", 200_000_000),
    "nested deeply": written("tokenizer.json", lambda: DEEP),
    "a pattern that never ends": tokenizer(_split(r"((a+)+)+$")),
    "a pattern that is none": tokenizer(_split(r"(((((((((((((((")),
    "a doubling of letters": tokenizer(_doubling),
    "a letter that becomes a million": tokenizer(_longer),
    "a piece with a huge number": tokenizer(_empty_merge),
    "settings nested deeply": written("tokenizer_config.json", lambda: DEEP),
    "another file": setting("tokenizer_config.json", fast_tokenizer_files=["../../secret.json"]),
    "a pipe": piped("tokenizer.json"),
    "a device": linked("tokenizer.json", "/dev/zero"),
    "a link outside": _outside("tokenizer.json"),
}

WEIGHTS: dict[str, Damage] = {
    "a header of 2**60 bytes": weights(FITTING, length=2**60),
    "a header longer than the file": weights(FITTING, length=10_000),
    "a header of 5 MB": weights(FITTING | {f"t{i}": tensor([0], [64, 64]) for i in range(80_000)}),
    "a header that is no JSON": weights(b"{" * 50),
    "a header nested deeply": weights(DEEP),
    "a header that is a list": weights([1, 2]),
    "a shape beyond the file": weights({"a": tensor([1000, 1000], [0, 4_000_000])}),
    "a shape that the bytes do not hold": weights({"a": tensor([1000, 1000], [0, 64])}),
    "a shape of 2**47 by 2**47": weights({"a": tensor([2**47, 2**47], [0, 64])}),
    "a negative shape": weights({"a": tensor([-4, -4], [0, 64])}),
    "a shape of floats": weights({"a": tensor([4.0, 4.0], [0, 64])}),
    "a shape of a thousand sides": weights({"a": tensor([1] * 1000, [0, 4])}),
    "overlapping tensors": weights({"a": tensor([4, 4], [0, 64]), "b": tensor([4, 2], [32, 64])}),
    "offsets backwards": weights({"a": tensor([4, 4], [64, 0])}),
    "an unknown type": weights({"a": tensor([4, 4], [0, 64], "F31")}),
    "nothing in it": weights({}),
    "an empty file": written("model.safetensors", lambda: b"\0"),
    "ten thousand shards": sharded([f"model-{i}.safetensors" for i in range(10_000)]),
    "shards that are not there": sharded(["model-1.safetensors"]),
    "a shard by an absolute path": sharded(["/etc/passwd"]),
    "a shard outside": _escaped,
    "an index nested deeply": lambda folder: (
        sharded([])(folder),
        (folder / "model.safetensors.index.json").write_bytes(DEEP),
    ),
    "a pipe": piped("model.safetensors"),
    "a link outside": _outside("model.safetensors"),
    "parts of a training run": lambda folder: shutil.move(
        folder / "model.safetensors", folder / "shard-00000-model-00001-of-00001.safetensors"
    ),
}

FOLDERS: dict[str, Damage] = {
    "six thousand files": _many_files,
    "a configuration that is a pipe": piped("config.json"),
    "a configuration that is a device": linked("config.json", "/dev/zero"),
    "a configuration outside": _outside("config.json"),
    "a template that is a pipe": piped("additional_chat_templates/default.jinja"),
    "a template of 200 MB": grown("chat_template.jinja", 200_000_000),
    "words that are a pipe": piped("vocab.txt"),
}

HOSTILE: dict[str, Damage] = {
    f"{kind}: {name}": damage
    for kind, damages in (
        ("config", CONFIGURATIONS),
        ("tokenizer", TOKENIZERS),
        ("weights", WEIGHTS),
        ("folder", FOLDERS),
    )
    for name, damage in damages.items()
}
