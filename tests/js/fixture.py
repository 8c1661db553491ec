"""Writes a packet for tests/js/wire.test.mjs to standard output: 2 layers × 3 heads, 3 rows × 4 columns, a label with
an accent and one with markup.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

import numpy as np  # noqa: E402

from core.views.attention_packet import overview, pack_attention  # noqa: E402
from tests.core.views.test_attention_packet import FakeSide, FakeView  # noqa: E402

maps = np.arange(2 * 3 * 3 * 4, dtype=np.float32).reshape(2, 3, 3, 4) / 100
view = FakeView(FakeSide(("[CLS]", "ação", "<b>")), FakeSide(("a", "b", "c", "d")), maps, kind="cross")
sys.stdout.buffer.write(
    pack_attention(view, layer=1, head=2, texts={"percent": "{n} %"}, heads=overview(view), options={"mode": "explore"})
)
