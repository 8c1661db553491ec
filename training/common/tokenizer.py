"""The cased Portuguese WordPiece: accents kept, the words of the example sentences and the commonest words whole.

A word is whole when the vocabulary holds it, because WordPiece takes the longest match first. So the vocabulary is put
together from three parts: pieces learned by WordPiece (letters and endings), the words that must be whole, and the
commonest words of the corpus until the size is reached. A reader of attention maps wants words, not fragments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

from training.common import agreement, families, grammar, lexicon

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SIZE = 16_000
LEARNED_PIECES = 4_500
ALPHABET = 220
EXAMPLES = (
    "Ela derramou água da jarra para o copo até que ficasse cheio vazia cheia vazio.",
    "Ele derramou leite do balde para a taça até que ficasse. João derramou vinho da jarra para o copo até "
    "que ele ela ficasse.",
    "Ela encheu o copo com água da jarra até que ficasse. O que ficou cheio? O copo. A jarra está vazia.",
    "O gato está sentado no tapete. O troféu não cabe na mala porque ela é muito pequena. O futuro da IA é",
    "O gato perseguiu o rato porque ele estava com fome. A menina deu o livro ao menino.",
    "O médico falou com a enfermeira. A médica falou com o enfermeiro.",
)
_WORD = re.compile(r"[^\W\d_]+")


def whole_words() -> tuple[str, ...]:
    """Words that must be single tokens: the examples, and every word of the generated sentences in both cases of its
    first letter.
    """
    nouns = [entry.text for entry in (*lexicon.CONTAINERS, *lexicon.LIQUIDS, *lexicon.PEOPLE)]
    described = [
        form
        for kind in agreement.KINDS
        for word in (*kind.masculine, *kind.feminine)
        for form in (word, agreement.plural(word))
    ]
    inflected = [
        agreement.inflect(word, gender, number)
        for kind in agreement.KINDS
        for word in (*kind.states, *kind.qualities)
        for gender in ("m", "f")
        for number in (1, 2)
    ]
    fixed = [*grammar.ADJECTIVES.values(), *grammar.VERBS, *grammar.UNTIL, *EXAMPLES, *nouns, *described, *inflected]
    return tuple(dict.fromkeys(word for text in fixed for word in _WORD.findall(text)))


def train(sentences: Sequence[str], *, size: int = SIZE, pieces: int = LEARNED_PIECES) -> PreTrainedTokenizerFast:
    """A tokenizer of at most `size` entries, made from the training sentences alone."""
    learned = _learn(sentences, pieces)
    counts = _count(learned, sentences)
    vocabulary = list(learned.get_vocab(with_added_tokens=True).items())
    entries = [piece for piece, _ in sorted(vocabulary, key=lambda item: item[1])]
    entries += [word for word in dict.fromkeys((*whole_words(), *families.words())) if word not in set(entries)]
    known = set(entries)
    common = (word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if word not in known)
    entries += [word for word, _ in zip(common, range(max(0, size - len(entries))))]
    return wrap(_assemble(entries))


def wrap(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """The plain fast tokenizer that AutoTokenizer reloads, with BERT's special tokens."""
    pad, unknown, start, end, mask = SPECIAL
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=pad,
        unk_token=unknown,
        cls_token=start,
        sep_token=end,
        mask_token=mask,
        model_max_length=512,
        clean_up_tokenization_spaces=False,
    )


def load(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer saved in `folder`."""
    return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)


def save(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Write tokenizer.json and tokenizer_config.json; the class is named as both generations of the library know it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace("TokenizersBackend", "PreTrainedTokenizerFast"), encoding="utf-8"
    )


def words(tokenizer: PreTrainedTokenizerFast, sentence: str) -> list[str]:
    """The words (and punctuation marks) of a sentence as the tokenizer's own pre-tokenizer cuts them."""
    backend = tokenizer.backend_tokenizer
    return [word for word, _ in backend.pre_tokenizer.pre_tokenize_str(backend.normalizer.normalize_str(sentence))]


def whole_share(tokenizer: PreTrainedTokenizerFast, sentences: Iterable[str]) -> tuple[int, int]:
    """(word occurrences that are one known token, word occurrences); only words with a letter count."""
    vocabulary = tokenizer.get_vocab()
    found = [word for sentence in sentences for word in words(tokenizer, sentence) if _WORD.search(word)]
    return sum(word in vocabulary for word in found), len(found)


def _learn(sentences: Iterable[str], pieces: int) -> Tokenizer:
    """A small WordPiece vocabulary learned by the library: letters, endings, frequent pieces."""
    learned = _shell(models.WordPiece(unk_token="[UNK]"))
    trainer = trainers.WordPieceTrainer(
        vocab_size=pieces, special_tokens=list(SPECIAL), limit_alphabet=ALPHABET, min_frequency=2, show_progress=False
    )
    learned.train_from_iterator(sentences, trainer)
    return learned


def _assemble(entries: Sequence[str]) -> Tokenizer:
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    tokenizer = _shell(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=64))
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def _shell(model: models.Model) -> Tokenizer:
    """A Tokenizer with our normalizer (NFC, cased, accents kept) and BERT's cutting at spaces and punctuation."""
    tokenizer = Tokenizer(model)
    cased = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), cased])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def _count(learned: Tokenizer, sentences: Iterable[str]) -> Counter[str]:
    """How often each word with a letter occurs; single letters are in the alphabet already."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        cut = learned.pre_tokenizer.pre_tokenize_str(learned.normalizer.normalize_str(sentence))
        counts.update(word for word, _ in cut if len(word) > 1 and word.isalpha())
    return counts
