"""One tiny tokenizer per family, trained in memory on a few sentences: no network, no files left behind.

Inside: `FAMILIES` (name → builder), `build`, `NAUGHTY` (texts that break labels). The classes are
transformers' own where they can be built from a vocabulary: their real normalizers and templates are tested.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertTokenizer,
    ByT5Tokenizer,
    CanineTokenizer,
    DebertaV2Tokenizer,
    GPT2Tokenizer,
    LlamaTokenizer,
    MarianTokenizer,
    PreTrainedTokenizerFast,
    RobertaTokenizer,
    T5Tokenizer,
    XLMRobertaTokenizer,
)

CORPUS = [
    "Ela derramou água da jarra para o copo até que ficasse cheio.",
    "São João-do-Mato fica longe; o e-mail de d. Ana não chegou.",
    "O copo d'água custa R$ 1.000,50 às 12:30, e ela não sabia que a jarra estava vazia.",
]

NAUGHTY = [
    "Ela derramou água da jarra para o copo até que ficasse cheio.",
    "d'água",
    "São João-do-Mato",
    "São João em NFD".replace("ã", "a\u0303"),
    "R$ 1.000,50 às 12:30 de 10/12/2024",
    "🙂",
    "olá 🙂🙃 mundo",
    "👨\u200d👩\u200d👧\u200d👦 família",
    "👋🏽 ❤️ 🇧🇷 1️⃣ 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "مرحبا بالعالم",
    "שלום עולם",
    "می\u200cخواهم",
    "e\u0301 a\u0303 o\u0302",
    "\u0301 sozinho",
    "Z̸̢̛a̷̧͝l̴̡͘g̵o",
    "zero\u200blargura \u200b fim",
    "\ufeffcomeço",
    "\u202einvertido\u202c",
    "https://example.org/a?b=c&d=é#x, www.sapo.pt. ana@exemplo.com.br!",
    "<s>",
    "</s>",
    "</s> no início e no fim </s>",
    "<a href='x' onclick=\"alert(1)\">link</a>",
    "<script>alert('x')</script>",
    "[CLS] uma [SEP] duas [PAD] três [UNK]",
    "[MASK] e <mask> e <unk> e <pad>",
    "<|endoftext|>fim",
    "##x ##água x##",
    "Ġ Ġágua Ċ",
    "▁",
    "▁água ▁▁ a▁b",
    "␣ ␤ ⟨F0⟩ ◌",
    "<0xF0> <0x0A>",
    "linha um\nlinha dois\r\n\r\nlinha três",
    "\ttab\t\ttab",
    "  dois  espaços   três  ",
    "nbsp\u00a0aqui\u3000ali\u2028ali",
    "我喜欢喝水。日本語のテスト ภาษาไทย 한국어",
    "½ ﬁm ① Å ²",
    "😀" * 12,
    "a" * 300,
    "...!!!??? -- — ‘x’ “y” «z»",
    "\x01\x02 controle \x7f",
    "´4\x1f e ´\x1c4",  # an accent that becomes two characters, a control character that counts as a space
    " ".join(f"palavra{n}" for n in range(300)),
    "novo 🫨 emoji \ue000 privado \U0010ffff",
    "C:\\temp\\x $HOME `ls` {x} %s \\n",
]


def _bpe(**options: Any) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges of a byte-level BPE."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(vocab_size=330, initial_alphabet=alphabet, **options))
    return tokenizer.get_vocab(), [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]


def _unigram(specials: list[str], size: int = 110) -> list[tuple[str, float]]:
    """Pieces and scores of a Unigram model; specials first."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    options = {"vocab_size": size, "special_tokens": specials, "unk_token": specials[-1], "show_progress": False}
    tokenizer.train_from_iterator(CORPUS * 3, trainers.UnigramTrainer(**options))
    return [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["vocab"]]


def _wordpiece(**options: Any) -> BertTokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=options["do_lower_case"], strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    texts = CORPUS * 3 + ["agua ate joao"] * options["do_lower_case"]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=150, special_tokens=specials))
    return BertTokenizer(vocab=tokenizer.get_vocab(), **options)


def _llama() -> LlamaTokenizer:
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    specials = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(vocab_size=360, special_tokens=specials))
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    return LlamaTokenizer(vocab=tokenizer.get_vocab(), merges=merges, add_bos_token=True)


def _gemma() -> PreTrainedTokenizerFast:
    """Unigram with byte fallback behind an NFKC normalizer that also writes the spaces: two reasons for wrong
    offsets.
    """
    pieces = _unigram(["<pad>", "</s>", "<unk>"]) + [(f"<0x{byte:02X}>", -20.0) for byte in range(256)]
    tokenizer = Tokenizer(models.Unigram(pieces, 2, True))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Prepend("▁"),
            normalizers.Replace(" ", "▁"),
        ]
    )
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", eos_token="</s>")


def _loose() -> PreTrainedTokenizerFast:
    """Unigram whose entries may cross spaces and punctuation."""
    entries = ["<unk>", "▁de▁que", "▁copo,", "▁o", "▁copo", ",", "▁de", "▁que", "▁"] + list(
        "abcdefghijklmnopqrstuvwxyz"
    )
    tokenizer = Tokenizer(models.Unigram([(entry, -float(len(entries) - len(entry))) for entry in entries], 0, False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    tokenizer.decoder = decoders.Metaspace(split=False)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def _marian(*, separate: bool = False) -> MarianTokenizer:
    """Two SentencePiece models and one or two vocabularies; slow: it has no offsets."""
    folder = Path(tempfile.mkdtemp(prefix="mirante-test-"))
    texts = folder / "corpus.txt"
    texts.write_text("\n".join(CORPUS * 3), encoding="utf-8")
    for side, size in (("source", 75), ("target", 70)):
        options = {"input": str(texts), "model_prefix": str(folder / side), "vocab_size": size, "minloglevel": 5}
        sentencepiece.SentencePieceTrainer.train(**options, hard_vocab_limit=False)
    sides = {side: _spm_vocabulary(folder / f"{side}.model") for side in ("source", "target")}
    both = list(dict.fromkeys(sides["source"] + ([] if separate else sides["target"])))
    for name, entries in (("vocab", both), ("target_vocab", ["<pad>", "</s>", "<unk>", *sides["target"][::-1]])):
        entries = list(dict.fromkeys(["</s>", "<unk>", *entries, "<pad>"]))
        (folder / f"{name}.json").write_text(
            json.dumps({entry: place for place, entry in enumerate(entries)}), encoding="utf-8"
        )
    files = {
        "source_spm": folder / "source.model",
        "target_spm": folder / "target.model",
        "vocab": folder / "vocab.json",
    }
    if separate:
        files["target_vocab_file"] = folder / "target_vocab.json"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "Recommended: pip install sacremoses."
        tokenizer = MarianTokenizer(**{name: str(path) for name, path in files.items()}, separate_vocabs=separate)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    return tokenizer


def _spm_vocabulary(path: Path) -> list[str]:
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return [model.id_to_piece(index) for index in range(model.get_piece_size()) if not model.is_control(index)]


@lru_cache
def build(name: str) -> Any:
    return FAMILIES[name]()


def _gpt2() -> GPT2Tokenizer:
    vocab, merges = _bpe(special_tokens=["<|endoftext|>"])
    return GPT2Tokenizer(vocab=vocab, merges=merges)


def _roberta(*, add_prefix_space: bool) -> RobertaTokenizer:
    vocab, merges = _bpe(special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return RobertaTokenizer(vocab=vocab, merges=merges, add_prefix_space=add_prefix_space)


FAMILIES = {
    "wordpiece-cased": lambda: _wordpiece(do_lower_case=False),
    "wordpiece-uncased": lambda: _wordpiece(do_lower_case=True),
    "gpt2": _gpt2,
    "roberta": lambda: _roberta(add_prefix_space=False),
    "roberta-prefix": lambda: _roberta(add_prefix_space=True),
    "xlm-roberta": lambda: XLMRobertaTokenizer(vocab=_unigram(["<s>", "<pad>", "</s>", "<unk>"])),
    "t5": lambda: T5Tokenizer(vocab=_unigram(["<pad>", "</s>", "<unk>"])),
    "deberta-v2": lambda: DebertaV2Tokenizer(vocab=_unigram(["[PAD]", "[CLS]", "[SEP]", "[UNK]"]), unk_id=3),
    "llama": _llama,
    "gemma": _gemma,
    "loose": _loose,
    "byt5": ByT5Tokenizer,
    "canine": CanineTokenizer,
    "marian": _marian,
    "marian-separate": lambda: _marian(separate=True),
}
