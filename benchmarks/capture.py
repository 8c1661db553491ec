"""Capture against the plain forward and against eager ``output_attentions``, on the shape of BERT-base.

    python -m benchmarks capture [--longest 4096]

Three models with the same random weights (12 layers, 768 wide, 12 heads): the library's sdpa, ours, the library's
eager. They run in turn, A B C A B C …, in one process, so that a drifting machine drifts for all; ratios are pair by
pair. `core.capture` as a whole (text in, trace out: tokens, forward, checks) is one more row, beside the plain forward
of the same ids, on a model of 6 layers × 384 with the bundled Portuguese tokenizer. Memory is the growth of the
resident peak over the loaded model, in a process of its own per case (Linux). Random weights cost the same as trained
ones."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from transformers import AutoTokenizer, BertConfig, BertForMaskedLM, BertModel

import core
from core.assets import ASSETS
from core.attention import seam
from core.attention.record import Record
from core.attention.tape import recording

from .machine import bar, spread, write

LENGTHS = (32, 64, 128, 256, 512, 1024, 2048, 4096)
WAYS = ("sdpa", "capture", "eager")
WORDS = "ela derramou água da jarra para o copo até que ficasse cheio e o menino viu a mesa da casa".split()
WHOLE_TOKENS = 512


def measure(longest: int = 4096) -> None:
    """Run everything up to ``longest`` tokens and write results/capture.json."""
    torch.set_num_threads(2)
    models = {way: build(way, longest) for way in WAYS}
    lengths = [n for n in LENGTHS if n <= longest]
    rows = [_times(models, n) for n in lengths]
    del models
    heads = [_one_head(n) for n in (128, 512, 4096)]
    whole = _whole_capture()
    memory = [{"tokens": n, **{way: _peak(way, n) for way in WAYS}} for n in (512, 1024, longest)]
    write(
        "capture",
        "make bench (python -m benchmarks capture)",
        {"forward": rows, "whole_capture": whole, "one_head": heads, "peak_MB": memory},
        [
            *_bars(rows, heads, memory),
            bar(
                "core.capture ÷ plain forward ≤ 1.03 at 512 tokens (6 × 384)", whole["capture_to_forward"], at_most=1.03
            ),
        ],
    )


def build(way: str, longest: int) -> BertModel:
    """A BERT-base with seeded random weights whose attention goes the given way."""
    seam.register()
    torch.manual_seed(0)
    config = BertConfig(max_position_embeddings=max(512, longest))
    model = BertModel._from_config(config, attn_implementation=seam.IMPLEMENTATION if way == "capture" else way)
    return model.eval().requires_grad_(False)


def forward(model: BertModel, way: str, n: int) -> object:
    """One forward the given way; what it returns is kept alive until it is measured."""
    ids = torch.arange(n)[None] % 30000
    with torch.inference_mode():
        if way != "capture":
            return model(input_ids=ids, output_attentions=way == "eager")
        with recording() as tape:
            output = model(input_ids=ids)
    return output, tape.calls


def _times(models: dict, n: int) -> dict:
    rounds = 21 if n <= 256 else 9 if n <= 1024 else 5
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(rounds + 1):
        for way in WAYS:
            start = time.perf_counter()
            kept = forward(models[way], way, n)
            elapsed = time.perf_counter() - start
            del kept
            if turn:  # the first round warms up
                seconds[way].append(elapsed)
    row = {"tokens": n, "seconds": {way: spread(values) for way, values in seconds.items()}}
    row["capture_to_sdpa"] = _ratio(seconds["capture"], seconds["sdpa"])
    row["eager_to_capture"] = _ratio(seconds["eager"], seconds["capture"])
    print(
        f"{n:5d} tokens: capture/sdpa {row['capture_to_sdpa']:.3f}, eager/capture {row['eager_to_capture']:.3f}",
        flush=True,
    )
    return row


def _whole_capture() -> dict:
    """`core.capture` of a text against the library's own sdpa model on the same ids: seconds, and their ratio."""
    tokenizer = AutoTokenizer.from_pretrained(ASSETS / "models/mirante-encoder-pt")
    torch.manual_seed(0)
    shape = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6, "intermediate_size": 1536}
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=WHOLE_TOKENS, **shape)
    with tempfile.TemporaryDirectory() as folder:
        BertForMaskedLM(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        lm = core.load(folder)
        plain = BertForMaskedLM.from_pretrained(folder, attn_implementation="sdpa").eval()
    text = _text(lm, WHOLE_TOKENS)
    ids = torch.tensor([core.capture(lm, text).tokens.ids])
    mask = torch.ones_like(ids)
    seconds: dict[str, list[float]] = {"forward": [], "capture": []}
    for turn in range(42):
        for way in seconds:
            start = time.perf_counter()
            if way == "capture":
                kept = core.capture(lm, text)
            else:
                with torch.inference_mode():
                    kept = plain(input_ids=ids, attention_mask=mask)
            elapsed = time.perf_counter() - start
            del kept
            if turn:
                seconds[way].append(elapsed)
    row = {"tokens": ids.shape[1], "seconds": {way: spread(values) for way, values in seconds.items()}}
    row["capture_to_forward"] = _ratio(seconds["capture"], seconds["forward"])
    print(f"whole capture/forward at {ids.shape[1]} tokens: {row['capture_to_forward']:.3f}", flush=True)
    return row


def _text(lm: core.models.loading.LanguageModel, tokens: int) -> str:
    """Portuguese words that this tokenizer reads as at most so many tokens, its template included."""
    words = [WORDS[i % len(WORDS)] for i in range(tokens)]
    while len(lm.tokenizer(" ".join(words))["input_ids"]) > tokens:
        words.pop()
    return " ".join(words)


def _ratio(above: list[float], below: list[float]) -> float:
    """Median of the ratios pair by pair."""
    return round(statistics.median(a / b for a, b in zip(above, below, strict=True)), 4)


def _one_head(n: int) -> dict:
    torch.manual_seed(0)
    record = Record(*(torch.randn(12, n, 64) for _ in range(3)), scaling=0.125)
    seconds = []
    for _ in range(30 if n < 4096 else 10):
        start = time.perf_counter()
        record.attention(5)
        seconds.append(time.perf_counter() - start)
    return {"tokens": n, "milliseconds": spread([s * 1000 for s in seconds], 3)}


def _peak(way: str, n: int) -> float:
    """Peak memory of one forward beyond the loaded model, in MB, in a process of its own."""
    code = f"from benchmarks.capture import child; child({way!r}, {n})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def child(way: str, n: int) -> None:
    """Body of the process of ``_peak``: prints the growth of the peak in MB."""
    torch.set_num_threads(2)
    model = build(way, n)
    forward(model, way, 16)
    Path("/proc/self/clear_refs").write_text("5")  # the peak of loading is forgotten (Linux, proc(5))
    before = _status("VmRSS")
    kept = forward(model, way, n)
    print(round((_status("VmHWM") - before) / 1024, 1), flush=True)
    del kept


def _status(field: str) -> int:
    """A line of this process's /proc/self/status, in KiB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1])


def _bars(rows: list[dict], heads: list[dict], memory: list[dict]) -> list[dict]:
    at = {row["tokens"]: row for row in rows}
    found = [
        bar(f"capture ÷ plain sdpa ≤ 1.05 at {n} tokens", at[n]["capture_to_sdpa"], at_most=1.05)
        for n in (128, 256, 512, 1024)
        if n in at
    ]
    if 1024 in at:
        found.append(bar("eager ÷ capture ≥ 1.3 at 1024 tokens", at[1024]["eager_to_capture"], at_least=1.3))
    if 4096 in at:
        found.append(bar("eager ÷ capture ≥ 3 at 4096 tokens", at[4096]["eager_to_capture"], at_least=3))
        last = memory[-1]
        found.append(
            bar("eager ÷ capture peak memory ≥ 6 at 4096 tokens", last["eager"] / max(last["capture"], 1), at_least=6)
        )
    one = next(row for row in heads if row["tokens"] == 512)
    found.append(bar("one head of 512 tokens ≤ 2 ms (median)", one["milliseconds"]["median"], at_most=2))
    return found
