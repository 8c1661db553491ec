"""Clauses of praise and blame: each a function of a random generator, of the words it may use and of the polarity
wanted, which its text has.

`CLAUSES` make the training sentences; `UNSEEN` and `TURNED` are met only in the evaluation. Negation, degree,
comparison and lack are here; contrast, and what is put around a clause, in grammar.py."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from training.sentiment import phrases
from training.sentiment.lexicon import (
    BAD_THINGS,
    BLAME_NOUNS,
    GOOD_THINGS,
    PRAISE_NOUNS,
    Adjective,
    Noun,
    adjectives,
    held_out,
    nouns,
)

VERY = (
    "muito",
    "muito",
    "muito",
    "bem",
    "tão",
    "bastante",
    "realmente",
    "extremamente",
    "incrivelmente",
    "simplesmente",
    "super",
    "absolutamente",
)
NOT_AT_ALL = ("nada", "nem um pouco", "nem de longe", "nem um pouquinho")
STIFF = (
    "sem ",
    "de ",
    "nota ",
    "digno",
    "digna",
    "abaixo ",
    "aquém ",
    "mal ",
    "bem ",
    "meia",
    "caindo",
    "triste ",
    "cheio",
    "cheia",
)
"""Beginnings of adjectives that take no word of degree."""
IS = (
    ("é", "são"),
    ("é", "são"),
    ("é", "são"),
    ("foi", "foram"),
    ("era", "eram"),
    ("estava", "estavam"),
    ("está", "estão"),
    ("ficou", "ficaram"),
    ("parece", "parecem"),
)
TRIED = ("vi", "li", "comi", "tive", "conheci", "provei", "comprei", "ouvi")


@dataclass(frozen=True)
class World:
    """What a sentence may be made of: nouns, and adjectives by (domain, polarity)."""

    nouns: tuple[Noun, ...]
    adjectives: dict[tuple[str, bool], tuple[Adjective, ...]]

    def noun(self, rng: random.Random) -> Noun:
        return rng.choice(self.nouns)

    def adjective(self, rng: random.Random, noun: Noun, positive: bool) -> str:
        """A form that agrees with the noun; half from its own domain, half from what fits everything. People get only
        what is said of people.
        """
        pool = self.adjectives.get((noun.domain, positive)) if noun.domain == "people" or rng.random() < 0.5 else None
        return rng.choice(pool or self.adjectives["any", positive]).forms[noun.place]

    def about(self, domain: str) -> World:
        """The same with the nouns of one domain: a sentence keeps to its subject."""
        return replace(self, nouns=tuple(noun for noun in self.nouns if noun.domain == domain))


Clause = Callable[[random.Random, World, bool], str]


@cache
def world(*, unseen_words: bool = False) -> World:
    """The words of training; with ``unseen_words``, only the adjectives that training never meets."""
    table: dict[tuple[str, bool], list[Adjective]] = {}
    for one in adjectives():
        if held_out(one) == unseen_words:
            for domain in {one.domain, "any"} if unseen_words and one.domain != "people" else {one.domain}:
                table.setdefault((domain, one.positive), []).append(one)
    return World(nouns(), {key: tuple(found) for key, found in table.items()})


def the(noun: Noun) -> str:
    """O filme, as cenas."""
    return f"{('o', 'a', 'os', 'as')[noun.place]} {noun.text}"


def a(noun: Noun) -> str:
    """Um filme, uma cena; plurals without an article."""
    return f"{('um ', 'uma ', '', '')[noun.place]}{noun.text}"


def this(rng: random.Random, noun: Noun) -> str:
    """Este filme, essas cenas, or with the article."""
    forms = rng.choice(
        (
            ("este", "esta", "estes", "estas"),
            ("esse", "essa", "esses", "essas"),
            ("o", "a", "os", "as"),
            ("o", "a", "os", "as"),
        )
    )
    return f"{forms[noun.place]} {noun.text}"


def is_(rng: random.Random, noun: Noun) -> str:
    """A copula that agrees."""
    return rng.choice(IS)[noun.plural]


def very(rng: random.Random, adjective: str) -> str:
    """The adjective, often with a word of degree before it."""
    return f"{rng.choice(VERY)} {adjective}" if rng.random() < 0.45 and not adjective.startswith(STIFF) else adjective


def plainly(rng: random.Random, words: World, positive: bool) -> str:
    """O filme é muito bom."""
    noun = words.noun(rng)
    text = f"{this(rng, noun)} {is_(rng, noun)} {very(rng, words.adjective(rng, noun, positive))}"
    return text + (f" e {very(rng, words.adjective(rng, noun, positive))}" if rng.random() < 0.25 else "")


def negated(rng: random.Random, words: World, positive: bool) -> str:
    """O filme não é nada chato. O prato não estava bom."""
    noun = words.noun(rng)
    degree = rng.choice((*NOT_AT_ALL, "", "", "", "muito", "tão"))
    return (
        f"{this(rng, noun)} não {rng.choice(IS[:7])[noun.plural]} {degree} {words.adjective(rng, noun, not positive)}"
    )


def thought(rng: random.Random, words: World, positive: bool) -> str:
    """Achei o livro chato. Não achei o livro nem um pouco chato."""
    noun = words.noun(rng)
    if rng.random() < 0.3:
        thing = rng.choice(("", this(rng, noun)))
        return (
            f"não {rng.choice(('achei', 'achei', 'acho', 'achamos'))} {thing} {rng.choice((*NOT_AT_ALL, '', 'muito'))} "
            f"{words.adjective(rng, noun, not positive)}"
        )
    verb = rng.choice(("achei", "achei", "achamos", "acho", "considero", "todo mundo achou"))
    return f"{verb} {this(rng, noun)} {very(rng, words.adjective(rng, noun, positive))}"


def liked(rng: random.Random, words: World, positive: bool) -> str:
    """Amo este filme. Detestei a aula. Minha avó adorou o bolo."""
    noun, some = this(rng, words.noun(rng)), rng.random()
    subject = "eu " if rng.random() < 0.3 else ""
    if some < 0.2:
        return (
            f"{rng.choice(phrases.PEOPLE)} {rng.choice(phrases.PEOPLE_LIKE if positive else phrases.PEOPLE_HATE)} "
            f"{noun}"
        )
    if some < 0.32:
        return subject + rng.choice(phrases.LIKED if positive else phrases.HATED)
    verb = rng.choice(phrases.LIKES if positive else phrases.HATES)
    return f"{subject}{verb} {noun}{rng.choice(('', '', '', ' também', ' de verdade'))}"


def not_liked(rng: random.Random, words: World, positive: bool) -> str:
    """Não gostei nem um pouco do livro. Não me arrependi da compra."""
    verb, subject = rng.choice(phrases.NOT_HATES if positive else phrases.NOT_LIKES), rng.choice(("", "", "eu "))
    if rng.random() < 0.3:
        return f"{subject}não {verb.removesuffix(' de').removesuffix(' com')} {rng.choice((*NOT_AT_ALL, ''))}"
    head, _, link = verb.rpartition(" ")
    degree = rng.choice(("", "", "nem um pouco", "muito", "nada"))
    return (
        f"{subject}não {head} {degree} {link} {this(rng, words.noun(rng))}"
        if link in ("de", "com")
        else f"{subject}não {verb} {this(rng, words.noun(rng))}"
    )


def exclaimed(rng: random.Random, words: World, positive: bool) -> str:
    """Que filme chato! Livro maravilhoso. Um lugar limpo. Simplesmente lindo."""
    noun, some = words.noun(rng), rng.random()
    one, other = (words.adjective(rng, noun, positive) for _ in range(2))
    if some < 0.35:
        return f"que {noun.text} {rng.choice(('', '', 'mais ', 'tão ')) if not one.startswith(STIFF) else ''}{one}"
    if some < 0.5:
        return f"{noun.text} {very(rng, one)}" + (f" e {other}" if rng.random() < 0.4 else "")
    if some < 0.65:
        return (
            f"{rng.choice(('', 'é ', 'foi ') if not noun.plural else ('', 'são ', 'eram '))}{a(noun)} {very(rng, one)}"
        )
    if some < 0.85:
        return very(rng, one) + (f"{rng.choice((' e ', ', '))}{other}" if rng.random() < 0.5 else "")
    return f"que coisa {words.adjective(rng, Noun('coisa', 'f', False, noun.domain), positive)}"


def parts(rng: random.Random, words: World, positive: bool) -> str:
    """Hotel limpo, cama confortável e funcionários gentis."""
    found = [words.noun(rng) for _ in range(rng.choice((2, 3, 3)))]
    named = [f"{noun.text} {words.adjective(rng, noun, positive)}" for noun in found]
    return ", ".join(named[:-1]) + " e " + named[-1]


def best_or_worst(rng: random.Random, words: World, positive: bool) -> str:
    """É o melhor filme do ano. Foi a maior decepção da minha vida."""
    noun = words.noun(rng)
    end = rng.choice(
        (
            f"que já {rng.choice(TRIED)}",
            "do ano",
            "da cidade",
            "da minha vida",
            "de todos",
            "do mundo",
            "que existe",
            "da região",
            "",
        )
    )
    if rng.random() < 0.75:
        degree = (("melhor", "melhores") if positive else ("pior", "piores"))[noun.plural]
        return (
            f"{rng.choice((('é ', 'são '), ('foi ', 'foram '), ('', '')))[noun.plural]}"
            f"{('o', 'a', 'os', 'as')[noun.place]} "
            f"{degree} {noun.text} {end}"
        )
    what = (
        ("surpresa", "alegria", "emoção", "descoberta", "diversão")
        if positive
        else ("decepção", "vergonha", "enganação", "perda de tempo", "bobagem", "chatice")
    )
    return (
        f"{rng.choice(('é', 'foi'))} a {rng.choice(('maior', 'melhor' if positive else 'pior'))} "
        f"{rng.choice(what)} {end}"
    )


def never_so(rng: random.Random, words: World, positive: bool) -> str:
    """Nunca vi um filme tão bom. Ninguém faz um bolo tão ruim: the negation does not turn the adjective."""
    noun = words.noun(rng)
    one = words.adjective(rng, noun, positive)
    if rng.random() < 0.3 or one.startswith(STIFF):
        return (
            f"{rng.choice(('nunca', 'jamais'))} {rng.choice(TRIED)} nada tão "
            f"{rng.choice(words.adjectives['any', positive]).forms[0]}"
        )
    start = rng.choice(
        (
            "ninguém faz",
            "nenhum lugar tem",
            "fazia tempo que eu não via",
            "fazia anos que eu não via",
            "não existe",
            *(f"{never} {rng.choice(TRIED)}" for never in ("nunca", "nunca", "nunca", "jamais")),
        )
    )
    return f"{start} {a(noun)} tão {one}"


def is_a(rng: random.Random, words: World, positive: bool) -> str:
    """O filme é uma obra-prima. Que decepção. A aula não é uma maravilha."""
    noun, some = words.noun(rng), rng.random()
    what, other = (
        rng.choice(PRAISE_NOUNS if positive else BLAME_NOUNS),
        rng.choice(BLAME_NOUNS if positive else PRAISE_NOUNS),
    )
    if noun.domain == "people":
        return plainly(rng, words, positive)
    if some < 0.5:
        return (
            f"{this(rng, noun)} "
            f"{rng.choice(('são', 'foram') if noun.plural else ('é', 'foi', 'virou', 'é mesmo'))} "
            f"{what}"
        )
    if some < 0.75:
        return rng.choice(("", "", "é ", "foi ", "tudo ali é ", "simplesmente ")) + what
    return (
        f"que {what.split(' ', 1)[1]}" if some < 0.88 else f"{this(rng, noun)} não {('é', 'são')[noun.plural]} {other}"
    )


def has(rng: random.Random, words: World, positive: bool) -> str:
    """Cheio de erros. Faltou emoção. Sem defeitos. Feito com capricho."""
    noun, good, bad = words.noun(rng), rng.choice(GOOD_THINGS), rng.choice(BAD_THINGS)
    it, verb = this(rng, noun), ("tem", "têm")[noun.plural]
    full = rng.choice(("", f"{it} {is_(rng, noun)} ")) + ("cheio", "cheia", "cheios", "cheias")[noun.place]
    if positive:
        return rng.choice(
            (
                f"{full} de {good}",
                f"{it} sem {bad}",
                f"sem {bad}",
                f"sobra {good}",
                f"não tem {bad}",
                f"não há {bad}",
                f"tudo feito com {good}",
                f"nenhum sinal de {bad}",
                f"não vi {bad}",
                f"não falta {good}",
                f"nunca falta {good}",
                f"{it} {verb} {good}",
                f"com {good} de sobra",
                f"não encontrei {bad}",
            )
        )
    return rng.choice(
        (
            f"{full} de {bad}",
            f"{it} sem {good}",
            f"sem {good}",
            f"faltou {good}",
            f"falta {good}",
            f"não tem {good}",
            f"não há {good}",
            f"tudo feito sem {good}",
            f"nenhum sinal de {good}",
            f"só vi {bad}",
            f"{it} não {verb} {good}",
            f"{bad} por todo lado",
            f"só encontrei {bad}",
            f"nem {good} nem {rng.choice(GOOD_THINGS)}",
            f"{it} {verb} {bad}",
        )
    )


def saying(rng: random.Random, words: World, positive: bool) -> str:
    """Vale a pena. Nunca mais volto."""
    return rng.choice(phrases.PRAISE if positive else phrases.BLAME)


def expected(rng: random.Random, words: World, positive: bool) -> str:
    """Melhor do que eu esperava. Menos divertido do que parecia. Poderia ser melhor."""
    noun, some = words.noun(rng), rng.random()
    than = rng.choice(
        (
            "do que eu esperava",
            "do que parecia",
            "do que parecia na foto",
            "do que diziam",
            "do que imaginei",
            "do que o primeiro",
            "do que eu pensava",
            "do que prometiam",
            "do que o outro",
        )
    )
    start = rng.choice(("", f"{this(rng, noun)} {is_(rng, noun)} "))
    if some < 0.4:
        return f"{start}{rng.choice(('', 'muito ', 'bem '))}{'melhor' if positive else 'pior'} {than}"
    if some < 0.8:
        return (
            f"{start}{'mais' if some < 0.6 else 'menos'} {words.adjective(rng, noun, positive == (some < 0.6))} {than}"
        )
    if positive:
        return rng.choice(
            (
                "não poderia ser melhor",
                "não podia ser melhor",
                "impossível ser melhor",
                f"não poderia ser mais {words.adjective(rng, noun, True)}",
            )
        )
    return rng.choice(
        (
            "poderia ser melhor",
            "podia ser melhor",
            "não podia ser pior",
            "impossível ser pior",
            f"poderia ser mais {words.adjective(rng, noun, True)}",
            f"podia ser menos {words.adjective(rng, noun, False)}",
        )
    )


def neither(rng: random.Random, words: World, positive: bool) -> str:
    """Nem bonito nem divertido. De chato o filme não tem nada. Não é ruim, não."""
    noun, some = words.noun(rng), rng.random()
    one, other = (words.adjective(rng, noun, not positive) for _ in range(2))
    if some < 0.35:
        return f"{this(rng, noun)} não {rng.choice(IS[:7])[noun.plural]} {one} nem {other}"
    if some < 0.55:
        return f"nem {one} nem {other}"
    if some < 0.7:
        return f"de {one} {this(rng, noun)} não {('tem', 'têm')[noun.plural]} nada"
    return f"não {rng.choice(IS[:7])[noun.plural]} {rng.choice((*NOT_AT_ALL, '', '', 'muito'))} {one}" + rng.choice(
        ("", "", ", não")
    )


def _one_word(rng: random.Random, words: World, positive: bool) -> str:
    noun = words.noun(rng)
    return f"se eu tivesse que escolher uma palavra para {the(noun)}, seria {words.adjective(rng, noun, positive)}"


def _nobody_denies(rng: random.Random, words: World, positive: bool) -> str:
    noun = words.noun(rng)
    return f"ninguém pode negar que {the(noun)} {('é', 'são')[noun.plural]} {words.adjective(rng, noun, positive)}"


def _found(rng: random.Random, words: World, positive: bool) -> str:
    noun = words.noun(rng)
    start = rng.choice(("cheguei", "entrei"))
    return f"{start} com pressa e encontrei {the(noun)} {very(rng, words.adjective(rng, noun, positive))}"


def _all_but(rng: random.Random, words: World, positive: bool) -> str:
    noun = words.noun(rng)
    return f"{the(noun)} {('é', 'são')[noun.plural]} tudo, menos {words.adjective(rng, noun, not positive)}"


def _whoever_says(rng: random.Random, words: World, positive: bool) -> str:
    noun = words.noun(rng)
    return (
        f"quem disse que {the(noun)} {('é', 'são')[noun.plural]} {words.adjective(rng, noun, not positive)} se enganou"
    )


Weighted = tuple[tuple[Clause, float], ...]
CLAUSES: Weighted = (
    (plainly, 6),
    (negated, 3),
    (thought, 2),
    (liked, 4),
    (not_liked, 2.5),
    (exclaimed, 3.5),
    (parts, 1.2),
    (best_or_worst, 1.2),
    (never_so, 1.2),
    (is_a, 2),
    (has, 2.2),
    (saying, 6),
    (expected, 1.2),
    (neither, 1.2),
)
UNSEEN: Weighted = ((_one_word, 1), (_nobody_denies, 1), (_found, 1))
TURNED: Weighted = ((_all_but, 1), (_whoever_says, 1))
"""Never trained either, and what they say is the opposite of their adjective without any "não"."""
