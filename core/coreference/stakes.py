"""What two words compete for in one item: a logit difference at one position, and the nouns that it may look at.

    margin = logit(the word that is true) − logit(its rival), nats, at the mask, or at the last token before the word
    (left to right)

A causal score is how much the margin falls when an edge is cut (evidence.py, bench.py). In the probe “adjective” the
rival is the other sentence's adjective (cheio against vazio or vazia); in the others it is the other noun. A logit
difference, because a probability hides changes near 0 and 1 (design: patching). Not here: what is asked (probes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..attention.edits import Knockout
from ..axes import LayerHead
from ..errors import Message
from ..models.loading import LanguageModel, no_head
from ..predictions.masked import mask_position, no_mask_reason, whole_word
from ..text.tokens import Tokens, encode
from ..tracing.captures import capture
from ..tracing.trace import Trace
from .items import MASK, Item
from .probes import Probe, filled, fits, probe_template, token_positions
from .scores import ReadTrace, reader


@dataclass(frozen=True)
class ItemLogitDifference:
    """Two tokens that compete at one position of one text.

    text: what the model reads; query: the position that decides; keys: positions of each candidate; plus, minus: the
    token ids that compete (the true one, its rival). named: whether these are the candidates themselves (the noun is
    asked for), not adjectives.
    """

    text: str
    query: int
    keys: tuple[tuple[int, ...], ...]
    plus: int
    minus: int
    named: bool = False

    def use(self, effects: Sequence[float] | np.ndarray) -> np.ndarray:
        """How much each candidate is used, from its signed effects on the margin: (candidate,).

        Where the candidates themselves compete, what is fetched from a noun speaks for that noun, so a model that reads
        both alike has a positive effect at the true one and a negative one at the other: only sizes tell which is used
        more. Where adjectives compete the sign counts: the two sentences of a pair are then one run with its words
        exchanged, and sizes would be right half of the time, whatever the model does.
        """
        return np.abs(effects) if self.named else np.asarray(effects)


def item_logit_difference(
    lm: LanguageModel, item: Item, probe: Probe, rival: str, read_trace: ReadTrace | None = None
) -> ItemLogitDifference | Message:
    """The two words that compete in an item, and where; a Message says why this model or item has none.

    rival: the other sentence's adjective.
    """
    if not lm.has_head:
        return no_head(lm.name)
    if lm.kind == "encoder-decoder":
        return Message("“{name}” predicts no word of the sentence itself.", name=lm.name)
    if probe in ("pronoun", "cross") or not fits(item, probe):
        return Message("Nothing competes here: this way of asking has no hidden word.")
    if item.gold != item.meaning:
        return Message("Gender and meaning disagree in this sentence, so no noun is the true one.")
    words = _competing_words(item, probe, rival)
    if words is None:
        return Message("Two words that compete were expected, and there are none.")
    reason = no_mask_reason(lm)
    if reason is None:
        return _at_mask(lm, item, probe, words, read_trace or reader(lm))
    if lm.kind != "decoder":
        return reason
    if probe == "overt":
        return Message("A model that reads from left to right meets the noun before the adjective that would tell it.")
    return _before_next_word(lm, item, probe, words)


def _competing_words(item: Item, probe: Probe, rival: str) -> tuple[str, str] | None:
    """(the true word, its rival); None where there are not two different ones."""
    if probe == "adjective":
        words = (item.word, rival)
    elif len(item.candidates) == 2:
        words = (item.candidates[item.gold].text, item.candidates[1 - item.gold].text)
    else:
        return None
    return None if words[0] == words[1] else words


def margin(trace: Trace, difference: ItemLogitDifference) -> float:
    """logit(plus) − logit(minus) at the deciding position, nats."""
    row = trace.require_logits()[difference.query]
    return float(row[difference.plus]) - float(row[difference.minus])


def looked_at(trace: Trace, difference: ItemLogitDifference) -> np.ndarray:
    """Weight from the deciding position to each candidate, mean of all layers and heads: (candidate,), 0 … 1."""
    rows = [record.rows([difference.query])[:, 0].numpy() for record in trace.records["self"]]
    row = np.stack(rows).mean((0, 1))  # (key,)
    return np.array([row[list(keys)].sum() for keys in difference.keys])


def fall(
    lm: LanguageModel,
    difference: ItemLogitDifference,
    candidate: int,
    clean: float,
    one_head: LayerHead | None = None,
) -> float:
    """How much the margin falls, in nats, when the deciding position may not look at a candidate.

    In every head, or in ``one_head`` alone. clean: the margin when nothing is cut, nats.
    """
    layer, head = one_head or (None, None)
    cut = Knockout(layer=layer, head=head, kind="self", queries=(difference.query,), keys=difference.keys[candidate])
    return clean - margin(capture(lm, difference.text, edits=(cut,)), difference)


def _at_mask(
    lm: LanguageModel, item: Item, probe: Probe, words: tuple[str, str], read_trace: ReadTrace
) -> ItemLogitDifference | Message:
    """At the mask of a masked model."""
    plus, minus = (whole_word(lm.tokenizer, word) for word in words)
    if plus is None or minus is None:
        unknown = words[0] if plus is None else words[1]
        return Message("“{word}” is not one token in the vocabulary of “{name}”.", word=unknown, name=lm.name)
    trace = read_trace(probe_template(item, probe).replace(MASK, lm.tokenizer.mask_token))
    keys = _keys(trace.tokens, item)
    if keys is None:
        return _hidden_nouns(lm)
    position = mask_position(lm.tokenizer, trace)
    return ItemLogitDifference(trace.text, position, keys, plus, minus, named=probe != "adjective")


def _before_next_word(
    lm: LanguageModel, item: Item, probe: Probe, words: tuple[str, str]
) -> ItemLogitDifference | Message:
    """At the last token that two sentences share, for a left-to-right model: what follows decides."""
    if probe == "adjective":
        texts = [item.with_word(word) for word in words]
    else:
        nouns = (item.candidates[item.gold], item.candidates[1 - item.gold])
        texts = [filled(probe_template(item, probe), noun) for noun in nouns]
    first, second = (encode(lm.tokenizer, text, language=lm.source_language) for text in texts)
    shared = next((i for i, (a, b) in enumerate(zip(first.ids, second.ids, strict=False)) if a != b), None)
    keys = _keys(first, item)
    if shared is None or keys is None or shared <= max(max(positions) for positions in keys):
        return _hidden_nouns(lm)
    plus, minus = first.ids[shared], second.ids[shared]
    return ItemLogitDifference(texts[0], shared - 1, keys, plus, minus, named=probe != "adjective")


def _keys(tokens: Tokens, item: Item) -> tuple[tuple[int, ...], ...] | None:
    """Positions of each candidate; None where the tokenizer hides one."""
    keys = tuple(tuple(token_positions(tokens, noun.span)) for noun in item.candidates)
    return keys if all(keys) else None


def _hidden_nouns(lm: LanguageModel) -> Message:
    return Message("The tokenizer of “{name}” does not say where the nouns lie.", name=lm.name)
