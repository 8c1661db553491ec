"""Winograd-like families of everyday Portuguese: two things, one event, and an adjective that only one of them can
bear.

"O quadro não coube na mala porque era largo" (the picture) / "… porque era estreita" (the suitcase). Each family names
who may stand in either place and the adjectives that fit each; gender and number vary freely, so that in half of the
sentences agreement does not tell. Fillers are split before training (``held_out``). The container family is
grammar.py's."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from training.common.agreement import inflect, plural
from training.common.lexicon import Gender

Place = Literal["a", "b"]
HELD_OUT_SHARE = 0.2
ANY = 0.4  # share of the stories about any two nouns of the language, where these are given
_SLOT = re.compile(r"\{(?:(em|de|a|por) )?([ab])\}")
_VERB = re.compile(r"<(\w+)\|(\w+)>")
JOINED = {"em": "n", "de": "d", "por": "pel"}


@dataclass(frozen=True)
class Filler:
    """A noun that may stand in a place, singular, with its gender."""

    text: str
    gender: Gender


@dataclass(frozen=True)
class Part:
    """One place of a family: its nouns and the adjectives (masculine singular in -o) that the story gives to it."""

    fillers: tuple[Filler, ...]
    adjectives: tuple[str, ...]
    person: bool = False


@dataclass(frozen=True)
class Family:
    """``frame``: the event, with {a}, {b}, {em b} … for the places and <sing|plur> for a verb that agrees with a.

    ``being``: the verb of the adjective, singular and plural.
    """

    name: str
    frame: str
    being: tuple[str, str]
    a: Part
    b: Part


@dataclass(frozen=True)
class Story:
    """One event: a family with its two nouns, their numbers (1, 2), the adjective and who it is about."""

    family: Family
    a: Filler
    b: Filler
    numbers: tuple[int, int]
    gold: Place
    adjective: str


def part(masculine: str, feminine: str, adjectives: str, *, person: bool = False) -> Part:
    """A place from three lists of words."""
    nouns = (*((word, "m") for word in masculine.split()), *((word, "f") for word in feminine.split()))
    return Part(tuple(Filler(text, gender) for text, gender in nouns), tuple(adjectives.split()), person)


MEN = (
    "menino homem aluno vizinho médico professor amigo irmão filho rapaz engenheiro cozinheiro advogado primo "
    "tio avô pintor padeiro carteiro soldado enfermeiro goleiro"
)
WOMEN = (
    "menina mulher aluna vizinha médica professora amiga irmã filha moça engenheira cozinheira advogada prima "
    "tia avó pintora padeira bailarina enfermeira rainha diretora"
)
ERA, ESTAVA = ("era", "eram"), ("estava", "estavam")


def people(adjectives: str) -> Part:
    """A place for a person."""
    return part(MEN, WOMEN, adjectives, person=True)


BOXES = part(
    "armário cofre baú saco carro barco estojo caixote",
    "mala caixa gaveta sacola mochila bolsa cesta carroça",
    "pequeno estreito apertado baixo",
)
GOODS_M, GOODS_F = (
    "sapato casaco livro vestido relógio telefone rádio chapéu tapete espelho piano violão",
    "cadeira camisa bicicleta saia toalha lâmpada cama máquina guitarra janela porta mesa",
)
ANIMALS_M, ANIMALS_F = (
    "gato cachorro cavalo burro pato galo coelho rato lobo macaco",
    "gata cachorra égua vaca pata galinha ovelha cabra raposa macaca",
)
FAMILIES = (
    Family(
        "fit",
        "{a} não <coube|couberam> {em b}",
        ERA,
        part(
            "quadro espelho brinquedo violão tapete piano troféu livro sofá relógio",
            "mesa cadeira bola boneca bandeja escada guitarra bicicleta lâmpada estátua",
            "comprido largo alto grosso",
        ),
        BOXES,
    ),
    Family(
        "lift",
        "{a} não <conseguiu|conseguiram> levantar {b}",
        ESTAVA,
        people("fraco cansado doentio magrinho"),
        part(f"saco baú caixote cofre {GOODS_M}", f"caixa mala pedra {GOODS_F}", "pesado preso carregado molhado"),
    ),
    Family(
        "lend",
        "{a} <emprestou|emprestaram> dinheiro {a b}",
        ERA,
        people("generoso rico bondoso"),
        people("falido endividado necessitado"),
    ),
    Family(
        "thank",
        "{a} <agradeceu|agradeceram> {a b}",
        ("tinha sido", "tinham sido"),
        people("ajudado salvo socorrido"),
        people("generoso atencioso bondoso"),
    ),
    Family(
        "win",
        "{a} <venceu|venceram> {b} na corrida",
        ESTAVA,
        people("preparado treinado descansado"),
        people("cansado machucado atrasado"),
    ),
    Family(
        "cover",
        "{a} <escondeu|esconderam> {b}",
        ERA,
        part(
            "pano muro portão tapete armário lençol telhado",
            "cortina parede porta toalha árvore planta montanha",
            "largo comprido alto grosso",
        ),
        part("vaso quadro gato jardim banco brinquedo", "caixa casa flor mesa pedra janela", "pequeno baixo fino"),
    ),
    Family(
        "break",
        "{a} <quebrou|quebraram> {b}",
        ERA,
        part("martelo tijolo tronco ferro galho", "pedra bola madeira barra queda", "duro pesado grosso"),
        part(
            "vidro prato espelho copo vaso osso", "janela telha lâmpada xícara cadeira garrafa", "fino delicado velho"
        ),
    ),
    Family(
        "choose",
        "O cliente escolheu {a} em vez {de b}",
        ERA,
        part(GOODS_M, GOODS_F, "barato novo bonito moderno"),
        part(GOODS_M, GOODS_F, "caro velho feio antiquado"),
    ),
    Family(
        "swap",
        "A loja trocou {a} {por b}",
        ESTAVA,
        part(GOODS_M, GOODS_F, "quebrado rasgado estragado sujo"),
        part(GOODS_M, GOODS_F, "perfeito limpo intacto novo"),
    ),
    Family(
        "cut",
        "{a} não <cortou|cortaram> {b}",
        ESTAVA,
        part("machado serrote canivete facão punhal", "faca tesoura serra lâmina espada", "gasto enferrujado cego"),
        part("pão queijo tronco galho papelão couro", "carne corda madeira casca fruta raiz", "duro congelado molhado"),
    ),
    Family(
        "visit",
        "{a} <visitou|visitaram> {b}",
        ESTAVA,
        people("preocupado curioso desocupado"),
        people("internado ferido acamado"),
    ),
    Family(
        "scold",
        "{a} <repreendeu|repreenderam> {b}",
        ESTAVA,
        people("irritado nervoso zangado"),
        people("atrasado distraído calado"),
    ),
    Family(
        "seek",
        "{a} <procurou|procuraram> {b}",
        ESTAVA,
        people("preocupado aflito ansioso"),
        people("perdido desaparecido escondido"),
    ),
    Family(
        "flee",
        "{a} <fugiu|fugiram> {de b}",
        ESTAVA,
        part(ANIMALS_M, ANIMALS_F, "assustado ferido apavorado"),
        part(ANIMALS_M, ANIMALS_F, "bravo zangado faminto"),
    ),
    Family(
        "feed",
        "{a} <deu|deram> comida {a b}",
        ESTAVA,
        people("preocupado disposto ocupado"),
        part(ANIMALS_M, ANIMALS_F, "faminto magro fraco"),
    ),
    Family(
        "hold",
        "{a} não <aguentou|aguentaram> {b}",
        ERA,
        part("gancho banco galho prego telhado muro", "prateleira mesa cadeira corda ponte parede", "fraco fino velho"),
        part(
            "vaso quadro espelho piano relógio armário",
            "caixa estátua televisão bicicleta pedra lâmpada",
            "pesado grosso alto",
        ),
    ),
    Family(
        "reach",
        "{a} não <alcançou|alcançaram> {b}",
        ERA,
        part("banco braço gancho bastão fio", "escada corda mangueira vara corrente", "curto baixo fraco"),
        part(
            "telhado muro galho teto ninho sino",
            "janela torre varanda lâmpada prateleira árvore",
            "alto afastado elevado",
        ),
    ),
    Family(
        "dirty",
        "{a} <sujou|sujaram> {b}",
        ESTAVA,
        part(
            "sapato cachorro carro prato balde pincel",
            "bota bicicleta roda gata panela mala",
            "molhado enferrujado sujo",
        ),
        part("tapete sofá casaco vestido lençol piso", "toalha camisa cama parede saia mesa", "limpo lavado seco"),
    ),
)


@cache
def split(fillers: tuple[Filler, ...]) -> tuple[tuple[Filler, ...], tuple[Filler, ...]]:
    """(trained on, held out): by a hash of the word alone, so that a noun is held out in every family or in none."""
    return tuple(f for f in fillers if not held_out(f)), tuple(f for f in fillers if held_out(f))


def held_out(filler: Filler) -> bool:
    """Is this noun kept out of the families' training sentences?"""
    return hashlib.sha256(f"family:{filler.text}".encode()).digest()[0] < 256 * HELD_OUT_SHARE


def draw(
    rng: random.Random, family: Family | None = None, *, unseen: bool = False, nouns: Sequence[Filler] = ()
) -> Story:
    """A random story from the training fillers; ``unseen``: both nouns held out (one, where a place has none).

    With ``nouns``, a share ANY of the stories is about two of them, whatever they are (as in grammar.draw).
    """
    family = family or rng.choice(FAMILIES)
    anything = bool(nouns) and rng.random() < ANY
    while True:
        if anything:
            a, b = rng.sample(nouns, 2)
            break
        a, b = (rng.choice(_pool(place, unseen)) for place in (family.a, family.b))
        if a.text != b.text:
            break
    gold: Place = rng.choice(("a", "b"))
    numbers = (1, 1) if anything else (1 if rng.random() < 0.7 else 2, 1 if rng.random() < 0.7 else 2)
    return Story(family, a, b, numbers, gold, rng.choice(getattr(family, gold).adjectives))


def _pool(place: Part, unseen: bool) -> tuple[Filler, ...]:
    known, new = split(place.fillers)
    return new if unseen and new else known


def tell(story: Story) -> str:
    """'O quadro não coube na mala porque era largo.'"""
    return f"{_capital(event(story))} porque {being(story)} {agreed(story)}."


def ask(story: Story) -> str:
    """The story, its question and its answer: '… porque era largo. O que era largo? O quadro.'"""
    place = getattr(story.family, story.gold)
    who = "Quem" if place.person else "O que"
    verb, neutral = story.family.being[0], inflect(story.adjective, "m", 1)
    return f"{tell(story)} {who} {verb} {neutral}? {_capital(name(story, story.gold))}."


def event(story: Story) -> str:
    """The first clause, without its capital."""
    first = _VERB.sub(lambda match: match[story.numbers[0]], story.family.frame)
    return _SLOT.sub(lambda match: _joined(match[1], name(story, match[2])), first)


def name(story: Story, place: str) -> str:
    """The noun of a place with its article, in its number: 'as malas'."""
    filler, number = (story.a, story.numbers[0]) if place == "a" else (story.b, story.numbers[1])
    article = ("o" if filler.gender == "m" else "a") + ("s" if number == 2 else "")
    return f"{article} {plural(filler.text) if number == 2 else filler.text}"


def being(story: Story) -> str:
    """The verb before the adjective, in the number of who it is about."""
    return story.family.being[_number(story) - 1]


def agreed(story: Story) -> str:
    """The adjective in the gender and number of who it is about."""
    return inflect(story.adjective, getattr(story, story.gold).gender, _number(story))


def sentence(rng: random.Random, nouns: Sequence[Filler] = ()) -> str:
    """One training sentence: a story, or a story with its question; ``nouns`` as in `draw`."""
    story = draw(rng, nouns=nouns)
    return ask(story) if rng.random() < 0.6 else tell(story)


def fillers() -> tuple[Filler, ...]:
    """Every noun of every family, once."""
    return tuple(dict.fromkeys(f for family in FAMILIES for place in (family.a, family.b) for f in place.fillers))


def adjectives() -> tuple[str, ...]:
    """Every form of every adjective, once."""
    lemmas = [word for family in FAMILIES for place in (family.a, family.b) for word in place.adjectives]
    forms = [inflect(word, gender, number) for word in lemmas for gender in ("m", "f") for number in (1, 2)]
    return tuple(dict.fromkeys(forms))


def words() -> tuple[str, ...]:
    """Every word that a story may hold, once: nouns in both numbers, adjectives in all forms, the words of the
    frames.
    """
    nouns = [form for filler in fillers() for form in (filler.text, plural(filler.text))]
    frames = [
        word
        for family in FAMILIES
        for word in re.findall(r"[^\W\d_]+", _SLOT.sub(" ", f"{family.frame} {' '.join(family.being)}"))
    ]
    return tuple(dict.fromkeys((*nouns, *adjectives(), *frames)))


def _number(story: Story) -> int:
    return story.numbers[0 if story.gold == "a" else 1]


def _joined(preposition: str | None, noun_phrase: str) -> str:
    """'em' + 'a mala' = 'na mala'; 'a' + 'o pai' = 'ao pai', 'a' + 'a mãe' = 'à mãe'."""
    if preposition is None:
        return noun_phrase
    if preposition == "a":
        return f"à{noun_phrase[1:]}" if noun_phrase.startswith("a") else f"a{noun_phrase}"
    return JOINED[preposition] + noun_phrase


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
