"""One line of a list of sentences: sizes, unknown pieces, and the most focused head.

Inside: `summarise`, for the table of a person's own sentences. Not inside: analyses over many
sentences (what a head does is a claim about a corpus, never about one line), drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..axes import Kind
from ..tracing.trace import Trace


@dataclass(frozen=True)
class SentenceSummary:
    """Counts of a sentence and its most focused head.

    tokens: pieces, special ones included. words: words of the text (special tokens are not words of it).
    unknown: pieces the tokenizer does not know. layer, head: from 0; focus: 0 … 1. These three are None when the
    sentence has no piece of its own (only special tokens).
    """

    tokens: int
    words: int
    unknown: int
    layer: int | None
    head: int | None
    focus: float | None


def summarise(trace: Trace) -> SentenceSummary:
    """The summary of one trace, over its own sentence: the only stack, or the encoder of an encoder–decoder.

    Focus of a head = mean over queries i of max_j α_ij, where neither i nor j is a special token (Voita et al. 2019:
    confidence, "excluding the end of sentence symbol", which is not a real token; here every special token).
    Rows are not renormalised, so a head that rests on [CLS], [SEP] or </s> scores low. The first word of a
    left-to-right model without an opening special token sees only itself and scores 1 in every head alike.
    Ties go to the lower layer, then the lower head.
    """
    tokens = trace.tokens
    special = np.array(tokens.special, dtype=bool)
    words = len({word for word, hidden in zip(tokens.word_of, special, strict=True) if not hidden})
    layer, head, focus = most_focused(trace)
    return SentenceSummary(len(tokens.ids), words, sum(tokens.unknown), layer, head, focus)


def most_focused(trace: Trace, kind: Kind | None = None) -> tuple[int | None, int | None, float | None]:
    """(layer, head, focus) of the head of a kind (default: the first) with the highest focus; None where a side has
    only special tokens.
    """
    kind = kind or trace.kinds[0]
    rows, columns = (~np.array(side.special, dtype=bool) for side in trace.sides(kind))
    if not rows.any() or not columns.any():
        return None, None, None
    focus = np.stack(
        [confidence(trace.layer_attention(layer, kind), rows, columns) for layer in range(trace.layers(kind))]
    )
    layer, head = np.unravel_index(focus.argmax(), focus.shape)
    return int(layer), int(head), float(focus[layer, head])


def confidence(attention: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Mean over real queries of the largest weight on a real key, 0 … 1.

    (head, query, key), and per query and per key whether it is real → (head,).
    """
    return attention[:, rows][:, :, columns].max(axis=2).mean(axis=1)
