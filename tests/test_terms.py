"""One word for one thing: what docs/terms.md calls wrong stands nowhere that a person reads, in neither language.

Searched: the catalogue (msgids are English), the texts of saved pages, examples, lessons and glossary, the models'
cards and the names of their measures, READMEs, and the documents of docs/. Not code, addresses, quoted sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from ruamel.yaml import YAML

from core.assets import ROOT

CATALOGUE = "assets/locale/pt/LC_MESSAGES/mirante.po"
SENTENCES = {"sentence", "sentences"}
"""Keys below which a file quotes what a model reads: anybody's words. So does ``text`` below a language."""


@dataclass(frozen=True)
class Wrong:
    """pattern: the wrong words; example: a text that has them; instead: what to write, and why. catalogue: only in the
    catalogue, where a text stands on a page as it is.
    """

    pattern: str
    example: str
    instead: str
    catalogue: bool = False


PORTUGUESE = (
    Wrong(r"\bplenas?\b", "atenção plena", "“completa”: atenção plena is mindfulness"),
    Wrong(r"\bpeças?\b", "peças desconhecidas", "“token”, for the unit that a model reads"),
    Wrong(r"\bpedaços?\b", "um só pedaço", "“token”; a patch of a picture is a “recorte”"),
    Wrong(
        r"\b(?:uma|as|cada|(?<!Rollout )da|dessas|esta) normas?\b(?! d[eo])|antes da norma\b",
        "uma norma vem depois",
        "“normalização”: a norma is the length of a vector",
    ),
    Wrong(r"\bralos?\b|\bsorvedouros?\b", "Massa no ralo", "“sumidouro”"),
    Wrong(r"\bpredição\b", "camada de predição", "“previsão”"),
    Wrong(r"\bcabeças? de previsão\b", "a cabeça de previsão", "“camada de previsão”: on these pages a head looks"),
    Wrong(r"\bpromedia", "Cada linha é promediada", "“tira-se a média”: promediar is Spanish"),
    Wrong(r"\bbigodes?\b", "os bigodes", "“hastes”"),
    Wrong(r"\barestas?\b", "Cortar arestas", "“ligação”: a class knows no graphs"),
    Wrong(r"\brede direta\b", "rede direta (FFN)", "“bloco feed-forward (MLP)”"),
    Wrong(r"\brotativ[ao]s?\b", "posições rotativas", "“rotatórias”"),
    Wrong(r"\bescores?\b", "nos próprios escores", "“pontuação”"),
    Wrong(r"\bnota é uma tanh", "a nota é uma tanh", "“pontuação”"),
    Wrong(r"(?<!estado )(?<!estados )\bocult\w*", "palavra oculta", "“escondida”; only a hidden state is “oculto”"),
    Wrong(r"\bpassos? fixos?\b", "melhor passo fixo", "“deslocamento fixo”: a passo is one of the training"),
    Wrong(r"\b(?:o|os|um|seus?|dos?|ao|nenhum|e) nulos?\b|^Nulo$", "seu nulo", "“referência (nula)”"),
    Wrong(r"\btransformador(?:es)?\b", "transformadores de visão", "“Vision Transformer”: an electrical device"),
    Wrong(r"\bnúcleo(?= (?:fundido|\{|\d))", "pelo núcleo fundido", "“kernel”: núcleo is the head of a phrase"),
    Wrong(r"\b[na]as caches\b|\bas caches\b", "nas caches", "“os caches”"),
    Wrong(r"\bno acaso\b", "estão no acaso", "“no nível do acaso”"),
    Wrong(r"\bpor acaso\b", "Por acaso: 50 %", "“ao acaso”: por acaso is “by any chance”"),
    Wrong(r"^Seguir$|\*\*Seguir\*\*", "Seguir", "“Avançar”: on a Brazilian screen “Seguir” is “follow”"),
    Wrong(r"\batenção crua\b", "Atenção crua", "“atenção bruta”"),
    Wrong(r"\benxert", "Enxertar de outra frase", "“transplantar (patching)”"),
    Wrong(r"\bolhad[ao]s?\b", "é olhado", "“recebe o olhar”: no gender to agree with"),
    Wrong(
        r"\bsoltar (?!o mouse)|solta a palavra|linha presa|\bprend\w+-la|prende uma palavra",
        "Soltar C4·7",
        "“fixar”, “desafixar”",
    ),
    Wrong(r"\bà vista\b", "À vista", "“exibição”, “mostrado”, “visível”: à vista is cash"),
    Wrong(r"\buma palavra muda\b", "Uma palavra muda.", "“troca-se uma palavra”: a mute word"),
    Wrong(r"\bperguntadas?\b", "40 de 384 frases perguntadas", "“testadas”; the word is “a prever”"),
    Wrong(r"(?<!com )\btraços?\b", "traços ao longo da frase", "“atributo” (feature), “marca preta” (mark)"),
    Wrong(r"\bcaracterísticas? aleatórias?\b|\bCaract\.", "características aleatórias", "“atributos aleatórios”"),
    Wrong(r"\blentes? de logits\b", "Lente de logits", "“logit lens”, as the field says"),
    Wrong(
        r"\bcabeças? (?:tirad|retirad)|\btirar cabeças|\bfor tirada|\b(?:re)?tirada sozinha",
        "se C4·7 for tirada",
        "“desligar”, for heads as for neurons",
    ),
    Wrong(r"-fonte\b|\bda fonte\b|\ba fonte inteira", "palavra-fonte", "“texto de origem”, “palavra de origem”"),
    Wrong(r"\bfora da escolha\b", "melhor cabeça, fora da escolha", "“em frases não usadas na escolha”"),
    Wrong(r"\bpergunta-se por\b", "Pergunta-se por", "“o que se mede”"),
    Wrong(r"\bcontam do 0\b|\bcontando de 0\b", "contam do 0", "“a partir de 0”"),
    Wrong(r"^Não que\b|\bNem por que\b", "Não que o modelo a use", "a whole sentence: “Isto não diz que …”"),
    Wrong(r"\bquanto da leitura\b", "quanto da leitura de uma palavra", "false: above layer 1 a vector is a mixture"),
    Wrong(r"\bsó olha para trás\b", "cada palavra só olha para trás", "false: it also looks at itself"),
    Wrong(
        r"\b(?:ecrã|ficheiros?|utilizador(?:es)?|partilhas?|telemóve(?:l|is)|registos?|facto|equipas?|rato)\b",
        "nada da partilha",
        "Brazilian Portuguese: tela, arquivo, usuário, parte, celular, registro, fato, equipe, mouse",
    ),
    Wrong(r"[\d}]%", "intervalo de 95%", "a no-break space before the sign, as the numbers of the pages have it"),
    Wrong(r"[\d}] %", "95 %", "a no-break space before the sign: no line breaks there", catalogue=True),
    Wrong(r"(?<![\w.,–−/)\]-])-\d", "margem -0,5", "the minus sign −", catalogue=True),
)
ENGLISH = (
    Wrong(r"\bpieces?\b(?! of (?:one|a) message)", "unknown pieces", "“token”, for the unit that a model reads"),
    Wrong(r"\b(?:a|an|the|no|its|every|before|after) norms?\b(?! of)", "the norm stands", "“normalisation”"),
    Wrong(r"\bsink mass\b", "Sink mass", "“weight on sinks”", catalogue=True),
    Wrong(r"\bfixed steps?\b", "best fixed step", "“fixed offset”: a step is one of the training", catalogue=True),
    Wrong(r"\bbelieve nothing\b", "believe nothing", "“is not reliable”"),
    Wrong(r"\bjars?\b", "the jar that broke", "“jug”", catalogue=True),
    Wrong(r"\bone word's reading\b", "how much of one word's reading", "false: above layer 1 a vector is a mixture"),
    Wrong(r"\blooks? (?:only )?back(?: only)?[.;,]", "looks back only;", "false: it also looks at itself"),
    Wrong(r"^Not that\b", "Not that the model", "a whole sentence", catalogue=True),
    Wrong(r"[\d}][ \xa0]%", "95 %", "no space before the sign", catalogue=True),
    Wrong(r"(?<![\w.,–−/)\]-])-\d", "a margin of -0.5", "the minus sign −", catalogue=True),
)
WRONG = {"pt": PORTUGUESE, "en": ENGLISH}


def found(wrong: Wrong, text: str) -> str | None:
    """The wrong words as they stand in the text; None where they do not."""
    hit = re.search(wrong.pattern, text, re.IGNORECASE | re.MULTILINE)
    return hit[0] if hit else None


def catalogue() -> Iterator[tuple[str, str, str]]:
    with (ROOT / CATALOGUE).open("rb") as file:
        for message in read_po(file):
            if message.id:
                for language, texts in (("en", message.id), ("pt", message.string)):
                    for text in (texts,) if isinstance(texts, str) else texts:
                        yield CATALOGUE, language, text


def without_code(text: str) -> str:
    """Markdown without blocks of code, names in code, addresses and comments."""
    text = re.sub(r"^(```|~~~).*?^\1|^---\n.*?^---$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`|\]\([^)\s]*\)|https?://\S+|<!--.*?-->", "", text)


def documents() -> Iterator[tuple[str, str, str]]:
    for path in [*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md")]:
        if path.name != "terms.md":  # which names the wrong words
            language = "pt" if path.name.endswith(".pt-BR.md") else "en"
            yield from ((str(path.relative_to(ROOT)), language, line) for line in lines(path.read_text("utf-8")))
    for path in ROOT.glob("assets/models/*/README.md"):
        english, _, portuguese = path.read_text("utf-8").partition("(português)")
        assert portuguese, path
        for language, text in (("en", english), ("pt", portuguese)):
            yield from ((str(path.relative_to(ROOT)), language, line) for line in lines(text))


def lines(text: str) -> list[str]:
    return without_code(text).splitlines()


def told(value: object, language: str | None = None) -> Iterator[tuple[str, str]]:
    """(language, text) of every text below a key pt or en of a file of data, but for quoted sentences."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key not in SENTENCES and not (key == "text" and language):
                yield from told(below, key if key in WRONG else language)
    elif isinstance(value, list):
        for below in value:
            yield from told(below, language)
    elif isinstance(value, str) and language:
        yield language, value


def data() -> Iterator[tuple[str, str, str]]:
    named = [
        "standalone/texts.json",
        "examples/sentences.json",
        "models/*/evaluation.json",
        "lessons/*.yaml",
        "lessons/*/*.yaml",
        "glossary*",
        "**/glossary*",
    ]
    for path in sorted({path for pattern in named for path in (ROOT / "assets").glob(pattern)}):
        if path.suffix == ".json":
            yield from ((str(path.relative_to(ROOT)), *entry) for entry in told(json.loads(path.read_text("utf-8"))))
        elif path.suffix in (".yaml", ".yml"):
            yield from ((str(path.relative_to(ROOT)), *entry) for entry in told(YAML(typ="safe").load(path)))


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    """(file, language, text) of every place where a person reads."""
    return (*catalogue(), *documents(), *data())


RULES = [(language, wrong) for language, rules in WRONG.items() for wrong in rules]


@pytest.mark.parametrize(("language", "wrong"), RULES, ids=lambda value: getattr(value, "example", value))
def test_no_text_says_it_in_the_wrong_words(language: str, wrong: Wrong) -> None:
    hits = [
        f"{file}: {words!r} in “{text[:120]}”"
        for file, spoken, text in texts()
        if spoken == language and (not wrong.catalogue or file == CATALOGUE) and (words := found(wrong, text))
    ]
    assert not hits, f"write {wrong.instead} (docs/terms.md):\n" + "\n".join(hits)


@pytest.mark.parametrize(("language", "wrong"), RULES, ids=lambda value: getattr(value, "example", value))
def test_the_wrong_words_would_be_found(language: str, wrong: Wrong) -> None:
    assert found(wrong, wrong.example) and found(wrong, f"{wrong.example}\n")


@pytest.mark.parametrize(
    "text",
    [
        "Rollout da norma",
        "× norma do valor",
        "estados ocultos",
        "tokens sorteados ao acaso",
        "lado de fora, sublinhadas com traços",
        "Seguir o sentido",
        "88\u00a0%",
        "de −0,3 a 0,4, isto é, 1980–90",
    ],
)
def test_right_words_are_left_alone(text: str) -> None:
    assert [wrong.example for wrong in PORTUGUESE if found(wrong, text)] == []


def test_texts_are_found_in_every_place_and_language() -> None:
    seen = {(Path(file).name, language) for file, language, _ in texts()}
    for name in ("mirante.po", "texts.json", "README.md", "evaluation.json", "sentences.json"):
        assert (name, "pt") in seen and (name, "en") in seen, name
    assert ("README.pt-BR.md", "pt") in seen and ("models.md", "en") in seen


def test_home_says_what_the_card_says_of_generated_sentences() -> None:
    card = (ROOT / "assets/models/mirante-encoder-pt/README.md").read_text("utf-8")
    page = (ROOT / "pages/inicio.py").read_text("utf-8")
    assert (
        float(re.search(r"^GENERATED = ([\d.]+)", page, re.MULTILINE)[1])
        == int(re.search(r"(\d+) % of all", card)[1]) / 100
    )
