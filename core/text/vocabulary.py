"""How text and vocabulary entries are written so that nothing in them is invisible.

Inside: `visible` (any string → a string without invisible characters), `show_bytes` (bytes → characters,
fragments as ⟨0xF0 9F⟩), `Entry` and `Vocabulary` (what an id stands for: its label and the UTF-8 bytes it adds to a
text). Not inside: which characters of a sentence a piece covers (core/text/tokens.py) and what a word is
(core/text/words.py).

The written form, one rule for every tokenizer:
- ␣ is a space that belongs to the piece (byte-level Ġ, SentencePiece ▁). Pieces without it continue the previous one.
- ##x is WordPiece's continuation; other families' marks (</w>, @@) stay as their vocabulary writes them.
- ⟨0xF0 9F⟩ are bytes, in hexadecimal, of a character that the tokenizer cut in parts (an emoji, an accented letter).
- ␤ ␍ ⇥ and ␀…␡ are control characters; ⟨ZWSP⟩, ⟨NBSP⟩, ⟨RLO⟩ and ⟨U+XXXX⟩ are other characters that draw nothing;
  ◌ carries a lone accent. A character typed by the user that looks like one of these signs stays itself: spans,
  not labels, settle the doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import regex

from .translation import language_ids

Spelling = Literal["bytes", "latin", "metaspace", "wordpiece", "plain"]
Span = tuple[int, int]
"""First character of a text and the one after the last."""

NAMES = {
    0xA0: "NBSP",
    0xAD: "SHY",
    0x34F: "CGJ",
    0x61C: "ALM",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LS",
    0x2029: "PS",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x202F: "NNBSP",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFE0E: "VS15",
    0xFE0F: "VS16",
    0xFEFF: "BOM",
}

CONTROLS = {"\t": "⇥", "\n": "␤", "\r": "␍", "\x7f": "␡"}
# Drawn as nothing: separators, formats, private and unassigned characters, variation selectors, Hangul fillers,
# the empty Braille cell.
INVISIBLE = regex.compile(r"[\p{Z}\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]")
GAP = regex.compile(r"<(?:extra_id|mask|unk)_\d+>")  # a sentinel of T5, a gap of Pegasus
ACCENT, BYTE = regex.compile(r"\p{M}"), regex.compile(r"<0x([0-9A-Fa-f]{2})>")
# Inside these clusters the joiner or selector is visible by its effect. Anything else hidden in an emoji is
# spelled out.
EMOJI = regex.compile(
    r"\p{RI}{2}|[0-9#*]\uFE0F\u20E3|\U0001F3F4[\U000E0061-\U000E007A]{2,6}\U000E007F"
    r"|(?!\p{Cn})\p{Extended_Pictographic}[\p{EMod}\uFE0F\uFE0E]?\uFE0F?"
    r"(?:\u200D(?!\p{Cn})\p{Extended_Pictographic}[\p{EMod}\uFE0F]?\uFE0F?)*"
)
UNITS = regex.compile(f"(?P<emoji>{EMOJI.pattern})|(?P<one>.)", regex.DOTALL)


def visible(text: str, *, space: str = " ") -> str:
    """The text with every invisible character written as a sign; `space` is how U+0020 is written.

    Text without invisible characters is returned unchanged.
    """
    if text.isascii() and text.isprintable():
        return text.replace(" ", space)
    lone = "◌" if ACCENT.match(text) and not INVISIBLE.match(text) else ""
    return lone + "".join(match[0] if match["emoji"] else _sign(match[0], space) for match in UNITS.finditer(text))


def _sign(char: str, space: str) -> str:
    if char == " ":
        return space
    if not INVISIBLE.match(char):
        return char
    if char in CONTROLS:
        return CONTROLS[char]
    code = ord(char)
    return chr(0x2400 + code) if code < 0x20 else f"⟨{NAMES.get(code, f'U+{code:04X}')}⟩"


def show_bytes(raw: bytes, *, space: str = "␣") -> str:
    """UTF-8 bytes as visible text; bytes that are not a whole character as ⟨0xF0 9F⟩ (C3 alone is a layer)."""
    parts: list[str] = []
    while raw:
        try:
            parts.append(visible(raw.decode("utf-8"), space=space))
            break
        except UnicodeDecodeError as error:
            parts.append(visible(raw[: error.start].decode("utf-8"), space=space))
            start, stop = error.start, error.end
            while stop < len(raw) and not _starts_character(raw[stop:]):
                stop += 1
            parts.append(f"⟨0x{raw[start:stop].hex(' ').upper()}⟩")
            raw = raw[stop:]
    return "".join(parts)


def _starts_character(raw: bytes) -> bool:
    size = (
        1
        if raw[0] < 0x80
        else 2
        if 0xC2 <= raw[0] < 0xE0
        else 3
        if 0xE0 <= raw[0] < 0xF0
        else 4
        if 0xF0 <= raw[0] < 0xF5
        else 0
    )
    try:
        return size > 0 and len(raw[:size].decode("utf-8")) == 1
    except UnicodeDecodeError:
        return False


@lru_cache(maxsize=1)
def byte_alphabet() -> dict[str, int]:
    """GPT-2's alphabet (Radford et al. 2019, `bytes_to_unicode`): one printable character per byte."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + offset): byte for offset, byte in enumerate(others)}


@dataclass(frozen=True)
class Entry:
    """What one position stands for: its label, and the UTF-8 bytes it adds to a text (a space is b" ")."""

    raw: str  # as the vocabulary spells it
    label: str
    surface: bytes
    joins: bool = False  # continues the previous piece by its own mark (##)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """How one tokenizer spells its entries."""

    tokenizer: Any
    spelling: Spelling
    prefix: str  # WordPiece's continuation mark
    added: dict[int, str]  # entries written verbatim, whatever the spelling
    controls: frozenset[int]  # ids of control entries (start, end, mask …), the unknown one excepted
    unknown: int | None  # id of the entry that stands for everything the tokenizer does not know
    gaps: frozenset[int] = frozenset()  # of the controls, those that stand for a piece of text: masks and sentinels

    def entries(self, ids: Sequence[int]) -> list[Entry]:
        """The entries of some ids, in their order."""
        known = {index: self.entry(index) for index in set(ids)}
        return [known[index] for index in ids]

    def entry(self, index: int) -> Entry:
        """The entry of an id."""
        if index in self.added:
            return self._verbatim(index)
        name = getattr(
            self.tokenizer, "_convert_id_to_token", None
        )  # slow tokenizers: past their (source) added tokens
        raw = name(int(index)) if name else self.tokenizer.convert_ids_to_tokens(int(index))
        return self.spelled(f"⟨id:{index}⟩" if raw is None else str(raw))

    def spelled(self, raw: str) -> Entry:
        """The entry that the vocabulary spells `raw`."""
        if self.spelling == "bytes" and all(char in byte_alphabet() for char in raw):
            data = bytes(byte_alphabet()[char] for char in raw)
        elif self.spelling == "latin" and len(raw) == 1 and ord(raw) < 256:
            data = bytes([ord(raw)])
        elif self.spelling == "wordpiece" and len(raw) > len(self.prefix) and raw.startswith(self.prefix):
            continued = raw.removeprefix(self.prefix).encode("utf-8", "replace")
            return Entry(raw, self.prefix + show_bytes(continued), continued, joins=True)
        elif self.spelling == "metaspace":
            data = _unescaped(raw)
        else:
            data = raw.encode("utf-8", "replace")
        return Entry(raw, show_bytes(data), data)

    def _verbatim(self, index: int) -> Entry:
        content = self.added[index]
        name = getattr(
            self.tokenizer, "_convert_id_to_token", None
        )  # CANINE's [CLS] is a private character with a name
        label = str(name(index)) if name and INVISIBLE.fullmatch(content) else content
        return Entry(content, visible(label, space="␣"), content.encode("utf-8", "replace"))


def _unescaped(raw: str) -> bytes:
    """SentencePiece: ▁ is a space, <0xF0> a byte."""
    byte = BYTE.fullmatch(raw)
    return bytes([int(byte[1], 16)]) if byte else raw.replace("▁", " ").encode("utf-8", "replace")


def vocabulary(tokenizer: Any, *, target: bool = False) -> Vocabulary:
    """Reads a tokenizer's spelling from its own parts, never from the name of a model. `target`: its target side."""
    added = {int(index): str(token) for index, token in getattr(tokenizer, "added_tokens_decoder", {}).items()}
    controls, unknown = {int(index) for index in tokenizer.all_special_ids}, tokenizer.unk_token_id
    if target and getattr(
        tokenizer, "separate_vocabs", False
    ):  # Marian: the library labels target ids with source control tokens
        added = {index: token for index, token in tokenizer.decoder.items() if token in tokenizer.all_special_tokens}
        controls, unknown = set(added), tokenizer.target_encoder.get(tokenizer.unk_token)
    if unknown in {tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id}:
        unknown = None  # GPT-2's is its end of text: byte-level tokenizers know every text
    backend = getattr(tokenizer, "backend_tokenizer", None) if getattr(tokenizer, "is_fast", False) else None
    spelling, prefix = _slow_spelling(tokenizer) if backend is None else _fast_spelling(backend)
    controls = (controls | set(language_ids(tokenizer).values())) - {unknown}
    gaps = {index for index in controls if index == tokenizer.mask_token_id or GAP.fullmatch(added.get(index, ""))}
    return Vocabulary(tokenizer, spelling, prefix, added, frozenset(controls), unknown, frozenset(gaps))


def _fast_spelling(backend: Any) -> tuple[Spelling, str]:
    """(spelling, continuation mark) of a tokenizer of the tokenizers library, from the types of its parts."""
    model = backend.model
    types = _types(backend.decoder) | _types(backend.pre_tokenizer)
    if "ByteLevel" in types or "ByteLevel" in _types(backend.normalizer):
        return "bytes", ""
    if (
        types & {"Metaspace", "ByteFallback"}
        or type(model).__name__ == "Unigram"
        or getattr(model, "byte_fallback", False)
    ):
        return "metaspace", ""
    prefix = getattr(model, "continuing_subword_prefix", None) or ""
    return ("wordpiece", prefix) if prefix else ("plain", "")


def _types(part: Any) -> set[str]:
    """The names of a component of the tokenizers library and of those nested in it."""
    if part is None:
        return set()
    names = regex.findall(rb'"type":\s*"(\w+)"', part.__getstate__())
    return {name.decode() for name in names}


BYTE_TOKENIZERS = {"ByT5Tokenizer", "PerceiverTokenizer"}


def _slow_spelling(tokenizer: Any) -> tuple[Spelling, str]:
    """(spelling, continuation mark) of a tokenizer written in Python, from what its class has."""
    family = {base.__name__ for base in type(tokenizer).__mro__}
    if family & BYTE_TOKENIZERS:
        return "latin", ""
    if any(hasattr(tokenizer, name) for name in ("sp_model", "spm_source")):
        return "metaspace", ""
    if hasattr(tokenizer, "byte_encoder") or hasattr(tokenizer, "byte_decoder"):
        return "bytes", ""
    if hasattr(tokenizer, "wordpiece_tokenizer") or family & {"BertTokenizerLegacy", "ProphetNetTokenizer"}:
        return "wordpiece", "##"
    return "plain", ""
