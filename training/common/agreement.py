"""Generated descriptions: determiner, noun and adjective that agree in gender and number ("As janelas estão abertas.").

Nouns come in classes, each with the adjectives a speaker accepts for all of them. The container family is in
grammar.py."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from training.common.lexicon import Gender, containers


@dataclass(frozen=True)
class Kind:
    """Nouns that share their adjectives. Adjectives are written in the masculine singular and inflect -o/-a/-os/-as."""

    masculine: tuple[str, ...]
    feminine: tuple[str, ...]
    states: tuple[str, ...]  # with estar / ficar
    qualities: tuple[str, ...]  # with ser, or beside the noun


@dataclass(frozen=True)
class Described:
    """A singular noun that a question can be about."""

    text: str
    gender: Gender
    person: bool = False


def _kind(masculine: str, feminine: str, states: str, qualities: str) -> Kind:
    return Kind(*(tuple(text.split()) for text in (masculine, feminine, states, qualities)))


KINDS = (
    _kind(
        "menino homem aluno vizinho médico professor amigo irmão filho rapaz engenheiro cozinheiro ator "
        "artista cantor advogado",
        "menina mulher aluna vizinha médica professora amiga irmã filha moça engenheira cozinheira atriz "
        "artista cantora advogada",
        "cansado ocupado preocupado sentado deitado atrasado calado assustado animado irritado",
        "alto baixo magro simpático educado famoso sério engraçado bonito generoso",
    ),
    _kind(
        "portão armário cofre museu escritório banco restaurante teatro mercado quarto",
        "porta janela gaveta loja escola igreja farmácia padaria biblioteca sala",
        "aberto fechado trancado limpo sujo pintado",
        "novo velho antigo pequeno bonito moderno branco amarelo",
    ),
    _kind(
        "carro barco sapato casaco livro vestido prato relógio caderno",
        "mesa cadeira camisa bicicleta bolsa saia toalha caixa mala",
        "molhado seco limpo sujo guardado coberto",
        "novo velho pequeno caro barato bonito preto branco vermelho amarelo",
    ),
    _kind(
        "feijão peixe pão bolo queijo frango",
        "carne massa salada torta batata comida fruta",
        "pronto frio cozido temperado estragado queimado",
        "gostoso saboroso barato caro",
    ),
    _kind(
        "dia inverno verão ano mês passeio jogo filme",
        "noite manhã tarde semana viagem aula festa reunião história",
        "",
        "longo bonito tranquilo divertido animado",
    ),
    _kind(
        "plano projeto texto relatório contrato trabalho acordo resultado documento",
        "lei carta proposta notícia lista tarefa decisão pesquisa resposta",
        "pronto concluído aprovado publicado anunciado escrito",
        "novo curto longo necessário complicado",
    ),
)
ASKED = 0.6  # share of the descriptions that end in a question and its answer: they teach to look a name up
PLURALS = {"ão": "ões", "l": "is", "r": "res", "z": "zes", "m": "ns", "ês": "eses"}
IRREGULAR = {"irmão": "irmãos", "pão": "pães", "mês": "meses", "lençol": "lençóis", "raiz": "raízes", "avó": "avós"}
DETERMINERS = {
    "o": ("o", "a", "os", "as"),
    "este": ("este", "esta", "estes", "estas"),
    "aquele": ("aquele", "aquela", "aqueles", "aquelas"),
    "meu": ("meu", "minha", "meus", "minhas"),
    "nosso": ("nosso", "nossa", "nossos", "nossas"),
    "esse": ("esse", "essa", "esses", "essas"),
    "seu": ("seu", "sua", "seus", "suas"),
}
VERBS = {"está": "estão", "ficou": "ficaram", "estava": "estavam", "continua": "continuam", "parecia": "pareciam"}
BEING = {"é": "são", "era": "eram", "foi": "foram", "parece": "parecem"}


def plural(word: str) -> str:
    """The plural of a noun of this file: -s, or by its ending."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, replaced in PLURALS.items():
        if word.endswith(ending):
            return word[: -len(ending)] + replaced
    return word + "s"


def inflect(word: str, gender: Gender, number: int) -> str:
    """An adjective in -o made to agree; `number` is 1 or 2 (more than one)."""
    return word[:-1] + ("o" if gender == "m" else "a") + ("s" if number == 2 else "")


def determiner(lemma: str, gender: Gender, number: int) -> str:
    """'aquele', 'f', 2 → 'aquelas'."""
    return DETERMINERS[lemma][(gender == "f") + 2 * (number == 2)]


def sentence(rng: random.Random) -> str:
    """One description: predicate, quality or attribute, in any gender and number; sometimes of a container, often with
    a question.
    """
    if rng.random() < ASKED:
        return question(rng)
    if rng.random() < 0.25:
        return container_sentence(rng)
    kind, gender, number = rng.choice(KINDS), rng.choice(("m", "f")), rng.choice((1, 1, 2))
    noun = rng.choice(kind.masculine if gender == "m" else kind.feminine)
    noun = plural(noun) if number == 2 else noun
    lemma = rng.choice(tuple(DETERMINERS))
    subject = f"{determiner(lemma, gender, number)} {noun}"
    subject = subject[0].upper() + subject[1:]
    quality = inflect(rng.choice(kind.qualities), gender, number)
    if kind.states and rng.random() < 0.6:
        attribute = f" {quality}" if rng.random() < 0.4 else ""
        return f"{subject}{attribute} {_verb(rng, VERBS, number)} {inflect(rng.choice(kind.states), gender, number)}."
    return f"{subject} {_verb(rng, BEING, number)} {rng.choice(('muito ', 'bem ', 'tão ', ''))}{quality}."


def question(rng: random.Random) -> str:
    """'A porta está aberta e o portão está fechado. O que está fechado? O portão.'; a third of them describe one thing
    only.
    """
    (first, second), states = _two(rng)
    one, other = (f"{determiner('o', noun.gender, 1)} {noun.text}" for noun in (first, second))
    verb = rng.choice(("está", "ficou", "estava"))
    told = [
        f"{name} {verb} {inflect(state, noun.gender, 1)}"
        for name, noun, state in zip((one, other), (first, second), states)
    ]
    asked = rng.randrange(2)
    who = "Quem" if first.person else "O que"
    story = told[asked] if rng.random() < 1 / 3 else rng.choice((" e ", ", mas ")).join(told)
    answer = (one, other)[asked]
    return f"{_capital(story)}. {who} {verb} {states[asked]}? {_capital(answer)}."


def _two(rng: random.Random) -> tuple[tuple[Described, Described], list[str]]:
    """Two nouns that can be told apart by two different states: a pair of containers of the training split, or nouns of
    one kind.
    """
    if rng.random() < 0.3:
        one, other = rng.sample(rng.choice(_train_pairs()), 2)
        gender = {noun.text: noun.gender for noun in containers().train_nouns}
        return (Described(one, gender[one]), Described(other, gender[other])), rng.sample(("cheio", "vazio"), 2)
    kind = rng.choice([kind for kind in KINDS if len(kind.states) > 1])
    words = [Described(w, "m", kind is KINDS[0]) for w in kind.masculine] + [
        Described(w, "f", kind is KINDS[0]) for w in kind.feminine
    ]
    one, other = rng.sample(words, 2)
    while one.text == other.text:  # artista has both genders
        one, other = rng.sample(words, 2)
    return (one, other), rng.sample(kind.states, 2)


@cache
def _train_pairs() -> tuple[list[str], ...]:
    return tuple(sorted(sorted(pair) for pair in containers().train_pairs))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def container_sentence(rng: random.Random) -> str:
    """'O copo está cheio de água.', 'Encontrei a garrafa vazia.': containers of the training split only."""
    noun = rng.choice(containers().train_nouns)
    word = inflect(rng.choice(("cheio", "vazio", "limpo", "sujo", "quebrado")), noun.gender, 1)
    article = determiner(rng.choice(("o", "este", "meu", "aquele")), noun.gender, 1)
    shape = rng.choice(
        (
            "{a} {n} está {w}.",
            "{a} {n} ficou {w}.",
            "ele deixou {a} {n} {w} na mesa.",
            "encontrei {a} {n} {w}.",
            "{a} {n} estava {w}.",
        )
    )
    text = shape.format(a=article, n=noun.text, w=word)
    return text[0].upper() + text[1:]


def _verb(rng: random.Random, verbs: dict[str, str], number: int) -> str:
    singular = rng.choice(tuple(verbs))
    return verbs[singular] if number == 2 else singular
