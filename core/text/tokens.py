"""A text as a model reads it: pieces, their labels, their characters, their words.

Inside: `Tokens`, `encode` (a typed text), `encode_target` (ids a model generated or was given as target) and
`merge` (a piece × piece map as a word × word map). Not inside: how things are written (vocabulary.py), which
characters a piece covers (spans.py), what a word is (words.py).

Decisions. The text is not normalised: spans and word labels refer to what was typed. A piece label is the
vocabulary's entry, so an uncased model shows "agua" for Água: that is what it reads; the word label shows the
text. A position is special when the tokenizer's template ADDED it; a `</s>` or `[MASK]` typed by the user is the
same id, but has a span, is not special, and is listed in `typed_control`.

Positions are known at once; labels, spans and words are made when somebody first asks for one of them, because a
capture that nobody draws needs none; they are four fifths of the work of reading a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import BadInput, UnsupportedModel, is_failure
from .spans import from_offsets, from_surfaces
from .translation import reading, template_language
from .vocabulary import Entry, Span, Vocabulary, visible, vocabulary
from .words import group


@dataclass(frozen=True, eq=False)
class Tokens:
    """One text, position by position. Every tuple but `words` and `word_spans` has one item per position."""

    text: str
    ids: tuple[int, ...]
    pieces: tuple[str, ...]  # label of each vocabulary entry, in the written form of core/text/vocabulary.py
    special: tuple[bool, ...]  # added by the tokenizer's template
    unknown: tuple[bool, ...]  # the tokenizer has no entry for this text
    spans: tuple[Span | None, ...]  # characters of text; None when special, none or not known
    word_of: tuple[int, ...]
    words: tuple[str, ...]  # the exact text of each word, invisible characters made visible
    # characters of text per word; None when special or not known
    word_spans: tuple[Span | None, ...] = field(default_factory=tuple)
    typed_control: tuple[int, ...] = field(default_factory=tuple)  # positions where the user typed a control token

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def special_words(self) -> tuple[bool, ...]:
        """Per word, whether it is no word of the text: all its positions were added by the tokenizer's template."""
        text_words = {word for word, special in zip(self.word_of, self.special, strict=True) if not special}
        return tuple(word not in text_words for word in range(len(self.words)))

    @cached_property
    def unknown_words(self) -> tuple[bool, ...]:
        """Per word, whether the tokenizer has no entry for a piece of it."""
        lost = {word for word, unknown in zip(self.word_of, self.unknown, strict=True) if unknown}
        return tuple(word in lost for word in range(len(self.words)))


class _Read(Tokens):
    """Tokens of which text, ids and special are known; the others are described when one of them is asked for."""

    _describe: Callable[[], Tokens]

    @classmethod
    def of(cls, text: str, ids: tuple[int, ...], special: tuple[bool, ...], describe: Callable[[], Tokens]) -> _Read:
        """Tokens that ``describe`` makes complete."""
        tokens = object.__new__(cls)
        vars(tokens).update(text=text, ids=ids, special=special, _describe=describe)
        return tokens

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet. Two threads that ask at once describe twice, with the same result."""
        kept = vars(self)
        describe = kept.get("_describe")
        if describe is not None and name in _LATER:
            with _panics_told():
                kept.update(vars(describe()))
            kept.pop("_describe", None)
        if name not in kept:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return kept[name]

    def __reduce__(self) -> tuple[type[Tokens], tuple[Any, ...]]:
        """A copy in another process has everything, and no tokenizer."""
        return Tokens, tuple(getattr(self, each.name) for each in fields(self))


_LATER = {each.name for each in fields(Tokens)} - {"text", "ids", "special"}


@contextmanager
def _panics_told() -> Iterator[None]:
    """A panic of the tokenizers library is no Exception; here it becomes a refusal.

    Raises:
        BadInput: the tokenizer broke down.
    """
    try:
        yield
    except BaseException as error:
        if isinstance(error, Exception) or not is_failure(error):
            raise
        raise BadInput(
            "This model's tokenizer broke down at this text ({detail}). Change the text, or choose another model.",
            detail=error,
        ) from error


def encode(tokenizer: Any, text: str, *, language: int | None = None) -> Tokens:
    """The text as this tokenizer reads it: one sequence, with its template, never padded or cut.

    language: id of the language that stands in the template instead of the tokenizer's own (translation.py).

    Raises:
        BadInput: no text, nothing but white space, a NUL, half of a surrogate pair, or a text of which no piece
        remains.
        UnsupportedModel: a tokenizer whose own tokens cannot be told from those of the text.
    """
    check_text(text)
    with _panics_told():
        read = _encode_fast if getattr(tokenizer, "is_fast", False) else _encode_slow
        tokens = read(tokenizer, text, language)
    if all(tokens.special):
        raise BadInput(
            "This model's tokenizer finds nothing to read in “{text}”: it drops every character of it.", text=text[:40]
        )
    return tokens


def encode_target(
    tokenizer: Any, ids: Sequence[int], text: str | None = None, *, special: Sequence[bool] | None = None
) -> Tokens:
    """Labels for ids of a target side, as generated or as given to the decoder. `text` is what they say (default:
    decoded from them).

    special: which of them a template added (`target_labels`). No template is known for generated ids: without it,
    special positions are the run of control ids that opens them and the run that closes them; masks and sentinels
    (<extra_id_0>) are what a model wrote.
    """
    return encode_ids(tokenizer, ids, text, target=True, special=special)


def target_labels(
    tokenizer: Any, text: str, *, language: int | None = None
) -> tuple[tuple[int, ...], tuple[bool, ...]]:
    """(ids, special) that a decoder is to write for a text, its template included; special: added by it, so that a
    control token that was typed is none.

    language: as in `encode`.
    """
    check_text(text)
    with _panics_told(), reading(tokenizer):
        if template_language(tokenizer) is not None:  # the two sides differ in the language alone
            tokens = encode(tokenizer, text, language=language)
            return tokens.ids, tokens.special
        if getattr(tokenizer, "is_fast", False):
            encoding = tokenizer(text_target=text, return_special_tokens_mask=True, verbose=False)
            return tuple(encoding["input_ids"]), tuple(map(bool, encoding["special_tokens_mask"]))
        ids = tuple(tokenizer(text_target=text, verbose=False)["input_ids"])
        n = len(tokenizer(text_target=text, add_special_tokens=False, verbose=False)["input_ids"])
        start = tokenizer.build_inputs_with_special_tokens([-1]).index(-1)
    return ids, tuple(not start <= position < start + n for position in range(len(ids)))


def encode_ids(
    tokenizer: Any,
    ids: Sequence[int],
    text: str | None = None,
    *,
    target: bool = False,
    special: Sequence[bool] | None = None,
) -> Tokens:
    """The same for ids of either side: what a decoder has written so far, its beginning included.

    Raises:
        BadInput: no ids, or one that the vocabulary does not have.
    """
    if not target and not (len(ids) and all(0 <= int(index) < len(tokenizer) for index in ids)):
        raise BadInput(
            "Token ids from 0 to {last} were expected, and found: {ids}.",
            last=len(tokenizer) - 1,
            ids=", ".join(map(str, list(ids)[:8])),
        )
    known = vocabulary(tokenizer, target=target)
    token_ids = tuple(int(index) for index in ids)
    if special is None:
        special = _outer_controls(token_ids, known.controls - known.gaps)
    special = tuple(special)
    entries = known.entries(token_ids)
    text = _spelled(known, token_ids, entries, special) if text is None else text
    silent = [position for position, index in enumerate(token_ids) if index == known.unknown]
    for position in silent:
        entries[position] = replace(entries[position], surface=b"")
    said = text
    return _Read.of(
        text,
        token_ids,
        special,
        lambda: _described(known, said, token_ids, entries, special, from_surfaces(said, entries, special)),
    )


def merge(attention: np.ndarray, query: Tokens, key: Tokens) -> np.ndarray:
    """Attention between words: SUM over the pieces of a key word, MEAN over those of a query word.

    Source: Clark et al. 2019, §4.1.

    attention: (..., query, key) → (..., query word, key word), same unit (share of a row, 0…1); rows that sum to 1
    still do.

    Raises:
        BadInput: the last two axes are not the positions of `query` and `key`.
    """
    attention = np.asarray(attention)
    if attention.ndim < 2 or attention.shape[-2:] != (len(query), len(key)):
        raise BadInput(
            "The attention has shape {shape}, but the texts have {query} and {key} positions (query, key).",
            shape=attention.shape,
            query=len(query),
            key=len(key),
        )
    kind = attention.dtype if np.issubdtype(attention.dtype, np.floating) else np.dtype(np.float32)
    looked = _by_word(attention, key, axis=-1)  # (…, query, key word)
    pieces = np.bincount(query.word_of, minlength=len(query.words))  # of each query word
    return (_by_word(looked, query, axis=-2) / pieces[:, None]).astype(kind, copy=False)


def _by_word(maps: np.ndarray, tokens: Tokens, axis: int) -> np.ndarray:
    """Maps with an axis of positions → float64 maps with an axis of words: the sum over the pieces of each.

    Where the pieces of a word stand together and the words in order, as in nearly every text, first pieces are taken
    and the few others added: a product with the table of memberships takes n times as long.
    """
    maps = np.moveaxis(maps, axis, -1)
    starts = np.flatnonzero(np.diff(tokens.word_of, prepend=-1))
    if len(starts) == len(tokens.words) and (np.diff(tokens.word_of) >= 0).all():
        sums, sizes = maps[..., starts].astype(np.float64), np.diff(starts, append=len(tokens))
        for piece in range(1, sizes.max()):
            longer = np.flatnonzero(sizes > piece)
            sums[..., longer] += maps[..., starts[longer] + piece]
    else:
        sums = maps @ _membership(tokens)
    return np.moveaxis(sums, -1, axis)


def shifted_by_one(tokens: Tokens) -> Tokens:
    """The tokens from the second on, for maps whose rows are named by what they write.

    Row i of a decoder predicts token i + 1.
    """
    words = list(dict.fromkeys(tokens.word_of[1:]))
    new_place = {word: place for place, word in enumerate(words)}
    cut = {name: getattr(tokens, name)[1:] for name in ("ids", "pieces", "special", "unknown", "spans")}
    return replace(
        tokens,
        **cut,
        word_of=tuple(new_place[word] for word in tokens.word_of[1:]),
        words=tuple(tokens.words[word] for word in words),
        word_spans=tuple(tokens.word_spans[word] for word in words) if tokens.word_spans else (),
        typed_control=tuple(position - 1 for position in tokens.typed_control if position),
    )


def _membership(tokens: Tokens) -> np.ndarray:
    """(position, word) float64: 1 where the position belongs to the word."""
    table = np.zeros((len(tokens), len(tokens.words)))
    table[np.arange(len(tokens)), tokens.word_of] = 1
    return table


def check_text(text: str) -> None:
    """Refuses what no tokenizer can read: nothing, white space alone, a NUL, half of a surrogate pair.

    Raises:
        BadInput: any of these.
    """
    if not isinstance(text, str):
        raise BadInput("A text was expected, but this is a {kind}.", kind=type(text).__name__)
    if not text.strip():
        raise BadInput("There is no text to read: type a word or a sentence.")
    if "\0" in text:
        raise BadInput("The text holds a NUL character at position {place}: remove it.", place=text.index("\0") + 1)
    try:
        text.encode("utf-8")  # refuses lone surrogates and nothing else
    except UnicodeEncodeError as error:
        raise BadInput(
            "Character {place} of the text is half of a character (a lone surrogate): type or paste it again.",
            place=error.start + 1,
        ) from None


def _encode_fast(tokenizer: Any, text: str, language: int | None) -> Tokens:
    encoding = tokenizer(
        text,
        padding=False,
        truncation=False,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    special = tuple(bool(added) for added in encoding["special_tokens_mask"])
    ids = _in_language(tokenizer, encoding["input_ids"], special, language)
    offsets = encoding["offset_mapping"]

    def describe() -> Tokens:
        known = vocabulary(tokenizer)
        entries = known.entries(ids)
        return _described(known, text, ids, entries, special, from_offsets(text, entries, offsets, special))

    return _Read.of(text, ids, special, describe)


def _in_language(tokenizer: Any, ids: Sequence[int], special: Sequence[bool], language: int | None) -> tuple[int, ...]:
    """``ids`` with another language in the place of the tokenizer's own, where its template wrote that."""
    written = None if language is None else template_language(tokenizer)
    return tuple(
        language if language is not None and added and index == written else index
        for index, added in zip(ids, special, strict=True)
    )


def _encode_slow(tokenizer: Any, text: str, language: int | None) -> Tokens:
    """Tokens of a tokenizer that gives no offsets, and perhaps a mask made of ids.

    Its template is found by building it around a mark.
    """
    if not hasattr(tokenizer, "build_inputs_with_special_tokens"):
        raise UnsupportedModel(
            "This model's tokenizer ({kind}) does not say which tokens it adds, so its tokens cannot be "
            "labelled truthfully.",
            kind=type(tokenizer).__name__,
        )
    with reading(tokenizer):
        ids = tuple(tokenizer(text, padding=False, truncation=False, verbose=False)["input_ids"])
        pieces = tokenizer.tokenize(text)
    inner = tuple(tokenizer.convert_tokens_to_ids(pieces))
    start = tokenizer.build_inputs_with_special_tokens([-1]).index(-1)
    stop = start + len(inner)
    if ids[start:stop] != inner:
        raise UnsupportedModel(
            "This model's tokenizer ({kind}) reads the same text in two ways, so its tokens cannot be "
            "labelled truthfully.",
            kind=type(tokenizer).__name__,
        )
    special = tuple(not start <= position < stop for position in range(len(ids)))
    ids = _in_language(tokenizer, ids, special, language)

    def describe() -> Tokens:
        known = vocabulary(tokenizer)
        entries = known.entries(ids)
        for position, piece in enumerate(pieces, start):
            entries[position] = _slow_entry(known, ids[position], piece, unknown=ids[position] == known.unknown)
        return _described(known, text, ids, entries, special, from_surfaces(text, entries, special))

    return _Read.of(text, ids, special, describe)


def _slow_entry(known: Vocabulary, index: int, piece: str, *, unknown: bool) -> Entry:
    """The entry of a piece: source and target may have separate vocabularies (Marian), so it is trusted before the id.

    An unknown piece lends its surface.
    """
    if index in known.added and not unknown:
        return known.entry(index)
    spelled = known.spelled(piece)
    return replace(known.entry(index), surface=spelled.surface) if unknown else spelled


def _described(
    known: Vocabulary,
    text: str,
    ids: tuple[int, ...],
    entries: list[Entry],
    special: tuple[bool, ...],
    spans: tuple[Span | None, ...],
) -> Tokens:
    words = group(text, entries, spans, special)
    return Tokens(
        text=text,
        ids=ids,
        pieces=tuple(_label(text, entry, span) for entry, span in zip(entries, spans, strict=True)),
        special=special,
        unknown=tuple(
            index == known.unknown and not is_special for index, is_special in zip(ids, special, strict=True)
        ),
        spans=spans,
        word_of=words.word_of,
        words=words.labels,
        word_spans=words.spans,
        typed_control=tuple(
            position for position, index in enumerate(ids) if index in known.controls and not special[position]
        ),
    )


def _label(text: str, entry: Entry, span: Span | None) -> str:
    """SentencePiece spells a space like a typed ▁, and a byte like a typed <0x0A>: what was typed is shown as typed."""
    typed = span is not None and text[slice(*span)] == entry.raw and ("▁" in entry.raw or "<0x" in entry.raw)
    return visible(entry.raw) if typed else entry.label


def _spelled(known: Vocabulary, ids: Sequence[int], entries: list[Entry], special: Sequence[bool]) -> str:
    """The text of generated ids. Pieces that carry their own spaces are joined; others need their tokenizer."""
    positions = [position for position, hidden in enumerate(special) if not hidden]
    if known.spelling in ("bytes", "latin", "metaspace"):
        return b"".join(entries[position].surface for position in positions).decode("utf-8", "replace").strip()
    return known.tokenizer.decode([ids[position] for position in positions], clean_up_tokenization_spaces=False)


def _outer_controls(ids: Sequence[int], controls: Set[int]) -> tuple[bool, ...]:
    inner = [position for position, index in enumerate(ids) if index not in controls]
    first, last = (inner[0], inner[-1]) if inner else (len(ids), -1)
    return tuple(not first <= position <= last for position in range(len(ids)))
