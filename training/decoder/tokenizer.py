"""The byte-level BPE of mirante-decoder-pt: cased, accents kept, any text comes back as it was (in NFC).

Every text is read as if a space stood before it, and that space is taken away again when ids are decoded: so "O" at the
start of a sentence is the same entry as " O" inside one, and no word needs two. Digits stand alone; punctuation is cut
from words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = ("<pad>", "<s>", "</s>")
SIZE = 10_000
POSITIONS = 512
PIECES = r" ?\p{L}[\p{L}\p{M}]*| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""A word, a digit or a run of marks, each with the space before it; other white space by itself."""


def train(sentences: Iterable[str], *, size: int = SIZE) -> PreTrainedTokenizerFast:
    """A tokenizer of at most `size` entries, learned from the training sentences alone."""
    made = _shell()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        min_frequency=2,
        show_progress=False,
    )
    made.train_from_iterator(sentences, trainer)
    opening = [("<s>", made.token_to_id("<s>"))]
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=opening
    )
    return wrap(made)


def wrap(made: Tokenizer) -> PreTrainedTokenizerFast:
    """The plain fast tokenizer that AutoTokenizer reloads; a text opens with <s> and is left open, for it to be
    continued.
    """
    pad, start, end = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=pad,
        bos_token=start,
        eos_token=end,
        model_max_length=POSITIONS,
        clean_up_tokenization_spaces=False,
    )


def whole_share(tokenizer: PreTrainedTokenizerFast, sentences: Sequence[str]) -> tuple[int, int]:
    """(word occurrences that are one token, word occurrences); only words with a letter count."""
    backend = tokenizer.backend_tokenizer
    words = [
        word
        for sentence in sentences
        for word, _ in backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(sentence))
        if any(letter.isalpha() for letter in word.lstrip("Ġ"))
    ]
    vocabulary = tokenizer.get_vocab()
    return sum(word in vocabulary for word in words), len(words)


def pieces(tokenizer: PreTrainedTokenizerFast, texts: Sequence[str]) -> list[list[int]]:
    """Ids of every text without <s> and </s>, straight from the Rust tokenizer."""
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    return [found.ids for found in backend.encode_batch_fast(list(texts), add_special_tokens=False)]


def count_words(texts: Iterable[str]) -> int:
    """Words as a reader counts them, for perplexity per word: what stands between spaces."""
    return sum(len(text.split()) for text in texts)


def _shell() -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Prepend(" ")])
    cut = pre_tokenizers.Split(Regex(PIECES), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [cut, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    made.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(" ", 1, 0)])
    return made
