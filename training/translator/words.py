"""Small sentences in three languages around words of a class, which the everyday pairs hold too rarely.

Words and genders are lexicon.py's; the sentences are put together by rules (articles, possessives, agreement,
contractions), so that a rare noun is seen with its article and its adjective. No sentence holds a pronoun that stands
for a noun (the coreference bench asks for that), and none that a class types (classroom.py) is kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from training.translator.lexicon import BEFORE, FEW, IRREGULAR, NOUNS, PRESENT, QUALITIES, SUBJECTS, Noun, Quality

VOWELS = "aeiouhéèêàâîôœAEIOUHÉ"  # every h of the list is mute
Three = tuple[str, str, str]


def sentences(count: int, seed: int = 0) -> tuple[Three, ...]:
    """(English, French, Portuguese), `count` distinct ones drawn with a seed; every noun and every quality occurs."""
    rng = random.Random(seed)
    frames: tuple[Callable[[random.Random], Three], ...] = (
        _is,
        _see,
        _mine,
        _where,
        _has_not,
        _on,
        _inside,
        _few,
        _described,
        _lesson,
    )
    found = dict.fromkeys(_naming())
    while len(found) < count:
        found[rng.choice(frames)(rng)] = None
    return tuple(found)


def kept() -> Iterator[str]:
    """What the vocabulary keeps whole: every name, singular and plural, every form of a quality, every subject."""
    for noun in NOUNS:
        yield from (
            noun.english,
            noun.french,
            noun.portuguese,
            plural_en(noun.english),
            plural_fr(noun.french),
            plural_pt(noun.portuguese),
        )
    for quality in QUALITIES:
        yield from (
            quality.english,
            *quality.french,
            *quality.portuguese,
            *map(plural_fr, quality.french),
            *map(plural_pt, quality.portuguese),
        )
    for english, french, _, portuguese, _ in SUBJECTS:
        yield from (english, english.capitalize(), french, portuguese)


def plural_en(word: str) -> str:
    """The English plural of a noun of the list."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "potato", "tomato")) else "s")


def plural_fr(phrase: str) -> str:
    """The French plural; of a phrase, its first word's (and its adjective's, where it has one: tableau noir)."""
    if phrase == "appareil photo":
        return "appareils photo"
    first, *rest = phrase.split(" ")
    return " ".join([_plural_fr(first), *(_plural_fr(word) if word == "noir" else word for word in rest)])


def plural_pt(phrase: str) -> str:
    """The Portuguese plural; of a phrase, its first word's."""
    if phrase in {"guarda-chuva", "quebra-cabeça"}:
        return phrase + "s"
    if phrase == "quadro-negro":
        return "quadros-negros"
    first, *rest = phrase.split(" ")
    return " ".join([_plural_pt(first), *rest])


def _plural_fr(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith(("eau", "jeu")) else "s")


def _plural_pt(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ão"):
        return word[:-2] + "ões"
    if word.endswith("m"):
        return word[:-1] + "ns"
    if word.endswith(("r", "z", "s")):
        return word + "es"
    return word[:-1] + "is" if word.endswith("l") else word + "s"


def _naming() -> Iterator[Three]:
    """Every noun once by itself, with its article."""
    for noun in NOUNS:
        yield (_start(_a(noun)) + ".", _start(_un(noun)) + ".", _start(_um(noun)) + ".")


def _is(rng: random.Random) -> Three:
    noun, quality, many = rng.choice(NOUNS), rng.choice(QUALITIES), rng.random() < 0.4
    verb = {
        False: ("is", "est", "está" if quality.state else "é"),
        True: ("are", "sont", "estão" if quality.state else "são"),
    }[many]
    return (
        _start(f"the {_en(noun, many)} {verb[0]} {quality.english}."),
        _start(f"{_le(noun, many)} {verb[1]} {_french(quality, noun, many)}."),
        _start(f"{_o(noun, many)} {verb[2]} {_portuguese(quality, noun, many)}."),
    )


def _see(rng: random.Random) -> Three:
    noun = rng.choice(NOUNS)
    asked = rng.random() < 0.3
    if asked:
        return (f"Do you see the {noun.english}?", f"Tu vois {_le(noun)} ?", f"Você vê {_o(noun)}?")
    return (f"I see {_a(noun)}.", f"Je vois {_un(noun)}.", f"Eu vejo {_um(noun)}.")


def _mine(rng: random.Random) -> Three:
    noun = rng.choice(NOUNS)
    this = {"m": "Este é o meu", "f": "Esta é a minha"}[noun.portuguese_gender]
    return (f"This is my {noun.english}.", f"C'est {_mon(noun)}.", f"{this} {noun.portuguese}.")


def _where(rng: random.Random) -> Three:
    noun, many = rng.choice(NOUNS), rng.random() < 0.4
    verb = {False: ("is", "est", "está"), True: ("are", "sont", "estão")}[many]
    return (
        f"Where {verb[0]} the {_en(noun, many)}?",
        f"Où {verb[1]} {_le(noun, many)} ?",
        f"Onde {verb[2]} {_o(noun, many)}?",
    )


def _has_not(rng: random.Random) -> Three:
    noun = rng.choice(NOUNS)
    who = rng.choice(
        (
            ("I don't", "Je n'ai", "Eu não tenho"),
            ("She doesn't", "Elle n'a", "Ela não tem"),
            ("We don't", "Nous n'avons", "Nós não temos"),
        )
    )
    return (f"{who[0]} have {_a(noun)}.", f"{who[1]} pas {_de(noun.french)}.", f"{who[2]} {_um(noun)}.")


def _on(rng: random.Random) -> Three:
    noun, other = rng.sample(NOUNS, 2)
    below = {"m": "do", "f": "da"}[other.portuguese_gender]
    return (
        f"The {noun.english} is on the {other.english}.",
        _start(f"{_le(noun)} est sur {_le(other)}."),
        _start(f"{_o(noun)} está em cima {below} {other.portuguese}."),
    )


def _inside(rng: random.Random) -> Three:
    noun, other = rng.sample(NOUNS, 2)
    place = {"m": "no", "f": "na"}[other.portuguese_gender]
    return (
        f"There is {_a(noun)} in the {other.english}.",
        f"Il y a {_un(noun)} dans {_le(other)}.",
        f"Há {_um(noun)} {place} {other.portuguese}.",
    )


def _few(rng: random.Random) -> Three:
    noun, number = rng.choice(NOUNS), rng.choice(tuple(FEW))
    french, portuguese = FEW[number]
    if portuguese == "dois" and noun.portuguese_gender == "f":
        portuguese = "duas"
    return (
        f"She bought {number} {_en(noun, True)}.",
        f"Elle a acheté {french} {plural_fr(noun.french)}.",
        f"Ela comprou {portuguese} {plural_pt(noun.portuguese)}.",
    )


def _described(rng: random.Random) -> Three:
    noun, quality = rng.choice(NOUNS), rng.choice(QUALITIES)
    french = _french(quality, noun, False)
    before = quality.english in BEFORE
    phrase = f"{french} {noun.french}" if before else f"{noun.french} {french}"
    if before and _vowel(noun.french) and french in PRESENT:
        phrase = f"{PRESENT[french]} {noun.french}"
    article = {"m": "un", "f": "une"}[noun.french_gender]
    return (
        f"He has {_article(quality.english)} {quality.english} {noun.english}.",
        f"Il a {article} {phrase}.",
        f"Ele tem {_um(noun)} {_portuguese(quality, noun, False)}.",
    )


def _lesson(rng: random.Random) -> Three:
    english, french, gender, portuguese, _ = rng.choice(SUBJECTS)
    thing = portuguese.split(" ", 1)[1]
    of = {"a": "da", "o": "do"}[portuguese.split(" ", 1)[0]]
    interesting = {"m": "intéressant", "f": "intéressante"}[gender]
    lessons = (
        (f"We are learning {english}.", f"Nous apprenons {french}.", f"Nós estamos aprendendo {thing}."),
        (f"I like {english}.", f"J'aime {french}.", f"Eu gosto de {thing}."),
        (f"{english} is difficult.", f"{french} est difficile.", f"{portuguese} é difícil."),
        (f"{english} is interesting.", f"{french} est {interesting}.", f"{portuguese} é interessante."),
        (f"This book speaks about {english}.", f"Ce livre parle {_about(french)}.", f"Este livro fala {of} {thing}."),
    )
    said = rng.choice(lessons)
    return _start(said[0]), _start(said[1]), _start(said[2])


def _en(noun: Noun, many: bool) -> str:
    return plural_en(noun.english) if many else noun.english


def _a(noun: Noun) -> str:
    return f"{_article(noun.english)} {noun.english}"


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" or word == "umbrella" else "a"


def _le(noun: Noun, many: bool = False) -> str:
    if many:
        return f"les {plural_fr(noun.french)}"
    return f"l'{noun.french}" if _vowel(noun.french) else f"{'le' if noun.french_gender == 'm' else 'la'} {noun.french}"


def _un(noun: Noun) -> str:
    return f"{'un' if noun.french_gender == 'm' else 'une'} {noun.french}"


def _mon(noun: Noun) -> str:
    return f"{'mon' if noun.french_gender == 'm' or _vowel(noun.french) else 'ma'} {noun.french}"


def _de(word: str) -> str:
    return f"d'{word}" if _vowel(word) else f"de {word}"


def _about(phrase: str) -> str:
    return "du " + phrase[3:] if phrase.startswith("le ") else f"de {phrase}"


def _o(noun: Noun, many: bool = False) -> str:
    name = plural_pt(noun.portuguese) if many else noun.portuguese
    return f"{'o' if noun.portuguese_gender == 'm' else 'a'}{'s' * many} {name}"


def _um(noun: Noun) -> str:
    return f"{'um' if noun.portuguese_gender == 'm' else 'uma'} {noun.portuguese}"


def _french(quality: Quality, noun: Noun, many: bool) -> str:
    form = quality.french[noun.french_gender == "f"]
    return (_plural_fr(form) if form != "bleu" else "bleus") if many else form


def _portuguese(quality: Quality, noun: Noun, many: bool) -> str:
    form = quality.portuguese[noun.portuguese_gender == "f"]
    return _plural_pt(form) if many else form


def _vowel(word: str) -> bool:
    return word[0] in VOWELS


def _start(text: str) -> str:
    return text[0].upper() + text[1:]
