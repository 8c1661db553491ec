"""The translator's vocabulary: one for three languages, cased, reversible, frequent words whole.

A Unigram model over pieces that carry their own spaces (▁), so that ids decode to exactly the text they came from.
Words are cut at spaces and punctuation, after a French elision (j' + ai), before an English ending ('s, 'm) and before
a hyphened pronoun (-tu): what has a counterpart in the other language stands alone. The commonest words are entries of
their own; rare ones fall to learned pieces."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = ("<pad>", "<s>", "</s>", "<unk>")
LANGUAGES = {"fra": ">>fra<<", "por": ">>por<<"}
SIZE = 16_000
PIECES = 1_500
LETTERS = 160
PENALTY = 10.0  # nats that a learned piece costs more than its own score: a whole word always beats its fragments
POSITIONS = 128
_ENDING = r"(?:s|m|d|t|re|ve|ll)(?!\w)"
CUT = rf"▁?[Aa]ujourd'hui|'(?!t(?!\w)){_ENDING}|▁?\w+'(?=\w)(?!{_ENDING})|-\w+|▁?[^\w'\-▁\s]"


def train(
    sentences: Sequence[str], *, wanted: Sequence[str] = (), size: int = SIZE, pieces: int = PIECES
) -> PreTrainedTokenizerFast:
    """A tokenizer of at most `size` entries, made from the training sentences; the words of the texts `wanted` are
    whole as well.
    """
    counts = count(sentences)
    scores = {piece: score - PENALTY for piece, score in _learn(counts, pieces).items()}
    room = size - len(SPECIAL) - len(LANGUAGES)
    common = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    total = sum(counts.values())
    for word in (*count(wanted), *common):
        if len(scores) < room or word in scores:
            scores[word] = math.log(max(1, counts[word]) / total)
    return wrap(_assemble(scores))


def wrap(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """The plain fast tokenizer that AutoTokenizer reloads."""
    pad, start, end, unknown = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=pad,
        bos_token=start,
        eos_token=end,
        unk_token=unknown,
        model_max_length=POSITIONS,
        clean_up_tokenization_spaces=False,
    )


def count(sentences: Sequence[str]) -> Counter[str]:
    """How often each word occurs, as the pre-tokenizer cuts them (▁ where a space came before)."""
    cutting = shell()
    counts: Counter[str] = Counter()
    for sentence in sentences:
        counts.update(words(cutting, sentence))
    return counts


def words(tokenizer: Tokenizer, sentence: str) -> list[str]:
    """The sentence as the pre-tokenizer cuts it."""
    return [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(sentence))]


def _learn(counts: Counter[str], pieces: int) -> dict[str, float]:
    """Letters and frequent pieces with their scores, learned from the words, each at the square root of its count."""
    learned = Tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces, unk_token="<unk>", special_tokens=["<unk>"], max_piece_length=8, show_progress=False
    )
    weighed = {word: round(math.sqrt(seen)) for word, seen in counts.items() if seen > 2}
    learned.train_from_iterator((word for word, times in weighed.items() for _ in range(times)), trainer)
    listed = json.loads(learned.to_str())["model"]["vocab"]
    scores = {piece: score for piece, score in listed if piece != "<unk>"}
    alphabet: Counter[str] = Counter()
    for word, seen in counts.items():
        alphabet.update(dict.fromkeys(word, seen))
    return {letter: min(scores.values()) for letter, _ in alphabet.most_common(LETTERS)} | scores


def _assemble(scores: dict[str, float]) -> Tokenizer:
    reserved = [*SPECIAL, *LANGUAGES.values()]
    vocabulary = [(name, 0.0) for name in reserved] + list(scores.items())
    tokenizer = shell(models.Unigram(vocabulary, unk_id=SPECIAL.index("<unk>")))
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", SPECIAL.index("</s>"))]
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in reserved])
    return tokenizer


def shell(model: models.Model | None = None) -> Tokenizer:
    """A Tokenizer with our normalizer (NFC, one apostrophe, no odd spaces) and our cutting; without a model it only
    cuts.
    """
    tokenizer = Tokenizer(model or models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace("’", "'"), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Metaspace(), pre_tokenizers.Split(Regex(CUT), "isolated")]
    )
    return tokenizer
