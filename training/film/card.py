"""The model card of mirante-film and the rows of its evaluation, in English and Portuguese: no number is typed by
hand.
"""

from __future__ import annotations

from typing import Any

from training.common import measures
from training.common.measures import COIN, NOTHING, Pair, Row, row

Document = dict[str, Any]

ROLES: dict[str, Pair] = {
    "previous": ("looks at the previous token", "olha para o token anterior"),
    "next": ("looks at the next token", "olha para o token seguinte"),
    "agreement": (
        "visible adjective → its noun, less the other noun",
        "adjetivo visível → seu substantivo, menos o outro",
    ),
    "answer": (
        "hidden answer → its noun, less the other noun",
        "resposta escondida → seu substantivo, menos o outro",
    ),
}
HEADER = """---
language: pt
license: cc-by-4.0
library_name: transformers
pipeline_tag: fill-mask
tags: [attention, education, bert, portuguese, training-dynamics]
---
"""
SOURCES = """| Source | What | Origin (public repository @ version) | Licence |
|---|---|---|---|
| tatoeba | everyday sentences | Helsinki-NLP/OPUS-MT-testsets @ ac0f19c | CC BY 2.0 FR, attribution tatoeba.org |
| common_voice | short sentences read aloud | mozilla/voice-web @ e0bfbc4, server/data/pt | CC0 |
"""
ENGLISH = """
# mirante-film

One very small model at {frames} moments of its training: a cased masked language model of Portuguese (BERT: {layers} layers × {heads} heads × {width},
{parameters:.2f} M parameters, {vocabulary:,} WordPiece entries), trained from scratch by `training/film/recipe.py` and kept at steps {steps_list}.
Step 0 is the random initialisation. It exists to be watched: at which step does a head begin to look at the previous word, at the
next one, at the noun that an answer is about? It knows next to nothing of the world; do not use it to produce or judge text.

The folder itself is the last step and loads like any model; `steps/NNNNNN.safetensors` are the frames ({film_mb} MB in all, float16), with the same
configuration and tokenizer.

```python
from core import capture
from core.models.checkpoints import checkpoint_steps, load_checkpoint

checkpoint_steps("mirante-film")  # the steps
lm = load_checkpoint("mirante-film", {middle})  # the model as it was then
capture(lm, "A porta está aberta.").attention(layer=0, head=0)
```

## Training
{steps:,} steps of about 1,500 tokens, {tokens:.1f} M tokens, {minutes} minutes on one CPU thread of a shared two-core x86 machine, float32, without a stop; torch
{torch}, transformers {transformers}. AdamW, peak rate {rate}, warm-up then cosine, clipping at {clip}, seed {seed}. 20 % of the tokens are hidden (80 / 10 / 10), more of the
adjectives and repeated nouns of generated sentences. Last reported training loss {last_loss} (nats). The curve is in training_curve.json.
The number of steps and the seed are fixed: the same tokenizer, machine and versions give the same run. (Building the tokenizer anew may change a few of its
entries: the library's trainer breaks ties in no fixed order. The recipe trains with the tokenizer that is shipped.)

## Data and licence
63 % short real sentences, 25 % container stories, 12 % descriptions (`training/film/texts.py`); positions beyond 64 do not exist.

{sources}
The weights are offered under **CC BY 4.0**, with attribution to tatoeba.org. The treebanks' dev, test and PUD sentences and the Portuguese Winograd set are
removed from the sources; one per cent of each, ten container nouns and about a fifth of the pairs of containers were held out (heldout.json).

## Evaluation
Of the rounded weights of the last step, in float32; value (95 % interval, n). The roles: mean attention weight of one head, chosen at the last step
on one half of the items and reported on the other; the baseline is the same head at step 0. Intervals are over sentences, or over nouns where sentences share them. What each frame scores is in evaluation.json under "film".

{table}

Rounding the last step to float16: {rounding}.

## Limits and bias
Everything above holds for short sentences, the container rows for sentences of the generated family. A head's weight is not a reason: no role here was tested by
removing the head. One seed is one film: another seed gives the roles to other heads, at other steps. The answer role was added after a look at the frames of
a discarded first run; agreement, the role first planned, is reported as it came out. The answer can be found by gender alone in the sentences of the roles (two
genders); the same-gender rows ask for meaning. A choice also asks how much a noun is liked: with nouns that no generated sentence held it is right in {unseen_choice} (question form). Within pairs, where the liking cancels, the preference
moves to the right noun in {unseen_within} of the same events; at step 0 in {unseen_start}. Bias was not measured; expect the stereotypes of the sources.
"""
PORTUGUESE = """
# mirante-film (português)

Um modelo muito pequeno em {frames} momentos do seu treino: um modelo de linguagem mascarado do português (BERT: {layers} camadas × {heads} cabeças × {width},
{parameters:.2f} M de parâmetros, {vocabulary:,} entradas WordPiece), treinado do zero por `training/film/recipe.py` e guardado nos passos {steps_list}.
O passo 0 é a inicialização ao acaso. Ele existe para ser assistido: em que passo uma cabeça começa a olhar para a palavra anterior, para a
seguinte, para o substantivo de que uma resposta trata? Ele não sabe quase nada do mundo; não o use para produzir nem julgar textos.

**Treino.** {steps:,} passos de cerca de 1.500 tokens, {tokens:.1f} M de tokens, {minutes} minutos em uma linha de execução de CPU de uma máquina compartilhada de
dois núcleos, sem interrupção. O número de passos e a semente são fixos: o mesmo tokenizador, a mesma máquina e as mesmas versões dão o mesmo treino.

**Dados e licença.** 63 % de frases reais curtas (Tatoeba, CC BY 2.0 FR; Common Voice, CC0), 25 % de histórias de recipientes e 12 % de descrições geradas. Os pesos são
oferecidos sob **CC BY 4.0**, com atribuição a tatoeba.org. Não há posições além de 64.

**Avaliação** dos pesos arredondados do último passo: valor (intervalo de 95 %, n). Os papéis: peso médio de atenção de uma cabeça, escolhida no último passo em
metade dos itens e medida na outra metade; a linha de base é a mesma cabeça no passo 0. Os intervalos são sobre frases, ou sobre substantivos onde frases os têm em comum. As pontuações de cada passo estão em evaluation.json.

{table}

Arredondar o último passo para float16: {rounding}.

**Limites e viés.** Tudo vale para frases curtas, e as linhas dos recipientes para frases da família gerada. O peso de uma cabeça não é uma razão: nenhum papel foi
testado desligando a cabeça. Uma semente é um filme: outra dá os papéis a outras cabeças, em outros passos. O papel da resposta foi acrescentado depois de ver os quadros de
um primeiro treino descartado; a concordância, o papel planejado, aparece como saiu. Nas frases dos papéis (dois gêneros) o gênero basta para achar a resposta; as linhas de mesmo
gênero pedem sentido. Uma escolha pergunta também quanto um substantivo agrada: com substantivos que nenhuma frase gerada continha, está certa em {unseen_choice} (em forma de pergunta). Dentro de cada par, onde essa preferência se cancela, o modelo
se move para o substantivo certo em {unseen_within} das mesmas cenas; no passo 0, em {unseen_start}. O viés não foi medido; conte com ele.
"""


def text(document: Document) -> str:
    """The whole card."""
    fields = _fields(document)
    return (
        HEADER
        + ENGLISH.format(**fields, **_unseen(document, "en"), table=measures.markdown(document["table"], "en"))
        + PORTUGUESE.format(
            **measures.portuguese_fields(fields) | {"rounding": _rounding(document, "pt")} | _unseen(document, "pt"),
            table=measures.markdown(document["table"], "pt"),
        )
    )


def rows(document: Document) -> list[Row]:
    """The rows of the evaluation: the last frame against its baselines, then the roles against step 0."""
    first, last = document["film"][0], document["film"][-1]
    words = ("Words that are one token, held-out text", "Palavras que são um só token, texto reservado")
    return [
        row(
            ("Masked accuracy, held-out short sentences", "Acerto da palavra escondida, frases curtas reservadas"),
            last["masked"],
            _number("commonest token", "token mais comum", document["unigram"]["value"]),
        ),
        row(
            ("Loss at hidden tokens, nats", "Perda nos tokens escondidos, nats"),
            last["loss"],
            _number("random weights", "pesos ao acaso", first["loss"]["value"]),
        ),
        *_containers(document["containers"], document["containers_at_start"]),
        *(_role(role, document) for role in ROLES),
        row(words, document["single_token_words"]),
    ]


def _containers(found: Document, start: Document) -> list[Row]:
    """Pairs and nouns that no generated sentence held, beside chance and step 0."""
    return [
        row(
            (f"Containers, {where[0]}: {what[0]}", f"Recipientes, {where[1]}: {what[1]}"),
            found[split][kind],
            _number(f"{COIN[0]}, step 0", f"{COIN[1]}, passo 0", start[split][kind]["value"]),
        )
        for split, where in measures.UNSEEN.items()
        for kind, what in measures.KINDS.items()
        if kind in found.get(split, {})
    ]


def _unseen(document: Document, language: str) -> dict[str, str]:
    """What is asked of nouns that no generated sentence held: by choice, within pairs, and that at step 0."""
    last, first = (document[name]["unseen_nouns"] for name in ("containers", "containers_at_start"))
    numbers = {
        "unseen_choice": last["question_same_gender"],
        "unseen_within": last["question_within_pairs"],
        "unseen_start": first["question_within_pairs"],
    }
    return {name: measures.shown(number, language) for name, number in numbers.items()}


def _role(role: str, document: Document) -> Row:
    place, (english, portuguese) = document["roles"][role], ROLES[role]
    name = f"{place['layer'] + 1}·{place['head'] + 1}"
    null = document["film"][0][role]["value"]
    both = (f"Head L{name}: {english}", f"Cabeça C{name}: {portuguese}")
    return row(both, document["film"][-1][role], _number("step 0", "passo 0", null))


def _number(english: str, portuguese: str, value: float | None) -> Pair:
    if value is None:
        return NOTHING
    return f"{english} {_step(value)}", f"{portuguese} {_step(value)}".replace(".", ",")


def _step(value: float) -> str:
    """Three decimals, the minus sign, and no negative zero."""
    return f"{round(value, 3) + 0.0:.3f}".replace("-", "−")


def _fields(document: Document) -> dict[str, Any]:
    model, training, plan = document["model"], document["training"], document["plan"]
    steps = [frame["step"] for frame in document["film"]]
    return {
        **{name: model[name] for name in ("layers", "heads", "width", "vocabulary", "film_mb")},
        **{name: training[name] for name in ("steps", "minutes", "last_loss", "torch", "transformers")},
        **{name: plan[name] for name in ("rate", "clip", "seed")},
        "frames": len(steps),
        "steps_list": ", ".join(map(str, steps)),
        "middle": steps[len(steps) // 2],
        "parameters": model["parameters"] / 1e6,
        "tokens": training["tokens"] / 1e6,
        "sources": SOURCES,
        "rounding": _rounding(document, "en"),
    }


_ROUNDED = {
    "en": "loss; masked accuracy; four adjectives",
    "pt": "perda; acerto da palavra escondida; quatro adjetivos",
}


def _rounding(document: Document, language: str) -> str:
    before, last = document["before_rounding"], document["film"][-1]
    pairs = ((before[name]["value"], last[name]["value"]) for name in ("loss", "masked", "four_adjectives"))
    numbers = "; ".join(f"{a:.4f} → {b:.4f}" for a, b in pairs)
    return f"{numbers if language == 'en' else measures.in_portuguese(numbers)} ({_ROUNDED[language]})"
