"""Bytes that travel to the browser for 12 × 12 heads, on maps of a random model's attention.

    python -m benchmarks payload

Random weights of BERT-base's shape give diffuse maps, which compress worse than trained ones: an upper case.
"""

from __future__ import annotations

import time

import numpy as np
import torch

from core.attention.record import Record
from core.views.attention_packet import overview, pack_attention
from core.views.view import Side, View

from .machine import bar, write

LENGTHS = (8, 32, 64, 128, 512)


def measure() -> None:
    """Pack views of every length and write results/payload.json."""
    rows = [_row(n) for n in LENGTHS]
    at = {row["tokens"]: row for row in rows}
    write(
        "payload",
        "make bench (python -m benchmarks payload)",
        rows,
        [
            bar("144 heads × 128 tokens ≤ 0.9 MB to the browser", at[128]["bytes"] / 1e6, at_most=0.9),
            bar("144 heads × 512 tokens (thumbnails and one exact head) ≤ 2 MB", at[512]["bytes"] / 1e6, at_most=2),
        ],
    )


def random_view(n: int, layers: int = 12, heads: int = 12) -> View:
    """Softmax attention of seeded random queries and keys with a wide range of sharpness."""
    generator = torch.Generator().manual_seed(0)
    records = [
        Record(*(torch.randn(heads, n, 64, generator=generator) for _ in range(3)), scaling=0.05 + 0.05 * (layer % 6))
        for layer in range(layers)
    ]
    side = Side(tuple(f"palavra{i}" for i in range(n)), (False,) * n, (False,) * n, tuple(range(n)))

    def full(layer: int, head: int) -> np.ndarray:
        return records[layer].attention(head).numpy()

    return View(query=side, key=side, layers=layers, heads=heads, kind="self", renormalised=False, _full=full)


def _row(n: int) -> dict:
    view = random_view(n)
    start = time.perf_counter()
    heads = overview(view)
    packet = pack_attention(view, layer=3, head=4, texts={}, heads=heads)
    seconds = time.perf_counter() - start
    again = pack_attention(view, layer=3, head=5, texts={}, heads=heads, known=heads.name)
    print(f"{n:4d} tokens: {len(packet):,} bytes, next head {len(again):,} bytes", flush=True)
    return {
        "tokens": n,
        "heads": 144,
        "bytes": len(packet),
        "bytes_next_head": len(again),
        "pack_seconds": round(seconds, 4),
    }
