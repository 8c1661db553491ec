"""The rows of the decoder's evaluation, named in English and Portuguese, for the card and the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from training.common import measures
from training.common.measures import Pair, Row, row

SLOTS: dict[str, Pair] = {"all": ("all slots", "todos os lugares"), **measures.SLOTS}
ROLES: dict[str, Pair] = {
    "induction": ("induction", "indução"),
    "previous": ("previous token", "token anterior"),
}

DRILLED: Pair = (
    " (random words said twice, which training drills)",
    " (palavras sorteadas ditas duas vezes, o que o treino exercita)",
)


def rows(document: dict[str, Any]) -> list[Row]:
    """The rows of the evaluation, the totals first."""
    words = ("Words that are one token, held-out text", "Palavras que são um só token, texto reservado")
    return [
        *_agreement(document["agreement"]),
        *_heads(document["heads"]),
        *_perplexities(document["perplexity"]),
        row(words, document["single_token_words"]),
        *_professions(document["gender_of_professions"]),
    ]


def _perplexities(found: dict[str, Any]) -> Iterator[Row]:
    for kind, (english, portuguese) in {"per_token": ("token", "token"), "per_word": ("word", "palavra")}.items():
        for source in ("all", *(name for name in found[kind] if name != "all")):
            where = measures.ALL if source == "all" else (source, source)
            entry = found[kind][source]
            grams = entry["kneser_ney"]["value"]
            ratio = measures.interval(entry["ratio"]["kneser_ney"])
            base = (
                f"Kneser–Ney 5-gram {grams:.1f}; ratio {ratio}",
                f"5-grama de Kneser–Ney {grams:.1f}; razão {ratio}".replace(".", ","),
            )
            if kind == "per_token" or source == "all":
                yield row(
                    (
                        f"Perplexity per {english}, held-out text, {where[0]}",
                        f"Perplexidade por {portuguese}, texto reservado, {where[1]}",
                    ),
                    entry["model"],
                    base,
                )


def _heads(found: dict[str, Any]) -> Iterator[Row]:
    for role, (english, portuguese) in ROLES.items():
        null, every = found[role]["random_twin"]["value"], found[role]["all_heads"]["value"]
        base = (
            f"mean of all heads {every:.3f}, best head of the random twin {null:.3f}",
            f"média de todas as cabeças {every:.3f}, melhor cabeça do gêmeo sorteado {null:.3f}".replace(".", ","),
        )
        drilled = DRILLED if role == "induction" else ("", "")
        yield row(
            (
                f"Attention of the best head, {english}{drilled[0]}",
                f"Atenção da melhor cabeça, {portuguese}{drilled[1]}",
            ),
            found[role]["best"],
            base,
        )


def _agreement(found: dict[str, Any]) -> Iterator[Row]:
    for slot, (english, portuguese) in SLOTS.items():
        for bank, entry in sorted(found.get(slot, {}).items(), key=lambda item: item[0] != "all"):
            where = measures.ALL if bank == "all" else (bank, bank)
            grams = entry["kneser_ney"]["value"]
            gain = measures.interval(entry["gain"], sign="+")
            base = (
                f"Kneser–Ney {grams:.3f}, gain {gain}; chance 0.33",
                f"Kneser–Ney {grams:.3f}, ganho {gain.replace(' to ', ' a ')}; acaso 0.33".replace(".", ","),
            )
            yield row(
                (
                    f"Agreement by preference, {english}, {where[0]}",
                    f"Concordância por preferência, {portuguese}, {where[1]}",
                ),
                entry["model"],
                base,
            )


def _professions(found: dict[str, Any]) -> Iterator[Row]:
    forms = {"two_forms": ("two forms", "duas formas"), "one_form": ("one form", "uma só forma")}
    for kind, (english, portuguese) in forms.items():
        yield row(
            (f"Masculine sentence, professions with {english}", f"Frase masculina, profissões com {portuguese}"),
            found[kind]["all"],
            ("no preference 0.5", "sem preferência 0,5"),
        )
