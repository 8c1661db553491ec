"""The rows of an evaluation as people read them: a name in English and Portuguese, a number with its interval, a
baseline.

``rows`` names the numbers of the encoder's evaluation document. They are written into it under ``table``, from which
the card (card.py) and the app draw the same table; another model's recipe names its own rows and uses the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Pair = tuple[str, str]
"""English, Portuguese."""
Row = dict[str, Any]
"""One row: ``name`` and ``baseline`` {"en", "pt"}, and the number: value, low, high (95 %), n."""

COIN = ("chance 0.5", "acaso 0,5")
THREE = ("chance 0.33", "acaso 0,33")
NOTHING = ("", "")
ALL = ("all", "no total")
GENDER = (
    "Masculine article before professions of both genders",
    "Artigo masculino antes de profissões dos dois gêneros",
)
ASKED = {
    "adjective_two_genders": ("adjective, two genders, choice", "adjetivo, dois gêneros, escolha"),
    "question_one_gender": ("question, one gender, choice", "pergunta, um gênero, escolha"),
}
SLOTS = {
    "determiner": ("determiner", "determinante"),
    "attributive": ("attributive adjective", "adjunto adjetivo"),
    "predicate": ("predicate", "predicativo"),
}
WORDS = {
    "content": ("content words", "palavras de conteúdo"),
    "noun": ("nouns", "substantivos"),
    "verb": ("verbs", "verbos"),
    "adjective": ("adjectives", "adjetivos"),
    "adverb": ("adverbs", "advérbios"),
    "rest": ("all other words, names and marks", "as demais palavras, nomes e sinais"),
}
KINDS = {
    "four_adjectives": ("four-adjective share on the two right ones", "parte dos quatro adjetivos nos dois certos"),
    "question_same_gender": ("same gender, question form, choice", "mesmo gênero, em forma de pergunta, escolha"),
    "question_within_pairs": (
        "same gender, question form, within pairs",
        "mesmo gênero, em forma de pergunta, dentro de cada par",
    ),
    "overt_noun_same_gender": ("same gender, overt noun, choice", "mesmo gênero, substantivo expresso, escolha"),
    "overt_noun_within_pairs": (
        "same gender, overt noun, within pairs",
        "mesmo gênero, substantivo expresso, dentro de cada par",
    ),
}
UNSEEN = {
    "unseen_pairs": ("unseen pairs", "pares nunca vistos"),
    "unseen_nouns": ("unseen nouns", "substantivos nunca vistos"),
    "unseen_frames": ("unseen word orders", "ordens de palavras nunca vistas"),
}


def row(name: Pair, number: dict[str, Any], baseline: Pair = NOTHING) -> Row:
    """One row of a table."""
    both = {
        "name": dict(zip(("en", "pt"), name, strict=True)),
        "baseline": dict(zip(("en", "pt"), baseline, strict=True)),
    }
    return both | {key: number[key] for key in ("value", "low", "high", "n")}


def rows(document: dict[str, Any]) -> list[Row]:
    """The rows of the encoder's evaluation."""
    words = ("Words that are one token, held-out text", "Palavras que são um só token, texto reservado")
    return [
        *_masked(document),
        *_masked_words(document.get("masked_words", {})),
        *_containers(document["containers"]),
        *_families(document["families"]),
        *_agreement(document["agreement"], document.get("agreement_baselines")),
        row(words, document["single_token_words"]["all"]),
        row(GENDER, document["gender_of_professions"]["all"], ("no preference 0.5", "sem preferência 0,5")),
    ]


FLOORS: tuple[tuple[Pair, tuple[str, ...], float], ...] = (
    (("agreement, determiner", "concordância, determinante"), ("agreement", "determiner", "all"), 0.95),
    (("agreement, attributive adjective", "concordância, adjunto adjetivo"), ("agreement", "attributive", "all"), 0.85),
    (("agreement, predicate", "concordância, predicativo"), ("agreement", "predicate", "all"), 0.75),
    (
        ("four adjectives, unseen pairs", "quatro adjetivos, pares nunca vistos"),
        ("containers", "unseen_pairs", "four_adjectives"),
        0.97,
    ),
    (
        ("four adjectives, unseen nouns", "quatro adjetivos, substantivos nunca vistos"),
        ("containers", "unseen_nouns", "four_adjectives"),
        0.85,
    ),
    (
        ("four adjectives, unseen word orders", "quatro adjetivos, ordens nunca vistas"),
        ("containers", "unseen_frames", "four_adjectives"),
        0.75,
    ),
    (
        ("same gender, question, unseen pairs", "mesmo gênero, pergunta, pares nunca vistos"),
        ("containers", "unseen_pairs", "question_same_gender"),
        0.92,
    ),
    (
        ("same gender, overt noun, unseen pairs", "mesmo gênero, substantivo expresso, pares nunca vistos"),
        ("containers", "unseen_pairs", "overt_noun_same_gender"),
        0.92,
    ),
    (
        ("same gender, question, unseen nouns", "mesmo gênero, pergunta, substantivos nunca vistos"),
        ("containers", "unseen_nouns", "question_same_gender"),
        0.8,
    ),
    (
        ("same gender, overt noun, unseen nouns", "mesmo gênero, substantivo expresso, substantivos nunca vistos"),
        ("containers", "unseen_nouns", "overt_noun_same_gender"),
        0.8,
    ),
    (
        ("families, adjective, unseen nouns", "famílias, adjetivo, substantivos nunca vistos"),
        ("families", "adjective_two_genders", "all"),
        0.8,
    ),
    (
        ("families, question, unseen nouns", "famílias, pergunta, substantivos nunca vistos"),
        ("families", "question_one_gender", "all"),
        0.8,
    ),
    (("words that are one token", "palavras que são um só token"), ("single_token_words", "all"), 0.85),
)
"""What the project set out to reach: names, where the number stands in the document, the least value."""


def floors(document: dict[str, Any], language: str) -> str:
    """The goals set before training, and by how much each was passed or missed, in Markdown."""
    heads = {"en": "| Goal | At least | Reached |", "pt": "| Meta | No mínimo | Alcançado |"}
    missed = {"en": "missed by", "pt": "faltou"}[language]
    lines = []
    for name, path, least in FLOORS:
        number = document
        for key in path:
            number = number[key]
        value = number["value"]
        told = _decimal(value, language) + (
            "" if value >= least else f" ({missed} {_decimal(least - value, language)})"
        )
        lines.append(f"| {name[language == 'pt']} | {_decimal(least, language)} | {told} |")
    return "\n".join([heads[language], "|---|---|---|", *lines])


def markdown(table: list[Row], language: str) -> str:
    """The table in Markdown; ``language`` is en or pt."""
    heads = {"en": "| Measure | Result | Baseline |", "pt": "| Medida | Resultado | Linha de base |"}
    lines = [
        f"| {entry['name'][language]} | {shown(entry, language)} | {entry['baseline'][language]} |" for entry in table
    ]
    return "\n".join([heads[language], "|---|---|---|", *lines])


def shown(number: dict[str, Any], language: str = "en") -> str:
    """'0.912 (0.880–0.940, n = 96)', of too few items for an interval '0.912 (n = 3)'; a decimal comma in
    Portuguese.
    """
    if number["value"] is None:
        return "n = 0"
    if number["low"] is None:
        return f"{_decimal(number['value'], language)} (n = {number['n']})"
    low, value, high = (_decimal(number[key], language) for key in ("low", "value", "high"))
    return f"{value} ({low}–{high}, n = {number['n']})"


def interval(number: dict[str, Any], *, sign: str = "") -> str:
    """'0.912 (0.880–0.940)', as English writes it, without n; of few items the value alone. sign: + for differences."""
    ends = [number[key] for key in ("value", "low", "high")]
    value, low, high = ("" if end is None else f"{end:{sign}.3f}".replace("-", "−") for end in ends)
    return value if not low else f"{value} ({low}–{high})" if not sign else f"{value} ({low} to {high})"


def _decimal(value: float, language: str) -> str:
    text = (f"{value:.3f}" if abs(value) <= 1 else f"{value:.1f}").replace("-", "−")
    return text if language == "en" else text.replace(".", ",")


class PortugueseNumber:
    """A number that a template formats as Portuguese writes it: ``16.000``, ``6,80``."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __format__(self, spec: str) -> str:
        return in_portuguese(format(self.value, spec))


def in_portuguese(text: str) -> str:
    """The numbers of an English text with the signs of Portuguese: ``0.301`` → ``0,301``."""
    return text.translate(str.maketrans(".,", ",.")).replace(". ", ", ")


def portuguese_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a card's template, numbers as Portuguese writes them; texts stay as they are."""
    return {
        name: PortugueseNumber(value) if isinstance(value, int | float) else value for name, value in fields.items()
    }


def _masked(document: dict[str, Any]) -> Iterator[Row]:
    for source, entry in document["masked_accuracy"].items():
        name = (
            f"Masked accuracy, held-out text, {_source(source)[0]}",
            f"Acerto da palavra escondida, texto reservado, {_source(source)[1]}",
        )
        yield row(name, entry["model"], _frequencies(entry, 3))
    for source, entry in document["pseudo_perplexity"].items():
        name = (
            f"Pseudo-perplexity, held-out text, {_source(source)[0]}",
            f"Pseudoperplexidade, texto reservado, {_source(source)[1]}",
        )
        yield row(name, entry["model"], _frequencies(entry, 1))
    for band, number in document["by_position"].items():
        yield row(
            (f"Masked accuracy, joined text, positions {band}", f"Acerto em texto reunido, posições {band}"), number
        )


def _containers(found: dict[str, Any]) -> Iterator[Row]:
    for split, where in UNSEEN.items():
        for kind, what in KINDS.items():
            if number := found[split].get(kind):
                yield row((f"Containers, {where[0]}: {what[0]}", f"Recipientes, {where[1]}: {what[1]}"), number, COIN)


def _families(found: dict[str, Any]) -> Iterator[Row]:
    for kind, what in ASKED.items():
        for family, number in found[kind].items():
            where = ALL if family == "all" else (family, family)
            yield row(
                (
                    f"Families, unseen nouns, {what[0]}: {where[0]}",
                    f"Famílias, substantivos nunca vistos, {what[1]}: {where[1]}",
                ),
                number,
                COIN,
            )


def _masked_words(found: dict[str, Any]) -> Iterator[Row]:
    for kind, (english, portuguese) in WORDS.items():
        if kind in found:
            yield row(
                (
                    f"Masked accuracy, treebank test text, whole words: {english}",
                    f"Acerto da palavra escondida, teste dos treebanks, palavras inteiras: {portuguese}",
                ),
                found[kind]["model"],
                _frequencies(found[kind], 3),
            )


def _agreement(found: dict[str, Any], baselines: dict[str, Any] | None) -> Iterator[Row]:
    for slot, name in SLOTS.items():
        for bank, number in found.get(slot, {}).items():
            where = ALL if bank == "all" else (bank, bank)
            beside = THREE if baselines is None else _grams(baselines[slot][bank])
            yield row(
                (f"Agreement cloze, {name[0]}, {where[0]}", f"Concordância, {name[1]}, {where[1]}"), number, beside
            )
        if baselines is not None and slot in found:
            yield row(
                (
                    f"Agreement cloze, {name[0]}, {ALL[0]}: encoder less 5-gram",
                    f"Concordância, {name[1]}, {ALL[1]}: codificador menos 5-grama",
                ),
                baselines[slot]["all"]["gain"],
                ("no gain 0", "nenhum ganho 0"),
            )


def _grams(entry: dict[str, Any]) -> Pair:
    """What the n-grams reach."""
    both, left, beside = (f"{entry[name]['value']:.3f}" for name in ("kneser_ney", "left", "bigram"))
    english = f"5-gram, both sides {both}, left side {left}; bigram, both sides {beside}; chance 0.33"
    portuguese = f"5-grama, dois lados {both}, lado esquerdo {left}; bigrama, dois lados {beside}; acaso 0.33"
    return english, portuguese.replace(".", ",")


def _source(name: str) -> Pair:
    return ALL if name == "all" else (name, name)


def _frequencies(entry: dict[str, Any], places: int) -> Pair:
    """What the two baselines reach."""
    unigram, bigram = (entry[name]["value"] for name in ("unigram", "bigram"))
    english = f"unigram {unigram:.{places}f}, bigram {bigram:.{places}f}"
    return english, english.replace("unigram", "unigrama").replace("bigram ", "bigrama ").replace(".", ",")
