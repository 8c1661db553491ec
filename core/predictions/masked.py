"""What a masked language model puts in the place of a word, and what any model predicts at a position."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from transformers import PreTrainedTokenizerBase

from ..errors import BadInput, Message
from ..models.loading import LanguageModel, no_head
from ..tracing.logits import softmax
from ..tracing.trace import Trace


def can_mask(lm: LanguageModel) -> bool:
    """Whether the model can be asked for a hidden word: it looks both ways, has a mask token and a prediction head."""
    return lm.kind == "encoder" and lm.has_head and lm.tokenizer.mask_token is not None


def no_mask_reason(lm: LanguageModel) -> Message | None:
    """Why a model cannot be asked for a hidden word; None where it can."""
    if can_mask(lm):
        return None
    if not lm.has_head:
        return no_head(lm.name)
    if lm.kind == "decoder":
        return Message(
            "“{name}” reads from left to right, and has no mask to put in the place of a word.", name=lm.name
        )
    if lm.kind == "encoder-decoder":
        return Message("“{name}” reads one text and writes another, and no word of either can be hidden.", name=lm.name)
    return Message("“{name}” has no mask token to put in the place of a word.", name=lm.name)


def with_mask(lm: LanguageModel, text: str, word: str) -> str:
    """``text`` with the last occurrence of ``word`` replaced by the model's mask token.

    Raises:
        BadInput: the word is not there, or the model cannot fill a mask.
    """
    reason = no_mask_reason(lm)
    if reason is not None:
        raise BadInput(reason.template, **reason.fields)
    before, matched, after = text.rpartition(word)
    if not matched:
        raise BadInput("The word “{word}” is not in “{text}”.", word=word, text=text)
    return before + lm.tokenizer.mask_token + after


def mask_position(tokenizer: PreTrainedTokenizerBase, trace: Trace) -> int:
    """Position of the only mask token of a trace.

    Raises:
        BadInput: none, or more than one.
    """
    places = [index for index, id_ in enumerate(trace.tokens.ids) if id_ == tokenizer.mask_token_id]
    if len(places) != 1:
        raise BadInput("One mask token was expected in the sentence, and there are {n}.", n=len(places))
    return places[0]


def probabilities(trace: Trace, position: int) -> np.ndarray:
    """Softmax of the logits at a position: (vocab,) float64, sums to 1.

    Raises:
        BadInput: the checkpoint has no language-model head.
    """
    return softmax(trace.require_logits()[position])


def choice_probabilities(
    tokenizer: PreTrainedTokenizerBase, trace: Trace, choices: Sequence[str]
) -> dict[str, float | None]:
    """Probability of each word at the mask, over the whole vocabulary; None for a word of several pieces."""
    distribution = probabilities(trace, mask_position(tokenizer, trace))
    return {
        choice: None if (id_ := whole_word(tokenizer, choice)) is None else float(distribution[id_])
        for choice in choices
    }


def whole_word(tokenizer: PreTrainedTokenizerBase, word: str) -> int | None:
    """Id of ``word`` as it stands after a space, when that is one known piece, else None.

    Vocabularies that write the space into the piece (byte-level, ▁) have another entry for the same letters inside or
    at the start of a text; its probability would be that of something that cannot stand there."""
    ids = tokenizer("a " + word, add_special_tokens=False)["input_ids"]
    prefix = tokenizer("a", add_special_tokens=False)["input_ids"]
    if len(ids) != len(prefix) + 1 or ids[: len(prefix)] != prefix or ids[-1] == tokenizer.unk_token_id:
        return None
    return ids[-1]
