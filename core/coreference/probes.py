"""Probes: the ways in which a model is asked which noun a word goes with.

    adjective
        the visible word that is asked about: where does its row look? Which adjective would the model write instead?
    pronoun     the same look for the overt pronoun before it (P5)
    question
        "… ficasse cheio. O que ficou cheio? O [MASK]." — where the row of the mask looks, and the noun that the model
        prefers
    overt       "… até que o [MASK] ficasse cheio." — likewise
    cross
        a translator writes il or elle for “it”: where does the row that writes it look, and which translation does the
        model prefer?

Looks are read from rows, choices from log probabilities. A model without a mask has no row for a hidden noun, but it
prefers one whole sentence to another. Inside: what is asked, where (character spans), what competes, and why a probe
makes no sense for an item or a model. Not inside: running the model (scores.py), counting (conditions.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from ..axes import Kind
from ..errors import Message
from ..models.loading import LanguageModel
from ..predictions.masked import no_mask_reason
from ..text.tokens import Tokens
from ..text.vocabulary import Span
from .articles import agreeing
from .items import MASK, Candidate, Item

Probe = Literal["adjective", "pronoun", "question", "overt", "cross"]
PROBES: tuple[Probe, ...] = get_args(Probe)
_ARTICLE = re.compile(r"\b([OoAa]s?) \[MASK\]")
_PRONOUN = re.compile(r"\b(ele|ela|eles|elas)\b")
_REFERRING = re.compile(r"(d?el[ea]|seu|sua|[oa])s?", re.IGNORECASE)


@dataclass(frozen=True)
class ProbedItem:
    """What the model reads, the span of the word whose row is read, and those of the candidates, in the item's order.

    masked: whether that word is a mask. target: what a translator writes; then the query is a word of it, and its row
    is the one that writes it.
    """

    text: str
    query: Span
    candidates: tuple[Span, ...]
    masked: bool
    target: str | None = None

    @property
    def kind(self) -> Kind:
        """The attention that is read."""
        return "self" if self.target is None else "cross"


@dataclass(frozen=True)
class Choice:
    """What competes: a text for each possibility, and which of them are true.

    A masked model reads ``masked`` and its ``words`` instead; with a ``source`` the texts are translations of it, and
    only a translator can be asked.
    """

    words: tuple[str, ...]
    texts: tuple[str, ...]
    right: frozenset[int]
    masked: str = ""
    source: str | None = None


def refusal(lm: LanguageModel, probe: Probe) -> Message | None:
    """Why a look makes no sense for a model; None when it does."""
    if probe == "cross":
        if lm.kind == "encoder-decoder":
            return None
        return Message(
            "“{name}” writes no translation, so no pronoun of one can be asked where it looks.", name=lm.name
        )
    if lm.kind == "encoder-decoder":
        return Message(
            "The sentences of the bench are Portuguese, and “{name}” reads another language and writes a translation.",
            name=lm.name,
        )
    return no_mask_reason(lm) if probe in ("question", "overt") else None


def fits(item: Item, probe: Probe) -> bool:
    """Whether an item can be asked this way; one with a translation is asked through it alone."""
    if probe == "cross" or item.target is not None:
        return probe == "cross" and item.target is not None
    if probe == "pronoun":
        return pronoun_span(item) is not None
    return probe == "adjective" or _hidden_noun(item, probe) is not None


def _hidden_noun(item: Item, probe: Probe) -> str | None:
    """The sentence that hides the gold noun, where the item has one for this probe."""
    return {"question": item.question, "overt": item.overt}.get(probe)


def probe_template(item: Item, probe: Probe) -> str:
    """The sentence with one [MASK] in place of what is asked: the adjective, or the gold noun.

    Raises:
        ValueError: the item does not fit the probe (see `fits`).
    """
    template = item.with_word(MASK) if probe == "adjective" else _hidden_noun(item, probe)
    if template is None:
        raise ValueError(f"{item.id} cannot be asked by the probe {probe}")
    return template


def probed_item(lm: LanguageModel, item: Item, probe: Probe) -> ProbedItem:
    """The probe as this model reads it; the item must fit (see `fits`).

    Raises:
        ValueError: it does not.
    """
    spans = tuple(noun.span for noun in item.candidates)
    if probe in ("question", "overt"):
        template = probe_template(item, probe)
        start = template.index(MASK)
        # the candidates stand before what is added
        assert template[: spans[-1][1]] == item.text[: spans[-1][1]], item.id
        token = lm.tokenizer.mask_token
        return ProbedItem(template.replace(MASK, token), (start, start + len(token)), spans, masked=True)
    query = {"adjective": item.probe, "pronoun": pronoun_span(item), "cross": item.target_probe}[probe]
    if query is None:
        raise ValueError(f"{item.id} cannot be asked by the probe {probe}")
    target = item.target if probe == "cross" else None
    return ProbedItem(item.text, query, spans, masked=False, target=target)


def choice(item: Item, probe: Probe) -> Choice | None:
    """What competes in this probe; None where nothing can be told by it.

    Nothing can where gender and meaning disagree (P1), and, for the adjective, where all nouns have one gender: with a
    null subject both states are true there, and preferring "cheio, vazio" to "cheia, vazia" would be agreement alone.
    """
    if probe == "pronoun" or item.gold != item.meaning or not fits(item, probe):
        return None
    if probe == "adjective" and item.same_gender:
        return None
    if probe == "cross":
        return _between_translations(item)
    if probe == "adjective":
        texts = tuple(item.with_word(form) for form in item.options)
        right = frozenset(index for index, form in enumerate(item.options) if form in item.right)
        return Choice(item.options, texts, right, item.with_word(MASK)) if len(right) < len(texts) else None
    template = probe_template(item, probe)
    words = tuple(noun.text for noun in item.candidates)
    if len(set(words)) < len(words):
        return None  # the same noun twice: no word tells which one is meant
    return Choice(words, tuple(filled(template, noun) for noun in item.candidates), frozenset({item.gold}), template)


def _between_translations(item: Item) -> Choice | None:
    """The true translation and the one with the other pronoun; None where both nouns have the same one."""
    if item.target is None or item.target_probe is None or item.target_other is None:
        return None
    start, end = item.target_probe
    other = item.target_other[start:].split()[0]
    return Choice((item.target[start:end], other), (item.target, item.target_other), frozenset({0}), source=item.text)


def filled(template: str, candidate: Candidate) -> str:
    """The template with a noun, and the article before it in the noun's gender and number.

    An article stays as it is where the gender is not known.
    """
    agreed = _ARTICLE.sub(
        lambda article: f"{agreeing(article[1], candidate.gender, candidate.number)} {MASK}", template
    )
    return agreed.replace(MASK, candidate.text)


def pronoun_span(item: Item) -> Span | None:
    """The last pronoun between the candidates and the probe word; None without one, or where that word is a pronoun."""
    if _REFERRING.fullmatch(item.word):
        return None
    between = [match.span() for match in _PRONOUN.finditer(item.text, item.candidates[-1].span[1], item.probe[0])]
    return between[-1] if between else None


def token_positions(tokens: Tokens, span: Span) -> list[int]:
    """Positions whose characters overlap a span of the text; empty where the tokenizer hides which they are."""
    start, end = span
    return [index for index, piece in enumerate(tokens.spans) if piece and piece[0] < end and start < piece[1]]
