"""The question of a page that explains an answer: which word, which answer, and against which other one.

All of it stands in the link.

A masked model is asked for a word of the sentence, which is hidden from it; a model that writes, for what comes at the
place of a word; a translator, for a word of its target text. ``word=12:cheio``, ``answer=cheio``, ``against=vazio``.
Not here: what the score is (core.analyses.score).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core.analyses.score import LogitDifference, piece
from core.errors import BadInput
from core.models.loading import LanguageModel, no_head
from core.predictions.masked import can_mask, probabilities
from core.predictions.top import top
from core.text.tokens import Tokens
from core.text.vocabulary import vocabulary
from core.tracing.trace import Trace

from ..serving import cache
from ..shell.frame import beside_title
from ..shell.history import follows_link
from ..shell.locale import error_text, percent, plain, t
from ..shell.numbers import signed
from ..shell.state import Chosen
from . import target_text
from .word_names import nearest, word_names

WORD, ANSWER, AGAINST = _PARAMETERS = ("word", "answer", "against")
_KEPT = "_question"
_OFFERED = 8  # answers in the list, beside the true one
ALONE = "—"


@dataclass(frozen=True, eq=False)
class Place:
    """A place of a trace that is asked about. position: of the side that answers; word: what stands there.

    question: the number that is explained; None where no answer is.
    """

    model: LanguageModel
    trace: Trace
    position: int
    question: LogitDifference | None
    word: str

    @property
    def key(self) -> tuple:
        """What a result of this question is kept under."""
        return (self.trace, self.position if self.question is None else self.question)


@dataclass(frozen=True, eq=False)
class Posed(Place):
    """A place with the question that is asked there.

    word: the true word that is asked for; word_index: which word of its side it is (None: a mask that was typed);
    answer and against: as they are shown.
    """

    question: LogitDifference
    word_index: int | None
    answer: str
    against: str | None


def pose_or_place(chosen: Chosen) -> Place:
    """The question that the widgets of this row ask; of a model that was saved without a prediction head the word that
    is looked at, because it has no answers.

    Raises:
        BadInput: a text in which nothing can be asked for.
    """
    model = cache.language_model(chosen)
    if model.has_head:
        return pose(chosen)
    trace = target_text.sentence_trace(chosen)
    words = _words(trace.tokens, writes=False)
    if not words:
        raise BadInput("No word of this text can be asked for: write a sentence of at least two words.")
    word = _pick_word(trace.tokens, words, title=t("Word looked at"))
    st.info(
        t(
            "{reason} So no answer is explained: below is what reached the vector of **{word}**, by every method that "
            "needs no answer.",
            reason=plain(error_text(no_head(chosen.model))),
            word=plain(trace.tokens.words[word]),
        )
    )
    last = max(i for i, index in enumerate(trace.tokens.word_of) if index == word)
    return Place(model, trace, last, None, trace.tokens.words[word])


def pose(chosen: Chosen, *, foil: bool = True) -> Posed:
    """The question that the widgets of this row ask; ``foil``: whether an answer may stand against the other.

    Raises:
        BadInput: a model without a prediction head, or a text in which nothing can be asked for.
    """
    model = cache.language_model(chosen)
    model.require_head()
    plain_trace = target_text.sentence_trace(chosen)
    _restore(chosen, plain_trace)
    with beside_title():
        trace, position, true, word, word_index = _asked_word(chosen, model, plain_trace)
        answer, against, question = _pick_answers(model, trace, position, true, foil=foil)
    st.session_state[_KEPT] = {
        "of": _of(chosen, plain_trace),
        **{name: st.query_params[name] for name in _PARAMETERS if name in st.query_params},
    }
    posed = Posed(model, trace, question.position, question, word, word_index, answer, against)
    _say(posed)
    return posed


def _restore(chosen: Chosen, trace: Trace) -> None:
    """The question of this text is kept from page to page; another text, or another model, has answers of its own."""
    follows_link(_KEPT)
    earlier = st.session_state.get(_KEPT, {})
    if earlier.get("of") == _of(chosen, trace):
        if not any(name in st.query_params for name in _PARAMETERS):
            st.query_params.update({name: earlier[name] for name in _PARAMETERS if name in earlier})
    elif earlier:
        _drop(ANSWER, AGAINST)


def _of(chosen: Chosen, trace: Trace) -> tuple:
    return chosen.model, chosen.sentence, None if trace.target is None else trace.target.text


def _asked_word(chosen: Chosen, model: LanguageModel, trace: Trace) -> tuple[Trace, int, int | None, str, int | None]:
    """(trace, position that answers, id of the true piece or None, the word that is asked for, its index)."""
    masks = [i for i, token_id in enumerate(trace.tokens.ids) if token_id == model.tokenizer.mask_token_id]
    if can_mask(model) and masks:
        return trace, masks[0], None, model.tokenizer.mask_token, None
    side = trace.target or trace.tokens
    words = _words(side, writes=not can_mask(model))
    if not words:
        raise BadInput("No word of this text can be asked for: write a sentence of at least two words.")
    word = _pick_word(side, words)
    if not can_mask(model):
        first = side.word_of.index(word)
        return trace, first - 1, side.ids[first], side.words[word], word
    start, stop = side.word_spans[word]
    text = chosen.sentence[:start] + model.tokenizer.mask_token + chosen.sentence[stop:]
    hidden = cache.trace(replace(chosen, sentence=text), text)
    mask_position = next(i for i, token_id in enumerate(hidden.tokens.ids) if token_id == model.tokenizer.mask_token_id)
    return hidden, mask_position, _true(model, side.words[word]), side.words[word], word


def _words(side: Tokens, *, writes: bool) -> list[int]:
    """Words that can be asked for; a model that writes is not asked for the very first token."""
    candidates = [
        word
        for word, span in enumerate(side.word_spans)
        if span is not None and any(map(str.isalnum, side.words[word]))
    ]
    return [word for word in candidates if not writes or word != side.word_of[0]]


def _pick_word(side: Tokens, words: Sequence[int], *, title: str | None = None) -> int:
    """The word of the link, or the nearest of that name; of a text that has none, the last, with answers of its own."""
    names, labels = word_names(side.words, words)
    held = st.query_params.get(WORD, "")
    present = nearest(held, names)
    if held and present is None:
        _drop(WORD, ANSWER, AGAINST)
    st.session_state["question_word"] = present or list(names)[-1]
    picked = st.selectbox(
        title or t("Word asked for"),
        list(names),
        key="question_word",
        format_func=labels.get,
        on_change=_write,
        args=(WORD, "question_word"),
        width=180,
    )
    return names[picked]


def _pick_answers(
    model: LanguageModel, trace: Trace, position: int, true: int | None, *, foil: bool
) -> tuple[str, str | None, LogitDifference]:
    """The two selects; any word of one piece may be typed into them."""
    names = answer_names(model, trace, position, true)
    answer = _pick(t("Answer explained"), ANSWER, names, list(names)[0])
    wanted = _id(model, answer, names)
    if not foil:
        return answer, None, LogitDifference(position, wanted)
    others = {name: index for name, index in names.items() if index != wanted}
    if st.query_params.get(AGAINST, "").strip() == answer:
        _drop(AGAINST)
    against = _pick(t("Against"), AGAINST, {**others, ALONE: -1}, next(iter(others), ALONE))
    rival = None if against == ALONE else _id(model, against, others)
    if rival is None or rival == wanted:
        return answer, None, LogitDifference(position, wanted)
    return answer, against, LogitDifference(position, wanted, rival)


def answer_names(model: LanguageModel, trace: Trace, position: int, true: int | None) -> dict[str, int]:
    """Name → id of the answers that are offered: the true one first, then the most probable; so the first is explained
    against the second unless somebody chooses.
    """
    known = vocabulary(model.tokenizer, target=trace.target is not None)
    best = [token_id for token_id in _best(trace, position) if token_id not in known.controls]
    listed = list(dict.fromkeys([true, *best] if true is not None else best))
    names: dict[str, int] = {}
    for entry, index in zip(known.entries(listed), listed, strict=True):
        label = entry.label.removeprefix("␣")
        names[entry.label if label in names else label] = (
            index  # “a” with and without the space before it are two entries
        )
    return names


def _pick(title: str, key: str, names: dict[str, int], default: str) -> str:
    held = st.query_params.get(key, "").strip()[:40]
    listed = list(names) if not held or held in names else [*names, held]
    st.session_state[f"question_{key}"] = held or default
    return (
        st.selectbox(
            title,
            listed,
            key=f"question_{key}",
            accept_new_options=True,
            on_change=_write,
            args=(key, f"question_{key}"),
            width=180,
        )
        or default
    )


def _id(model: LanguageModel, name: str, names: dict[str, int]) -> int:
    return names[name] if name in names else piece(model, name)


def _true(model: LanguageModel, word: str) -> int | None:
    try:
        return piece(model, word)
    except BadInput:
        return None


def _best(trace: Trace, position: int) -> list[int]:
    return probabilities(trace, position).argsort()[::-1][:_OFFERED].tolist()


def _write(name: str, key: str) -> None:
    """Callback: what was chosen goes into the link; another word has answers of its own."""
    if name == WORD:
        _drop(ANSWER, AGAINST)
    if value := st.session_state.get(key):
        st.query_params[name] = value


def _drop(*names: str) -> None:
    """Take choices out of the link that belong to something else."""
    for name in names:
        st.query_params.pop(name, None)


def _say(posed: Posed) -> None:
    """What the model reads and answers, and the score that is explained."""
    distribution = probabilities(posed.trace, posed.question.position)
    share, score = percent(float(distribution[posed.question.target])), number(posed.question.of(posed.trace))
    first = top(posed.model.tokenizer, posed.trace, posed.question.position, 1)[0]
    lines = [
        t(
            "In the place of **{word}** the model gives **{answer}** {share}",
            word=plain(posed.word),
            answer=plain(posed.answer),
            share=share,
        )
    ]
    if posed.against is not None:
        other = percent(float(distribution[posed.question.foil]))
        lines.append(
            t(
                "and **{against}** {other}: a logit difference of **{score}** nats is explained.",
                against=plain(posed.against),
                other=other,
                score=score,
            )
        )
    else:
        lines.append(t("(its logit, {score} nats, is explained).", score=score))
    if first.piece.removeprefix("␣") not in (posed.answer, posed.against):
        lines.append(
            t(
                "Its own first choice is **{first}** ({share}).",
                first=plain(first.piece.removeprefix("␣")),
                share=percent(first.probability),
            )
        )
    with st.container(key="takeaway"):
        st.markdown(" ".join(lines))


def number(value: float, digits: int = 2) -> str:
    """A signed number in the language: +1,24 or −0.10."""
    return signed(value, digits)
