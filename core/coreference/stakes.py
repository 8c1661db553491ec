"""What is at stake in one item: two words that compete at one position, and the nouns that this position may look at.

    margin = logit(the word that is true) − logit(its rival), nats, at the mask, or at the last token before the word
    (left to right)

A causal score is how much the margin falls when an edge is cut (evidence.py, bench.py). In the probe “adjective” the
rival is the other sentence's adjective (cheio against vazio or vazia); in the others it is the other noun. A logit
difference, because a probability hides changes near 0 and 1 (design: patching)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..attention.edits import Knockout
from ..errors import Message
from ..models.loading import LanguageModel
from ..predictions.masked import can_mask, mask_position, whole_word
from ..text.tokens import encode
from ..tracing.captures import capture
from ..tracing.trace import Trace
from .items import MASK, Item
from .probes import Probe, filled, fits, token_positions
from .scores import ReadTrace, reader

LayerHead = tuple[int, int]


@dataclass(frozen=True)
class ItemLogitDifference:
    """text: what the model reads; query: the position that decides; keys: positions of each candidate; plus, minus: the
    token ids that compete;
    named: whether these are the candidates themselves (the noun is asked for), not adjectives."""

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
        exchanged, and sizes would be right half of the time, whatever the model does."""
        return np.abs(effects) if self.named else np.asarray(effects)


def item_logit_difference(
    lm: LanguageModel, item: Item, probe: Probe, rival: str, read: ReadTrace | None = None
) -> ItemLogitDifference | Message:
    """What is at stake; a Message says why this model or item has nothing. rival: the other sentence's adjective."""
    if lm.kind == "encoder-decoder" or not lm.has_head:
        return Message("“{name}” predicts no word of the sentence itself.", name=lm.name)
    if probe in ("pronoun", "cross") or not fits(item, probe):
        return Message("Nothing competes here: this way of asking has no hidden word.")
    if item.gold != item.meaning:
        return Message("Gender and meaning disagree in this sentence, so no noun is the true one.")
    other = item.candidates[1 - item.gold].text if len(item.candidates) == 2 else None
    words = (item.word, rival) if probe == "adjective" else (item.candidates[item.gold].text, other)
    if None in words or words[0] == words[1]:
        return Message("Two words that compete were expected, and there are none.")
    if can_mask(lm):
        return _hidden(lm, item, probe, words, read or reader(lm))
    if lm.kind != "decoder":
        return Message(
            "“{name}” has no mask token, or no prediction head, so no noun can be hidden from it.", name=lm.name
        )
    if probe == "overt":
        return Message("A model that reads from left to right meets the noun before the adjective that would tell it.")
    return _next(lm, item, probe, words)


def margin(trace: Trace, at: ItemLogitDifference) -> float:
    """logit(plus) − logit(minus) at the deciding position, nats."""
    row = trace.logits[at.query]
    return float(row[at.plus]) - float(row[at.minus])


def looked_at(trace: Trace, at: ItemLogitDifference) -> np.ndarray:
    """Weight from the deciding position to each candidate, mean of all layers and heads: (candidate,), 0 … 1."""
    rows = np.stack([record.rows([at.query])[:, 0].numpy() for record in trace.records["self"]]).mean((0, 1))
    return np.array([rows[list(keys)].sum() for keys in at.keys])


def fall(
    lm: LanguageModel, at: ItemLogitDifference, candidate: int, clean: float, place: LayerHead | None = None
) -> float:
    """How much the margin falls, in nats, when the deciding position may not look at a candidate: in every head, or in
    the one at ``place``.
    """
    layer, head = place or (None, None)
    cut = Knockout(layer=layer, head=head, kind="self", queries=(at.query,), keys=at.keys[candidate])
    return clean - margin(capture(lm, at.text, edits=(cut,)), at)


def _hidden(
    lm: LanguageModel, item: Item, probe: Probe, words: tuple[str, str], read: ReadTrace
) -> ItemLogitDifference | Message:
    """At the mask of a masked model."""
    ids = [whole_word(lm.tokenizer, word) for word in words]
    if None in ids:
        return Message(
            "“{word}” is not one piece in the vocabulary of “{name}”.", word=words[ids.index(None)], name=lm.name
        )
    template = (
        item.text[: item.probe[0]] + MASK + item.text[item.probe[1] :] if probe == "adjective" else getattr(item, probe)
    )
    trace = read(template.replace(MASK, lm.tokenizer.mask_token))
    keys = _keys(trace.tokens, item)
    if keys is None:
        return _unseen(lm)
    return ItemLogitDifference(trace.text, mask_position(lm.tokenizer, trace), keys, *ids, named=probe != "adjective")


def _next(lm: LanguageModel, item: Item, probe: Probe, words: tuple[str, str]) -> ItemLogitDifference | Message:
    """At the last token that two sentences share, for a left-to-right model: what follows decides."""
    if probe == "adjective":
        start, end = item.probe
        texts = [item.text[:start] + word + item.text[end:] for word in words]
    else:
        nouns = (item.candidates[item.gold], item.candidates[1 - item.gold])
        texts = [filled(getattr(item, probe), noun) for noun in nouns]
    first, second = (encode(lm.tokenizer, text) for text in texts)
    shared = next((i for i, (a, b) in enumerate(zip(first.ids, second.ids, strict=False)) if a != b), None)
    keys = _keys(first, item)
    if shared is None or keys is None or shared <= max(max(places) for places in keys):
        return _unseen(lm)
    return ItemLogitDifference(
        texts[0], shared - 1, keys, first.ids[shared], second.ids[shared], named=probe != "adjective"
    )


def _keys(tokens, item: Item) -> tuple[tuple[int, ...], ...] | None:
    found = tuple(tuple(token_positions(tokens, one.span)) for one in item.candidates)
    return found if all(found) else None


def _unseen(lm: LanguageModel) -> Message:
    return Message("The tokenizer of “{name}” does not say where the nouns lie.", name=lm.name)
